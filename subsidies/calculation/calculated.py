"""A month calculated in memory: facts and policy read, rules applied, nothing written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from foundation.collector import without_cycle_search
from foundation.dates import Month, months_between
from foundation.money import total
from foundation.remembered import Remembered
from staffing.enums import SUBSIDISED, Position
from subsidies.calculation.adjustments import open_adjustments
from subsidies.calculation.posted import bases_of, has_posted_line, posted_by_month
from subsidies.calculation.settled import settled_months
from subsidies.calculation.shares import share_first_month
from subsidies.models import Adjustment, StandardFunding, SubsidyStandard
from subsidies.policy.in_force import funded_standards, funding_of_month, rulebook
from subsidies.posts.facts import county_facts
from subsidies.posts.month_facts import MonthFacts
from subsidies.rules import ledger, stored_parameters
from subsidies.rules.beyond_limit import OldDifference, beyond_limit, months_beyond
from subsidies.rules.causes import PostedBases
from subsidies.rules.competition import places_by_day
from subsidies.rules.dues import Due, dues_of_month
from subsidies.rules.facts import CountyFacts, TownshipFact, UnitFact
from subsidies.rules.ledger import NOTHING_POSTED, Entry, MonthToSettle, PostedMonth, Settled, Source
from subsidies.rules.methods import CURRENT_METHOD
from subsidies.rules.parameters import MonthParameters
from subsidies.rules.quotas import class_on
from subsidies.rules.rulebook import Rulebook
from townships.enums import TownshipClass, UnitKind
from townships.models import Township

VILLAGES = (UnitKind.VILLAGE, UnitKind.RESIDENTS_COMMITTEE)


@dataclass(frozen=True, slots=True, eq=False)
class CalculatedTownship:
    """One township of a calculated month; class, places and units are those of the month's last day.

    `settled_months` are those that the run settles with it. `old_differences` are hints: they stand in no total.
    """

    fact: TownshipFact
    township_class: TownshipClass | None
    places: int
    places_by_day: Mapping[int, int]
    communities: int
    villages: int
    is_late: bool
    settled_months: Settled | None
    entries: Sequence[Entry]
    adjustments: Sequence[Adjustment]
    old_differences: Sequence[OldDifference]
    total: Decimal

    @property
    def settled_until(self) -> Month | None:
        return None if self.settled_months is None else self.settled_months.until

    @property
    def is_settled_anew(self) -> bool:
        """Whether the run settles a month with it that no run has settled before."""
        return self.settled_months is not None and self.settled_months.until >= self.settled_months.unsettled


@dataclass(frozen=True, slots=True, eq=False)
class CalculatedMonth:
    """The whole county for one month, townships by code, and the facts and the policy it rests on.

    `facts` are those since `since`; `dues` those of the month by posting id, of late townships too.
    """

    month: Month
    since: Month
    book: Rulebook
    parameters: MonthParameters
    townships: Sequence[CalculatedTownship]
    facts: CountyFacts
    dues: Mapping[int, Due]
    basis: Mapping[str, Any]

    @property
    def facts_of_month(self) -> MonthFacts:
        """Those of the month alone."""
        facts = replace(self.facts, postings=tuple(row for row in self.facts.postings if row.id in self.dues))
        return MonthFacts(self.month, self.book, self.parameters, facts, self.dues)

    @property
    def units(self) -> Mapping[int, UnitFact]:
        return self.facts.unit_by_id

    @property
    def total(self) -> Decimal:
        return total(township.total for township in self.townships)

    @property
    def entries(self) -> Iterable[Entry]:
        return (entry for township in self.townships for entry in township.entries)

    @property
    def old_differences(self) -> list[OldDifference]:
        return [difference for township in self.townships for difference in township.old_differences]


@without_cycle_search()
def preview(month: Month) -> CalculatedMonth:
    """What is due for `month` alone, whatever was posted and whatever the state of reports and other months.

    Raises MissingParameter.
    """
    policy = _Policy(funded_standards())
    facts = county_facts(since=month.first, until=month.last)
    settled = {township.id: Settled(month, month, month) for township in facts.townships}
    dues = dues_of_month(month, facts, policy.book.for_month(month))
    alone = policy.to_settle(month, dues, NOTHING_POSTED, states_costs=True)
    entries = ledger.settle(
        month, months=[alone], postings=facts.posting_by_id, settled=settled, bases_of=lambda _: PostedBases({}, {})
    )
    return _assemble(_Work(month, month, facts, dues, policy, [month], settled), entries)


@without_cycle_search()
def calculated_run(
    month: Month, *, first_month: Month | None, retro_months: int, reports_required: bool
) -> CalculatedMonth:
    """What a run of `month` holds: the differences of the whole window to what approved runs posted.

    Differences of the months before it are kept beside the lines, as hints. With `reports_required` only townships
    whose reports are accepted have lines. Raises MissingParameter when a month of the window has no standard or
    minimum wage in force.
    """
    policy = _Policy(funded_standards())
    book = policy.book
    window = ledger.window(month, first_month=first_month, retro_months=retro_months)
    settled = settled_months(
        month,
        Township.objects.order_by("pk").values_list("pk", flat=True),
        first_of_window=window[0],
        first_month=first_month,
        reports_required=reports_required,
    )
    earliest = min((row.since for row in settled.values()), default=window[0])
    months = list(months_between(min(earliest, window[0]), month))
    older = months_beyond(window, first_month=first_month)
    begin = min([months[0], *older[:1]])
    facts = county_facts(since=begin.first, until=month.last, also=has_posted_line(begin, month))
    dues = dues_of_month(month, facts, book.for_month(month))
    first_stated = share_first_month()

    def to_settle(for_month: Month, posted: PostedMonth) -> MonthToSettle:
        of_month = dues
        if for_month != month:
            of_month = dues_of_month(for_month, facts, book.for_month(for_month), with_hints=False)
        states_costs = first_stated is None or for_month >= first_stated
        return policy.to_settle(for_month, of_month, posted, states_costs=states_costs)

    entries = ledger.settle(
        month,
        months=map(to_settle, months, posted_by_month(months, facts.posting_by_id)),
        postings=facts.posting_by_id,
        settled=settled,
        bases_of=bases_of,
    )
    # A month without parameters is passed over, since nothing is paid for it.
    posted_before = zip(older, posted_by_month(older, facts.posting_by_id), strict=True)
    differences = beyond_limit(
        (to_settle(row, posted) for row, posted in posted_before if book.has_month(row)),
        postings=facts.posting_by_id,
        settled=settled,
        bases_of=bases_of,
    )
    work = _Work(month, begin, facts, dues, policy, months, settled, first_stated)
    return _assemble(work, entries, adjustments=open_adjustments(month), old_differences=differences)


class _Policy:
    """The standards in force, with what the rules and the fund sources are in each month."""

    def __init__(self, standards: Sequence[SubsidyStandard]) -> None:
        self.book = rulebook(standards)
        self.funding: Remembered[Month, Mapping[Position, StandardFunding]] = Remembered(
            lambda month: funding_of_month(month, standards)
        )

    def to_settle(
        self, month: Month, dues: Mapping[int, Due], posted: PostedMonth, *, states_costs: bool
    ) -> MonthToSettle:
        return MonthToSettle(
            month=month,
            dues=dues,
            posted=posted,
            source_of=self.sources_of(month),
            caps=self.book.for_month(month).standard.cap_at_cost,
            states_costs=states_costs,
        )

    def sources_of(self, month: Month) -> dict[Position, Source]:
        """The fund source of each position by its id."""
        return {position: row.source_id for position, row in self.funding[month].items()}


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """What a month is calculated from."""

    month: Month
    since: Month
    facts: CountyFacts
    dues: Mapping[int, Due]
    policy: _Policy
    months: Sequence[Month]
    settled: Mapping[int, Settled]
    first_stated: Month | None = None


def _assemble(
    work: _Work,
    entries: Iterable[Entry],
    *,
    adjustments: Mapping[int, Sequence[Adjustment]] = MappingProxyType({}),
    old_differences: Iterable[OldDifference] = (),
) -> CalculatedMonth:
    month, facts, book = work.month, work.facts, work.policy.book
    units = facts.unit_by_id
    units_of = facts.units_by_township()
    by_township: dict[int, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: _order(entry, units)):
        by_township[entry.posting.township].append(entry)
    older_of: dict[int, list[OldDifference]] = defaultdict(list)
    for difference in old_differences:
        older_of[difference.posting.township].append(difference)
    parameters = book.for_month(month)
    return CalculatedMonth(
        month=month,
        since=work.since,
        book=book,
        parameters=parameters,
        townships=[
            _township(
                work,
                township,
                units_of[township.id],
                by_township[township.id],
                adjustments.get(township.id, ()),
                older_of[township.id],
            )
            for township in facts.townships
        ],
        facts=facts,
        dues=work.dues,
        basis=_basis(work),
    )


def _order(entry: Entry, units: Mapping[int, UnitFact]) -> tuple[int, str, int, Month]:
    """Assistants, communities, villages; unit code; posting id; month paid for."""
    posting = entry.posting
    unit_code = "" if posting.unit is None else units[posting.unit].code
    return SUBSIDISED.index(posting.position), unit_code, posting.id, entry.month


def _township(
    work: _Work,
    fact: TownshipFact,
    units: Sequence[UnitFact],
    entries: Sequence[Entry],
    adjustments: Sequence[Adjustment],
    old_differences: Sequence[OldDifference],
) -> CalculatedTownship:
    month, settled = work.month, work.settled.get(fact.id)
    by_day = places_by_day(month, fact, work.policy.book.for_month(month).standard)
    open_units = [unit for unit in units if unit.is_open_on(month.last)]
    return CalculatedTownship(
        fact=fact,
        township_class=class_on(fact.classes, month.last),
        places=next(places for places, with_that_many in by_day.items() if with_that_many >> (month.days - 1)),
        places_by_day=by_day,
        communities=sum(unit.kind is UnitKind.COMMUNITY for unit in open_units),
        villages=sum(unit.kind in VILLAGES for unit in open_units),
        is_late=settled is None or settled.until < month,
        settled_months=settled,
        entries=entries,
        adjustments=adjustments,
        old_differences=old_differences,
        total=total(entry.amount for entry in entries) + total(row.amount for row in adjustments),
    )


def _basis(work: _Work) -> dict[str, Any]:
    """What a revision keeps of how it came about: the method, the parameters and fund sources of every month with the
    names of these, the bands in words, the sources of its own month, and from which month on shares are settled.

    A source that ends after the month has no end yet.
    """
    month, policy = work.month, work.policy
    standard = policy.book.for_month(month).standard
    return {
        "method": CURRENT_METHOD,
        "share_first_month": str(work.first_stated) if work.first_stated else None,
        "months": [
            {
                "month": str(for_month),
                "sources": {position.value: source for position, source in policy.sources_of(for_month).items()},
                **stored_parameters.as_json(policy.book.for_month(for_month)),
            }
            for for_month in work.months
        ],
        "source_names": {
            str(row.source_id): row.source.name
            for for_month in work.months
            for row in policy.funding[for_month].values()
        },
        "bands": [{"from": band.from_households, "label": standard.band_label(band)} for band in standard.bands],
        "funding": [
            {
                "position": position.value,
                "source": row.source.name,
                "document": str(row.source.document),
                "valid_until": _ended_by(row.source.valid_until, month.last),
            }
            for position, row in policy.funding[month].items()
        ],
    }


def _ended_by(end: date | None, day: date) -> str | None:
    return str(end) if end is not None and end <= day else None
