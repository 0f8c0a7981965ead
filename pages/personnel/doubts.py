"""What is improbable in an entry of personnel, as sentences to be asked back once.

The bounds are those of this interface: where a slip of the pen is more likely than the truth. They are no rules of the
opinion and decide nothing, since whoever is asked may save all the same; so they are neither dated nor parameters.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from foundation.dates import add_months

DAYS_AHEAD = 60
FIRST_YEAR = 1990
CONTRACT_YEARS = 10

Fields = Mapping[str, Any]


def none(row: object, fields: Fields, today: date) -> Iterator[str]:
    """Of entries that are never improbable."""
    yield from ()


def of_days(row: object, fields: Fields, today: date) -> Iterator[str]:
    """A day far ahead, and a first day long ago."""
    names = {"started_on": "起始日期", "ended_on": "终止日期"}
    for name, label in names.items():
        yield from far_ahead(label, fields.get(name), today)
    yield from long_ago(names["started_on"], fields.get("started_on"))


def of_contract(row: object, fields: Fields, today: date) -> Iterator[str]:
    """A contract that begins far ahead or long ago, or that lasts very long."""
    first, last = fields["started_on"], fields.get("ended_on")
    yield from far_ahead("合同起始", first, today)
    yield from long_ago("合同起始", first)
    if last is not None and last >= add_months(first, 12 * CONTRACT_YEARS):
        yield f"合同从 {first} 到 {last},超过 {CONTRACT_YEARS} 年。"


def of_wage(row: object, fields: Fields, today: date) -> Iterator[str]:
    yield from far_ahead("执行日期", fields["effective_from"], today)
    yield from long_ago("执行日期", fields["effective_from"])


def far_ahead(label: str, day: date | None, today: date) -> Iterator[str]:
    if day is not None and day > today + timedelta(days=DAYS_AHEAD):
        yield f"{label} {day} 在 {(day - today).days} 天以后。"


def long_ago(label: str, day: date | None) -> Iterator[str]:
    if day is not None and day.year < FIRST_YEAR:
        yield f"{label} {day} 早于 {FIRST_YEAR} 年。"
