"""Improbable entries are asked back once, and then taken."""

from django.http import QueryDict
from django.template.loader import render_to_string

from foundation.asking_back import AskingBack, asking_back
from tests.page_forms import forms_of

FAR, LONG = "到岗日期 2010-12-01 在 200 天以后。", "合同超过 10 年。"


def sent(asking: AskingBack) -> QueryDict:
    """What the form sends that came back with the question, none of it touched."""
    page = render_to_string("components/asked_back.html", {"asking": asking, "button": "保存"})
    fields = QueryDict(mutable=True)
    for mark in forms_of(f"<form>{page}</form>")[0].sent.get("asked", []) if "asked" in page else []:
        fields.appendlist("asked", mark)
    return fields


def test_nothing_doubtful_is_taken_at_once() -> None:
    assert not asking_back([], QueryDict()).is_needed


def test_a_doubt_is_asked_once_and_then_taken() -> None:
    first = asking_back([FAR], QueryDict())
    assert first.doubts == [FAR]
    assert not asking_back([FAR], sent(first)).is_needed


def test_a_new_doubt_is_asked_though_another_was() -> None:
    first = asking_back([FAR], QueryDict())
    second = asking_back([FAR, LONG], sent(first))
    assert second.doubts == [FAR, LONG]
    assert not asking_back([FAR, LONG], sent(second)).is_needed


def test_what_was_asked_of_another_entry_is_asked_of_this_one() -> None:
    asked = sent(asking_back([FAR], QueryDict()))
    assert asking_back(["到岗日期 2011-12-01 在 565 天以后。"], asked).is_needed


def test_an_answered_question_stays_answered_where_the_form_comes_back_for_another_reason() -> None:
    answered = asking_back([FAR], sent(asking_back([FAR], QueryDict())))
    assert "还没有保存" not in render_to_string("components/asked_back.html", {"asking": answered, "button": "保存"})
    assert not asking_back([FAR], sent(answered)).is_needed


def test_a_question_stands_on_the_page_as_text() -> None:
    asking = asking_back(["姓名“<img onerror=x>”有字母。"], QueryDict())
    assert "&lt;img onerror" in render_to_string("components/asked_back.html", {"asking": asking, "button": "保存"})
