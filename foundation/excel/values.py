"""Values from cells: text, dates, whole numbers and money; ValueError says in Chinese what is wrong.

Digits may be full-width. A blank cell is empty text, and None for everything else. What has no width is left out of
texts; control characters and marks of direction are refused, and so is what is neither blank nor readable.
"""

import datetime
import re
import unicodedata
from decimal import Context, Decimal

from foundation.excel.problems import shortened
from foundation.excel.table import BadCell, Cell, NumberCell, Unreadable
from foundation.unseen import refused_at, without_unseen

EXACT_DIGITS = 15  # what Excel keeps of a number; the rest of a longer one is lost
FIRST_YEAR, LAST_YEAR = 1900, 2100
CENT = Decimal("0.01")

DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})\.?|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))"
    r"(?: +0?0:00(?::00)?)?",
    re.ASCII,
)
MONTH_ONLY = re.compile(
    r"(?:19|20)\d{2}(?:[-/.](?:0?[1-9]|1[0-2])|年(?:0?[1-9]|1[0-2])月?份?|(?:0[1-9]|1[0-2]))", re.ASCII
)
SHORT_YEAR = re.compile(r"\d{1,2}([-/.])\d{1,2}\1(?:\d{1,2}|\d{4})", re.ASCII)
# A date whose cell is formatted as a number: days since the end of 1899, within 1954 to 2119.
SERIAL = re.compile(r"[2-7]\d{4}", re.ASCII)
DAY_ZERO = datetime.date(1899, 12, 30)
# Typed for a hyphen: dashes and strokes of every width.
DASHES = str.maketrans(dict.fromkeys("—–―‐‑−─ー~", "-"))
NUMBER = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+)(?:\.(\d+))?", re.ASCII)
# What is written beside a number and says only what it counts.
UNITS = {"金额": re.compile(r"^¥ *| *元(?: */ *月)?$"), "整数": re.compile(r" *[户人]$")}
# What Excel shows instead of a value; a .csv file holds them as text.
ERRORS = {"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
# How a copy that was marked up shows what could not be read.
COPIED = {cell.shown: cell for cell in (BadCell(Unreadable.UNSAVED), BadCell(Unreadable.COVERED))}
SHORTENED = re.compile(r"\d(\.\d+)?E\+(1[1-9]|[2-9]\d)", re.ASCII | re.IGNORECASE)

DATE_ADVICE = "请填成 2009-06-01 这样的日期"
DIGITS_LOST = "这是按数字保存的长号码,Excel 已丢掉后面的数位;请把这一列的单元格格式改为“文本”,再重新填写"


def text_of(cell: Cell) -> str:
    """The text without white space (full-width too) at its ends; a number gives its digits.

    A number of more than 15 digits, or one a CSV shows as 3.3E+17, has lost some and is refused.
    """
    if cell is None:
        return ""
    if isinstance(cell, BadCell):
        raise ValueError(cell.sentence)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    text = cell.text if isinstance(cell, NumberCell) else _seen(cell)
    if isinstance(cell, NumberCell) and ("e+" in text or len(text.partition(".")[0].lstrip("-")) > EXACT_DIGITS):
        raise ValueError(DIGITS_LOST)
    if SHORTENED.fullmatch(text):
        raise ValueError(DIGITS_LOST)
    if text.upper() in ERRORS:
        raise ValueError(BadCell(Unreadable.ERROR, text).sentence)
    if (copied := COPIED.get(text)) is not None:
        raise ValueError(copied.sentence)
    return text


def _seen(text: str) -> str:
    place = refused_at(text)
    if place is not None:
        raise ValueError(f"含看不见的字符(第 {place} 个字);请重新输入")
    return without_unseen(text).strip()


def date_of(cell: Cell) -> datetime.date | None:
    """A date cell, or 2009-6-1, 2009/6/1, 2009.6.1, 2009年6月1日, 20090601 as text; years 1900 to 2100.

    What is no date but nearly one, such as a month or a date turned into a number, is said to be that.
    """
    if isinstance(cell, datetime.datetime):
        cell = cell.date()
    if isinstance(cell, datetime.date):
        return _in_range(cell)
    if isinstance(cell, bool):
        raise ValueError(f"这里不是日期;{DATE_ADVICE}")
    text = re.sub(r"(?<=[-/.年月])\s+|\s+(?=[-/.年月日号])", "", _half_width(cell).translate(DASHES)).rstrip("。")
    if not text:
        return None
    if (match := DATE.fullmatch(text)) is None:
        raise ValueError(_no_date(text, is_number=isinstance(cell, NumberCell)))
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        found = datetime.date(year, month, day)
    except ValueError:
        if 1 <= month <= 12 and year:
            raise ValueError(f"没有这一天:{year} 年 {month} 月没有 {day} 日;请核对后填写") from None
        raise ValueError(f"没有这一天:月份 {month} 不对;{DATE_ADVICE}") from None
    return _in_range(found)


def _no_date(text: str, *, is_number: bool) -> str:
    """Why a text is no date, as far as that can be told."""
    if SERIAL.fullmatch(text):
        meant = DAY_ZERO + datetime.timedelta(days=int(text))
        return f"“{text}”像是日期变成的序号,即 {meant};是这一天的,请直接填写 {meant}"
    if MONTH_ONLY.fullmatch(text):
        return f"“{text}”只有年月,没有写是哪一天;{DATE_ADVICE}"
    if SHORT_YEAR.fullmatch(text):
        return f"“{text}”看不出哪个是年、月、日;年份请写四位,{DATE_ADVICE.removeprefix('请')}"
    if is_number:
        return f"“{shortened(text)}”是数字,不是日期;请把单元格格式改为“日期”,或{DATE_ADVICE.removeprefix('请')}"
    return f"看不懂日期“{shortened(text)}”;{DATE_ADVICE}"


def whole_number_of(cell: Cell) -> int | None:
    """A whole number that is not negative; 1,234, 1 234 and 203户 are accepted, a fraction is not."""
    number = _number_of(cell, "整数")
    if number is None:
        return None
    if number != number.to_integral_value():
        raise ValueError(f"“{shortened(_half_width(cell))}”不是整数;请填写没有小数的数字")
    return int(number)


def money_of(cell: Cell) -> Decimal | None:
    """Yuan with two decimals, not negative; 1,530.50元, 1 530 and ¥1530.5 are accepted, a third decimal is not.

    A number cell counts as Excel shows it, with 15 significant digits, so that the binary remainder of a formula
    (1530.1000000000001) is 1530.10, while 1530.105 is refused.
    """
    amount = _number_of(cell, "金额")
    if amount is None:
        return None
    if amount != amount.quantize(CENT):
        raise ValueError(f"“{shortened(_half_width(cell))}”超过两位小数;金额以元为单位,请最多填写到分")
    return amount.quantize(CENT)


def _number_of(cell: Cell, what: str) -> Decimal | None:
    text = _half_width(cell)
    if not text:
        return None
    if isinstance(cell, NumberCell):
        number = Context(prec=EXACT_DIGITS).create_decimal(text)
    else:
        text = UNITS[what].sub("", text)
        sign = "-" if text.startswith(("-", "−")) else ""
        if NUMBER.fullmatch(text[len(sign) :]) is None:
            raise ValueError(f"“{shortened(_half_width(cell))}”不是{what};请只填写数字")
        number = Decimal(sign + text[len(sign) :].replace(",", "").replace(" ", ""))
    if number < 0:
        raise ValueError(f"“{shortened(_half_width(cell))}”是负数;请填写不小于 0 的{what}")
    if number.adjusted() >= EXACT_DIGITS - 2:
        raise ValueError(f"“{shortened(_half_width(cell))}”太大;请核对{what}")
    return number.copy_abs()  # no -0


def _half_width(cell: Cell) -> str:
    if isinstance(cell, NumberCell):
        return cell.text
    return unicodedata.normalize("NFKC", text_of(cell)).strip()


def _in_range(found: datetime.date) -> datetime.date:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"年份 {found.year} 不在 {FIRST_YEAR} 到 {LAST_YEAR} 之间;请核对后填写")
    return found
