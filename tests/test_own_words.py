"""Nobody reads a sentence that comes with Django: each has one of ours."""

import re
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.utils.translation import gettext
from pytest_django.fixtures import Settings

from foundation.fields import WordsField
from subsidies.demo.county import DemoCounty
from tests.stock_words import OWN, read, sentences, stock_in
from tests.tour import the_tour
from tests.users import logged_in

LONG = "长" * 5_000


def test_every_sentence_that_django_may_say_is_said_in_our_words() -> None:
    ours = read(OWN / "django.mo")
    assert len(sentences()) > 150
    assert sentences() - set(ours) == set()
    assert {key for key, words in ours.items() if gettext(key) != words} == set()
    assert {key for key, words in ours.items() if re.search("字段|有效的值|确保|你", words)} == set()


def test_what_programs_read_of_our_words_is_what_the_file_for_people_says() -> None:
    text = (OWN / "django.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid "(.+)"\n(?:msgid_plural ".+"\n)?msgstr(?:\[0\])? "(.+)"$', text, re.MULTILINE)
    written = {key.replace('\\"', '"'): words for key, words in pairs}
    assert written == read(OWN / "django.mo")
    places = re.compile(r"%\(\w+\)|\{\w+")
    assert {
        key for key, words in written.items() if not set(places.findall(words)) <= set(places.findall(key))
    } == set()


@pytest.mark.long
def test_no_form_answers_bad_input_in_words_that_come_with_django(demo: DemoCounty) -> None:
    """Each form of the product as whoever sees it: all fields empty, all too long, all of them odd."""
    tour = the_tour()
    found = [stock for page in tour.pages.values() for stock in stock_in(page)]
    forms = [(who, urljoin(at, form.action), form) for who, at, form in tour.forms.values()]
    assert len(forms) > 20
    for who, at, form in forms:
        for value in ("", LONG, "?"):
            fields = {name: value for name in form.kinds if name}
            answer = tour.send(who, form.method.upper(), at, fields)
            content = b"".join(answer).decode() if "text" in answer.headers.get("Content-Type", "") else ""
            found += [f"{who} {form.method} {at} {value[:5]}: {stock}" for stock in stock_in(content)]
    assert found == []


def test_a_sentence_that_comes_with_django_is_found(demo: DemoCounty, settings: Settings) -> None:
    settings.LOCALE_PATHS = []
    page = logged_in("officer").post("/months/2010-05/adjustments/add/", {}).content.decode()
    assert stock_in(page) == ["该字段是必填项"]
    assert "Enter a valid date" in stock_in("Enter a valid date.")


def test_programs_are_told_in_our_words(demo: DemoCounty) -> None:
    client = logged_in("officer")
    for path, words in (("/api/runs/?state=x", "没有“x”这个选项"), ("/api/runs/?limit=1", "不能小于 50")):
        answer = client.get(path).content.decode()
        assert words in answer
        assert stock_in(answer) == []
    assert WordsField().error_messages["required"] == "请填写这一项。"
    assert "请先登录" in Client().get("/api/runs/").content.decode()
