"""What a request asks for: text that can be stored, plain numbers, pages of ours; all else is told in words."""

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from foundation.asked import LAST_ID, UnreadableInput, demand_storable, is_storable_json, own_path, whole_number

ask = RequestFactory()
HOME = "/"


@pytest.mark.parametrize("text", ["0", "7", " 7 ", str(LAST_ID)])
def test_a_number_in_plain_digits_is_read(text: str) -> None:
    assert whole_number(QueryDict(f"after={text}"), "after") == int(text)


@pytest.mark.parametrize("query", ["", "after=", "after=+", "before=7"])
def test_a_blank_number_is_none(query: str) -> None:
    assert whole_number(QueryDict(query), "after") is None


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "1e3", "²", "٣", str(LAST_ID + 1), "9" * 5000, "7;8"])
def test_what_is_no_such_number_is_told_with_its_name(text: str) -> None:
    with pytest.raises(UnreadableInput, match="after 应是页面上给出的数字"):
        whole_number(QueryDict(f"after={text}"), "after")


def test_a_number_may_have_an_end_of_its_own() -> None:
    assert whole_number(QueryDict("year=2199"), "year", most=2199) == 2199
    with pytest.raises(UnreadableInput):
        whole_number(QueryDict("year=2200"), "year", most=2199)


@pytest.mark.parametrize("path", ["/", "/people/?q=张三", "/people/7/#paid"])
def test_a_page_of_ours_is_gone_back_to(path: str) -> None:
    assert own_path(ask.get("/x/", {"next": path}), HOME) == path
    assert own_path(ask.post("/x/", {"next": path}), HOME) == path


def test_without_a_page_to_go_back_to_it_is_the_usual_one() -> None:
    assert own_path(ask.get("/x/", {"next": ""}), HOME) == own_path(ask.get("/x/"), HOME) == HOME


@pytest.mark.parametrize(
    "path",
    [
        "abc",
        "people/",
        "?x=1",
        "#x",
        " /people/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "https://evil",
    ],
)
def test_no_other_page_is_gone_back_to(path: str) -> None:
    with pytest.raises(UnreadableInput, match="不是本系统的页面"):
        own_path(ask.post("/x/", {"next": path}), HOME)


@pytest.mark.parametrize("name", ["q", "张\0三"])
@pytest.mark.parametrize("text", ["\0", "张\0三"])
def test_a_null_character_is_turned_down_wherever_it_stands(name: str, text: str) -> None:
    for request in (
        ask.get("/x/", {name: text}),
        ask.post("/x/", {name: ["a", text]}),
        ask.post("/x/", {"a": "b"}, headers={"Idempotency-Key": text}),
    ):
        with pytest.raises(UnreadableInput, match="无法保存的字符"):
            demand_storable(request)


def test_half_a_character_is_turned_down() -> None:
    """Only a body in another encoding than ours could bring one, so that none is read."""
    for charset in ("utf-7", "gbk", "rot13"):
        form = ask.generic("POST", "/x/", b"a=%2B2AA-", f"application/x-www-form-urlencoded; charset={charset}")
        with pytest.raises(UnreadableInput, match="UTF-8"):
            demand_storable(form)


def test_what_people_type_is_let_through() -> None:
    demand_storable(ask.get("/x/", {"q": "张三 𠮷\n\t\x07"}))
    demand_storable(ask.post("/x/", {"名": "阿依古丽·买买提"}))
    demand_storable(ask.post("/x/", b"{}", content_type="application/json; charset=UTF8"))


@pytest.mark.parametrize("content", ["\0", "\ud800", ["a", {"b": "\ud800"}], {"\0": 1}])
def test_json_is_looked_through(content: object) -> None:
    assert not is_storable_json(content)
    assert is_storable_json({"a": [1, None, True, 1.5, "张三", {"b": "𠮷"}]})
