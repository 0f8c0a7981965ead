"""What a name is: one kind of dot, kept as written, refused where it is none, asked about where it is unlikely."""

import pytest

from staffing.written_names import doubts_about, written_name
from tests.builders import an_id_number


@pytest.mark.no_database
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王\u3000伟", "王伟"),
        (" 王\u200d伟 ", "王伟"),
        ("John  Smith", "John Smith"),
        *((f"阿依古丽{dot}买买提", "阿依古丽·买买提") for dot in "·•．・"),
        ("阿依古丽 · 买买提", "阿依古丽·买买提"),
        ("张𬱖", "张𬱖"),
        ("王\ue0ff", "王\ue0ff"),
        ("王〇", "王〇"),
        ("O'Neill", "O'Neill"),
        ("", ""),
    ],
)
def test_a_name_is_kept_as_it_is_written_with_one_kind_of_dot(text: str, name: str) -> None:
    assert written_name(text) == name
    assert list(doubts_about(name)) == []


@pytest.mark.no_database
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"张三{an_id_number(1)}", "身份证号"),
        ("123", "不是姓名"),
        ("—", "不是姓名"),
        ("王", "只有一个字"),
        ("王" * 31, "超过 30 个字"),
        ("·王伟", "一个点"),
    ],
)
def test_what_is_no_name_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        written_name(text)


@pytest.mark.no_database
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("合计", "合计"),
        ("?伟", "没能转换"),
        ("\ufffd伟", "没能转换"),
        ("王伟2", "“2”"),
        ("王(女)", "“()”"),
        ("王伟*", "“*”"),
    ],
)
def test_an_unlikely_name_is_asked_about(name: str, words: str) -> None:
    assert words in "".join(doubts_about(written_name(name)))
