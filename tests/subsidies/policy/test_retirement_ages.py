"""The table of retirement ages in a policy file: read strictly, corrected by a new row, approved by both sides."""

from datetime import date

import pytest

from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.dates import Month
from pages.approvals import approvals_for, numbers_waiting
from pages.approving import Seen, approve_entries, reject_entries
from staffing.enums import RetirementGroup
from subsidies.enums import EntryKind
from subsidies.known_runs import changes_since
from subsidies.models import RetirementAge
from subsidies.policy.file import read_policy
from subsidies.policy.in_force import rulebook_in_force
from subsidies.policy.services import PolicyRefused
from subsidies.rules.retirement import Delay
from subsidies.runs.services import calculate
from tests.builders import a_posting, a_township
from tests.reading import text_of
from tests.subsidies.months import JUNE, an_approved_run
from tests.subsidies.policies import NOW, a_policy
from tests.users import ClientOf, MakeUser

ROW = """
[[retirement]]
effective_from = 2025-01-01
group = "male"
base_years = 60
first_birth_month = "1965-01"
months_per_step = 4
cap_months = 36
document = "opinion"
"""
DELAY = Delay(Month(1965, 1), 4, 36)
DAY = date(2025, 1, 1)


def in_force(day: date = DAY) -> dict[RetirementGroup, tuple[int, Delay | None]]:
    return {group: (row.base_years, row.delay) for group, row in rulebook_in_force().retirement_on(day).items()}


def problems(text: str) -> str:
    return " ".join(problem.sentence() for problem in read_policy(text.encode()).problems)


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ('"male"', '"men"', "不认识的类别“men”"),
        ("base_years = 60", "base_years = 600", "不像退休年龄"),
        ('"1965-01"', '"1965-13"', "不是月份"),
        ("months_per_step = 4", "months_per_step = 0", "须大于零"),
        ("cap_months = 36\n", "", "延迟退休没有写全"),
        ("base_years = 60\n", "", "缺少"),
        ("months_per_step = 4", 'months_per_step = "four"', "不是数字"),
        ("months_per_step = 4", "months_per_step = 4\nspeed = 1", "不认识的项"),
    ],
)
def test_what_is_wrong_in_a_row_is_told_with_its_place(written: str, instead: str, told: str) -> None:
    assert problems(ROW) == ""
    said = problems(ROW.replace(written, instead))
    assert told in said
    assert "[[retirement]] 第 1 条" in said


def test_two_rows_of_a_group_on_one_day_need_replaces() -> None:
    assert "男职工有两条" in problems(ROW + ROW)
    assert problems(ROW + ROW.replace('"male"', '"female_worker"')) == ""
    assert problems(ROW + ROW + "replaces = true\n") == ""


@pytest.mark.django_db
def test_a_row_counts_at_once_before_the_first_approval_and_twice_is_once() -> None:
    a_policy(more=ROW)
    assert in_force() == {RetirementGroup.MALE: (60, DELAY)}
    assert in_force(date(2024, 12, 31)) == {}
    again = a_policy(more=ROW)
    assert (again.new, again.changed, RetirementAge.objects.count()) == (0, 0, 1)


@pytest.mark.django_db
def test_a_used_row_is_corrected_by_one_that_replaces_it() -> None:
    old = ROW.replace("2025-01-01", "2009-01-01")
    a_policy(more=old)
    a_posting(township=a_township())
    an_approved_run(JUNE)
    with pytest.raises(PolicyRefused):
        a_policy(more=old.replace("60", "61"))
    a_policy(more=old + old.replace("60", "61") + "replaces = true\n")
    assert in_force()[RetirementGroup.MALE][0] == 60, "it waits"
    RetirementAge.objects.filter(approved_at=None).update(approved_at=NOW)
    assert in_force()[RetirementGroup.MALE][0] == 61


@pytest.mark.django_db
def test_it_waits_for_bureau_and_finance_once_a_month_is_approved_and_changes_no_month(make_user: MakeUser) -> None:
    a_policy()
    a_posting(township=a_township())
    an_approved_run(JUNE)
    july = calculate(month=JUNE + 1, actor=None).run
    a_policy(more=ROW)
    bureau, finance = make_user(Role.BUREAU_APPROVER), make_user(Role.FINANCE_OFFICER)
    assert numbers_waiting(bureau).entries == {EntryKind.RETIREMENT_AGE: 1}
    for user in (bureau, finance):
        assert in_force() == {}
        seen = [Seen.parse(key) for key in approvals_for(user).keys]
        assert approve_entries(seen=seen, actor=user, now=NOW) == 1
    assert in_force() == {RetirementGroup.MALE: (60, DELAY)}
    event = AuditEvent.objects.filter(subject_type="retirementage", action="approve_policy").latest("pk")
    assert (event.actor, (event.after or {})["退休年龄"]) == (finance, "60 周岁")
    # Nobody has to calculate anew for it.
    assert changes_since(july) == 0


@pytest.mark.django_db
def test_one_that_waits_is_given_back_with_a_reason(make_user: MakeUser) -> None:
    a_policy()
    a_posting(township=a_township())
    an_approved_run(JUNE)
    a_policy(more=ROW)
    bureau = make_user(Role.BUREAU_APPROVER)
    seen = [Seen.parse(key) for key in approvals_for(bureau).keys]
    assert reject_entries(seen=seen, actor=bureau, reason="年龄不对") == 1
    assert not RetirementAge.objects.exists()


@pytest.mark.django_db
def test_the_policy_page_tells_it_in_words(client_of: ClientOf) -> None:
    a_policy(more=ROW)
    page = text_of(client_of(Role.FINANCE_OFFICER), "/policy/?on=2025-06-01")
    assert "1965年1月及以后出生的,每 4 个月延迟 1 个月,最多延迟 36 个月(到 63 周岁)" in page
    assert "退休年龄(男职工)" in page
    assert "最多延迟" not in text_of(client_of(Role.AUDITOR), "/policy/?on=2024-06-01").partition("历次版本")[0]
