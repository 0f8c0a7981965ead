"""Id numbers of people 公民身份号码 written into free text, where they do not belong. Knows no Django."""

import re
import unicodedata

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
# Region, a birth date, a sequence and the check character, in no longer number.
_NUMBER = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)", re.ASCII)


def holds_id_number(text: str) -> bool:
    """Whether a correct one stands in the text, in digits of either width."""
    found = _NUMBER.findall(unicodedata.normalize("NFKC", text))
    return any(check_character(number[:17]) == number[17].upper() for number in found)


def check_character(body: str) -> str:
    """The eighteenth character for the first seventeen digits (ISO 7064 MOD 11-2)."""
    weighted = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
    return _CHECK_CHARACTERS[weighted % 11]
