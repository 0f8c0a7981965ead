"""The 18-character citizen id number 公民身份号码 (GB 11643): reading, checking, masking.

Region codes are not looked up: they were added and abolished over seventy years, and a list refuses real people.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from foundation.personal import check_character
from staffing.enums import Sex

_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_LETTERS_LIKE_DIGITS = {"O": "字母 O 不是数字 0", "I": "字母 I 不是数字 1", "L": "字母 l 不是数字 1"}
_LIKE_X = "×ХΧ✕✖╳"  # a times sign, the letters of Cyrillic and Greek, crosses
_MASKS = "*●○■□"
_WRONG_DIGIT = "身份证号末位校验码不符,号码中有数字写错"
_LOST = "身份证号末三位是 000,校验码不符,多半是按数字保存时被 Excel 丢掉了后三位"
_EARLIEST_BIRTH = date(1900, 1, 1)


class NationalIdError(ValueError):
    """Why a text is no id number; `code` is format, date, date_range or checksum, `message` is for a clerk."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class NationalId:
    """A correct id number and what it says. Sequence 000 is never issued, yet passes the check: it is only noted."""

    number: str
    born_on: date
    sex: Sex
    has_zero_sequence: bool

    def __repr__(self) -> str:
        return f"NationalId({masked(self.number)!r})"


def normalise(text: str) -> str:
    """`text` with full-width characters made narrow, white and invisible characters removed, x in upper case."""
    narrow = unicodedata.normalize("NFKC", text)
    return "".join(
        character for character in narrow if not character.isspace() and unicodedata.category(character) != "Cf"
    ).upper()


def check(text: str, *, today: date) -> NationalId:
    """The id number in `text`; NationalIdError when it is none. Nobody is born after `today`."""
    number = normalise(text)
    if _SHAPE.fullmatch(number) is None:
        raise NationalIdError("format", _what_is_wrong_with(number))
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise NationalIdError("date", "身份证号中的出生日期不存在") from error
    if not _EARLIEST_BIRTH <= born_on <= today:
        raise NationalIdError("date_range", "身份证号中的出生日期早于 1900 年或晚于今天")
    if check_character(number[:17]) != number[17]:
        raise NationalIdError("checksum", _LOST if number.endswith("000") else _WRONG_DIGIT)
    sequence = number[14:17]
    sex = Sex.MALE if int(sequence) % 2 else Sex.FEMALE
    return NationalId(number=number, born_on=born_on, sex=sex, has_zero_sequence=sequence == "000")


def _what_is_wrong_with(number: str) -> str:
    """Of a number that has not the shape of one: as far as can be told what happened to it. It is never quoted."""
    if any(mask in number for mask in _MASKS) or number.count("X") > 2:
        if len(number) == 18 and number[:17].isdecimal():
            return "身份证号末位是星号;末位是 X 的请写字母 X,是隐去的请补全"
        return "身份证号有几位用星号等隐去了,请填完整的 18 位号码"
    if len(number) == 15 and number.isdecimal():
        return "这是 15 位的旧身份证号,请填 18 位的身份证号"
    if len(number) == 18 and number[17] in _LIKE_X:
        return "身份证号第 18 位看着像 X,却不是英文字母 X,请改为英文字母 X"
    others = re.sub(r"[0-9X]", "", number)
    if others and _SHAPE.fullmatch(re.sub(r"[^0-9X]", "", number)):
        return f"身份证号以外还有别的字“{others[:10]}”,请只留号码"
    if not others and len(number) != 18:
        missing = 18 - len(number)
        return f"身份证号少了 {missing} 位" if missing > 0 else f"身份证号多了 {-missing} 位"
    if others and len(number) != 18:
        return f"身份证号里有别的字“{others[:10]}”,数字也不是 18 位"
    place = next(place for place, character in enumerate(number, 1) if character not in "0123456789")
    wrong, wanted = number[place - 1], "数字" if place < 18 else "数字或字母 X"
    told = _LETTERS_LIKE_DIGITS.get(wrong, "")
    return f"身份证号第 {place} 位是“{wrong}”,应为{wanted}{f'({told})' if told and place < 18 else ''}"


def masked(number: str) -> str:
    """`number` with its birth date hidden, as pages, logs and messages show it."""
    return f"{number[:6]}{'*' * 8}{number[14:]}" if len(number) == 18 else "*" * len(number)
