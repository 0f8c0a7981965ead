"""Who somebody is called, and which records are one person, changes no sheet of an approved month and no total."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from foundation.dates import LAST_DAY, Month
from staffing.models import Person, Posting
from staffing.national_id import check
from staffing.people.correcting import correct_person
from staffing.people.merging import merge_people, unmerge_person
from subsidies.models import Allocation, Revision, SubsidyRun
from subsidies.revisions.figures import added_up, figures_by_township
from subsidies.runs.services import calculate, send_back
from subsidies.sheets.register import SHEETS
from tests.builders import an_id_number
from tests.subsidies.policies import NOW
from tests.subsidies.sheets.sheet_files import sheet_file

pytestmark = pytest.mark.django_db
APRIL = Month(2010, 4)


@pytest.fixture
def march(waiting: SubsidyRun) -> Revision:
    approved = SubsidyRun.objects.filter(month="2010-03-01").values("current_revision")
    revision = Revision.objects.select_related("run__county").get(pk__in=approved)
    send_back(run=waiting, actor=None, now=NOW, reason="重新核算")
    return revision


def cells(revision: Revision) -> dict[str, list[list[Any]]]:
    return {number: sheet_file(revision, number).rows for number in SHEETS}


def april_anew() -> tuple[Decimal, list[tuple[str, Decimal]]]:
    """The total, and that of each township."""
    revision = calculate(month=APRIL, actor=None).revision
    total = added_up(figures_by_township(revision, Allocation.objects.all())).total
    return total, list(
        Allocation.objects.filter(revision=revision).order_by("pk").values_list("township_code", "total")
    )


def two_assistants() -> tuple[Person, Person]:
    """On post in two townships for years."""
    postings = Posting.objects.filter(position="assistant", ended_on=None, withdrawn_at=None, started_on__year=2009)
    first = postings.filter(township__code="330226001").earliest("pk")
    return first.person, postings.filter(township__code="330226101").earliest("pk").person


def test_another_name_and_number_change_no_approved_sheet_and_no_total(march: Revision) -> None:
    sheets, totals = cells(march), april_anew()
    person = two_assistants()[0]
    number = check(an_id_number(999), today=LAST_DAY)
    correct_person(
        person=person, name="欧阳更正", national_id=number, phone="", reason="按身份证", today=timezone.localdate(),
        actor=None,
    )  # fmt: skip
    assert Person.objects.get(pk=person.pk).name == "欧阳更正"
    assert cells(march) == sheets
    assert april_anew() == totals


def test_merging_changes_no_approved_sheet_and_unmerging_gives_every_total_back(march: Revision) -> None:
    sheets, totals = cells(march), april_anew()
    into, duplicate = two_assistants()
    merge_people(duplicate=duplicate, into=into, reason="同一人", actor=None)
    assert cells(march) == sheets
    # One person on two posts is subsidised on one of them, and what was paid for the other comes back.
    assert april_anew()[0] < totals[0]
    unmerge_person(person=duplicate, reason="是两个人", actor=None)
    assert cells(march) == sheets
    assert april_anew() == totals
