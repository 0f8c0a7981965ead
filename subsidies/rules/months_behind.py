"""The months behind, as far as amounts go: most postings lie still in them, and what they are due is worked out once
for all that are alike."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from foundation.dates import Month
from foundation.remembered import Remembered
from staffing.enums import SUBSIDISED, Position
from subsidies.rules import days
from subsidies.rules.checks import AT_PLACE, UNREMARKABLE, Requirements, findings_on, first_blocking
from subsidies.rules.competition import POSITIONS_OF_KIND, PostingDays, fewest_places
from subsidies.rules.dues import Due, dues_of_month, households_of, positions_of, requirements_of
from subsidies.rules.facts import CountyFacts, PostingFact, UnitFact
from subsidies.rules.formulas import MonthFormulas, Outcome
from subsidies.rules.ledger import MonthToSettle
from subsidies.rules.parameters import MonthParameters, Standard


class _Still(NamedTuple):
    """What postings that lie still are due by, as long as no check stops them."""

    position: Position
    households: int | None


class _Manner(NamedTuple):
    """How a month is worked out: by which standard, of which positions everybody one by one, and of which the records
    are judged."""

    standard: Standard
    one_by_one: frozenset[Position]
    judged: frozenset[Position]


class _Apart(NamedTuple):
    """Postings that are worked out together and those of them that are judged, by their ids; the county of the
    others. Those of one position and the lowest count of one band are due the same: `amounts_of` gives what by
    posting id, from what is due to each of the `alike`, which is the same in most months."""

    alike: Sequence[_Still]
    amounts_of: Mapping[tuple[Decimal, ...], Mapping[int, Decimal]]
    judged: Sequence[int]
    others: CountyFacts


class MonthsBehind:
    """The months from `since` to `until` where nobody asks for hints: to each posting the same is due as
    `dues_of_month` gives.

    A posting lies still if it serves these months in full, at a place for which nobody competes and by the same
    households. For assistants nobody does where the township has places for all who serve at some time.
    """

    def __init__(self, since: Month, until: Month, facts: CountyFacts) -> None:
        self._facts = facts
        serving = _serving(since, until, facts)
        self._still = _lying_still(since, until, serving, facts)
        crowded = partial(_crowded, since, until, serving, facts)
        self._apart = Remembered(partial(_taken_apart, facts, self._still, crowded))

    def to_settle(self, month: Month, parameters: MonthParameters, posted: Mapping[int, Decimal]) -> MonthToSettle:
        """One of these months beside what was `posted` for it; the due of who lies still is made when asked for."""
        requirements = requirements_of(parameters).of_blocking_checks()
        apart = self._apart[_manner(parameters.standard, requirements)]
        formulas = MonthFormulas(month, parameters)  # one for both: equal keys share one result
        outcomes = formulas.outcomes
        dues = dues_of_month(month, apart.others, parameters, with_hints=False, formulas=formulas)
        of_days, postings = PostingDays(days.whole_month(month), 0, 0, 0, 0), self._facts.posting_by_id
        findings_of = {
            number: found
            for number in apart.judged
            if (found := findings_on(month.last, postings[number].record, UNREMARKABLE, requirements))
        }

        def outcome_of(number: int) -> Outcome:
            position, households = self._still[number]
            blocked_by = first_blocking(findings_of.get(number, ()), requirements)
            return outcomes[position, of_days, households, blocked_by, None]

        of_alike = (outcomes[position, of_days, households, None, None] for position, households in apart.alike)
        amounts = dict(apart.amounts_of[tuple(outcome.result.amount for outcome in of_alike)])
        amounts.update((number, due.amount) for number, due in dues.items())
        amounts.update((number, outcome_of(number).result.amount) for number in findings_of)

        def due_of(number: int) -> Due | None:
            if number in dues or number not in amounts:
                return dues.get(number)
            key, result = outcome_of(number)
            findings = findings_of.get(number, ())
            return Due(postings[number], month, of_days, self._still[number].households, key, result, findings)

        return MonthToSettle(month, amounts, due_of, posted)


def _manner(standard: Standard, requirements: Requirements) -> _Manner:
    """What the place decides, and what it costs, differs from one posting to the next."""
    of_place = requirements.looked_for & AT_PLACE
    one_by_one = SUBSIDISED if standard.cap_at_cost else positions_of(of_place)
    return _Manner(standard, frozenset(one_by_one), frozenset(positions_of(requirements.looked_for)))


def _taken_apart(
    facts: CountyFacts,
    still_of: Mapping[int, _Still],
    crowded_by: Callable[[Standard], Collection[int]],
    manner: _Manner,
) -> _Apart:
    band_of = Remembered[int, int](lambda households: manner.standard.band_of(households).from_households)
    crowded = crowded_by(manner.standard)
    alike: dict[_Still, list[int]] = defaultdict(list)
    judged: list[int] = []
    others: list[PostingFact] = []
    for posting in facts.postings:
        still = still_of.get(posting.id)
        is_crowded = posting.unit is None and posting.township in crowded
        if still is None or is_crowded or still.position in manner.one_by_one:
            others.append(posting)
            continue
        position, households = still
        alike[_Still(position, None if households is None else band_of[households])].append(posting.id)
        if position in manner.judged:
            judged.append(posting.id)
    amounts_of = Remembered(partial(_amounts, tuple(alike.values())))
    return _Apart(tuple(alike), amounts_of, judged, replace(facts, postings=tuple(others)))


def _amounts(alike: Iterable[Sequence[int]], amounts: Iterable[Decimal]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for numbers, amount in zip(alike, amounts, strict=True):
        found.update(dict.fromkeys(numbers, amount))
    return found


def _crowded(
    since: Month, until: Month, serving: Iterable[PostingFact], facts: CountyFacts, standard: Standard
) -> frozenset[int]:
    """The townships where on some day more may serve than there are places."""
    at_township = Counter(posting.township for posting in serving if posting.unit is None)
    return frozenset(
        township.id
        for township in facts.townships
        if at_township[township.id] > fewest_places(since.first, until.last, township, standard)
    )


def _serving(since: Month, until: Month, facts: CountyFacts) -> Sequence[PostingFact]:
    """Whoever left before these months, or comes after them, competes with nobody in them."""
    return [
        posting
        for posting in facts.postings
        if not posting.withdrawn
        and posting.started_on <= until.last
        and (posting.ended_on is None or posting.ended_on >= since.first)
    ]


def _lying_still(
    since: Month, until: Month, serving: Sequence[PostingFact], facts: CountyFacts
) -> Mapping[int, _Still]:
    """Assistants as far as they can themselves: whether there are places for all is for the standard to say."""
    of_person, at_unit = Counter(row.person for row in serving), Counter(row.unit for row in serving)
    found: dict[int, _Still] = {}
    for posting in serving:
        if (
            of_person[posting.person] > 1
            or posting.suspensions
            or posting.started_on > since.first
            or (posting.ended_on is not None and posting.ended_on < until.last)
        ):
            continue
        if posting.unit is None:
            found[posting.id] = _Still(posting.position, None)
            continue
        unit = facts.unit_by_id[posting.unit]
        if (
            at_unit[posting.unit] == 1
            and POSITIONS_OF_KIND[unit.kind] is posting.position
            and _stands_still(unit, since, until)
        ):
            found[posting.id] = _Still(posting.position, households_of(since, posting, unit))
    return found


def _stands_still(unit: UnitFact, since: Month, until: Month) -> bool:
    """Open on every day of the months, and by the same count of households."""
    return (
        (unit.opened_on is None or unit.opened_on <= since.first)
        and (unit.closed_on is None or unit.closed_on >= until.last)
        and not any(since.first < count.effective_from <= until.last for count in unit.counts)
    )
