"""劳动合同 entered and corrected on the page of a posting, and what that means for months that were paid."""

from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.dates import Month
from staffing.models import Contract, Posting
from staffing.terms.contracts import add_contract, correct_contract
from subsidies.models import AllocationLine
from subsidies.revisions.parties import is_editor
from subsidies.runs.services import calculate
from tests.builders import a_contract, a_posting, a_township
from tests.pages.uploading import said
from tests.reading import text_of, words
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import POLICY, a_policy
from tests.users import MakeUser, browser

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)
FIELDS = {
    "started_on": "2009-01-01", "ended_on": "2011-12-31", "number": "甬 7 号", "kind": "township", "employer": "",
}  # fmt: skip


@pytest.fixture
def posting() -> Posting:
    """An assistant without a contract, whom that blocks."""
    a_policy(POLICY + 'checks = { contract_missing = "block" }\n')
    return a_posting(township=a_township(), started_on=date(2009, 1, 1))


@pytest.fixture
def clerk(posting: Posting, make_user: MakeUser) -> Client:
    return browser(make_user(Role.TOWNSHIP_CLERK, township=posting.township))


def paid() -> list[tuple[str, str, str, str]]:
    """Month paid for, amount, reason, cause of every line, in the order of the runs."""
    lines = AllocationLine.objects.order_by("pk")
    return [(f"{line.for_month:%Y-%m}", str(line.amount), line.reason, line.cause) for line in lines]


def test_a_contract_found_late_pays_the_months_that_its_lack_had_blocked(posting: Posting, clerk: Client) -> None:
    person, page = f"/people/{posting.person_id}/", f"/postings/{posting.pk}/contract/"
    an_approved_run(JUNE)
    assert f'href="{page}?next={person}"' in text_of(clerk, person)
    assert 'name="started_on" value="2009-01-01"' in text_of(clerk, page)
    assert clerk.post(page, {**FIELDS, "next": person}).headers["Location"] == person
    told = text_of(clerk, person)
    assert "2009-01-01 至 2011-12-31,编号 甬 7 号,镇街聘用" in told
    calculate(month=JUNE + 1, actor=None)
    assert paid() == [
        ("2009-06", "0.00", "contract_missing", ""),
        ("2009-06", "1530.00", "", "check"),
        ("2009-07", "1530.00", "", ""),
    ]


def test_a_renewal_goes_on_the_day_after_and_keeps_its_kind(posting: Posting, clerk: Client) -> None:
    a_contract(posting=posting, ended_on=date(2009, 12, 31))
    shown = text_of(clerk, f"/postings/{posting.pk}/contract/")
    assert 'name="started_on" value="2010-01-01"' in shown
    assert "劳动合同2009-01-01至2009-12-31,镇街聘用" in words(shown)
    fields = {**FIELDS, "started_on": "2010-01-01", "ended_on": ""}
    assert clerk.post(f"/postings/{posting.pk}/contract/", fields).status_code == 302
    assert [str(row.ended_on) for row in posting.contracts.order_by("started_on")] == ["2009-12-31", "None"]


def test_what_was_entered_wrongly_is_put_right_and_both_are_told(posting: Posting, clerk: Client) -> None:
    contract = a_contract(posting=posting, number="旧号", ended_on=date(2009, 12, 31))
    person, page = f"/people/{posting.person_id}/", f"/contracts/{contract.pk}/"
    assert f'href="{page}?next={person}"' in text_of(clerk, person)
    assert 'name="number" value="旧号"' in text_of(clerk, page)
    assert clerk.post(page, {**FIELDS, "reason": "按合同原件更正"}).status_code == 302
    contract.refresh_from_db()
    assert (contract.number, str(contract.ended_on)) == ("甬 7 号", "2011-12-31")
    event = AuditEvent.objects.get(action="correct_contract")
    assert event.before is not None
    assert event.after is not None
    assert (event.reason, event.before["ended_on"], event.after["ended_on"]) == (
        "按合同原件更正", "2009-12-31", "2011-12-31",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"started_on": ""}, "请填写日期。"),
        ({"started_on": "昨天"}, "日期请写成 2009-06-15 的形式。"),
        ({"ended_on": "2008-12-31"}, "结束日期不能早于开始日期。"),
        (
            {"started_on": "2010-06-01", "ended_on": ""},
            "合同期限与另一份合同(2010-01-01 至 无固定期限)重叠;续签的合同从上一份终止的次日起。",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_saved(
    posting: Posting, clerk: Client, fields: dict[str, str], why: str
) -> None:
    a_contract(posting=posting, started_on=date(2010, 1, 1))
    response = clerk.post(f"/postings/{posting.pk}/contract/", {**FIELDS, "ended_on": "2009-12-31", **fields})
    assert (response.status_code, said(response)) == (400, why)
    assert Contract.objects.count() == 1


def test_a_correction_says_why_and_runs_into_no_other_contract(posting: Posting, clerk: Client) -> None:
    contract = a_contract(posting=posting, ended_on=date(2009, 12, 31))
    a_contract(posting=posting, started_on=date(2010, 1, 1))
    page = f"/contracts/{contract.pk}/"
    assert said(clerk.post(page, FIELDS)) == "请填写原因,例如“按合同原件更正”。"
    assert "与另一份合同(2010-01-01 至 无固定期限)重叠" in said(clerk.post(page, {**FIELDS, "reason": "更正"}))
    contract.refresh_from_db()
    assert str(contract.ended_on) == "2009-12-31"


def test_who_entered_or_corrected_one_does_not_approve(posting: Posting, make_user: MakeUser) -> None:
    one, other = make_user(Role.TOWNSHIP_CLERK, username="one"), make_user(Role.TOWNSHIP_CLERK, username="other")
    run = calculate(month=JUNE, actor=None).run
    assert (is_editor(one, run), is_editor(other, run)) == (False, False)
    day = date(2009, 1, 1)
    contract = add_contract(posting=posting, started_on=day, ended_on=None, actor=one)
    correct_contract(contract=contract, started_on=day, ended_on=None, number="7", reason="按原件", actor=other)
    assert (is_editor(one, run), is_editor(other, run)) == (True, True)


def test_nobody_of_another_township_is_touched(posting: Posting, make_user: MakeUser) -> None:
    contract = a_contract(posting=posting)
    far = make_user(Role.TOWNSHIP_CLERK, username="far", township=a_township(name="长街镇", code="330226101"))
    for page in (f"/postings/{posting.pk}/contract/", f"/contracts/{contract.pk}/"):
        assert browser(far).post(page, {**FIELDS, "reason": "更正"}).status_code == 404


def test_of_a_withdrawn_posting_nothing_is_entered(posting: Posting, clerk: Client) -> None:
    contract = a_contract(posting=posting)
    Posting.objects.update(withdrawn_at="2009-06-30T00:00:00Z", withdrawn_reason="录错")
    for page in (f"/postings/{posting.pk}/contract/", f"/contracts/{contract.pk}/"):
        assert clerk.get(page).status_code == 404
