"""Two revisions of a run beside each other: what differs, in amounts that add up and in words; who sees it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from foundation.money import ZERO, total
from staffing.enums import Education
from staffing.models import Person, Posting
from staffing.postings.services import correct_dates, withdraw_posting
from staffing.terms.wages import set_wage
from subsidies.calculation.adjusting import adjust
from subsidies.models import Allocation, AllocationLine, AllocationQuerySet, Revision, SubsidyRun
from subsidies.revisions import revision_differences as selectors
from subsidies.revisions.revision_differences import RevisionDifferences, revision_differences
from subsidies.runs.services import calculate, send, send_back
from tests.builders import a_person, a_posting, a_township, educate
from tests.reading import text_of
from tests.subsidies.months import JUNE, a_sent_run
from tests.subsidies.policies import NOW, a_policy
from tests.users import ClientOf, MakeUser
from townships.models import Township

pytestmark = pytest.mark.django_db
PAGE = "/months/2009-06/1/revisions/"


@pytest.fixture
def run() -> SubsidyRun:
    """In review: 甲 and 乙 in one township, 丙 in another."""
    a_policy()
    near, far = a_township(), a_township(name="长街镇", code="330226101")
    for name, township in (("甲", near), ("乙", near), ("丙", far)):
        a_posting(township=township, person=a_person(name=name))
    return a_sent_run(JUNE)


def posting(name: str) -> Posting:
    return Posting.objects.get(person__name=name)


def begins(name: str, day: date) -> None:
    correct_dates(posting=posting(name), started_on=day, ended_on=None, reason="更正", actor=None)


def calculated_again(run: SubsidyRun) -> SubsidyRun:
    """Returned and calculated: a second revision beside the first one, both with their lines."""
    send_back(run=SubsidyRun.objects.get(pk=run.pk), actor=None, reason="更正", now=NOW)
    return calculate(month=JUNE, actor=None).run


def compared(run: SubsidyRun, allocations: AllocationQuerySet | None = None) -> RevisionDifferences:
    first, second = Revision.objects.filter(run=run).order_by("number")
    return revision_differences(first, second, Allocation.objects.all() if allocations is None else allocations)


def an_adjustment(amount: str = "-100.00") -> None:
    adjust(
        month=JUNE, township=Township.objects.get(name="长街镇"), person=None, for_month=JUNE, amount=Decimal(amount),
        document="批复", reason="例外", actor=None,
    )  # fmt: skip


def test_lines_and_townships_add_up_to_the_difference_of_the_totals(run: SubsidyRun) -> None:
    begins("甲", date(2009, 6, 16))
    withdraw_posting(posting=posting("乙"), reason="录错", actor=None)
    a_posting(township=posting("丙").township, person=a_person(name="丁"), started_on=date(2009, 6, 21))
    an_adjustment()
    run = calculated_again(run)
    found = compared(run)
    first, second = Revision.objects.filter(run=run).order_by("number")
    assert (found.total_before, found.total_now) == (first.total, second.total)
    assert total(row.difference for row in found.rows) == found.difference == second.total - first.total != 0
    for township in found.townships:
        of_township = [row.difference for row in found.rows if row.township_name == township.name]
        stored = [
            Allocation.objects.get(revision=revision, township_name=township.name).total
            for revision in (first, second)
        ]
        assert (township.before, township.now) == tuple(stored)
        assert (township.lines, total(of_township)) == (len(of_township), township.difference)
    assert [(row.person_name, row.before, row.now) for row in found.rows] == [
        ("甲", Decimal("1530.00"), Decimal("765.00")),
        ("乙", Decimal("1530.00"), None),
        ("丁", None, Decimal("510.00")),
        ("", None, Decimal("-100.00")),
    ]
    assert [row.words[0] for row in found.rows[1:]] == ["不再列入", "新列入", "新列入"]
    assert {"计发天数 30 → 15", "到岗 2009-01-01 → 2009-06-16"} <= set(found.rows[0].words)


def test_the_page_shows_both_amounts_and_leads_to_how_they_came_about(run: SubsidyRun, client_of: ClientOf) -> None:
    begins("甲", date(2009, 6, 16))
    run = calculated_again(run)
    officer = client_of(Role.BUREAU_OFFICER)
    page = text_of(officer, PAGE)
    assert "第 2 版 3,825.00 元,比第 1 版 -765.00 元,有 1 条明细不同。" in page
    for line in AllocationLine.objects.filter(person_name="甲"):
        assert f'<a href="/lines/{line.pk}/">{line.amount:,.2f}</a>' in page
    assert page.count("(现行)") == 1
    back = text_of(officer, f"{PAGE}?from=2&to=1")
    assert "第 1 版 4,590.00 元,比第 2 版 +765.00 元" in back
    assert f'href="{PAGE}"' in text_of(officer, "/months/2009-06/1/")
    send(run=run, actor=None, now=NOW)
    assert f'href="{PAGE}"' in text_of(client_of(Role.BUREAU_APPROVER), "/months/2009-06/1/approve/")


def test_a_run_of_one_revision_has_nothing_to_compare(run: SubsidyRun, client_of: ClientOf) -> None:
    officer = client_of(Role.BUREAU_OFFICER)
    assert "没有可以比较的" in text_of(officer, PAGE)
    assert PAGE not in text_of(officer, "/months/2009-06/1/")


def test_what_is_no_amount_is_said_in_words(run: SubsidyRun) -> None:
    set_wage(posting=posting("甲"), effective_from=date(2009, 6, 1), monthly_wage=Decimal(1600), actor=None)
    educate(Education.BACHELOR, "乙")
    Person.objects.filter(name="乙").update(name="乙乙")
    found = compared(calculated_again(run))
    assert [(row.person_name, row.difference) for row in found.rows] == [("甲", ZERO), ("乙乙", ZERO)]
    assert "应发工资 无 → 1,600.00" in found.rows[0].words
    assert list(found.rows[1].words) == ["姓名 乙 → 乙乙", "学历 大专 → 本科"]
    assert [(township.lines, township.difference) for township in found.townships] == [(2, ZERO)]


def test_a_clerk_compares_the_own_township(run: SubsidyRun, make_user: MakeUser) -> None:
    begins("甲", date(2009, 6, 16))
    an_adjustment()
    run = calculated_again(run)
    clerk = make_user(Role.TOWNSHIP_CLERK, township=posting("丙").township)
    client = Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    page = text_of(client, PAGE)
    assert "第 2 版 1,430.00 元,比第 1 版 -100.00 元,有 1 条明细不同。" in page
    assert "跃龙街道" not in page
    assert "甲" not in page.partition("<main")[2]
    stranger = make_user(Role.TOWNSHIP_CLERK, username="x", township=a_township(name="力洋镇", code="330226103"))
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(PAGE).status_code == 404


def test_a_revision_that_was_never_sent_has_no_lines_to_compare(client_of: ClientOf) -> None:
    a_policy()
    a_posting(township=a_township(), person=a_person(name="甲"))
    for day in (1, 2, 3):
        begins("甲", date(2009, 6, day))
        calculate(month=JUNE, actor=None)
    officer = client_of(Role.BUREAU_OFFICER)
    page = text_of(officer, PAGE)
    assert page.count("没有送审就由新的一版代替,只保留合计") == 2
    assert "没有可以比较的" in page
    asked = officer.get(f"{PAGE}?from=1&to=3")
    assert (asked.status_code, "第 1 版没有送审" in asked.content.decode()) == (400, True)


@pytest.mark.parametrize("query", ["from=1", "from=1&to=1", "from=x&to=2", "from=1&to=9", "from=-1&to=²"])
def test_what_cannot_be_compared_is_said_in_words(run: SubsidyRun, client_of: ClientOf, query: str) -> None:
    begins("甲", date(2009, 6, 16))
    calculated_again(run)
    response = client_of(Role.BUREAU_OFFICER).get(f"{PAGE}?{query}")
    assert (response.status_code, 'class="problem"' in response.content.decode()) == (400, True)


def test_of_very_many_lines_the_first_are_listed_and_all_are_added(
    run: SubsidyRun, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "MOST_ROWS", 1)
    for name in "甲乙丙":
        begins(name, date(2009, 6, 16))
    found = compared(calculated_again(run))
    assert (len(found.rows), found.more, found.difference) == (1, 2, Decimal("-2295.00"))
    assert "另有 2 条没有列出" in text_of(client_of(Role.AUDITOR), PAGE)


def test_queries_do_not_grow_with_what_differs(client_of: ClientOf) -> None:
    a_policy()
    officer = client_of(Role.BUREAU_OFFICER)

    def queries(serials: range) -> int:
        for serial in serials:
            township = a_township(name=f"镇{serial}", code=f"330226{serial:03d}")
            a_posting(township=township, person=a_person(name=f"人{serial}"))
        run = calculate(month=JUNE, actor=None).run
        send(run=run, actor=None, now=NOW)
        Posting.objects.update(started_on=date(2009, 6, 30 - serials.start))
        send_back(run=run, actor=None, reason="更正", now=NOW)
        calculate(month=JUNE, actor=None)
        officer.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            page = text_of(officer, PAGE)
        assert f"有 {serials.stop - 1} 条明细不同" in page
        return len(captured)

    assert queries(range(1, 4)) == queries(range(4, 31))
