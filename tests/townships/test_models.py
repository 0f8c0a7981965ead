"""What the database refuses of townships and units, who sees them, and their class."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import User
from tests.builders import a_household_count, a_township, a_unit
from townships.enums import TownshipClass, TownshipKind
from townships.models import GrassrootsUnit, HouseholdCount, Township, TownshipStatus

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def refuses(name: str, act: Callable[[], Any], *, on_sqlite: str = "") -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    assert name in str(error.value) or (on_sqlite and on_sqlite in str(error.value))


def test_only_a_town_is_central() -> None:
    refuses("central_town_is_a_town", lambda: a_township(is_central_town=True))


def test_a_township_has_one_status_a_day() -> None:
    status = a_township().statuses.get()
    status.pk = None
    refuses("township_status_once_a_day", status.save, on_sqlite="townships_townshipstatus.township_id")


def test_a_unit_closes_after_it_opens() -> None:
    township = a_township()
    refuses(
        "unit_closes_after_it_opens",
        lambda: a_unit(township=township, opened_on=date(2009, 1, 2), closed_on=date(2009, 1, 1)),
    )


def test_a_unit_has_one_first_count_a_day() -> None:
    unit = a_unit(township=a_township())
    a_household_count(unit=unit)
    refuses(
        "household_count_once_a_day",
        lambda: a_household_count(unit=unit),
        on_sqlite="townships_householdcount.unit_id",
    )


@pytest.mark.parametrize(
    ("kind", "is_central_town", "wanted"),
    [
        (TownshipKind.SUBDISTRICT, False, TownshipClass.A),
        (TownshipKind.TOWN, True, TownshipClass.A),
        (TownshipKind.TOWN, False, TownshipClass.B),
        (TownshipKind.RURAL_TOWNSHIP, False, TownshipClass.B),
    ],
)
def test_subdistricts_and_central_towns_are_class_a(
    kind: TownshipKind, is_central_town: bool, wanted: TownshipClass
) -> None:
    a_township(kind=kind, is_central_town=is_central_town)
    assert TownshipStatus.objects.get().township_class is wanted


def test_a_clerk_sees_the_own_township_only(make_user: Callable[..., User]) -> None:
    own, other = a_township(), a_township(name="桃源街道", code="330226002")
    units = [a_unit(township=own), a_unit(township=other)]
    counts = [a_household_count(unit=unit) for unit in units]
    clerk = make_user(Role.TOWNSHIP_CLERK, township=own)

    assert list(Township.objects.visible_to(clerk)) == [own]
    assert list(GrassrootsUnit.objects.visible_to(clerk)) == units[:1]
    assert list(HouseholdCount.objects.visible_to(clerk)) == counts[:1]
    assert Township.objects.visible_to(make_user(Role.BUREAU_OFFICER)).count() == 2
    assert not Township.objects.visible_to(make_user(Role.SECURITY_ADMIN)).exists()
