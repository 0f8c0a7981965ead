"""The page of an election: kept as it is typed, every problem at its cell, carried out by a button, undone as one."""

import html
import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import User
from staffing.many.election_seats import seats_of
from staffing.many.elections import typed_table
from staffing.models import Election, ImportBatch, Person, Posting
from tests.builders import TODAY, a_township, a_unit, an_id_number
from tests.page_forms import forms_of
from tests.staffing.elections import (
    DAY,
    DOCUMENT,
    a_township_with_villages,
    elected,
    new_number,
    prepared,
    rows,
    stored,
)
from tests.users import MakeUser, browser
from townships.enums import UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db
PAGE = "/people/election/330226001/"
HEAVIEST = 150_000
MOST = 20


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2010, 6, 3))


@pytest.fixture
def township() -> Township:
    return a_township_with_villages(10)


@pytest.fixture
def clerk(township: Township, make_user: MakeUser) -> User:
    return make_user(Role.TOWNSHIP_CLERK, township=township)


@pytest.fixture
def client(clerk: User) -> Client:
    return browser(clerk)


def fields(township: Township, by_place: dict[int, dict[str, str]], **others: object) -> dict[str, object]:
    """What the page's form sends with these cells typed."""
    typed = rows(township, by_place)
    cells = {f"{key}-{name}": text for key, texts in typed.items() for name, text in texts.items()}
    return {"elected_on": str(DAY), "document": DOCUMENT, "saved": 0, **cells, **others}


def shown(client: Client, path: str = PAGE) -> str:
    return html.unescape(client.get(path).content.decode())


def holding(client: Client, **others: object) -> dict[str, object]:
    """What the button that carries it out sends."""
    page = client.get(PAGE).content.decode()
    form = next(form for form in forms_of(page) if form.action.endswith("/hold/"))
    return {name: values[0] for name, values in form.sent.items() if values} | others


def test_ten_villages_are_saved_carried_out_and_undone(township: Township, client: Client) -> None:
    table = {place: elected(place, wage="1500") for place in range(1, 10)} | {10: {"stays": "是"}}
    assert client.post(PAGE, fields(township, table)).headers["Location"] == PAGE
    page = shown(client)
    assert "10 行:填了 10 行,其中 9 人离任、9 人到任、1 人连任;0 行没有填,不变。没有问题,可以办理。" in page
    assert Posting.objects.count() == 10
    answer = client.post(f"{PAGE}hold/", holding(client))
    batch = ImportBatch.objects.get()
    assert answer.headers["Location"] == f"/people/imports/{batch.pk}/"
    told = shown(client, answer.headers["Location"])
    assert "跃龙街道换届已办理:9 人离任(现任1、" in told
    assert f"依据{DOCUMENT}:新增 9 条在岗记录,变更 9 条" in told
    assert Posting.objects.in_service_on(DAY).count() == 10
    assert client.post(f"/people/imports/{batch.pk}/undo/", {"reason": "录错"}).status_code == 302
    assert set(Posting.objects.in_service_on(DAY).values_list("person__name", flat=True)) == {
        f"现任{place}" for place in range(1, 11)
    }
    assert "这次换届新增的在岗记录不再有效" in shown(client, f"/people/imports/{batch.pk}/")


def test_problems_stand_at_their_cells_and_what_was_typed_stays(township: Township, client: Client) -> None:
    odd = '"><img src=x onerror=alert(1)>'
    client.post(PAGE, fields(township, {1: {"name": odd, "number": "33990019850307"}, 2: elected(2)}))
    page = client.get(PAGE).content.decode()
    assert "<img" not in page
    cell = re.search(r'<input name="(u\d+p\d+-number)"[^>]*value="33990019850307"[^>]*>', page)
    assert cell is not None
    assert 'aria-invalid="true"' in cell[0]
    assert f'id="why-{cell[1]}">身份证号少了 4 位' in page
    assert html.escape(odd) in page
    assert "有 1 处要改" in page
    assert "/hold/" not in page


def test_the_day_that_cannot_be_read_saves_nothing_and_keeps_the_cells(township: Township, client: Client) -> None:
    answer = client.post(PAGE, fields(township, {1: elected(1)}, elected_on="六月"))
    assert (answer.status_code, Election.objects.count()) == (400, 0)
    page = answer.content.decode()
    assert "日期请写成 2009-06-15 的形式" in page
    assert f'value="{new_number(1)}"' in page
    assert 'value="六月"' in page


def test_a_pasted_block_fills_the_table_and_lines_of_no_village_stay(township: Township, client: Client) -> None:
    pasted = f"村名\t姓名\t身份证号\r\n第1村\t新任一\t{new_number(1)}\r\n第99村\t某人\t1\r\n"
    client.post(PAGE, fields(township, {2: elected(2)}, pasted=pasted))
    assert typed_table(stored(township)).cells == rows(township, {1: elected(1), 2: elected(2)})
    page = shown(client)
    assert "粘贴的第 3 行:跃龙街道没有“第99村”这个村(社区)" in page
    assert "<textarea" in page
    assert "\n村名\t姓名\t身份证号\n第99村\t某人\t1</textarea>" in page
    assert "粘贴区还有没读进来的行" in page


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("第1村\t" * 40, "表里只有 10 列"),
        ("第1村\t新任\n" * 5000, "粘贴了 5000 行,没有读入"),
        ("姓名\t身份证号\n新任\t1", "没有“村(社区)”这一列"),
    ],
)
def test_a_block_that_is_no_table_is_told_beside_it(
    township: Township, client: Client, pasted: str, told: str
) -> None:
    answer = client.post(PAGE, fields(township, {1: elected(1)}, pasted=pasted))
    page = html.unescape(answer.content.decode())
    assert (answer.status_code, Election.objects.count()) == (400, 0)
    assert told in page
    assert len(answer.content) < HEAVIEST
    assert f'value="{new_number(1)}"' in page


def test_a_null_character_is_turned_down(township: Township, client: Client) -> None:
    assert client.post(PAGE, fields(township, {}, pasted="第1村\t张\0三")).status_code == 400
    assert not Election.objects.exists()


def test_the_second_clerk_is_told_who_saved_what_and_keeps_the_typed_rows(
    township: Township, client: Client, make_user: MakeUser
) -> None:
    other = make_user(Role.TOWNSHIP_CLERK, username="other", township=township)
    prepared(township, {1: elected(1), 2: elected(2)}, actor=other)
    answer = client.post(PAGE, fields(township, {1: elected(1), 2: elected(3)}))
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 409
    assert f"{other}在 " in page
    assert "与已保存的不同的行:第2村。" in page
    assert f'value="{new_number(3)}"' in page
    assert '<input type="hidden" name="saved" value="1">' in page
    assert client.post(PAGE, fields(township, {2: elected(3)}, saved=1)).status_code == 302
    assert client.post(f"{PAGE}hold/", {"saved": 1}).status_code == 409
    assert not ImportBatch.objects.exists()


def test_the_same_form_sent_twice_is_carried_out_once(township: Township, client: Client) -> None:
    client.post(PAGE, fields(township, {1: elected(1)}))
    sent = holding(client)
    first, second = (client.post(f"{PAGE}hold/", sent) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert (ImportBatch.objects.count(), Person.objects.filter(name="新任一").count()) == (1, 1)
    # Without the token there is nothing any more that could be carried out.
    assert client.post(f"{PAGE}hold/", {"saved": 1}).status_code == 404


def test_what_is_improbable_is_asked_once(township: Township, client: Client) -> None:
    young = an_id_number(801, born_on=date(1996, 6, 1))
    client.post(PAGE, fields(township, {1: {"name": "小明", "number": young}}))
    answer = client.post(f"{PAGE}hold/", holding(client))
    page = html.unescape(answer.content.decode())
    assert (answer.status_code, ImportBatch.objects.count()) == (400, 0)
    assert "小明在 2010-06-01 到岗时不满 16 岁" in page
    asked = re.findall(r'name="asked" value="(\w+)"', page)
    assert client.post(f"{PAGE}hold/", holding(client, asked=asked)).status_code == 302


def test_without_a_document_nothing_is_carried_out(township: Township, client: Client) -> None:
    client.post(PAGE, fields(township, {1: elected(1)}, document=""))
    assert "还没有填依据文件" in shown(client)
    assert client.post(f"{PAGE}hold/", {"saved": 1}).status_code == 409
    assert not ImportBatch.objects.exists()


def test_the_table_can_be_emptied(township: Township, client: Client) -> None:
    client.post(PAGE, fields(township, {1: elected(1)}))
    assert client.post(f"{PAGE}drop/").headers["Location"] == PAGE
    assert not Election.objects.exists()
    assert client.post(f"{PAGE}drop/").status_code == 404


def test_nothing_of_another_township_is_reached(township: Township, client: Client) -> None:
    other = a_township(code="330226002", name="桃源街道")
    village = a_unit(township=other, kind=UnitKind.VILLAGE, name="别村")
    election = prepared(other, {})
    for path in ("", "hold/", "drop/"):
        assert client.post(f"/people/election/{other.code}/{path}", {}).status_code == 404
    assert client.get(f"/people/election/{other.code}/").status_code == 404
    foreign = {f"u{village.pk}-name": "某人"}
    assert client.post(PAGE, fields(township, {1: elected(1)}, **foreign)).status_code == 404
    assert list(Election.objects.all()) == [election]


def test_a_number_stands_in_no_message_and_no_address(township: Township, client: Client) -> None:
    client.post(PAGE, fields(township, {1: elected(1)}))
    answer = client.post(f"{PAGE}hold/", holding(client))
    page = shown(client, answer.headers["Location"])
    assert new_number(1) not in page
    assert new_number(1) not in answer.headers["Location"]


@pytest.mark.parametrize("number", [10, 60])
def test_a_page_is_light_and_takes_few_statements(make_user: MakeUser, number: int) -> None:
    township = a_township_with_villages(number)
    cells = {
        "education": "大专",
        "full_time": "专职",
        "wage": "1,800.00",
        "first_day": "2010-06-01",
        "last_day": "五月",
    }
    typed = {place: elected(place, **cells) for place in range(1, number + 1)}
    prepared(township, typed)
    client = browser(make_user(Role.TOWNSHIP_CLERK, township=township))
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(PAGE)
    assert len(captured) <= MOST
    assert len(answer.content) < HEAVIEST
    # What is sent again with a problem in every row.
    again = fields(township, typed, saved=0)
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(PAGE, again)
    assert (answer.status_code, len(captured) <= MOST) == (409, True)


def test_the_seats_of_the_day_are_shown(township: Township, client: Client) -> None:
    page = shown(client)
    assert "10 行:还没有填" in page
    assert "现任1(2009-01-01 起)" in page
    assert len(seats_of(township, TODAY)) == page.count('-number" aria')


def test_whoever_drops_what_was_carried_out_at_the_same_moment_is_told(
    township: Township, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(PAGE, fields(township, {1: elected(1)}))

    def drop(**fields: object) -> None:
        raise ValidationError("这次换届已经办理或清空。")

    monkeypatch.setattr("pages.personnel.many.election_views.drop_election", drop)
    response = client.post(f"{PAGE}drop/")
    assert (response.status_code, "已经办理或清空" in response.content.decode()) == (409, True)
