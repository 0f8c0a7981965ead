"""A history of any subject: fields by their labels, values as people read them, nothing lost, page by page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.audit import record
from accounts.enums import Role
from accounts.history import PAGE_SIZE, About, history
from staffing.events import StaffingEvent
from staffing.models import Posting, Wage
from tests.builders import a_posting, a_township, a_wage
from tests.users import a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def wage() -> Wage:
    return a_wage(posting=a_posting(township=a_township()))


def changes_of(wage: Wage) -> list[str]:
    return list(history({("wage", wage.pk): About("工资")}).entries[0].changes)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, {"monthly_wage": "1800.00"}, ["月工资 1,800.00"]),
        ({"monthly_wage": "1500.00"}, {"monthly_wage": "1800.00"}, ["月工资 1,500.00 → 1,800.00"]),
        ({"monthly_wage": None}, {"monthly_wage": "1800.00"}, ["月工资 空 → 1,800.00"]),
        ({"monthly_wage": "1500.00", "housing_fund": None}, None, ["月工资 原为 1,500.00"]),
        # What is the same on both sides, or empty, is no change; what only one side states is said.
        (
            {"monthly_wage": "1500.00", "housing_fund": "9.00"},
            {"effective_from": "2009-06-01", "monthly_wage": "1600.00", "housing_fund": "9.00"},
            ["执行日期 2009-06-01", "月工资 1,500.00 → 1,600.00"],
        ),
        # A field that no model has any more is shown by its name.
        ({"bonus": 5}, {"bonus": 6}, ["bonus 5 → 6"]),
        (None, {"posting": 7, "paid": True, "parts": [1, 2], "of": {"a": 1}}, ["of a 1", "paid 是", "parts 1、2"]),
        (None, "一句话", [" 一句话"]),
    ],
)
def test_what_an_event_changed_in_words(wage: Wage, before: object, after: object, said: list[str]) -> None:
    record(event=StaffingEvent.SET_WAGE, actor=None, subject=wage, before=before, after=after)
    assert changes_of(wage) == said


@pytest.mark.parametrize(
    ("name", "stored", "said"),
    [
        ("position", "assistant", "岗位类别 专职协理员"),
        ("position", "of_old", "岗位类别 of_old"),
        ("is_full_time", False, "专职/兼职 兼职"),
        ("withdrawn_at", "2009-06-15T01:02:03+00:00", "撤销时间 2009-06-15 09:02"),
        ("replaces", 999_999, "replaces 编号 999999"),
    ],
)
def test_a_value_by_its_label(wage: Wage, name: str, stored: object, said: str) -> None:
    posting = Posting.objects.get()
    record(event=StaffingEvent.APPOINT, actor=None, subject=posting, after={name: stored})
    assert history({("posting", posting.pk): About()}).entries[0].changes == [said]


def test_who_did_it_in_whose_stead_and_why(wage: Wage) -> None:
    clerk, deputy = a_user(Role.TOWNSHIP_CLERK), a_user(Role.AUDITOR)
    record(event=StaffingEvent.SET_WAGE, actor=deputy, on_behalf_of=clerk, subject=wage, reason="补登")
    record(event=StaffingEvent.SET_WAGE, actor=None, subject=wage)
    # Refused, and another wage: neither changed this one.
    record(event=StaffingEvent.SET_WAGE, actor=clerk, subject=wage, result="refused")
    record(event=StaffingEvent.SET_WAGE, actor=clerk, subject=Wage(pk=wage.pk + 1))
    told = history({("wage", wage.pk): About("工资")}).entries
    assert [(row.who, row.label, row.reason) for row in told] == [
        ("命令行", "登记工资", ""),
        ("审计员 审计员(代镇街经办)", "登记工资", "补登"),
    ]


def test_a_history_goes_page_by_page_by_the_key_in_one_statement(wage: Wage) -> None:
    events = [record(event=StaffingEvent.SET_WAGE, actor=None, subject=wage) for _ in range(2 * PAGE_SIZE + 3)]
    read, before = [], None
    for size in (PAGE_SIZE, PAGE_SIZE, 3):
        with CaptureQueriesContext(connection) as captured:
            page = history({("wage", wage.pk): About()}, before=before)
        assert (len(page.entries), len(captured), page.is_newest) == (size, 1, before is None)
        read += [entry.pk for entry in page.entries]
        before = page.older
    assert before is None
    assert read == [event.pk for event in reversed(events)]


def test_nothing_has_no_history() -> None:
    assert history({}).entries == ()
