"""The months behind, as far as amounts go: most postings lie still in them, and what they are due is worked out once
for all that are alike."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from foundation.dates import Month
from foundation.remembered import Remembered
from staffing.enums import SUBSIDISED, Position
from subsidies.rules import days
from subsidies.rules.competition import POSITIONS_OF_KIND, PostingDays
from subsidies.rules.dues import Due, dues_of_month, households_of, positions_that_may_be_blocked, requirements_of
from subsidies.rules.facts import CountyFacts, PostingFact, UnitFact
from subsidies.rules.formulas import MonthFormulas
from subsidies.rules.parameters import MonthParameters

# Coordinators of one position with the same households: due the same in every month in which they lie still.
_Alike = Mapping[tuple[Position, int | None], Sequence[PostingFact]]


class MonthsBehind:
    """The dues of the months from `since` to `until` where nobody asks for hints: of each posting the same as
    `dues_of_month` gives.

    A posting lies still if it serves these months in full, at a place for which nobody competes and by the same
    households.
    """

    def __init__(self, since: Month, until: Month, facts: CountyFacts) -> None:
        self._facts = facts
        self._still = _lying_still(since, until, facts)
        self._apart = Remembered(self._taken_apart)

    def dues(self, month: Month, parameters: MonthParameters) -> dict[int, Due]:
        """The dues of `month`, one of these months, by posting id."""
        one_by_one = positions_that_may_be_blocked(requirements_of(parameters))
        if parameters.standard.cap_at_cost:
            one_by_one = SUBSIDISED
        alike, others = self._apart[frozenset(one_by_one)]
        found = dues_of_month(month, others, parameters, with_hints=False)
        outcomes = MonthFormulas(month, parameters).outcomes
        of_days = PostingDays(days.whole_month(month), 0, 0, 0, 0)
        for (position, households), postings in alike.items():
            key, result = outcomes[position, of_days, households, None, None]
            for posting in postings:
                found[posting.id] = Due(posting, month, of_days, households, key, result, ())
        return found

    def _taken_apart(self, one_by_one: Collection[Position]) -> tuple[_Alike, CountyFacts]:
        """Those that lie still, and the county of the others. With these go all that hold one of some positions: what
        they are due differs from one to the next."""
        alike = {key: postings for key, postings in self._still.items() if key[0] not in one_by_one}
        still = {posting.id for postings in alike.values() for posting in postings}
        others = tuple(posting for posting in self._facts.postings if posting.id not in still)
        return alike, replace(self._facts, postings=others)


def _lying_still(since: Month, until: Month, facts: CountyFacts) -> _Alike:
    found: dict[tuple[Position, int | None], list[PostingFact]] = defaultdict(list)
    for posting in facts.postings:
        if posting.unit is None or posting.unit in facts.units_with_several_postings:
            continue
        unit = facts.unit_by_id[posting.unit]
        if (
            posting.person not in facts.with_several_posts
            and not posting.withdrawn
            and not posting.suspensions
            and posting.started_on <= since.first
            and (posting.ended_on is None or posting.ended_on >= until.last)
            and POSITIONS_OF_KIND[unit.kind] is posting.position
            and _stands_still(unit, since, until)
        ):
            found[posting.position, households_of(since, posting, unit)].append(posting)
    return found


def _stands_still(unit: UnitFact, since: Month, until: Month) -> bool:
    """Open on every day of the months, and by the same count of households."""
    return (
        (unit.opened_on is None or unit.opened_on <= since.first)
        and (unit.closed_on is None or unit.closed_on >= until.last)
        and not any(since.first < count.effective_from <= until.last for count in unit.counts)
    )
