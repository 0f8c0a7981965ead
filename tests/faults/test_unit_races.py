"""Officers who open or convert the same unit at the same moment: one is taken, the other is told; without the lock
both are."""

from collections import Counter
from contextlib import suppress
from datetime import date
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from accounts.enums import Role
from tests.builders import a_township, a_unit
from tests.faults.crowd import Request, sent_at_once
from tests.users import MakeUser
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, GrassrootsUnitQuerySet

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
BOTH = 2


@pytest.fixture
def openings(make_user: MakeUser) -> list[Request]:
    """The same name under two codes, which no constraint forbids."""
    fields = {
        "township": a_township().code,
        "name": "新桥村",
        "kind": UnitKind.VILLAGE.value,
        "opened_on": "2010-06-16",
        "reason": "甬民发〔2010〕3号",
    }
    officers = [make_user(Role.BUREAU_OFFICER, username=name) for name in ("first", "second")]
    return [
        Request(officer, reverse("open_unit"), fields | {"code": f"33022600190{place}"})
        for place, officer in enumerate(officers)
    ]


@pytest.fixture(autouse=True)
def _nothing_is_improbable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.registry.answers.of_effect", lambda *_: ())


def test_of_two_who_open_one_unit_the_second_is_told(openings: list[Request]) -> None:
    assert Counter(sent_at_once(openings)) == {302: 1, 400: 1}
    assert GrassrootsUnit.objects.count() == 1


def test_without_the_lock_it_is_opened_twice(openings: list[Request], monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_looked = Barrier(BOTH)

    def create(rows: GrassrootsUnitQuerySet, **fields: Any) -> GrassrootsUnit:
        with suppress(BrokenBarrierError):
            both_have_looked.wait(2)
        return QuerySet.create(rows, **fields)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    monkeypatch.setattr(type(GrassrootsUnit.objects), "create", lambda m, **f: create(m.get_queryset(), **f))
    assert Counter(sent_at_once(openings)) == {302: BOTH}


@pytest.fixture
def conversions(make_user: MakeUser) -> list[Request]:
    """Of one village into communities of two names."""
    village = a_unit(township=a_township(), name="王家村", kind=UnitKind.VILLAGE)
    fields = {"kind": UnitKind.COMMUNITY.value, "first_day": "2010-06-16", "reason": "甬民发〔2010〕3号"}
    return [
        Request(
            make_user(Role.BUREAU_OFFICER, username=f"officer{place}"),
            reverse("convert_unit", args=[village.code]),
            fields | {"code": f"33022600190{place}", "name": f"新桥{place}社区"},
        )
        for place in (1, 2)
    ]


def test_of_two_who_convert_one_unit_the_second_is_told(conversions: list[Request]) -> None:
    assert Counter(sent_at_once(conversions)) == {302: 1, 400: 1}
    assert GrassrootsUnit.objects.count() == BOTH


def test_without_the_lock_it_is_converted_twice(conversions: list[Request], monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_looked = Barrier(BOTH)

    def looked(unit: GrassrootsUnit, last_day: date) -> None:
        with suppress(BrokenBarrierError):
            both_have_looked.wait(2)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    monkeypatch.setattr("staffing.units.following.end_unit", looked)
    assert Counter(sent_at_once(conversions)) == {302: BOTH}
