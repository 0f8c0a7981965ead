"""Section 4: the window, whose lines, what a run posts, and the cause of a difference, in its order."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from foundation.dates import Month
from foundation.rounding import ZERO
from staffing.enums import Check, Position, Severity
from subsidies.rules.causes import Basis, Cause, Now, PostedBases, cause_of
from subsidies.rules.dues import Due
from subsidies.rules.facts import CountyFacts, PostingFact
from subsidies.rules.ledger import Entry, Settled, settle, window
from subsidies.rules.parameters import FixedSum, Standard
from tests.subsidies.rules.builders import STANDARD, TOWN, VILLAGE, county, dues, posting, standard, township, unit
from tests.subsidies.rules.history import History, Posted, approved, basis_of, posted_in, to_settle

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
    states_costs: bool = False,
) -> list[Entry]:
    """The entries of a run; all townships have reported unless told otherwise."""
    reported = {town.id: month for town in facts.townships} if until is None else until
    return settle(
        month,
        months=[
            to_settle(for_month, dues(facts, rules, month=for_month), posted, rules, states_costs=states_costs)
            for for_month in window(month, first_month=first, retro_months=12)
        ],
        postings={row.id: row for row in facts.postings},
        settled={town: Settled(first, last, unsettled or month) for town, last in reported.items()},
        bases_of=posted_in(posted),
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


DEARER = standard(assistant_percent_or_fixed=FixedSum(Decimal(1600)), bands=(STANDARD.bands[3],))
BLOCKED = standard(checks={Check.COMPUTER_SKILL: Severity.BLOCK})
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
            Cause.COST,
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
            replace(DEARER, checks=BLOCKED.checks),
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
    posted = basis_of(due_before, caps=had.cap_at_cost)

    assert cause_of(now(due, caps=rules.cap_at_cost), bases(posted)) is cause


def now(due: Due, *, caps: bool = False) -> Now:
    return Now(due.posting, JANUARY, due, due.amount, due.cost, caps, changes_amount=True, changes_source=False)


def nothing_now(posting_fact: PostingFact) -> Now:
    return Now(posting_fact, JANUARY, None, ZERO, None, False, changes_amount=True, changes_source=False)


def bases(of_cell: Basis | None, latest: Basis | None = None) -> PostedBases:
    """Of posting 1; its latest line is that of the cell unless told otherwise."""
    known = latest or of_cell
    return PostedBases(
        {} if of_cell is None else {(1, JANUARY): of_cell},
        {} if known is None else {1: known},
    )


def line_of(started: str = "2009-03-01") -> Basis:
    """What a line of February says."""
    return basis_of(dues(county(posting(1, started=started)), month=FEBRUARY)[1])


WHOLE = basis_of(dues(county(posting(1)))[1])
ONE_DAY = dues(county(posting(1, ended="2010-01-01")))[1]


@pytest.mark.parametrize(
    ("row", "posted", "is_late", "cause"),
    [
        (now(ONE_DAY), bases(None), True, Cause.REPORT_LATE),
        (now(ONE_DAY), bases(None, line_of()), True, Cause.REPORT_LATE),
        (nothing_now(posting(1, withdrawn=True)), bases(WHOLE), False, Cause.WITHDRAWN),
        (nothing_now(posting(1, withdrawn=True)._replace(is_replaced=True)), bases(WHOLE), False, Cause.REPLACED),
        (now(ONE_DAY._replace(posting=ONE_DAY.posting._replace(replaces=7))), bases(None), False, Cause.REPLACED),
        # Entered late; its latest line says that it served then; or it says other dates.
        (now(ONE_DAY), bases(None), False, Cause.JOINED),
        (now(ONE_DAY), bases(None, line_of()), False, Cause.JOINED),
        (now(ONE_DAY), bases(None, line_of(started="2010-02-01")), False, Cause.DATES),
        # A first line of nothing has none.
        (nothing_now(posting(1)), bases(None), False, None),
    ],
)
def test_causes_that_need_no_comparison(row: Now, posted: PostedBases, is_late: bool, cause: Cause | None) -> None:
    assert cause_of(row, posted, is_late=is_late) is cause


@pytest.mark.parametrize(
    ("started", "ended", "cause"),
    [
        ("2010-02-01", None, Cause.DATES),
        ("2010-02-01", "2010-02-10", Cause.DATES),
        ("2009-03-01", "2009-12-31", Cause.LEFT),
        ("2009-04-01", "2009-12-31", Cause.DATES),
    ],
)
def test_a_month_no_longer_due_was_before_the_posting_or_after_it(
    started: str, ended: str | None, cause: Cause
) -> None:
    """Who starts when the line says has left; whose beginning is another one had wrong dates."""
    posted = basis_of(dues(county(posting(1, started="2009-03-01")))[1])

    assert cause_of(nothing_now(posting(1, started=started, ended=ended)), bases(posted)) is cause


def test_a_change_of_nothing_but_the_share_is_one_of_cost() -> None:
    had = county(posting(1, costs=[("2009-01-01", "1800")]))
    history = approved({}, run(JANUARY, had, {}, states_costs=True))
    now_known = county(posting(1, costs=[("2009-01-01", "2000")]))

    first, second = run(FEBRUARY, now_known, history, states_costs=True)

    assert rows([first, second]) == [
        (1, "2010-01", "0.00", "already_posted", "cost"),
        (1, "2010-02", "1530.00", "", ""),
    ]
    assert [(str(entry.borne.share), str(entry.borne.share_level)) for entry in (first, second)] == [
        ("200.00", "470.00"),
        ("470.00", "470.00"),
    ]


def test_a_cost_that_is_no_longer_known_takes_back_what_was_stated() -> None:
    history = approved({}, run(JANUARY, county(posting(1, costs=[("2009-01-01", "1800")])), {}, states_costs=True))

    entry = run(FEBRUARY, county(posting(1)), history, states_costs=True)[0]

    assert (entry.borne.share_level, str(entry.borne.share), entry.cause) == (None, "-270.00", "cost")


def test_who_is_entered_late_has_a_first_line_even_of_nothing() -> None:
    history = approved({}, run(JANUARY, county(posting(1)), {}))
    facts = county(posting(1), posting(2, suspended=[("2009-02-01", None)]))

    assert rows(run(FEBRUARY, facts, history))[0] == (2, "2010-01", "0.00", "suspended", "")
    again = approved(history, run(FEBRUARY, facts, history))
    assert rows(run(MARCH, facts, again)) == [
        (1, "2010-03", "1530.00", "", ""),
        (2, "2010-03", "0.00", "suspended", ""),
    ]


def test_money_that_comes_from_another_source_moves_without_an_amount() -> None:
    facts = county(posting(1))
    paid = Posted({7: Decimal("1530.00")}, WHOLE)
    month = replace(to_settle(JANUARY, dues(facts), {JANUARY: {1: paid}}, STANDARD), source_of={Position.ASSISTANT: 8})

    (entry,) = settle(
        FEBRUARY,
        months=[month],
        postings={1: facts.postings[0]},
        settled={TOWN: Settled(JANUARY, FEBRUARY, FEBRUARY)},
        bases_of=posted_in({JANUARY: {1: paid}}),
    )

    assert (str(entry.amount), entry.source, entry.cause) == ("0.00", 8, "source")
    assert entry.by_source == ((7, Decimal("-1530.00")), (8, Decimal("1530.00")))
