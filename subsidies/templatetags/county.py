"""How templates write money, months, days and the county's words."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from foundation import rmb
from foundation.dates import Month
from foundation.remembered import Remembered
from foundation.rounding import total
from subsidies import labels
from subsidies.exports.page_words import banner_of
from subsidies.exports.sheets import SHEETS, SheetKind
from subsidies.rules.formulas import plain
from subsidies.selectors.differences import ChangeRow
from subsidies.selectors.findings import finding_in_words
from subsidies.selectors.line_pages import LineRow

register = template.Library()

register.filter("position_name", labels.position_name)
register.filter("full_time_label", labels.full_time_label)
register.filter("cause_label", labels.cause_label)
register.filter("plain", plain)
register.filter("finding_in_words", finding_in_words)
register.filter("banner", banner_of)


@register.filter
def money(amount: Decimal | None) -> str:
    """1,530.00; empty for what is not known."""
    return "" if amount is None else f"{amount:,.2f}"


@register.filter
def signed_money(amount: Decimal | None) -> str:
    """+3,060.00, -120.00, 0.00; empty for what is not known."""
    if amount is None:
        return ""
    return f"{amount:+,.2f}" if amount else "0.00"


@register.filter
def magnitude(amount: Decimal) -> Decimal:
    """120.00 for -120.00: beside a word like 扣回, which says that it is taken away."""
    return abs(amount)


@register.filter
def money_or_dash(amount: Decimal | None) -> str:
    """Like money, but a dash for zero: for columns that are mostly zero."""
    return money(amount) if amount or amount is None else "–"


@register.filter
def whole_yuan(amount: Decimal) -> str:
    """228,430 for 228,430.15: beside a chart, whose table has the fen."""
    return f"{amount:,.0f}"


@register.filter
def count_or_dash(number: int) -> str:
    return str(number) if number else "–"


class LineCells(NamedTuple):
    """The words in the cells of a line."""

    number: str
    unit: str
    person: str
    month: str
    rate: str
    days: str
    due: str
    posted: str
    address: str
    amount: str
    share: str
    surplus: str
    remarks: str


@register.filter
def line_cells(rows: Iterable[LineRow]) -> list[LineCells]:
    """The cells of lines, ready to be put down: a template takes four times as long over it, and lines are many."""
    # One address for all: only the key of the line differs.
    before, after = escape(reverse("line", args=(0,))).rsplit("0", 1)
    label_of = Remembered(month_label)
    return [
        LineCells(
            # Digits need no escaping; names and remarks are left to the template.
            SafeString(row.number),
            row.line.unit_name,
            row.line.person_name,
            label_of[row.line.for_month],
            SafeString(money(row.line.rate)),
            SafeString(f"{row.line.counted_days}/{row.line.month_days}"),
            SafeString(money(row.line.due)),
            SafeString(money(row.line.posted_before)),
            SafeString(f"{before}{row.line.pk}{after}"),
            SafeString(money(row.line.amount)),
            SafeString(money(row.line.township_share)),
            SafeString(money(row.line.surplus)),
            ";".join(row.remarks),
        )
        for row in rows
    ]


@register.filter
def sum_of_amounts(rows: Iterable[ChangeRow]) -> Decimal:
    """What the rows change together."""
    return total(row.amount for row in rows)


@register.filter
def capitals(amount: Decimal) -> str:
    """The amount in capitals 大写."""
    return rmb.in_capitals(amount)


@register.filter
def month_label(day: date) -> str:
    """2009年6月 for any day of that month."""
    return Month.of(day).label


@register.simple_tag
def term(started_on: date, ended_on: date | None) -> str:
    """From the first to the last day, both inclusive; no last day means until further notice."""
    return f"{started_on} 起" if ended_on is None else f"{started_on} 至 {ended_on}"


@register.simple_tag
def sheet_kinds() -> list[SheetKind]:
    """The sheets that can be downloaded, in order."""
    return list(SHEETS.values())


@register.simple_tag
def signatures() -> list[str]:
    """Who signs a sheet, in order."""
    return list(settings.SHEET_SIGNATURES)
