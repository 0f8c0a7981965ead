"""The pages of verbs for many: what each will have is shown first, saved by the second press, and undone as one."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import User
from staffing.models import Contract, ImportBatch, Posting, Suspension, Wage
from tests.builders import a_contract, a_person, a_posting, a_round, a_township, a_wage
from tests.page_forms import forms_of
from tests.users import MakeUser, browser
from townships.models import Township

pytestmark = pytest.mark.django_db
WAGES = "/people/many/wages/"
RAISE = {"effective_from": "2010-07-01", "way": "percent", "figure": "10", "document": "宁人社〔2010〕1号"}
MOST = 20


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2010, 6, 3))


@pytest.fixture
def township() -> Township:
    return a_township()


@pytest.fixture
def client(township: Township, make_user: MakeUser) -> Client:
    clerk: User = make_user(Role.TOWNSHIP_CLERK, township=township)
    return browser(clerk)


def an_assistant(township: Township, name: str) -> Posting:
    """With 1,500.33 yuan a month and a contract to the end of 2010."""
    posting = a_posting(township=township, person=a_person(name=name))
    a_wage(posting=posting, monthly_wage=Decimal("1500.33"))
    a_contract(posting=posting, ended_on=date(2010, 12, 31))
    return posting


def opened(client: Client, path: str, *postings: Posting) -> dict[str, object]:
    """What the form of the page sends when it is opened for these."""
    page = client.get(path, {"posting": [posting.pk for posting in postings]}).content.decode()
    form = next(form for form in forms_of(page) if "chosen" in form.sent)
    return {name: values[0] for name, values in form.sent.items() if values}


def checked(client: Client, path: str, sent: dict[str, object]) -> dict[str, object]:
    """What the form sends after it has shown what each will have."""
    response = client.post(path, sent)
    assert response.status_code == 200
    form = next(form for form in forms_of(response.content.decode()) if "chosen" in form.sent)
    return sent | {
        name: values[0] for name, values in form.sent.items() if name in ("checked", "form_token") and values
    }


def test_new_wages_are_shown_first_saved_then_and_undone_as_one(township: Township, client: Client) -> None:
    two = [an_assistant(township, name) for name in ("张三", "李四")]
    sent = opened(client, WAGES, *two) | RAISE
    page = client.post(WAGES, sent).content.decode()
    assert page.count("1,650.36 元(+150.03)") == 2
    assert Wage.objects.count() == 2
    done = client.post(WAGES, checked(client, WAGES, sent), follow=True).content.decode()
    assert "已登记 2 人(张三、李四)" in done
    new = Wage.objects.filter(effective_from=date(2010, 7, 1))
    assert [wage.monthly_wage for wage in new] == [Decimal("1650.36")] * 2
    batch = ImportBatch.objects.get()
    client.post(f"/people/imports/{batch.pk}/undo/", {"reason": "文件作废"})
    assert not new.filter(withdrawn_at=None).exists()


def test_another_figure_is_shown_again_before_it_is_saved(township: Township, client: Client) -> None:
    posting = an_assistant(township, "张三")
    sent = checked(client, WAGES, opened(client, WAGES, posting) | RAISE)
    response = client.post(WAGES, sent | {"figure": "20"})
    assert (response.status_code, "1,800.40 元" in response.content.decode()) == (200, True)
    assert Wage.objects.count() == 1


def test_whoever_is_left_out_keeps_what_he_has(township: Township, client: Client) -> None:
    kept, left_out = an_assistant(township, "张三"), an_assistant(township, "李四")
    sent = opened(client, WAGES, kept, left_out) | RAISE | {"out": str(left_out.pk)}
    client.post(WAGES, checked(client, WAGES, sent))
    assert [wage.posting for wage in Wage.objects.filter(effective_from=date(2010, 7, 1))] == [kept]


def test_what_changed_since_the_page_was_opened_is_said_at_its_row_and_nothing_is_saved(
    township: Township, client: Client
) -> None:
    changed, other = an_assistant(township, "张三"), an_assistant(township, "李四")
    sent = opened(client, WAGES, changed, other) | RAISE
    a_wage(posting=changed, effective_from=date(2010, 6, 1), monthly_wage=Decimal(1700))
    response = client.post(WAGES, sent)
    page = response.content.decode()
    assert (response.status_code, page.count("打开这一页以后有变动")) == (400, 1)
    assert not Wage.objects.filter(effective_from=date(2010, 7, 1)).exists()


@pytest.mark.parametrize("page", ["wages", "contracts", "suspensions"])
def test_somebody_of_another_township_in_the_list_is_not_found_and_nothing_is_written_for_anybody(
    township: Township, client: Client, page: str
) -> None:
    path = f"/people/many/{page}/"
    own = an_assistant(township, "张三")
    foreign = an_assistant(a_township(code="330226102", name="长街镇"), "李四")
    assert client.get(path, {"posting": [own.pk, foreign.pk]}).status_code == 404
    sent = opened(client, path, own) | RAISE
    for chosen in (f"{sent['chosen']},{foreign.pk}:x", f"{foreign.pk}:x"):
        assert client.post(path, sent | {"chosen": chosen}).status_code == 404
    assert client.post(path, sent | {"out": str(foreign.pk)}).status_code == 404
    assert (Wage.objects.count(), Contract.objects.count(), Suspension.objects.count()) == (2, 2, 0)


def test_contracts_are_renewed_from_the_day_after_each_ends(township: Township, client: Client) -> None:
    path = "/people/many/contracts/"
    posting = an_assistant(township, "张三")
    sent = opened(client, path, posting) | {"months": "36", "document": "续聘决定"}
    client.post(path, checked(client, path, sent))
    new = posting.contracts.latest("started_on")
    assert (new.started_on, new.ended_on) == (date(2011, 1, 1), date(2013, 12, 31))


def test_many_are_suspended_for_the_same_days(township: Township, client: Client) -> None:
    path = "/people/many/suspensions/"
    two = [an_assistant(township, name) for name in ("张三", "李四")]
    days = {"kind": "unpaid_leave", "started_on": "2010-06-07", "ended_on": "2010-06-20", "reason": "停薪"}
    client.post(path, checked(client, path, opened(client, path, *two) | days))
    assert {stop.posting for stop in Suspension.objects.live()} == set(two)


def test_many_come_from_one_round_of_open_recruitment(township: Township, client: Client) -> None:
    path, round_ = "/people/many/sources/", a_round(township=township, notice_title="2010年招聘公告")
    foreign = a_round(township=a_township(code="330226002", name="桃源街道"), notice_title="别处的公告")
    two = [an_assistant(township, name) for name in ("张三", "李四")]
    sent = opened(client, path, *two) | {"source": "open_recruitment"}
    assert client.post(path, sent | {"recruitment_round": foreign.pk}).status_code == 400
    assert "请选择是哪一次公开招聘" in client.post(path, sent).content.decode()
    client.post(path, checked(client, path, sent | {"recruitment_round": round_.pk}))
    assert set(Posting.objects.values_list("source", "recruitment_round")) == {("open_recruitment", round_.pk)}


def test_the_page_takes_as_many_statements_for_three_and_for_thirty(township: Township, client: Client) -> None:
    many = [an_assistant(township, f"张{chr(0x4E00 + number)}") for number in range(30)]
    counts = []
    for postings in (many[:3], many):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(WAGES, {"posting": [posting.pk for posting in postings]})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= MOST
