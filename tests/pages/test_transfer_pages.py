"""The pages of transfers: who sees and does what, what is asked back, and what the desk tells of them."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import User
from pages.transfers.lists import PAGE_LENGTH
from staffing.enums import Position
from staffing.models import Posting, Transfer
from staffing.people.history import posting_history
from staffing.transfers.services import refuse_transfer
from tests.builders import a_contract, a_national_id, a_person, a_posting, a_township, a_transfer, a_unit, a_wage
from tests.page_forms import forms_of
from tests.reading import text_of
from tests.users import MakeUser, a_user, browser
from townships.enums import UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db
TODAY = date(2009, 6, 5)
ASK = {"last_day": "2009-06-10", "document": "调令〔2009〕3号"}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


@pytest.fixture
def posting() -> Posting:
    """An assistant of 跃龙街道 with a wage and a contract; 长街镇 has a village with its coordinator."""
    far = a_township(name="长街镇", code="330226101")
    village = a_unit(township=far, name="范家村", kind=UnitKind.VILLAGE)
    a_posting(township=far, unit=village, position=Position.VILLAGE_COORDINATOR, person=a_person(name="李四"))
    posting = a_posting(township=a_township(), person=a_person(name="王五", national_id=a_national_id()))
    a_wage(posting=posting)
    a_contract(posting=posting, number="合同七号")
    return posting


def far() -> Township:
    return Township.objects.get(name="长街镇")


def clerk_of(township: Township) -> User:
    return a_user(Role.TOWNSHIP_CLERK, username=township.code, township=township)


@pytest.fixture
def sender(posting: Posting) -> Client:
    return browser(clerk_of(posting.township))


@pytest.fixture
def receiver(posting: Posting) -> Client:
    return browser(clerk_of(far()))


def sent(client: Client, path: str, **fields: Any) -> tuple[int, str]:
    response = client.post(path, fields, follow=True)
    return response.status_code, response.content.decode()


def receiving(transfer: Transfer, **changed: Any) -> dict[str, Any]:
    village = far().units.get()
    return {"place": f"unit-{village.pk}", "first_day": "2009-06-11", **changed}


def test_one_side_asks_and_the_other_receives(posting: Posting, sender: Client, receiver: Client) -> None:
    status, page = sent(sender, f"/postings/{posting.pk}/transfer/", to_township=far().pk, **ASK)
    assert (status, "王五:调往长街镇已登记,在原岗位做到 2009-06-10,等待对方接收。" in page) == (200, True)
    transfer = Transfer.objects.get()
    assert "王五(跃龙街道调来)" in text_of(receiver, "/desk/")
    path = f"/transfers/{transfer.pk}/receive/"

    # Somebody holds the village's place, which is asked back once.
    status, page = sent(receiver, path, **receiving(transfer))
    assert (status, "请核对李四是否已离岗" in page, transfer.is_waiting) == (400, True, True)
    marks = re.findall(r'name="asked" value="(\w+)"', receiver.post(path, receiving(transfer)).content.decode())
    wage = {"monthly_wage": "1,800.00", "employer_insurance": "450"}
    status, page = sent(receiver, path, **receiving(transfer, asked=marks, **wage))
    assert status == 200
    assert "王五:已调入长街镇范家村 村(居)协管员,原岗位做到 2009-06-10,2009-06-11 到岗。" in page
    new = Posting.objects.get(township=far(), person__name="王五")
    assert str(new.wages.get().monthly_wage) == "1800.00"
    assert "王五(跃龙街道调来)" not in text_of(receiver, "/desk/")


def test_a_gap_is_asked_back_once(posting: Posting, receiver: Client) -> None:
    transfer = a_transfer(posting=posting, to_township=far())
    path, fields = f"/transfers/{transfer.pk}/receive/", {"place": "assistant", "first_day": "2009-06-15"}
    response = receiver.post(path, fields)
    assert "中间 4 天不在岗,不计补助" in response.content.decode()
    assert Transfer.objects.get().is_waiting
    (mark,) = re.findall(r'name="asked" value="(\w+)"', response.content.decode())
    assert sent(receiver, path, asked=mark, **fields)[0] == 200
    assert not Transfer.objects.get().is_waiting


def test_a_receiver_sees_what_is_needed_and_no_more(posting: Posting, receiver: Client) -> None:
    person = f"/people/{posting.person_id}/"
    assert receiver.get(person).status_code == 404
    transfer = a_transfer(posting=posting, to_township=far())
    page = text_of(receiver, f"/transfers/{transfer.pk}/receive/")
    assert "王五" in page
    assert posting.person.national_id_masked in page
    assert "<dd>大专</dd>" in page
    assert all(secret not in page for secret in ("合同七号", "1,500.00", "1985", posting.person.national_id))
    assert receiver.get(person).status_code == 404
    assert f'href="{person}"' not in text_of(receiver, "/transfers/")

    refuse_transfer(transfer=transfer, reason="没有空缺", actor=None)
    assert receiver.get(f"/transfers/{transfer.pk}/receive/").status_code == 404
    assert "王五" not in text_of(receiver, "/transfers/")
    again = a_transfer(posting=posting, to_township=far())
    sent(receiver, f"/transfers/{again.pk}/receive/", place="assistant", first_day="2009-06-11")
    page = text_of(receiver, person)
    assert "跃龙街道" not in page
    assert f'href="{person}"' in text_of(receiver, "/transfers/")


def test_nobody_else_finds_it_and_nothing_is_written(posting: Posting, sender: Client, receiver: Client) -> None:
    transfer = a_transfer(posting=posting, to_township=far())
    stranger = browser(clerk_of(a_township(name="岔路镇", code="330226105")))
    before = list(Transfer.objects.values()), list(Posting.objects.values())
    for step, fields in (
        ("receive", receiving(transfer)),
        ("refuse", {"reason": "不"}),
        ("withdraw", {"reason": "不"}),
    ):
        assert stranger.post(f"/transfers/{transfer.pk}/{step}/", fields).status_code == 404
    for name in ("transfer", "move"):
        assert receiver.post(f"/postings/{posting.pk}/{name}/", {**ASK, "to_township": far().pk}).status_code == 404
    assert sender.post(f"/transfers/{transfer.pk}/receive/", receiving(transfer)).status_code == 403
    assert receiver.post(f"/transfers/{transfer.pk}/withdraw/", {"reason": "不"}).status_code == 403
    # A place of another township is none that may be chosen.
    own = a_unit(township=posting.township)
    wrong = receiver.post(f"/transfers/{transfer.pk}/receive/", receiving(transfer, place=f"unit-{own.pk}"))
    assert (wrong.status_code, "没有这个岗位" in wrong.content.decode()) == (400, True)
    assert (list(Transfer.objects.values()), list(Posting.objects.values())) == before


def test_what_was_decided_meanwhile_is_told_and_what_was_typed_stays(posting: Posting, receiver: Client) -> None:
    transfer = a_transfer(posting=posting, to_township=far())
    fields = {
        "place": "assistant",
        "first_day": "2009-06-11",
        "contract_number": "新七号",
        "contract_from": "2009-06-11",
    }
    receiver.post(f"/transfers/{transfer.pk}/receive/", fields)
    again = receiver.post(f"/transfers/{transfer.pk}/receive/", fields)
    assert (again.status_code, "这次调动已接收,不能再接收" in again.content.decode()) == (400, True)
    assert "新七号" in again.content.decode()
    assert Posting.objects.filter(person=posting.person).count() == 2


def test_a_refusal_comes_back_to_the_senders_desk_until_it_is_sent_again(
    posting: Posting, sender: Client, receiver: Client
) -> None:
    transfer = a_transfer(posting=posting, to_township=far())
    status, page = sent(receiver, f"/transfers/{transfer.pk}/refuse/", reason="")
    assert (status, "请填写退回的原因" in page) == (400, True)
    sent(receiver, f"/transfers/{transfer.pk}/refuse/", reason="没有空缺")
    desk = text_of(sender, "/desk/")
    assert "王五(长街镇退回)" in desk
    assert "没有空缺" in desk
    status, page = sent(sender, f"/postings/{posting.pk}/transfer/", to_township=far().pk, **ASK)
    assert "王五(长街镇退回)" not in text_of(sender, "/desk/")
    status, page = sent(sender, f"/transfers/{Transfer.objects.latest('pk').pk}/withdraw/", reason="另有安排")
    assert "王五:调往长街镇的调动已撤回,仍在原岗位。" in page


def test_the_list_begins_with_the_people_of_the_own_township(posting: Posting, sender: Client) -> None:
    (form,) = [form for form in forms_of(text_of(sender, "/transfers/")) if form.action == "/transfers/start/"]
    assert form.offered["posting"] == [str(posting.pk)]
    response = sender.get("/transfers/start/", {"posting": posting.pk})
    assert response.headers["Location"] == f"/postings/{posting.pk}/transfer/?next=/transfers/"
    other = Posting.objects.get(person__name="李四")
    assert sender.get("/transfers/start/", {"posting": other.pk}).status_code == 404


def test_a_clerk_changes_somebodys_place_within_the_township_in_one_form(posting: Posting, sender: Client) -> None:
    unit = a_unit(township=posting.township, name="五丰社区")
    fields = {**ASK, "place": f"unit-{unit.pk}", "first_day": "2009-06-11"}
    status, page = sent(sender, f"/postings/{posting.pk}/move/", **fields)
    assert (status, "王五:已调入跃龙街道五丰社区 社区协管员" in page) == (200, True)


def test_the_bureau_does_both_sides_in_a_small_bureau_only(
    posting: Posting, make_user: MakeUser, settings: Any
) -> None:
    officer = browser(make_user(Role.BUREAU_OFFICER))
    path = f"/postings/{posting.pk}/move/?township={far().code}"
    assert officer.get(path).status_code == 403
    settings.SEPARATION = "small"
    assert "范家村 村(居)协管员(李四在岗)" in text_of(officer, path)
    status, page = sent(officer, path, **ASK, place="assistant", first_day="2009-06-11")
    assert (status, "王五:已调入长街镇 专职协理员" in page) == (200, True)


def test_readers_of_the_county_see_all_and_do_nothing(posting: Posting, make_user: MakeUser) -> None:
    a_transfer(posting=posting, to_township=far())
    page = text_of(browser(make_user(Role.AUDITOR)), "/transfers/")
    assert "王五" in page
    assert "接收</a>" not in page
    assert "撤回</a>" not in page


def test_the_posting_tells_of_it_in_its_history(posting: Posting, sender: Client) -> None:
    sent(sender, f"/postings/{posting.pk}/transfer/", to_township=far().pk, **ASK)
    reader = User.objects.get(username=posting.township.code)
    told = str(posting_history(posting, reader=reader))
    assert "登记调出" in told
    assert "长街镇" in told


def test_the_list_goes_on_page_by_page_and_costs_the_same(posting: Posting, sender: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert sender.get("/transfers/").status_code == 200
        return len(captured)

    def refused(number: int) -> None:
        for _ in range(number):
            refuse_transfer(transfer=a_transfer(posting=posting, to_township=far()), reason="没有空缺", actor=None)

    refused(3)
    few = statements()
    refused(PAGE_LENGTH)
    assert statements() == few <= 20
    page = text_of(sender, "/transfers/")
    (older,) = re.findall(r'href="\?before=(\d+)"', page)
    assert text_of(sender, f"/transfers/?before={older}").count("没有空缺") == 3
