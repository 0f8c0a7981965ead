"""What nobody sees in a text: refused, dropped, or kept where a name needs it."""

import pytest
from django.core.exceptions import ValidationError

from foundation.fields import WordsField
from foundation.unseen import refused_at, without_unseen

NAMES = [
    "张三",
    "阿卜杜拉·买买提",
    "𠮷野𫝆",
    "葛\U000e0100城",
    "Müller",
    "ئا\u200dي",
    "ᠪᠠ\u180bᠲᠤ",
    "க்\u200cஷ",
    "一\n二\t三\r\n",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_passes_as_it_is(name: str) -> None:
    assert (refused_at(name), without_unseen(name)) == (None, name)


@pytest.mark.parametrize(
    "character",
    ["\0", "\x07", "\x0b", "\x1f", "\x7f", "\x85", "\u061c", "\u200e", "\u200f", "\u202e", "\u2066", "\ud800"],
)
def test_a_control_character_is_told_by_its_place(character: str) -> None:
    assert [refused_at(f"{before}{character}三") for before in ("", "张", "𠮷·")] == [1, 2, 3]


@pytest.mark.parametrize(
    "text",
    [
        *("\ufeff张三", "张\u200b三", "张三\u2060", "张\u00ad三", "张\u3164三", "张\U000e0041三"),
        *("张\u200d三", "张三\u200c", "\ufe0f张三", "张\u200b\ufe0e三"),
    ],
)
def test_what_has_no_width_is_dropped(text: str) -> None:
    assert (refused_at(text), without_unseen(text)) == (None, "张三")


@pytest.mark.parametrize(
    ("typed", "kept"), [(" \ufeff更正\u200b ", "更正"), ("一\r\n二", "一\r\n二"), ("\u200b", ""), (None, "")]
)
def test_a_field_keeps_what_is_read(typed: str | None, kept: str) -> None:
    assert WordsField(required=False).clean(typed) == kept


def test_a_field_refuses_what_cannot_be_seen_and_asks_for_what_is_only_that() -> None:
    with pytest.raises(ValidationError, match=r"含看不见的字符\(第 3 个字\),请重新输入。"):
        WordsField().clean("更正\u202e")
    with pytest.raises(ValidationError, match="请填写原因。"):
        WordsField(error_messages={"required": "请填写原因。"}).clean("\u200b")
