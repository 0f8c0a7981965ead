"""The page of a verb: the form beside the facts, what is asked back, what others changed, what is said when done."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent
from staffing.models import Contract, Posting, Suspension, Wage
from staffing.postings.services import correct_dates, withdraw_posting
from staffing.terms.wages import set_wage
from tests.builders import a_contract, a_national_id, a_person, a_posting, a_suspension, a_township, a_wage
from tests.page_forms import forms_of
from tests.pages.uploading import Response, said
from tests.reading import text_of, words
from tests.subsidies.policies import a_policy
from tests.users import MakeUser, browser

pytestmark = pytest.mark.django_db
TODAY = date(2009, 6, 20)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


@pytest.fixture
def posting() -> Posting:
    """张三, an assistant since the first day of 2009."""
    return a_posting(township=a_township(), person=a_person(national_id=a_national_id()), started_on=date(2009, 1, 1))


@pytest.fixture
def clerk(posting: Posting, make_user: MakeUser) -> Client:
    return browser(make_user(Role.TOWNSHIP_CLERK, township=posting.township))


def shown(posting: Posting, verb: str, **fields: str) -> tuple[str, dict[str, object]]:
    """The address of a page of the posting and what its form sends."""
    return f"/postings/{posting.pk}/{verb}/", dict(fields)


def sent_again(client: Client, path: str, response: Response, **fields: str) -> Response:
    """The form of a page that came back, sent once more as it stands, but for `fields`."""
    form = next(form for form in forms_of(response.content.decode()) if "next" in form.sent)
    return client.post(path, {**form.sent, **fields})


def told(client: Client, response: Response) -> str:
    """What the page says that a form led to."""
    assert response.status_code == 302, said(response)
    return words(text_of(client, response.headers["Location"]))


VERBS: dict[str, tuple[dict[str, str], str]] = {
    "end": (
        {"ended_on": "2009.6.15", "kind": "resigned", "words": "回原籍"},
        "张三:2009-06-15离岗已登记(辞职(回原籍))。",
    ),
    "dates": ({"started_on": "2009年1月5日", "reason": "按考勤表"}, "张三:日期已更正为2009-01-05到岗,没有离岗。"),
    "contract": (
        {"started_on": "20090101", "ended_on": "2011-12-31", "number": "甬7号", "kind": "township"},
        "张三:劳动合同已登记:2009-01-01至2011-12-31,编号甬7号。",
    ),
    "wage": (
        {"effective_from": "2009/6/1", "monthly_wage": "1,800.00", "document": "镇政〔2009〕7号"},
        "张三:工资已登记:2009-06-01起,月工资1,800.00元。",
    ),
    "suspend": (
        {"kind": "sick_leave", "started_on": "2009-06-01", "ended_on": "2009-06-10", "reason": "手术"},
        "张三:停发已登记:2009-06-01至2009-06-10,病假。",
    ),
    "withdraw": ({"reason": "录错"}, "张三:2009-01-01到岗的在岗记录已撤销。"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_what_was_saved_is_repeated_with_its_dates_and_amounts(posting: Posting, clerk: Client, verb: str) -> None:
    fields, sentence = VERBS[verb]
    path = f"/postings/{posting.pk}/{verb}/"
    page = words(text_of(clerk, path))
    assert "目前的登记姓名张三" in page
    assert posting.person.national_id_masked in page
    assert "学历大专" in page
    assert sentence in told(clerk, clerk.post(path, {**fields, "next": f"/people/{posting.person_id}/"}))


def test_a_leaving_names_one_reason_of_the_list(posting: Posting, clerk: Client) -> None:
    path = f"/postings/{posting.pk}/end/"
    assert said(clerk.post(path, {"ended_on": "2009-06-15"})) == "请选择离岗原因。"
    assert "请写明是什么原因" in said(clerk.post(path, {"ended_on": "2009-06-15", "kind": "other"}))
    assert "2009-01-01 才到岗" in said(clerk.post(path, {"ended_on": "2008-12-31", "kind": "died"}))
    assert clerk.post(path, {"ended_on": "2009-06-15", "kind": "retired"}).status_code == 302
    posting.refresh_from_db()
    assert (posting.end_kind, posting.end_reason, posting.why_it_ended) == ("retired", "", "退休")
    assert "已登记 2009-06-15 离岗" in said(clerk.post(path, {"ended_on": "2009-06-16", "kind": "retired"}))
    event = AuditEvent.objects.get(action="end_posting")
    assert event.after is not None
    assert (event.reason, event.after["end_kind"]) == ("退休", "retired")


def test_a_corrected_end_keeps_its_reason_and_no_end_has_none(posting: Posting, clerk: Client) -> None:
    path = f"/postings/{posting.pk}/dates/"
    assert 'name="ended_on"' not in text_of(clerk, path)
    clerk.post(f"/postings/{posting.pk}/end/", {"ended_on": "2009-06-15", "kind": "resigned", "words": "回原籍"})
    fields = {"started_on": "2009-01-01", "ended_on": "2009-06-14", "reason": "按考勤表"}
    assert clerk.post(path, fields).status_code == 302
    posting.refresh_from_db()
    assert (str(posting.ended_on), posting.why_it_ended) == ("2009-06-14", "辞职(回原籍)")
    assert clerk.post(path, {**fields, "ended_on": "", "reason": "没有离岗"}).status_code == 302
    posting.refresh_from_db()
    assert (posting.ended_on, posting.why_it_ended) == (None, "")


@pytest.fixture
def contract(posting: Posting) -> Contract:
    return a_contract(posting=posting, ended_on=date(2009, 12, 31))


@pytest.fixture
def wage(posting: Posting) -> Wage:
    return a_wage(posting=posting, monthly_wage=Decimal("1500.00"))


def test_a_contract_that_was_withdrawn_makes_room_and_stays_to_be_read(contract: Contract, clerk: Client) -> None:
    posting = contract.posting
    assert clerk.post(f"/contracts/{contract.pk}/withdraw/", {"reason": ""}).status_code == 400
    assert clerk.post(f"/contracts/{contract.pk}/withdraw/", {"reason": "录错"}).status_code == 302
    fields = {"started_on": "2009-01-01", "ended_on": "2011-12-31"}
    assert clerk.post(f"/postings/{posting.pk}/contract/", fields).status_code == 302
    assert "2009-12-31,镇街聘用已撤销" in words(text_of(clerk, f"/people/{posting.person_id}/"))
    assert [row.withdrawn_reason for row in Contract.objects.order_by("pk")] == ["录错", ""]
    assert AuditEvent.objects.get(action="withdraw_contract").reason == "录错"
    assert "这份合同已经撤销" in said(clerk.post(f"/contracts/{contract.pk}/withdraw/", {"reason": "又来"}))
    assert clerk.get(f"/contracts/{contract.pk}/").status_code == 404


def test_a_wage_is_corrected_to_another_day_and_amount(wage: Wage, clerk: Client) -> None:
    page = f"/wages/{wage.pk}/"
    assert 'value="1500.00"' in text_of(clerk, page)
    fields = {"effective_from": "2009-02-01", "monthly_wage": "1,600.00", "document": "审批表"}
    assert said(clerk.post(page, fields)) == "请填写原因,例如“按工资审批表更正”。"
    assert clerk.post(page, {**fields, "reason": "按审批表"}).status_code == 302
    wage.refresh_from_db()
    assert (str(wage.effective_from), wage.monthly_wage, wage.document) == ("2009-02-01", Decimal("1600.00"), "审批表")
    event = AuditEvent.objects.get(action="correct_wage")
    assert event.before is not None
    assert event.after is not None
    assert (event.before["monthly_wage"], event.after["monthly_wage"]) == ("1500.00", "1600.00")
    a_wage(posting=wage.posting, effective_from=date(2009, 3, 1))
    refused = clerk.post(page, {**fields, "effective_from": "2009-03-01", "reason": "按审批表"})
    assert "2009-03-01 起已另有一条工资" in said(refused)


def test_a_wage_that_was_withdrawn_gives_its_day_free(wage: Wage, clerk: Client) -> None:
    assert clerk.post(f"/wages/{wage.pk}/withdraw/", {"reason": "录错"}).status_code == 302
    set_wage(posting=wage.posting, effective_from=wage.effective_from, monthly_wage=Decimal(1700), actor=None)
    assert list(Wage.objects.live().values_list("monthly_wage", flat=True)) == [Decimal("1700.00")]
    assert "这条工资已经撤销" in said(clerk.post(f"/wages/{wage.pk}/withdraw/", {"reason": "又来"}))


@pytest.mark.parametrize(
    ("verb", "fields", "doubt"),
    [
        ("end", {"ended_on": "2009-08-20", "kind": "retired"}, "离岗日期 2009-08-20 在 61 天以后"),
        ("dates", {"started_on": "1989-12-31", "reason": "补录"}, "到岗日期 1989-12-31 早于 1990 年"),
        ("dates", {"started_on": "2001-03-06", "reason": "补录"}, "张三在 2001-03-06 到岗时不满 16 岁"),
        ("contract", {"started_on": "2009-01-01", "ended_on": "2019-01-01"}, "超过 10 年"),
        (
            "wage",
            {"effective_from": "2009-06-01", "monthly_wage": "424.99", "reason": "x"},
            "月工资 424.99 元,2009-06-01 的最低工资标准是 850.00 元,还不到它的一半",
        ),
        (
            "wage",
            {"effective_from": "2009-06-01", "monthly_wage": "4250.01", "reason": "x"},
            "月工资 4,250.01 元,2009-06-01 的最低工资标准是 850.00 元,超过它的 5 倍",
        ),
        ("suspend", {"kind": "sick_leave", "started_on": "2009-09-01", "reason": "x"}, "停发起始 2009-09-01 在 73 天"),
    ],
)
def test_what_is_improbable_is_asked_once_and_then_taken(
    posting: Posting, clerk: Client, verb: str, fields: dict[str, str], doubt: str
) -> None:
    a_policy()
    path = f"/postings/{posting.pk}/{verb}/"
    asked = clerk.post(path, fields)
    assert asked.status_code == 400
    assert doubt in asked.content.decode()
    assert not AuditEvent.objects.exclude(action__startswith="add_").filter(subject_type="posting").exists()
    assert sent_again(clerk, path, asked).status_code == 302


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("end", {"ended_on": "2009-08-19", "kind": "retired"}),
        ("dates", {"started_on": "2001-03-07", "reason": "补录"}),
        ("contract", {"started_on": "2009-01-01", "ended_on": "2018-12-31"}),
        ("wage", {"effective_from": "2009-06-01", "monthly_wage": "425.00", "reason": "x"}),
        ("wage", {"effective_from": "2009-06-01", "monthly_wage": "4250.00", "reason": "x"}),
    ],
)
def test_what_is_probable_is_taken_at_once(posting: Posting, clerk: Client, verb: str, fields: dict[str, str]) -> None:
    a_policy()
    assert clerk.post(f"/postings/{posting.pk}/{verb}/", fields).status_code == 302


def test_without_a_minimum_wage_no_amount_is_doubted(posting: Posting, clerk: Client) -> None:
    fields = {"effective_from": "2009-06-01", "monthly_wage": "1.00", "reason": "x"}
    assert clerk.post(f"/postings/{posting.pk}/wage/", fields).status_code == 302


def test_another_improbable_entry_is_asked_again(posting: Posting, clerk: Client) -> None:
    path = f"/postings/{posting.pk}/end/"
    asked = clerk.post(path, {"ended_on": "2009-12-31", "kind": "retired"})
    again = sent_again(clerk, path, asked, ended_on="2090-12-31")
    assert (again.status_code, "2090-12-31" in again.content.decode()) == (400, True)
    assert Posting.objects.get().ended_on is None


def test_a_wage_of_the_same_day_is_asked_before_it_is_replaced(wage: Wage, clerk: Client) -> None:
    path = f"/postings/{wage.posting_id}/wage/"
    asked = clerk.post(path, {"effective_from": "2009-01-01", "monthly_wage": "1600", "reason": "x"})
    assert "2009-01-01 起已登记月工资 1,500.00 元,保存后改为 1,600.00 元" in asked.content.decode()
    assert sent_again(clerk, path, asked).status_code == 302
    assert Wage.objects.get().monthly_wage == Decimal("1600.00")


def test_the_second_of_two_clerks_is_told_what_changed_and_keeps_the_typed_text(
    posting: Posting, clerk: Client
) -> None:
    path = f"/postings/{posting.pk}/dates/"
    opened = clerk.get(path)
    correct_dates(posting=posting, started_on=date(2009, 1, 8), ended_on=None, reason="按考勤表", actor=None)
    refused = sent_again(clerk, path, opened, started_on="2009-1-9", reason="按工资表")
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "到岗日期 2009-01-01 → 2009-01-08" in page
    assert ('value="2009-1-9"' in page, "按工资表</textarea>" in page) == (True, True)
    assert Posting.objects.get().started_on == date(2009, 1, 8)
    assert sent_again(clerk, path, refused).status_code == 302
    assert Posting.objects.get().started_on == date(2009, 1, 9)


def test_what_was_withdrawn_meanwhile_is_said(posting: Posting, clerk: Client) -> None:
    path = f"/postings/{posting.pk}/wage/"
    withdraw_posting(posting=posting, reason="录错", actor=None)
    fields = {"effective_from": "2009-06-01", "monthly_wage": "1600", "reason": "x"}
    assert said(clerk.post(path, fields)) == "这条在岗记录已经撤销。"
    assert clerk.get(path).status_code == 404


def test_the_same_form_twice_does_its_work_once(posting: Posting, clerk: Client) -> None:
    path, fields = f"/postings/{posting.pk}/contract/", {"started_on": "2009-01-01", "token": "x" * 20}
    answers = [clerk.post(path, fields) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    assert Contract.objects.count() == 1


def test_nobody_of_another_township_is_touched(posting: Posting, make_user: MakeUser) -> None:
    rows = {"wages": a_wage(posting=posting), "contracts": a_contract(posting=posting)}
    stop = a_suspension(posting=posting, started_on=date(2009, 2, 1))
    far = a_township(name="长街镇", code="330226101")
    stranger = browser(make_user(Role.TOWNSHIP_CLERK, username="far", township=far))
    paths = [f"/postings/{posting.pk}/{verb}/" for verb in VERBS]
    paths += [f"/{name}/{row.pk}/{verb}" for name, row in rows.items() for verb in ("", "withdraw/")]
    paths += [f"/suspensions/{stop.pk}/", f"/suspensions/{stop.pk}/withdraw/"]
    for path in paths:
        assert (stranger.get(path).status_code, stranger.post(path, {"reason": "x"}).status_code) == (404, 404), path
    assert Suspension.objects.live().count() == 1
    assert not AuditEvent.objects.filter(result="done", subject_type__in=["posting", "wage", "contract"]).exists()
