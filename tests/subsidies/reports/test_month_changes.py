"""What is different in a township's month is told once: by kind, with what changed after the report was sent up."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from accounts.enums import Role
from staffing.enums import Education, Position
from staffing.models import Posting
from staffing.postings.services import appoint, correct_dates, withdraw_posting
from staffing.terms.wages import set_wage
from subsidies.models import LedgerParameters
from subsidies.reports.month_changes import Change, ChangeKind
from subsidies.reports.pages import report_page
from subsidies.reports.services import return_report
from tests.builders import a_household_count, a_person, a_posting, a_township, a_unit, a_wage, educate
from tests.reading import text_of, words
from tests.subsidies.months import JUNE, a_submitted_report, an_accepted_report
from tests.subsidies.policies import NOW, a_policy
from tests.users import ClientOf, MakeUser, browser
from townships.enums import UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db
PAGE = "/reports/2009-06/330226001/"
TODAY = date(2009, 6, 20)


@pytest.fixture
def town() -> Township:
    """Ten villages, each with its coordinator; May is accepted."""
    a_policy()
    town = a_township()
    LedgerParameters.objects.create(county=town.county, reports_required=True)
    for number in range(10):
        village = a_unit(township=town, name=f"村{number}", kind=UnitKind.VILLAGE)
        a_household_count(unit=village)
        coordinator = a_posting(
            township=town, unit=village, position=Position.VILLAGE_COORDINATOR, person=a_person(name=f"前任{number}")
        )
        a_wage(posting=coordinator, monthly_wage=Decimal("800.00"))
    an_accepted_report(town, JUNE - 1)
    return town


@pytest.fixture
def clerk(town: Township, make_user: MakeUser) -> Client:
    return browser(make_user(Role.TOWNSHIP_CLERK, township=town))


def changes(town: Township) -> list[Change]:
    return list(report_page(town, JUNE, today=TODAY).changes)


def told(town: Township) -> list[tuple[str, str, str]]:
    return [(change.kind.label, change.name, change.detail) for change in changes(town)]


def an_election(town: Township) -> None:
    """In every village another coordinator from the sixteenth on, with a wage."""
    day = date(2009, 6, 15)
    for number, before in enumerate(Posting.objects.filter(township=town).order_by("pk")):
        correct_dates(posting=before, started_on=before.started_on, ended_on=day, reason="换届", actor=None)
        new = appoint(
            person=a_person(name=f"新任{number}"),
            township=town,
            unit=before.unit,
            position=Position.VILLAGE_COORDINATOR,
            started_on=day + timedelta(days=1),
            actor=None,
        )
        set_wage(posting=new, effective_from=new.started_on, monthly_wage=Decimal("900.00"), actor=None)


@pytest.mark.parametrize("after_sending", [False, True])
def test_an_election_of_ten_villages_is_twenty_changes(town: Township, clerk: Client, after_sending: bool) -> None:
    """Who joined comes with the first wage; what was done after the report was sent up is the same change."""
    if after_sending:
        a_submitted_report(town)
    an_election(town)
    found = told(town)
    assert len(found) == 20
    assert ("新到岗", "新任0", "2009-06-16 到岗,工资 900.00 元/月") in found
    assert ("离岗", "前任0", "2009-06-15 离岗") in found
    assert all(bool(change.since_sent) is after_sending for change in changes(town))
    page = text_of(clerk, PAGE)
    said = words(page)
    assert "2009年6月末在岗10人,与上月相比新到岗10,离岗10;" in said
    assert ("上报以后又有变动" in said) is after_sending
    # Named in the table and in the folded list of people, and nowhere else but where a finding is of them.
    visible = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert visible.count("前任3") == 1
    assert 'href="#left"' in page
    assert '<tbody id="left">' in page


def test_a_correction_is_told_beside_what_was_reported_last_month(town: Township) -> None:
    educate(Education.BACHELOR, "前任0")
    assert told(town) == [("更正", "前任0", "学历 大专 → 本科")]
    assert [change.place for change in changes(town)] == ["村0村(居)协管员"]
    # Told once, too, where it was corrected after the report had been sent up; what was sent up says it already.
    a_submitted_report(town)
    assert [change.since_sent for change in changes(town)] == [()]
    educate(Education.VOCATIONAL, "前任0")
    assert told(town) == [("更正", "前任0", "学历 大专 → 中专")]
    assert [change.since_sent for change in changes(town)] == [["原报 本科"]]


def test_what_was_entered_late_or_withdrawn_is_a_correction(town: Township) -> None:
    a_submitted_report(town)
    late = a_posting(township=town, person=a_person(name="补登的"), started_on=date(2009, 2, 1))
    withdraw_posting(posting=Posting.objects.get(person__name="前任0"), reason="录错", actor=None)
    found = {(kind, name): detail for kind, name, detail in told(town)}
    assert found.keys() == {("更正", "补登的"), ("更正", "前任0")}
    assert found["更正", "补登的"].startswith("新增(")
    assert found["更正", "前任0"].startswith("不再登记(原为 ")
    assert {change.person for change in changes(town)} >= {late.person_id}


def test_a_wage_of_the_month_is_one_change_and_says_what_was_reported(town: Township) -> None:
    posting = Posting.objects.earliest("pk")
    a_submitted_report(town)
    set_wage(posting=posting, effective_from=JUNE.first, monthly_wage=Decimal("1000.00"), actor=None)
    [change] = changes(town)
    assert (change.kind, change.detail) == (ChangeKind.WAGE, "2009-06-01 起 1,000.00 元/月")
    [since] = change.since_sent
    assert since.startswith("原报 2009-01-01 起 800.00")
    assert ";命令行," in since


def test_a_returned_report_names_on_top_whom_the_reasons_are_about(
    town: Township, clerk: Client, client_of: ClientOf
) -> None:
    report, posting = a_submitted_report(town), Posting.objects.earliest("pk")
    return_report(report=report, reason="", posting_reasons={posting.pk: "合同未附"}, actor=None, now=NOW)
    page = text_of(clerk, PAGE)
    assert "<strong>前任0</strong>(村0):合同未附" in page
    assert page.index("前任0</strong>") < page.index('id="changes"')
    # Once it is sent up again the reason is no longer asked for, and is still read.
    a_submitted_report(town)
    officer = client_of(Role.BUREAU_OFFICER)
    assert "合同未附" not in text_of(officer, PAGE)
    assert f'href="{PAGE}history/"' in text_of(officer, PAGE)
    steps = words(text_of(officer, f"{PAGE}history/"))
    assert "退回月报第几次上报1逐人的原因前任0:合同未附" in steps
    assert steps.index("第几次上报2") < steps.index("退回月报")


def test_an_accepted_report_says_who_sent_it_up_and_who_accepted_it(town: Township, client_of: ClientOf) -> None:
    an_accepted_report(town)
    said = words(text_of(client_of(Role.AUDITOR), PAGE))
    assert "第1次上报,2009-06-3012:00由命令行上报;2009-06-3012:00由命令行审核通过" in said


def test_one_tick_answers_for_all_findings_of_a_check(town: Township, clerk: Client) -> None:
    for name in ("甲", "乙"):
        a_posting(township=town, person=a_person(name=name))
    page = report_page(town, JUNE, today=TODAY)
    many = next(of for of in page.checks if len(of.rows) > 1)
    listed = [row.key for row in page.open_findings]
    fields = {"check": [many.first.group], "listed": listed, "reason": "正在补"}
    assert clerk.post(f"{PAGE}acknowledge/", fields).status_code == 302
    left = [row.key for row in report_page(town, JUNE, today=TODAY).open_findings]
    assert set(left) == set(listed) - {row.key for row in many.rows}
    # What the page did not list is not answered for.
    other = next(of for of in report_page(town, JUNE, today=TODAY).checks)
    clerk.post(f"{PAGE}acknowledge/", {"check": [other.first.group], "listed": [], "reason": "正在补"})
    assert [row.key for row in report_page(town, JUNE, today=TODAY).open_findings] == left
