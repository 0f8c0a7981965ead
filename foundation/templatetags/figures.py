"""How templates write money, counts, months and days."""

from datetime import date
from decimal import Decimal

from django import template

from foundation import rmb
from foundation.dates import Month

register = template.Library()


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
