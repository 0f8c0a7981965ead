"""Columns that are chosen, and filters that are saved under a name: one's own, and never more than the list shows."""

import re

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import AuditEvent, SavedFilter, User
from accounts.saved_filters import MOST
from subsidies.demo.county import DemoCounty
from tests.builders import a_national_id, a_person, a_posting, a_township
from tests.reading import text_of
from tests.users import ClientOf, logged_in

pytestmark = pytest.mark.django_db
SAVE = "/lists/filters/"
QUERY = "position=assistant&sort=-name&cols=name,township"


def saved_by(client: Client, name: str = "协理员", query: str = QUERY, *, of: str = "people") -> int:
    return client.post(SAVE, {"list": of, "name": name, "query": query}).status_code


def heads(page: str) -> list[str]:
    return re.findall(r'<a class="sort" href="[^"]*sort=-?(\w+)', page)


def test_columns_are_chosen_by_a_form_that_keeps_the_filters(demo: DemoCounty) -> None:
    page = text_of(logged_in("officer"), "/people/?position=assistant&sort=-name&cols=unit")
    form = page.partition("<summary>选择列</summary>")[2].partition("</form>")[0]
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert sent == {"position": "assistant", "sort": "-name", "cols": "name"}
    assert re.findall(r'value="(\w+)" checked', form) == ["unit"]
    assert 'href="/people/?position=assistant&amp;sort=-name">显示全部列' in form
    assert heads(page) == ["unit", "name"]


def test_the_form_of_the_filters_keeps_order_and_columns(demo: DemoCounty) -> None:
    for path in ("/people/", "/units/"):
        page = text_of(logged_in("officer"), f"{path}?sort=-name&cols=township&after=1")
        form = page.partition('method="get">')[2].partition("</form>")[0]
        kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
        assert kept == [("sort", "-name"), ("cols", "township")]


def test_a_saved_filter_leads_to_what_was_shown(demo: DemoCounty) -> None:
    client = logged_in("officer")
    response = client.post(SAVE, {"list": "people", "name": "协理员", "query": f"{QUERY}&after=7"})
    assert response.headers["Location"] == f"/people/?{QUERY}"
    page = text_of(client, "/people/")
    assert f'href="/people/?{QUERY.replace("&", "&amp;")}">协理员</a>' in page
    assert "协理员</a>" not in text_of(client, "/units/").partition("<table>")[0]
    assert [event.subject_label for event in AuditEvent.objects.filter(action="save_filter")] == ["协理员"]


def test_a_filter_of_the_same_name_is_replaced(client_of: ClientOf) -> None:
    client = client_of(Role.BUREAU_OFFICER)
    saved_by(client)
    assert saved_by(client, query="show=all") == 302
    assert saved_by(client, query="", of="units") == 302
    assert set(SavedFilter.objects.values_list("list_name", "query")) == {("people", "show=all"), ("units", "")}


def test_nobody_else_sees_or_deletes_it(client_of: ClientOf) -> None:
    officer, auditor = client_of(Role.BUREAU_OFFICER), client_of(Role.AUDITOR)
    saved_by(officer)
    saved = SavedFilter.objects.get()
    assert "协理员</a>" not in text_of(auditor, "/people/")
    assert auditor.post(f"{SAVE}{saved.pk}/delete/").status_code == 404
    assert officer.post(f"{SAVE}{saved.pk}/delete/").headers["Location"] == "/people/"
    assert not SavedFilter.objects.exists()
    assert AuditEvent.objects.filter(action="delete_filter").count() == 1


def test_a_saved_filter_shows_no_more_than_the_list_of_its_user(demo: DemoCounty) -> None:
    client = logged_in("clerk_changjie")
    saved_by(client, query="township=330226001&show=all")
    page = text_of(client, "/people/?township=330226001&show=all")
    assert "长街镇" in page
    assert "跃龙街道" not in page


def test_whoever_may_no_longer_see_a_list_is_refused_as_the_list_does(client_of: ClientOf) -> None:
    client = client_of(Role.BUREAU_OFFICER)
    saved_by(client)
    User.objects.filter(role=Role.BUREAU_OFFICER).update(role=Role.SYSTEM_ADMIN)
    assert client.get(f"/people/?{QUERY}").status_code == 403
    assert saved_by(client, "又一个") == 403


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": ""}, "请给常用筛选起个名称。"),
        ({"name": "长" * 31}, "名称最多 30 个字。"),
        ({"query": "q=" + "x" * 1000}, "条件太长"),
        ({"list": "months"}, "没有这张表。"),
        ({"list": ""}, "没有这张表。"),
    ],
)
def test_what_cannot_be_saved_is_told(client_of: ClientOf, sent: dict[str, str], said: str) -> None:
    response = client_of(Role.BUREAU_OFFICER).post(SAVE, {"list": "people", "name": "甲", "query": QUERY} | sent)
    assert response.status_code == 400
    assert said in response.content.decode()
    assert not SavedFilter.objects.exists()


def test_there_are_only_so_many(client_of: ClientOf) -> None:
    client = client_of(Role.BUREAU_OFFICER)
    user = User.objects.get(role=Role.BUREAU_OFFICER)
    SavedFilter.objects.bulk_create([SavedFilter(user=user, list_name="people", name=str(n)) for n in range(MOST)])
    assert saved_by(client) == 400
    assert saved_by(client, "0") == 302
    assert saved_by(client, of="units") == 302


def test_the_database_keeps_one_of_a_name(client_of: ClientOf) -> None:
    client = client_of(Role.BUREAU_OFFICER)
    saved_by(client)
    with pytest.raises(IntegrityError, match=r"saved_filter_of_one_name|savedfilter\.user_id"):
        SavedFilter.objects.create(user=User.objects.get(), list_name="people", name="协理员")


def test_the_list_of_people_takes_eight_statements_with_saved_filters(client_of: ClientOf) -> None:
    client, town = client_of(Role.BUREAU_OFFICER), a_township()
    saved_by(client)
    first, *_ = [
        a_posting(township=town, person=a_person(name="张三", national_id=a_national_id(serial)))
        for serial in range(1, 4)
    ]
    with CaptureQueriesContext(connection) as captured:
        text_of(client, f"/people/?on=2010-04-15&after={first.pk}")
    assert len(captured) <= 8
