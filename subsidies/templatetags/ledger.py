"""How templates write lines, findings and what changed; which sheets there are and who signs them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from foundation.remembered import Remembered
from foundation.rounding import total
from foundation.templatetags.figures import money, month_label
from subsidies import labels
from subsidies.posts.findings import finding_in_words
from subsidies.revisions.differences import ChangeRow
from subsidies.revisions.line_pages import LineRow
from subsidies.rules.formulas import plain
from subsidies.sheets.page_words import banner_of
from subsidies.sheets.register import SHEETS, SheetKind

register = template.Library()

register.filter("cause_label", labels.cause_label)
register.filter("plain", plain)
register.filter("finding_in_words", finding_in_words)
register.filter("banner", banner_of)


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


@register.simple_tag
def sheet_kinds() -> list[SheetKind]:
    """The sheets that can be downloaded, in order."""
    return list(SHEETS.values())


@register.simple_tag
def signatures() -> list[str]:
    """Who signs a sheet, in order."""
    return list(settings.SHEET_SIGNATURES)
