"""The citizen id number is checked by shape, date and check character, and never shown in full."""

import re
from datetime import date

import pytest

from staffing.enums import Sex
from staffing.national_id import NationalIdError, check, masked, normalise

TODAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X",
        "11010519491231002x",
        "330113202201010010",
        "330114202201010017",
        "330212199001010010",
        "460400199001010015",
        "810000199001010019",
        "830000199001010012",
        "３３０２２６１９９００２２８００１０",
        "330226 19900228 0010",
        "\u200b330226199002280010\u3000",
    ],
)
def test_correct_numbers_are_accepted(text: str) -> None:
    assert check(text, today=TODAY).number == normalise(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("330226199002300018", "date"),
        ("330226209901010010", "date_range"),
        ("330226199002280011", "checksum"),
        ("130503670401001", "format"),
        ("", "format"),
        ("3302261990022800100", "format"),
        ("X30226199002280010", "format"),
        ("33022619900228001٠", "format"),
        ("330226199000000010", "date"),
    ],
)
def test_wrong_numbers_are_refused_with_their_reason(text: str, code: str) -> None:
    with pytest.raises(NationalIdError) as refused:
        check(text, today=TODAY)
    assert refused.value.code == code
    assert refused.value.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("33022619900228001×", "看着像 X,却不是英文字母 X"),
        ("33022619900228001Х", "看着像 X,却不是英文字母 X"),  # Cyrillic
        ("33022619900228001А", "第 18 位是“А”,应为数字或字母 X"),  # Cyrillic
        ("33022619900228001*", "末位是星号"),
        ("330226********0010", "用星号等隐去"),
        ("330226XXXXXXXX0010", "用星号等隐去"),
        ("330226199002280000", "末三位是 000"),
        ("身份证330226199002280010", "别的字“身份证”"),
        ('="330226199002280010"', '别的字“=""”'),
        ("33022619900228O010", "第 15 位是“O”,应为数字(字母 O 不是数字 0)"),
        ("3302261990022800I0", "字母 I 不是数字 1"),
        ("130503670401001", "15 位的旧身份证号"),
        ("33022619900228", "少了 4 位"),
        ("3302261990022800100", "多了 1 位"),
        ("330226199002280011", "末位校验码不符"),
    ],
)
def test_what_is_wrong_with_a_number_is_said_in_words(text: str, said: str) -> None:
    with pytest.raises(NationalIdError) as refused:
        check(text, today=TODAY)
    assert said in refused.value.message
    assert not re.search(r"\d{4}", refused.value.message)


def test_sequence_000_is_accepted_and_noted() -> None:
    assert check("330226199002280002", today=TODAY).has_zero_sequence
    assert not check("330226199002280010", today=TODAY).has_zero_sequence


def test_birth_date_and_sex_come_from_the_number() -> None:
    woman = check("11010519491231002X", today=TODAY)
    assert (woman.born_on, woman.sex) == (date(1949, 12, 31), Sex.FEMALE)
    assert check("330226199002280010", today=TODAY).sex is Sex.MALE


def test_nobody_is_born_after_today() -> None:
    assert check("330113202201010010", today=date(2022, 1, 1)).born_on == date(2022, 1, 1)
    with pytest.raises(NationalIdError):
        check("330113202201010010", today=date(2021, 12, 31))


def test_masked_hides_the_birth_date() -> None:
    assert masked("330226199002280010") == "330226********0010"


def test_a_number_is_not_in_its_representation() -> None:
    assert "19900228" not in repr(check("330226199002280010", today=TODAY))
