"""What the rules are told about people, places and grants: values without a database."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from staffing.enums import Position, SuspensionKind
from subsidies.rules.checks import PostingRecord
from subsidies.rules.held import WorkingTimeRecord, is_full_time_on
from subsidies.rules.quotas import DatedClass, Grant
from townships.enums import UnitKind


class SuspensionFact(NamedTuple):
    """Days without subsidy, both dates inclusive; no end means until further notice."""

    kind: SuspensionKind
    started_on: date
    ended_on: date | None


class CountFact(NamedTuple):
    """An approved count of registered households; `counted_on` is the day that it counts."""

    effective_from: date
    households: int
    counted_on: date | None = None


class CostFact(NamedTuple):
    """What a posting costs its township a month from a day on, in yuan; None where it is not known.

    `cost` is all of it; wage, employer's insurance and housing fund are the parts that sheets name.
    """

    effective_from: date
    cost: Decimal | None
    monthly_wage: Decimal | None = None
    employer_insurance: Decimal | None = None
    housing_fund: Decimal | None = None


class UnitFact(NamedTuple):
    """A community, residents' committee or village; both dates inclusive. `waiting`: how many further counts are
    entered and not approved, which no rule looks at. `earlier_names`: each with its last day, rising."""

    id: int
    code: str
    name: str
    kind: UnitKind
    opened_on: date | None
    closed_on: date | None
    township: int
    counts: tuple[CountFact, ...]
    waiting: int = 0
    earlier_names: tuple[tuple[date, str], ...] = ()

    def name_on(self, day: date) -> str:
        return next((name for last_day, name in self.earlier_names if day <= last_day), self.name)

    def named_until(self, day: date) -> "UnitFact":
        """The unit as it was called on the day; what it was called later is left out."""
        if not self.earlier_names:
            return self
        before = tuple(row for row in self.earlier_names if row[0] < day)
        return self._replace(name=self.name_on(day), earlier_names=before)

    def is_open_on(self, day: date) -> bool:
        return (self.opened_on is None or self.opened_on <= day) and (self.closed_on is None or day <= self.closed_on)


@dataclass(frozen=True, slots=True)
class TownshipFact:
    """A township with its classes, rising by date, and the approved grants of extra assistants."""

    id: int
    code: str
    name: str
    classes: tuple[DatedClass, ...]
    grants: tuple[Grant, ...]


class PostingFact(NamedTuple):
    """A posting; `person` is the record that merged ones point to.

    `replaces`: the withdrawn posting that it was entered anew for; `is_replaced`: another was entered anew for it.
    """

    id: int
    person: int
    person_name: str
    position: Position
    township: int
    unit: int | None
    started_on: date
    ended_on: date | None
    withdrawn: bool
    suspensions: tuple[SuspensionFact, ...]
    costs: tuple[CostFact, ...]
    record: PostingRecord
    national_id_masked: str = ""
    born_on: date | None = None
    replaces: int | None = None
    is_replaced: bool = False

    def serves_on(self, day: date) -> bool:
        return not self.withdrawn and _covers(self.started_on, self.ended_on, day)


@dataclass(frozen=True, slots=True)
class Presence:
    """That a person is posted at a township or a unit, both dates inclusive: what vacancies are counted from.

    `earlier_posts`: the person's subsidised posts that come first (domain rule 2), as far as their places exist.
    """

    person: int
    position: Position
    township: int
    unit: int | None
    working_times: tuple[WorkingTimeRecord, ...]
    started_on: date
    ended_on: date | None
    suspensions: tuple[SuspensionFact, ...]
    earlier_posts: tuple["Presence", ...] = ()

    def holds_post(self, day: date, counting: Collection[SuspensionKind]) -> bool:
        """On post, and on no other that comes first: one person fills one place a day (domain rule 2)."""
        return self.is_on_post(day, counting) and not any(
            earlier.is_on_post(day, counting) for earlier in self.earlier_posts
        )

    def is_full_time(self, day: date) -> bool:
        """Who is not known to be part-time is taken as full-time (一.1)."""
        return is_full_time_on(day, self.working_times) is not False

    def is_on_post(self, day: date, counting: Collection[SuspensionKind]) -> bool:
        """In service and not suspended, except by a kind that goes on counting (domain rule 1)."""
        return _covers(self.started_on, self.ended_on, day) and not any(
            _covers(suspension.started_on, suspension.ended_on, day)
            for suspension in self.suspensions
            if suspension.kind not in counting
        )


@dataclass(frozen=True)
class CountyFacts:
    """Everything a calculation looks at; townships by code, postings by id.

    `merged`: a record of a person that another stands for -> that one.
    """

    townships: tuple[TownshipFact, ...]
    units: tuple[UnitFact, ...]
    postings: tuple[PostingFact, ...]
    merged: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def unit_by_id(self) -> Mapping[int, UnitFact]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def posting_by_id(self) -> Mapping[int, PostingFact]:
        return {posting.id: posting for posting in self.postings}

    @cached_property
    def with_several_posts(self) -> Collection[int]:
        """The people with more than one posting, at whatever time."""
        count = Counter(posting.person for posting in self.postings)
        return {person for person, number in count.items() if number > 1}

    @cached_property
    def units_with_several_postings(self) -> Collection[int]:
        """The same of units, by id."""
        count = Counter(posting.unit for posting in self.postings if posting.unit is not None)
        return {unit for unit, number in count.items() if number > 1}

    @cached_property
    def by_precedence(self) -> Sequence[PostingFact]:
        """The postings not withdrawn, as they compete: earlier start first, then the lower id (rules 2, 3)."""
        return sorted(
            (posting for posting in self.postings if not posting.withdrawn),
            key=lambda posting: (posting.started_on, posting.id),
        )

    def units_by_township(self) -> dict[int, list[UnitFact]]:
        """Township id -> its units, by code."""
        found: dict[int, list[UnitFact]] = defaultdict(list)
        for unit in self.units:
            found[unit.township].append(unit)
        return found


def _covers(started_on: date, ended_on: date | None, day: date) -> bool:
    return started_on <= day and (ended_on is None or day <= ended_on)
