"""What a calculation and its findings read of qualifications, sources and working times: as of the day, from rows."""

from datetime import date

import pytest
from django.utils import timezone

from foundation.dates import Month
from staffing.enums import Check, ComputerLevel, Education, Position, PostingSource
from staffing.models import Person, Posting
from staffing.people.merging import merge_people
from staffing.postings.source import set_source
from staffing.postings.working_time import set_working_time
from staffing.qualifications import withdraw_qualification
from subsidies.posts.facts import county_facts
from subsidies.posts.findings import open_findings
from subsidies.posts.known_county import known_county
from subsidies.posts.on_post import county_on
from subsidies.rules.held import education_on
from tests.builders import (
    a_person,
    a_posting,
    a_qualification,
    a_round,
    a_township,
    a_working_time,
    educate,
    unskill,
)
from tests.subsidies.policies import a_policy
from townships.models import Township

pytestmark = pytest.mark.django_db
JULY, AUGUST = Month(2009, 7), Month(2009, 8)
IN_AUGUST = date(2009, 8, 20)


@pytest.fixture
def town() -> Township:
    a_policy()
    return a_township()


def found(month: Month) -> set[Check]:
    return {row.check for row in open_findings(month, Township.objects.all()) if row.posting_id is not None}


def test_a_degree_and_a_skill_of_august_help_from_august_on_and_withdrawn_ones_never(town: Township) -> None:
    posting = a_posting(township=town)
    educate(Education.VOCATIONAL)
    unskill()
    rows = [
        a_qualification(person=posting.person, level=level, obtained_on=IN_AUGUST)
        for level in (Education.COLLEGE, ComputerLevel.SKILLED)
    ]
    assert {Check.EDUCATION, Check.COMPUTER_SKILL} <= found(JULY)
    assert not {Check.EDUCATION, Check.COMPUTER_SKILL} & found(AUGUST)
    for row in rows:
        withdraw_qualification(qualification=row, reason="证书不实", actor=None)
    assert {Check.EDUCATION, Check.COMPUTER_SKILL} <= found(AUGUST)


def test_part_time_is_found_from_its_day_on(town: Township) -> None:
    posting = a_posting(township=town)
    set_working_time(posting=posting, effective_from=IN_AUGUST, is_full_time=False, actor=None)
    assert Check.ASSISTANT_PART_TIME not in found(JULY)
    finding = next(
        row for row in open_findings(AUGUST, Township.objects.all()) if row.check is Check.ASSISTANT_PART_TIME
    )
    assert (finding.detail, finding.since) == ("登记为兼职", IN_AUGUST)


def test_a_source_without_a_round_is_found_and_told(town: Township) -> None:
    posting = a_posting(township=town)
    assert Check.RECRUITMENT not in found(JULY)

    def told(source: PostingSource) -> str:
        Posting.objects.filter(pk=posting.pk).update(source=source.value)
        [row] = [row for row in open_findings(JULY, Township.objects.all()) if row.check is Check.RECRUITMENT]
        return row.detail

    assert told(PostingSource.OTHER) == "人员来源和招聘公告都未填写"
    assert told(PostingSource.VILLAGE_CADRE) == "人员来源:村(居)干部兼任"
    assert told(PostingSource.OPEN_RECRUITMENT) == "登记为公开招聘,没有登记是哪一次公开招聘"
    round_ = a_round(township=town)
    set_source(posting=posting, source=PostingSource.OPEN_RECRUITMENT, recruitment_round=round_, actor=None)
    assert Check.RECRUITMENT not in found(JULY)


def test_a_posting_with_many_rows_is_one_fact_with_all_of_them(town: Township) -> None:
    posting = a_posting(township=town)
    for level, since in ((Education.BACHELOR, IN_AUGUST), (ComputerLevel.NONE, IN_AUGUST)):
        a_qualification(person=posting.person, level=level, obtained_on=since)
    a_working_time(posting=posting, effective_from=IN_AUGUST)
    gone = a_working_time(posting=posting, effective_from=date(2009, 9, 1), is_full_time=True)
    type(gone).objects.filter(pk=gone.pk).update(withdrawn_at=timezone.now(), withdrawn_reason="录错")
    [fact] = county_facts(since=JULY.first, until=AUGUST.last).postings
    assert [tuple(row) for row in fact.record.educations] == [("college", None), ("bachelor", IN_AUGUST)]
    assert [tuple(row) for row in fact.record.computer_skills] == [(True, None), (False, IN_AUGUST)]
    assert [tuple(row) for row in fact.record.working_times] == [(True, None), (False, IN_AUGUST)]


def test_what_a_merged_record_is_qualified_for_stays_its_own(town: Township) -> None:
    posting = a_posting(township=town, person=a_person(name="张三", education=Education.PRIMARY))
    into = a_person(name="张叁", education=Education.BACHELOR)
    merge_people(duplicate=posting.person, into=into, reason="同一人", actor=None)
    [fact] = county_facts(since=JULY.first, until=JULY.last).postings
    assert education_on(JULY.last, fact.record.educations) is Education.PRIMARY
    assert Person.objects.get(pk=into.pk).qualifications.count() == 2


def test_heads_of_the_platform_are_full_time_on_the_day(town: Township) -> None:
    staff = [a_posting(township=town, position=Position.PLATFORM_STAFF) for _ in range(5)]
    short = {Check.PLATFORM_BELOW_NORM}

    def missing(month: Month) -> set[Check]:
        return {row.check for row in open_findings(month, Township.objects.all(), checks=short)}

    assert missing(AUGUST) == set()
    a_working_time(posting=staff[0], effective_from=IN_AUGUST)
    assert (missing(JULY), missing(AUGUST)) == (set(), short)
    finding = open_findings(AUGUST, Township.objects.all(), checks=short)[0]
    assert finding.since == IN_AUGUST
    known = known_county(since=JULY.first, until=AUGUST.last)
    counts = [sum(row.holds_place for row in county_on(day, known).serving) for day in (JULY.last, AUGUST.last)]
    assert counts == [5, 4]
