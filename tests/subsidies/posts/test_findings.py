"""The findings of a county: the same as on the lines, within the reader's townships, in a fixed number of queries."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.dates import Month
from staffing.enums import Check, Education, Position, Severity
from staffing.models import EstablishmentGrant, Posting, Suspension
from staffing.people.merging import merge_people
from subsidies.demo.county import DemoCounty
from subsidies.models import AllocationLine
from subsidies.policy.in_force import rulebook, standards_in_force
from subsidies.posts.facts import county_facts, presences
from subsidies.posts.findings import Finding, open_findings
from subsidies.posts.places import places_on
from subsidies.rules.rulebook import MissingParameter
from tests.builders import a_contract, a_household_count, a_person, a_posting, a_township, a_unit, a_wage
from tests.subsidies.policies import a_policy
from tests.subsidies.rules.naive import Rules
from tests.subsidies.rules.naive_findings import NaiveFindings, NaiveShortages
from tests.users import demo_user
from townships.enums import TownshipKind, UnitKind
from townships.models import GrassrootsUnit, Township

pytestmark = pytest.mark.django_db
MARCH, APRIL = Month(2010, 3), Month(2010, 4)


def of_county(month: Month = APRIL, **options: object) -> list[Finding]:
    return open_findings(month, Township.objects.all(), **options)  # type: ignore[arg-type]  # handed on


def only(check: Check, findings: Iterable[Finding]) -> Finding:
    (found,) = [finding for finding in findings if finding.check is check]
    return found


@pytest.fixture
def town() -> Township:
    a_policy()
    return a_township(name="西店镇", code="330226102", kind=TownshipKind.TOWN)


@pytest.fixture
def village(town: Township) -> GrassrootsUnit:
    return a_unit(township=town, name="岭口村委会", code="330226102201", kind=UnitKind.VILLAGE)


@pytest.mark.parametrize("month", [MARCH, APRIL])
def test_lines_and_findings_say_the_same(demo: DemoCounty, month: Month) -> None:
    """March is approved, and a start was corrected since: that changes an amount, no finding."""
    lines = AllocationLine.objects.filter(allocation__revision__run__month=month.first, for_month=month.first)
    stored = {(line.posting_id, check) for line in lines for check in line.findings.split(",") if check}

    found = {(finding.posting_id, finding.check.value) for finding in of_county(month) if finding.posting_id}

    assert found == stored
    assert len({check for _, check in found}) >= 10


def test_the_county_agrees_with_the_naive_one(demo: DemoCounty) -> None:
    facts, book = county_facts(since=APRIL.first, until=APRIL.last), rulebook(standards_in_force())
    wages = (book.minimum_wage_on(day) for day in (date(2008, 9, 1), date(2010, 4, 1)))
    rules = Rules(tuple(book.standards), tuple(wage for wage in wages if wage is not None))
    everywhere = {township.id for township in facts.townships}
    units = {unit.id for unit in facts.units}
    there = presences(everywhere, units, until=APRIL.last, facts=facts)
    assert any(presence.suspensions for presence in there)
    missing = NaiveShortages(facts, there, rules, APRIL).all(everywhere)

    found = of_county()

    people = {(row.check, row.posting_id, row.since) for row in found if row.posting_id}
    places = {(row.check, row.unit_id or row.township_id, row.since) for row in found if not row.posting_id}
    assert people == set(NaiveFindings(facts, rules, APRIL).of_postings())
    assert places == {(row.check, row.place[1], row.since) for row in missing}


def test_findings_stand_by_township_check_unit_and_posting(demo: DemoCounty) -> None:
    codes = dict(GrassrootsUnit.objects.values_list("pk", "code"))
    order = [
        (row.township_code, list(Check).index(row.check), codes.get(row.unit_id or 0, ""), row.posting_id or 0)
        for row in of_county()
    ]
    assert order == sorted(order)
    assert len(order) > 100


def test_a_clerk_reads_of_the_own_township_only(demo: DemoCounty) -> None:
    clerk = demo_user("clerk_yuelong")
    found = open_findings(APRIL, Township.objects.visible_to(clerk))
    assert {row.township_name for row in found} == {"跃龙街道"}
    assert found == [row for row in of_county() if row.township_id == clerk.township_id]


def test_another_township_is_not_named_to_whoever_may_not_read_it(town: Township, village: GrassrootsUnit) -> None:
    other = a_township(name="长街镇", code="330226101", kind=TownshipKind.TOWN)
    person = a_person()
    a_posting(township=other, person=person, started_on=date(2009, 2, 1))
    second = a_posting(township=town, person=person, unit=village, position=Position.VILLAGE_COORDINATOR)
    Posting.objects.filter(pk=second.pk).update(started_on=date(2009, 6, 1))

    own = only(Check.DUPLICATE_PERSON, open_findings(APRIL, Township.objects.filter(pk=town.pk)))
    county = only(Check.DUPLICATE_PERSON, of_county())

    assert own.detail == "同时在其他镇乡(街道)任职"
    assert county.detail == "同时在长街镇任专职协理员(2009-02-01 到岗)"
    assert own.since == county.since == date(2009, 6, 1)


def test_a_merged_record_is_the_same_person(town: Township, village: GrassrootsUnit) -> None:
    into, duplicate = a_person(name="张三"), a_person(name="张三")
    a_posting(township=town, person=into)
    posting = a_posting(township=town, person=duplicate, unit=village, position=Position.VILLAGE_COORDINATOR)
    merge_people(duplicate=duplicate, into=into, reason="同一人", actor=None)

    found = only(Check.DUPLICATE_PERSON, of_county(person=into.pk))

    assert (found.posting_id, found.person_id) == (posting.pk, into.pk)
    assert of_county(person=duplicate.pk) == []


def test_a_recruitment_nobody_asked_for_is_no_finding(town: Township) -> None:
    posting = a_posting(township=town)
    assert Check.RECRUITMENT not in {row.check for row in of_county()}
    Posting.objects.filter(pk=posting.pk).update(source="other")
    found = only(Check.RECRUITMENT, of_county())
    assert (found.detail, found.since) == ("人员来源和招聘公告都未填写", date(2009, 1, 1))


@pytest.mark.parametrize(("left", "tier"), [(30, 30), (31, 60), (60, 60), (61, 90), (90, 90)])
def test_how_soon_a_contract_ends_stands_in_the_detail(town: Township, left: int, tier: int) -> None:
    ends = APRIL.last + timedelta(days=left)
    a_contract(posting=a_posting(township=town), started_on=date(2007, 1, 1), ended_on=ends)
    found = only(Check.CONTRACT_ENDING, of_county())
    assert found.detail == f"合同 {ends} 到期,{tier} 天内(到 2010-04-30 还有 {left} 天)"
    assert found.since == ends - timedelta(days=90)


def test_a_place_is_named_with_what_it_needs_and_has(town: Township, village: GrassrootsUnit) -> None:
    EstablishmentGrant.objects.create(township=town, extra=1, effective_from=date(2010, 1, 1), document="批复")
    a_posting(township=town)
    for person in range(2):
        a_posting(township=town, person=a_person(name=f"平台{person}"), position=Position.PLATFORM_STAFF)
    below, short, *vacancies = [row for row in of_county() if not row.check.is_of_posting]

    assert [below.check, short.check] == [Check.PLATFORM_BELOW_NORM, Check.PLATFORM_SHORT]
    assert (below.detail, below.clause) == ("应配专职平台工作人员 3 人,已配 2 人,缺 1 人", "一.1")
    assert [(row.position, row.unit_name, row.detail) for row in vacancies] == [
        (Position.ASSISTANT, "", "应配专职协理员 2 人,已配 1 人,缺 1 人"),
        (Position.VILLAGE_COORDINATOR, village.name, "应配村(居)协管员 1 人,已配 0 人,缺 1 人"),
    ]
    assert {row.person_id for row in vacancies} == {None}


def test_a_withdrawn_or_suspended_coordinator_fills_no_place(town: Township, village: GrassrootsUnit) -> None:
    posting = a_posting(township=town, unit=village, position=Position.VILLAGE_COORDINATOR)
    assert Check.VACANCY not in {row.check for row in of_county() if row.unit_id}
    Suspension.objects.create(posting=posting, kind="sick_leave", started_on=date(2010, 2, 3))
    assert only(Check.VACANCY, (row for row in of_county() if row.unit_id)).since == date(2010, 2, 3)
    Posting.objects.filter(pk=posting.pk).update(withdrawn_at="2010-01-01T00:00Z", withdrawn_reason="录错")
    assert only(Check.VACANCY, (row for row in of_county() if row.unit_id)).since == date(2009, 1, 1)


def test_whoever_holds_a_place_elsewhere_fills_no_second_one(town: Township, village: GrassrootsUnit) -> None:
    """Rule 2, over the whole county and merged records; the places of the pages say the same."""
    away, person, twin = a_township(), a_person(), a_person()
    a_posting(township=away, person=person, started_on=date(2009, 1, 5))
    posting = a_posting(
        township=town, unit=village, person=twin, position=Position.VILLAGE_COORDINATOR, started_on=date(2009, 2, 1)
    )
    assert Check.VACANCY not in {row.check for row in of_county() if row.unit_id == village.pk}
    twin.merged_into = person
    twin.save()
    assert only(Check.VACANCY, (row for row in of_county() if row.unit_id == village.pk)).since == date(2009, 1, 1)
    shown = next(row for row in places_on(APRIL.last, Township.objects.all()) if row.id == town.pk)
    assert shown.staffing[Position.VILLAGE_COORDINATOR].vacant == 1
    Posting.objects.exclude(pk=posting.pk).update(ended_on=date(2010, 3, 31))
    assert Check.VACANCY not in {row.check for row in of_county() if row.unit_id == village.pk}


def test_severities_come_from_the_standard(town: Township) -> None:
    posting = a_posting(township=town, person=a_person(education=Education.PRIMARY))
    assert only(Check.EDUCATION, of_county()).severity is Severity.HINT
    standard = standards_in_force()[0]
    standard.checks = {"education": "block", "vacancy": "off", "contract_missing": "off"}
    standard.save()
    found = of_county()
    assert only(Check.EDUCATION, found).severity is Severity.BLOCK
    assert not {Check.VACANCY, Check.CONTRACT_MISSING} & {row.check for row in found}
    assert only(Check.EDUCATION, found).posting_id == posting.pk


def test_only_the_checks_asked_for_are_found(demo: DemoCounty) -> None:
    everything = of_county()
    for checks in ({Check.VACANCY}, {Check.CONTRACT_EXPIRED, Check.WAGE_BELOW_FLOOR}):
        assert of_county(checks=checks) == [row for row in everything if row.check in checks]


def test_findings_of_a_person_are_those_of_the_county(demo: DemoCounty) -> None:
    """Looked for among those concerned only, with the same result."""
    found = of_county()
    people = {row.person_id for row in found if row.check != "subsidy_above_cost"}
    people |= set(Posting.objects.filter(position="assistant").values_list("person", flat=True)[:12])
    for person in people - {None}:
        of_person = [row for row in found if row.person_id == person]
        assert of_county(person=person) == of_person


def test_a_month_without_a_standard_is_not_judged(db: None) -> None:
    a_township()
    with pytest.raises(MissingParameter):
        of_county()


def test_queries_do_not_grow_with_the_people(town: Township) -> None:
    def queries(people: range) -> int:
        for number in people:
            unit = a_unit(township=town, name=f"村{number}", code=f"330226102{number:03d}", kind=UnitKind.VILLAGE)
            a_household_count(unit=unit, households=0)
            posting = a_posting(township=town, unit=unit, position=Position.VILLAGE_COORDINATOR)
            a_wage(posting=posting)
            a_contract(posting=a_posting(township=town, person=a_person(name=f"协{number}")))
            a_posting(township=town, person=a_person(name=f"平{number}"), position=Position.PLATFORM_STAFF)
        with CaptureQueriesContext(connection) as captured:
            assert len(of_county()) > len(people)
        return len(captured)

    assert queries(range(3)) == queries(range(100, 127))
