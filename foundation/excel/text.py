"""Text and numbers in the form a sheet may hold."""

import re
from decimal import Decimal

LONGEST = 32_767  # UTF-16 units Excel allows in a cell
LARGEST_MONEY = Decimal(10) ** 13  # from here on Excel's 15 digits no longer hold the fen
LARGEST_COUNT = 10**15
CENT = Decimal("0.01")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


def clean_text(text: str) -> str:
    """The text without characters that XML cannot hold, cut at Excel's limit."""
    text = ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > LONGEST // 2:
        text = text.encode("utf-16-le")[: LONGEST * 2].decode("utf-16-le", errors="ignore")
    return text


def sheet_name(name: str) -> str:
    """A name Excel accepts for a sheet: none of []:*?/\\, no apostrophe at the ends, not too long.

    Of the 31 characters two are left free: openpyxl numbers sheets of the same name.
    """
    return NOT_IN_NAMES.sub("-", clean_text(name)).strip("' ")[:29].rstrip("' ") or "Sheet"


def number_text(number: Decimal | int) -> str:
    """Digits as they stand in the file: money with exactly two decimals, never through a float."""
    if isinstance(number, bool) or not isinstance(number, (int, Decimal)):
        raise TypeError(f"a sheet holds Decimal or int, not {type(number).__name__}")
    if isinstance(number, int):
        if abs(number) >= LARGEST_COUNT:
            raise ValueError(f"{number} has more digits than a sheet can hold")
        return str(number)
    if not number.is_finite() or number.copy_abs() >= LARGEST_MONEY:
        raise ValueError(f"{number} cannot be held by a sheet")
    if number != number.quantize(CENT):
        raise ValueError(f"{number} has more than two decimals")
    return f"{number.quantize(CENT):f}" if number else "0.00"


def display_width(text: str) -> int:
    """The width of one line in half-width characters."""
    return len(text) if text.isascii() else sum(1 if c.isascii() else 2 for c in text)
