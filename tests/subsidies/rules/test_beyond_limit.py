"""Differences of months that no run settles any more: which they are, of what and why."""

from decimal import Decimal

import pytest

from foundation.dates import Month, months_between
from subsidies.rules.beyond_limit import OldDifference, beyond_limit, months_beyond
from subsidies.rules.facts import CountyFacts
from subsidies.rules.ledger import Settled, window
from subsidies.rules.parameters import PercentOfMinimumWage, Standard
from tests.subsidies.rules.builders import (
    STANDARD,
    TOWN,
    VILLAGE,
    county,
    dues,
    posting,
    standard,
)
from tests.subsidies.rules.history import posted_as, posted_in, to_settle

FIRST, JUNE = Month(2010, 1), Month(2010, 6)


@pytest.mark.parametrize(
    ("month", "first_month", "retro_months", "expected"),
    [
        ("2010-06", "2010-01", 2, ["2010-01", "2010-02", "2010-03"]),
        ("2010-06", "2010-01", 0, ["2010-01", "2010-02", "2010-03", "2010-04", "2010-05"]),
        ("2010-06", "2010-01", 5, []),
        ("2010-06", "2010-01", 4, ["2010-01"]),
        ("2010-06", None, 0, []),
        ("2010-01", "2010-01", 12, []),
    ],
)
def test_the_months_before_the_window(
    month: str, first_month: str | None, retro_months: int, expected: list[str]
) -> None:
    first = Month.parse(first_month) if first_month else None
    of_run = window(Month.parse(month), first_month=first, retro_months=retro_months)
    assert [str(found) for found in months_beyond(of_run, first_month=first)] == expected


def old(
    before: CountyFacts, now: CountyFacts, *, unsettled: Month = JUNE, rules: Standard = STANDARD
) -> list[OldDifference]:
    """What a run of June with a window of two months meets, after `before` was paid from January to March."""
    months = list(months_between(FIRST, FIRST + 2))
    posted = {month: posted_as(dues(before, month=month)) for month in months}
    return beyond_limit(
        (to_settle(month, dues(now, rules, month=month), posted, rules) for month in months),
        postings={row.id: row for row in now.postings},
        settled={TOWN: Settled(min(unsettled, JUNE - 2), JUNE, unsettled)},
        bases_of=posted_in(posted),
    )


def rows(found: list[OldDifference]) -> list[tuple[int, str, str, str, str, str]]:
    return [
        (row.posting.id, str(row.month), str(row.due_amount), str(row.posted), str(row.difference), row.cause.value)
        for row in found
    ]


def test_nothing_new_is_no_difference() -> None:
    assert old(county(posting(1)), county(posting(1))) == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (county(posting(1, started="2010-02-15")), [
            (1, "2010-01", "0.00", "1530.00", "-1530.00", "dates"),
            (1, "2010-02", "765.00", "1530.00", "-765.00", "dates"),
        ]),
        (county(posting(1, withdrawn=True)), [
            (1, f"2010-0{number}", "0.00", "1530.00", "-1530.00", "withdrawn") for number in (1, 2, 3)
        ]),
        (county(posting(1, ended="2010-03-10")), [(1, "2010-03", "493.55", "1530.00", "-1036.45", "left")]),
        (county(posting(1, suspended=[("2010-02-01", "2010-02-28")])), [
            (1, "2010-02", "0.00", "1530.00", "-1530.00", "suspension"),
        ]),
        (county(posting(1), posting(2, unit=VILLAGE, started="2010-03-01")), [
            (2, "2010-03", "320.00", "0.00", "320.00", "joined"),
        ]),
    ],
    ids=["later start", "withdrawn", "gone", "suspended", "somebody more"],
)  # fmt: skip
def test_late_news_of_every_kind_is_seen(
    now: CountyFacts, expected: list[tuple[int, str, str, str, str, str]]
) -> None:
    assert rows(old(county(posting(1)), now)) == expected


def test_a_back_dated_standard_is_seen_for_everybody() -> None:
    before = county(posting(1), posting(2, unit=VILLAGE))
    found = rows(old(before, before, rules=standard(assistant_percent_or_fixed=PercentOfMinimumWage(Decimal(200)))))
    assert {(row[0], row[4], row[5]) for row in found} == {(1, "170.00", "rate")}
    assert len(found) == 3


def test_what_no_run_has_settled_with_a_township_is_a_line_and_no_hint() -> None:
    before, now = county(posting(1)), county(posting(1, ended="2010-01-10"))
    found = rows(old(before, now, unsettled=FIRST + 1))
    assert [(row[1], row[4]) for row in found] == [("2010-01", "-1036.45")]
    assert old(before, now, unsettled=FIRST) == []
