"""The months behind, as far as amounts go: most postings lie still in them, and what they are due is worked out once
for all that are alike."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from foundation.dates import Month
from staffing.enums import SUBSIDISED, Position
from subsidies.rules import days
from subsidies.rules.competition import POSITIONS_OF_KIND, PostingDays
from subsidies.rules.dues import Due, dues_of_month, households_of, positions_judged, requirements_of
from subsidies.rules.facts import CountyFacts, PostingFact, UnitFact
from subsidies.rules.formulas import MonthFormulas
from subsidies.rules.ledger import MonthToSettle
from subsidies.rules.parameters import MonthParameters


class _Still(NamedTuple):
    """What coordinators who lie still are due by; where it is the same, they are due the same in every month."""

    position: Position
    households: int | None


class _Apart(NamedTuple):
    """Postings that are worked out together, by their ids, and the county of the others."""

    alike: Mapping[_Still, Sequence[int]]
    others: CountyFacts


class MonthsBehind:
    """The months from `since` to `until` where nobody asks for hints: to each posting the same is due as
    `dues_of_month` gives.

    A posting lies still if it serves these months in full, at a place for which nobody competes and by the same
    households.
    """

    def __init__(self, since: Month, until: Month, facts: CountyFacts) -> None:
        self._facts = facts
        self._still = _lying_still(since, until, facts)
        self._apart: dict[Collection[Position], _Apart] = {}

    def to_settle(self, month: Month, parameters: MonthParameters, posted: Mapping[int, Decimal]) -> MonthToSettle:
        """One of these months beside what was `posted` for it; the due of who lies still is made when asked for."""
        one_by_one = frozenset(positions_judged(requirements_of(parameters).of_blocking_checks()))
        if parameters.standard.cap_at_cost:
            one_by_one = frozenset(SUBSIDISED)
        if one_by_one not in self._apart:
            self._apart[one_by_one] = self._taken_apart(one_by_one)
        alike, others = self._apart[one_by_one]
        formulas = MonthFormulas(month, parameters)  # one for both: equal keys share one result
        dues, outcomes = (
            dues_of_month(month, others, parameters, with_hints=False, formulas=formulas),
            formulas.outcomes,
        )
        of_days = PostingDays(days.whole_month(month), 0, 0, 0, 0)
        amounts = {number: due.amount for number, due in dues.items()}
        for (position, households), numbers in alike.items():
            amounts.update(dict.fromkeys(numbers, outcomes[position, of_days, households, None, None].result.amount))

        def due_of(number: int) -> Due | None:
            if number in dues or number not in amounts:
                return dues.get(number)
            position, households = self._still[number]
            key, result = outcomes[position, of_days, households, None, None]
            return Due(self._facts.posting_by_id[number], month, of_days, households, key, result, ())

        return MonthToSettle(month, amounts, due_of, posted)

    def _taken_apart(self, one_by_one: Collection[Position]) -> _Apart:
        """Those that hold one of the positions `one_by_one` are never alike: what they are due differs from one to the
        next."""
        alike: dict[_Still, list[int]] = defaultdict(list)
        others: list[PostingFact] = []
        for posting in self._facts.postings:
            still = self._still.get(posting.id)
            if still is None or still.position in one_by_one:
                others.append(posting)
            else:
                alike[still].append(posting.id)
        return _Apart(alike, replace(self._facts, postings=tuple(others)))


def _lying_still(since: Month, until: Month, facts: CountyFacts) -> Mapping[int, _Still]:
    """Whoever left before these months, or comes after them, competes with nobody in them."""
    serving = [
        posting
        for posting in facts.postings
        if not posting.withdrawn
        and posting.started_on <= until.last
        and (posting.ended_on is None or posting.ended_on >= since.first)
    ]
    of_person, at_unit = Counter(row.person for row in serving), Counter(row.unit for row in serving)
    found: dict[int, _Still] = {}
    for posting in serving:
        if posting.unit is None or at_unit[posting.unit] > 1 or of_person[posting.person] > 1:
            continue
        unit = facts.unit_by_id[posting.unit]
        if (
            not posting.suspensions
            and posting.started_on <= since.first
            and (posting.ended_on is None or posting.ended_on >= until.last)
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
