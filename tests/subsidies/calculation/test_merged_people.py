"""Merged records count as one person and keep what is their own: unmerging gives back what was, to the fen."""

from datetime import date
from decimal import Decimal

import pytest

from foundation.dates import Month
from staffing.imports.roster import import_roster
from staffing.models import Person, Posting
from staffing.people.merging import merge_people, unmerge_person
from subsidies.calculation.calculated import preview
from subsidies.line_details import LineDetails
from subsidies.models import AllocationLine
from subsidies.runs.services import calculate
from tests.builders import TODAY, a_national_id, a_person, a_posting, a_township, a_unit
from tests.staffing.rosters import a_roster, a_row
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import a_policy

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)


@pytest.fixture
def people() -> tuple[Person, Person]:
    """Two records, the second one an assistant since January; a community has a free place."""
    a_policy()
    township = a_township()
    a_unit(township=township, name="五丰社区")
    one, other = (
        a_person(name="张三", national_id=a_national_id(1)),
        a_person(name="李四", national_id=a_national_id(2)),
    )
    a_posting(township=township, person=other)
    return one, other


def coordinator_imported() -> None:
    """A row with the number of the first record."""
    row = a_row(1, 岗位类别="社区协管员", **{"村(社区)": "五丰社区"}, 到岗日期=date(2009, 6, 1), 学历="高中")
    content = a_roster(row)
    import_roster(content, "roster.xlsx", actor=None, today=TODAY, facts_from=date(2009, 6, 1), accept_warnings=True)


def test_unmerging_pays_what_an_import_brought_meanwhile_as_if_never_merged(people: tuple[Person, Person]) -> None:
    one, other = people
    merge_people(duplicate=one, into=other, reason="同一人", actor=None)
    coordinator_imported()
    assert preview(JUNE).total == Decimal("1530.00")
    an_approved_run(JUNE)

    unmerge_person(person=one, reason="是同名的两人", actor=None)

    calculate(month=JUNE + 1, actor=None)
    lines = AllocationLine.objects.filter(allocation__revision__run__month=(JUNE + 1).first)
    assert sorted((line.for_month.month, line.person_name, line.amount) for line in lines) == [
        (6, "张三", Decimal("1530.00")),
        (7, "张三", Decimal("1530.00")),
        (7, "李四", Decimal("1530.00")),
    ]
    assert {posting.person_id for posting in Posting.objects.all()} == {one.pk, other.pk}


def test_name_and_qualification_of_a_line_are_those_of_its_own_record(people: tuple[Person, Person]) -> None:
    one, other = people
    merge_people(duplicate=one, into=other, reason="同一人", actor=None)
    coordinator_imported()
    an_approved_run(JUNE)

    lines = AllocationLine.objects.order_by("posting")
    assert [(line.person_id, line.person_name, line.reason) for line in lines] == [
        (other.pk, "李四", ""),
        (other.pk, "张三", "duplicate_person"),
    ]
    assert [LineDetails.from_list(line.details).education_label for line in lines] == ["大专", "高中"]
