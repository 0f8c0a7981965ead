"""Section 4: the window, whose lines, what a run posts, and the cause of a difference, in its order."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from foundation.dates import Month
from staffing.enums import Check, Severity
from subsidies.rules.facts import CountyFacts
from subsidies.rules.ledger import (
    Cause,
    Entry,
    Settled,
    basis_of,
    cause_of,
    month_to_settle,
    settle,
    window,
)
from subsidies.rules.parameters import FixedSum, Standard
from tests.subsidies.rules.builders import STANDARD, TOWN, VILLAGE, county, dues, posting, standard, township, unit
from tests.subsidies.rules.history import History, amounts, approved, posted_in

JANUARY, FEBRUARY, MARCH = Month(2010, 1), Month(2010, 2), Month(2010, 3)


@pytest.mark.parametrize(
    ("month", "first_month", "retro_months", "expected"),
    [
        ("2010-03", None, 12, ["2010-03"]),
        ("2010-03", "2010-03", 12, ["2010-03"]),
        ("2010-03", "2010-01", 12, ["2010-01", "2010-02", "2010-03"]),
        ("2010-03", "2009-01", 2, ["2010-01", "2010-02", "2010-03"]),
        ("2010-03", "2009-01", 0, ["2010-03"]),
        ("2010-02", "2009-11", 3, ["2009-11", "2009-12", "2010-01", "2010-02"]),
        ("2010-01", "2010-03", 12, ["2010-01"]),
    ],
)
def test_window(month: str, first_month: str | None, retro_months: int, expected: list[str]) -> None:
    first = Month.parse(first_month) if first_month else None

    assert [str(of) for of in window(Month.parse(month), first_month=first, retro_months=retro_months)] == expected


def test_window_of_twelve_months_back_has_thirteen() -> None:
    months = window(Month(2010, 3), first_month=Month(2005, 1), retro_months=12)

    assert (months[0], len(months)) == (Month(2009, 3), 13)


def run(
    month: Month,
    facts: CountyFacts,
    posted: History,
    *,
    first: Month = JANUARY,
    rules: Standard = STANDARD,
    until: Mapping[int, Month] | None = None,
    unsettled: Month | None = None,
) -> list[Entry]:
    """The entries of a run; all townships have reported unless told otherwise."""
    reported = {town.id: month for town in facts.townships} if until is None else until
    return settle(
        month,
        months=[
            month_to_settle(for_month, dues(facts, rules, month=for_month), amounts(posted, for_month))
            for for_month in window(month, first_month=first, retro_months=12)
        ],
        postings={row.id: row for row in facts.postings},
        settled={town: Settled(first, last, unsettled or month) for town, last in reported.items()},
        posted_of=posted_in(posted),
    )


def rows(entries: list[Entry]) -> list[tuple[int, str, str, str, str]]:
    """Posting, month, amount, reason, cause."""
    return [(entry.posting.id, str(entry.month), str(entry.amount), entry.reason, entry.cause) for entry in entries]


def test_first_run_pays_its_month_only() -> None:
    facts = county(posting(1), posting(2, suspended=[("2009-02-01", None)]))

    assert rows(run(FEBRUARY, facts, {}, first=FEBRUARY)) == [
        (1, "2010-02", "1530.00", "", ""),
        (2, "2010-02", "0.00", "suspended", ""),
    ]


def test_second_run_of_a_month_pays_nothing_twice() -> None:
    facts = county(posting(1), posting(2, suspended=[("2009-02-01", None)]))
    posted = approved({}, run(JANUARY, facts, {}))

    assert rows(run(JANUARY, facts, posted)) == [
        (1, "2010-01", "0.00", "already_posted", ""),
        (2, "2010-01", "0.00", "suspended", ""),
    ]
    assert rows(run(FEBRUARY, facts, posted)) == [
        (1, "2010-02", "1530.00", "", ""),
        (2, "2010-02", "0.00", "suspended", ""),
    ]


def test_supplementary_run_gives_the_cause_of_its_differences() -> None:
    posted = approved({}, run(JANUARY, county(posting(1)), {}))
    facts = county(posting(1, ended="2010-01-10"), posting(2, started="2010-01-11"))

    assert rows(run(JANUARY, facts, posted)) == [
        (1, "2010-01", "-1036.45", "", "left"),
        (2, "2010-01", "1036.45", "", ""),
    ]


def test_withdrawn_posting_is_reversed_and_its_replacement_paid() -> None:
    posted = approved({}, run(JANUARY, county(posting(1)), {}))
    facts = county(posting(1, withdrawn=True), posting(2, unit=VILLAGE))

    assert rows(run(FEBRUARY, facts, posted)) == [
        (1, "2010-01", "-1530.00", "withdrawn", "withdrawn"),
        (2, "2010-01", "320.00", "", "joined"),
        (2, "2010-02", "320.00", "", ""),
    ]
    assert rows(run(JANUARY, facts, posted))[0] == (1, "2010-01", "-1530.00", "withdrawn", "withdrawn")


def test_who_was_never_there_is_claimed_back() -> None:
    posted = approved({}, run(JANUARY, county(posting(1)), {}))

    assert rows(run(FEBRUARY, county(posting(1, ended="2009-12-31")), posted)) == [
        (1, "2010-01", "-1530.00", "not_on_post", "left")
    ]


def test_township_that_has_not_reported_is_left_alone_and_settles_later() -> None:
    facts = county(posting(1), posting(2, town=2), townships=[township(), township(2)])
    posted = approved({}, run(JANUARY, facts, {}, until={TOWN: JANUARY}))
    assert posted[JANUARY].keys() == {1}

    assert rows(run(FEBRUARY, facts, posted, until={TOWN: FEBRUARY, 2: JANUARY}, unsettled=JANUARY)) == [
        (2, "2010-01", "1530.00", "", "report_late"),
        (1, "2010-02", "1530.00", "", ""),
    ]


def test_change_of_a_township_that_has_not_reported_waits() -> None:
    before = county(posting(1), posting(2, town=2), townships=[township(), township(2)])
    posted = approved({}, run(JANUARY, before, {}))
    after = county(posting(1), posting(2, town=2, withdrawn=True), townships=[township(), township(2)])

    assert rows(run(FEBRUARY, after, posted, until={TOWN: FEBRUARY})) == [(1, "2010-02", "1530.00", "", "")]


def test_left_out_township_still_competes_for_persons() -> None:
    facts = county(
        posting(1, person=7, started="2009-06-01"), posting(2, person=7, town=2), townships=[township(), township(2)]
    )

    assert rows(run(JANUARY, facts, {}, until={TOWN: JANUARY})) == [(1, "2010-01", "0.00", "duplicate_person", "")]


def test_everything_settles_once() -> None:
    posted = approved({}, run(JANUARY, county(posting(1)), {}))
    facts = county(posting(1, suspended=[("2010-01-11", "2010-01-20")]))
    entries = run(FEBRUARY, facts, posted)
    assert rows(entries) == [(1, "2010-01", "-493.55", "", "suspension"), (1, "2010-02", "1530.00", "", "")]

    posted = approved(posted, entries)

    assert rows(run(FEBRUARY, facts, posted)) == [(1, "2010-02", "0.00", "already_posted", "")]
    assert rows(run(MARCH, facts, posted)) == [(1, "2010-03", "1530.00", "", "")]


def test_due_less_posted_is_kept_on_the_entry() -> None:
    posted = approved({}, run(JANUARY, county(posting(1)), {}))

    entry = run(FEBRUARY, county(posting(1, started="2010-01-02")), posted)[0]

    assert (entry.due_amount, entry.posted, entry.amount) == (
        Decimal("1480.65"),
        Decimal("1530.00"),
        Decimal("-49.35"),
    )


DEARER = standard(assistant=FixedSum(Decimal(1600)), bands=(STANDARD.bands[3],))
BLOCKED = standard(severities={Check.COMPUTER_SKILL: Severity.BLOCK})
RIVAL = posting(3, unit=VILLAGE, started="2008-01-01", ended="2010-01-10")


@pytest.mark.parametrize(
    ("before", "after", "rules", "cause"),
    [
        # The days in service.
        (county(posting(1)), county(posting(1, ended="2010-01-30")), STANDARD, Cause.LEFT),
        (county(posting(1, ended="2010-01-30")), county(posting(1)), STANDARD, Cause.DATES),
        (county(posting(1)), county(posting(1, started="2010-01-02")), STANDARD, Cause.DATES),
        (county(posting(1, started="2010-01-02")), county(posting(1)), STANDARD, Cause.DATES),
        (county(posting(1)), county(posting(1, started="2010-01-02", ended="2010-01-30")), STANDARD, Cause.DATES),
        (
            county(posting(1, started="2010-01-05", ended="2010-01-20")),
            county(posting(1, started="2010-01-05", ended="2010-01-10")),
            STANDARD,
            Cause.LEFT,
        ),
        # The days on which the unit has the post.
        (
            county(posting(1, unit=VILLAGE)),
            county(posting(1, unit=VILLAGE), units=[unit(closed="2010-01-20")]),
            STANDARD,
            Cause.DUPLICATE_OR_QUOTA,
        ),
        # Competition.
        (
            county(posting(1, unit=VILLAGE)),
            county(posting(1, unit=VILLAGE), RIVAL),
            STANDARD,
            Cause.DUPLICATE_OR_QUOTA,
        ),
        (
            county(posting(1, unit=VILLAGE)),
            county(posting(1, unit=VILLAGE, person=3), posting(3, started="2008-01-01")),
            STANDARD,
            Cause.DUPLICATE_OR_QUOTA,
        ),
        (county(posting(1)), county(posting(1), townships=[township(classes=[])]), STANDARD, Cause.DUPLICATE_OR_QUOTA),
        # Suspension, band, rate, check.
        (county(posting(1)), county(posting(1, suspended=[("2010-01-05", None)])), STANDARD, Cause.SUSPENSION),
        (
            county(posting(1, unit=VILLAGE)),
            county(posting(1, unit=VILLAGE), units=[unit(counts=[("2009-01-01", 50)])]),
            STANDARD,
            Cause.BAND,
        ),
        (
            county(posting(1, unit=VILLAGE)),
            county(posting(1, unit=VILLAGE), units=[unit(counts=[])]),
            STANDARD,
            Cause.BAND,
        ),
        (county(posting(1)), county(posting(1)), DEARER, Cause.RATE),
        (county(posting(1)), county(posting(1, has_computer_skill=False)), BLOCKED, Cause.CHECK),
        (
            county(posting(1, costs=[("2009-01-01", "2000")])),
            county(posting(1, costs=[("2009-01-01", "1000")])),
            standard(cap_at_cost=True),
            Cause.RATE,
        ),
        # Of several, the first.
        (
            county(posting(1)),
            county(posting(1, ended="2010-01-30", suspended=[("2010-01-05", None)])),
            DEARER,
            Cause.LEFT,
        ),
        (
            county(posting(1, unit=VILLAGE)),
            county(
                posting(1, unit=VILLAGE, suspended=[("2010-01-20", None)]),
                RIVAL,
                units=[unit(closed="2010-01-25")],
            ),
            STANDARD,
            Cause.DUPLICATE_OR_QUOTA,
        ),
        (
            county(posting(1, unit=VILLAGE)),
            county(posting(1, unit=VILLAGE, suspended=[("2010-01-20", None)]), RIVAL),
            DEARER,
            Cause.DUPLICATE_OR_QUOTA,
        ),
        (
            county(posting(1, unit=VILLAGE)),
            county(
                posting(1, unit=VILLAGE, suspended=[("2010-01-20", None)]), units=[unit(counts=[("2009-01-01", 50)])]
            ),
            STANDARD,
            Cause.SUSPENSION,
        ),
        (
            county(posting(1, unit=VILLAGE)),
            county(posting(1, unit=VILLAGE, has_computer_skill=False), units=[unit(counts=[("2009-01-01", 50)])]),
            BLOCKED,
            Cause.BAND,
        ),
        (
            county(posting(1)),
            county(posting(1, has_computer_skill=False)),
            replace(DEARER, severities=BLOCKED.severities),
            Cause.RATE,
        ),
    ],
)
def test_cause_is_the_first_that_applies(
    before: CountyFacts, after: CountyFacts, rules: Standard, cause: Cause
) -> None:
    """One change after another of the same posting: what stands first in the list names the difference."""
    had = rules if before is not after and rules.cap_at_cost else STANDARD
    due_before = dues(before, had)[1]
    due = dues(after, rules)[1]
    assert due.amount != due_before.amount

    assert cause_of(due.posting, JANUARY, due, basis_of(due_before), is_known=True) is cause


@pytest.mark.parametrize(
    ("withdrawn", "is_posted", "is_due", "is_known", "is_late", "cause"),
    [
        (False, False, True, False, True, Cause.REPORT_LATE),
        (False, False, True, True, True, Cause.REPORT_LATE),
        (False, True, True, True, True, Cause.LEFT),
        (True, True, False, True, True, Cause.WITHDRAWN),
        (True, True, False, True, False, Cause.WITHDRAWN),
        (False, False, True, False, False, Cause.JOINED),
        (False, False, True, True, False, Cause.DATES),
        (False, True, False, True, False, Cause.LEFT),
    ],
)
def test_causes_that_need_no_comparison(
    withdrawn: bool, is_posted: bool, is_due: bool, is_known: bool, is_late: bool, cause: Cause
) -> None:
    """What was posted was a whole month; what is due is one day of it, or nothing."""
    due_before = dues(county(posting(1)))[1]
    posted = basis_of(due_before) if is_posted else None
    due = dues(county(posting(1, ended="2010-01-01")))[1] if is_due else None

    found = cause_of(posting(1, withdrawn=withdrawn), JANUARY, due, posted, is_known=is_known, is_late=is_late)

    assert found is cause


@pytest.mark.parametrize(
    ("started", "ended", "cause"),
    [
        ("2010-02-01", None, Cause.DATES),
        ("2010-02-01", "2010-02-10", Cause.DATES),
        ("2009-03-01", "2009-12-31", Cause.LEFT),
    ],
)
def test_a_month_no_longer_due_was_before_the_posting_or_after_it(
    started: str, ended: str | None, cause: Cause
) -> None:
    before = dues(county(posting(1)))[1]
    posted = basis_of(before)

    assert cause_of(posting(1, started=started, ended=ended), JANUARY, None, posted, is_known=True) is cause
