"""Clerks who enter the same at the same moment: one is taken, the other is told; without the lock both are taken."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from staffing.models import Person, Posting
from staffing.people.correcting import correct_person
from staffing.postings.taking_on import take_on
from tests.builders import a_person, a_posting, a_township, a_unit, an_id_number
from tests.faults.crowd import Request, logged_in, sent_at_once
from tests.page_forms import forms_of
from tests.subsidies.policies import a_policy
from tests.users import MakeUser
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, Township

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
BOTH = 2


@pytest.fixture
def township() -> Township:
    a_policy()
    return a_township()


@pytest.fixture
def clerks(township: Township, make_user: MakeUser) -> list[User]:
    names = ("first", "second")
    return [make_user(Role.TOWNSHIP_CLERK, username=name, township=township) for name in names]


@pytest.fixture
def appointments(township: Township, clerks: list[User]) -> list[Request]:
    """Either appoints somebody else at the same vacant village."""
    village = a_unit(township=township, name="王家村", kind=UnitKind.VILLAGE)
    names = ("赵六", "钱七")
    return [
        Request(
            clerk,
            reverse("appoint"),
            {"name": name, "national_id": an_id_number(7 + place), "place": village.code, "started_on": "2010-06-01"},
        )
        for place, (clerk, name) in enumerate(zip(clerks, names, strict=True))
    ]


@pytest.fixture
def corrections(township: Township, clerks: list[User]) -> list[Request]:
    """Either has opened the page, and names the person otherwise."""
    person = a_person(name="王五")
    a_posting(person=person, township=township, started_on=date(2009, 1, 1))
    path = reverse("correct_person", args=[person.pk])
    requests = []
    for clerk, name in zip(clerks, ("王伍", "汪五"), strict=True):
        page = logged_in(clerk).get(path).content.decode()
        [seen] = next(form.sent["seen"] for form in forms_of(page) if "seen" in form.sent)
        requests.append(Request(clerk, path, {"seen": seen, "name": name, "reason": "按身份证更正"}))
    return requests


def test_of_two_who_appoint_at_one_village_the_second_is_asked_about_the_first(appointments: list[Request]) -> None:
    assert Counter(sent_at_once(appointments)) == {302: 1, 400: 1}
    assert Posting.objects.count() == 1


def test_without_the_lock_of_the_village_both_are_appointed(
    appointments: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.personnel.appointing.take_on", met(take_on))
    without_lock(monkeypatch, GrassrootsUnit)
    assert sent_at_once(appointments) == [302, 302]
    assert Posting.objects.count() == BOTH


def test_of_two_who_correct_one_person_the_second_is_told_what_changed(corrections: list[Request]) -> None:
    assert Counter(sent_at_once(corrections)) == {302: 1, 409: 1}


def test_without_the_lock_of_the_person_one_correction_is_written_over(
    corrections: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.personnel.person_views.correct_person", met(correct_person))
    without_lock(monkeypatch, Person)
    assert sent_at_once(corrections) == [302, 302]


def met(step: Callable[..., Any]) -> Callable[..., Any]:
    """The step, taken once both have come to it; a lock that holds lets only one come, who goes on alone."""
    together = Barrier(BOTH)

    def taken(**fields: Any) -> Any:
        with suppress(BrokenBarrierError):
            together.wait(2)
        return step(**fields)

    return taken


def without_lock(monkeypatch: pytest.MonkeyPatch, model: type) -> None:
    """Rows of the model are read, and not locked."""
    locking = QuerySet.select_for_update

    def reading(rows: QuerySet[Any], *names: Any, **options: Any) -> QuerySet[Any]:
        return rows if rows.model is model else locking(rows, *names, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", reading)
