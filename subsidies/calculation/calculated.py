"""A month calculated in memory: facts and policy read, rules applied, nothing written."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any

from foundation.collector import without_cycle_search
from foundation.dates import Month, months_between
from foundation.money import total
from foundation.remembered import Remembered
from staffing.enums import SUBSIDISED, Position
from subsidies.calculation.adjustments import open_adjustments
from subsidies.calculation.posted import has_posted_line, posted_by_month, posted_of
from subsidies.calculation.settled import settled_months
from subsidies.models import Adjustment, StandardFunding, SubsidyStandard
from subsidies.policy.in_force import funding_of_month, rulebook, standards_in_force
from subsidies.posts.facts import county_facts
from subsidies.posts.month_facts import MonthFacts
from subsidies.rules import ledger, stored_parameters
from subsidies.rules.beyond_limit import OldDifference, beyond_limit, months_beyond
from subsidies.rules.competition import places_by_day
from subsidies.rules.dues import Due, dues_of_month
from subsidies.rules.facts import CountyFacts, TownshipFact, UnitFact
from subsidies.rules.ledger import Entry, MonthToSettle, Posted, Settled, month_to_settle
from subsidies.rules.months_behind import MonthsBehind
from subsidies.rules.parameters import MonthParameters, Standard
from subsidies.rules.quotas import class_on
from subsidies.rules.rulebook import MissingParameter, Rulebook
from townships.enums import TownshipClass, UnitKind
from townships.models import Township

VILLAGES = (UnitKind.VILLAGE, UnitKind.RESIDENTS_COMMITTEE)


@dataclass(frozen=True, slots=True, eq=False)
class CalculatedTownship:
    """One township of a calculated month; class, places and units are those of the month's last day.

    `is_settled_anew`: a month that no run has settled before. `old_differences` are hints: they stand in no total.
    """

    fact: TownshipFact
    township_class: TownshipClass | None
    places: int
    places_by_day: Mapping[int, int]
    communities: int
    villages: int
    is_late: bool
    settled_until: Month | None
    is_settled_anew: bool
    entries: Sequence[Entry]
    adjustments: Sequence[Adjustment]
    old_differences: Sequence[OldDifference]
    total: Decimal


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
    standards = standards_in_force()
    book = rulebook(standards)
    parameters = book.for_month(month)
    facts = county_facts(since=month.first, until=month.last)
    settled = {township.id: Settled(month, month, month) for township in facts.townships}
    dues = dues_of_month(month, facts, parameters)
    alone = month_to_settle(month, dues, {})
    entries = ledger.settle(
        month, months=[alone], postings=facts.posting_by_id, settled=settled, posted_of=lambda _: Posted({}, ())
    )
    return _assemble(_Work(month, month, facts, dues, book, standards, [month], settled), entries)


@without_cycle_search()
def calculated_run(
    month: Month, *, first_month: Month | None, retro_months: int, reports_required: bool
) -> CalculatedMonth:
    """What a run of `month` holds: the differences of the whole window to what approved runs posted.

    Differences of the months before it are kept beside the lines, as hints. With `reports_required` only townships
    whose reports are accepted have lines. Raises MissingParameter when a month of the window has no standard or
    minimum wage in force.
    """
    standards = standards_in_force()
    book = rulebook(standards)
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
    behind = _months_behind(window, begin, facts)
    ledger_of_months = (
        behind(for_month).to_settle(for_month, parameters, posted)
        if for_month < month
        else month_to_settle(month, dues, posted)
        for for_month, parameters, posted in zip(
            months, map(book.for_month, months), posted_by_month(months), strict=True
        )
    )
    of_ledger = partial(posted_of, first=begin, last=month)
    entries = ledger.settle(
        month, months=ledger_of_months, postings=facts.posting_by_id, settled=settled, posted_of=of_ledger
    )
    differences = beyond_limit(
        _months_before_the_window(older, behind, book),
        postings=facts.posting_by_id,
        settled=settled,
        posted_of=of_ledger,
    )
    work = _Work(month, begin, facts, dues, book, standards, months, settled)
    return _assemble(work, entries, adjustments=open_adjustments(month), old_differences=differences)


def _months_behind(window: Sequence[Month], begin: Month, facts: CountyFacts) -> Callable[[Month], MonthsBehind]:
    """The months of the window before its last together, and those since `begin` year by year: few postings lie still
    for long."""
    spans = Remembered[tuple[Month, Month], MonthsBehind](lambda span: MonthsBehind(*span, facts))

    def behind(month: Month) -> MonthsBehind:
        if month >= window[0]:
            return spans[window[0], window[-1] - 1]
        return spans[max(begin, Month(month.year, 1)), min(window[0] - 1, Month(month.year, 12))]

    return behind


def _months_before_the_window(
    months: Sequence[Month], behind: Callable[[Month], MonthsBehind], book: Rulebook
) -> Iterator[MonthToSettle]:
    """One after the other, each with what is due now and what was posted; one without parameters is passed over,
    since nothing is paid for it."""
    if not months:
        return
    for month, posted in zip(months, posted_by_month(months), strict=True):
        try:
            parameters = book.for_month(month)
        except MissingParameter:
            continue
        yield behind(month).to_settle(month, parameters, posted)


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """What a month is calculated from."""

    month: Month
    since: Month
    facts: CountyFacts
    dues: Mapping[int, Due]
    book: Rulebook
    standards: Sequence[SubsidyStandard]
    months: Sequence[Month]
    settled: Mapping[int, Settled]


def _assemble(
    work: _Work,
    entries: Iterable[Entry],
    *,
    adjustments: Mapping[int, Sequence[Adjustment]] = MappingProxyType({}),
    old_differences: Iterable[OldDifference] = (),
) -> CalculatedMonth:
    month, facts, book = work.month, work.facts, work.book
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
        basis=_basis(work.months, book, parameters.standard, funding_of_month(month, work.standards)),
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
    by_day = places_by_day(month, fact, work.book.for_month(month).standard)
    open_units = [unit for unit in units if unit.is_open_on(month.last)]
    return CalculatedTownship(
        fact=fact,
        township_class=class_on(fact.classes, month.last),
        places=next(places for places, with_that_many in by_day.items() if with_that_many >> (month.days - 1)),
        places_by_day=by_day,
        communities=sum(unit.kind is UnitKind.COMMUNITY for unit in open_units),
        villages=sum(unit.kind in VILLAGES for unit in open_units),
        is_late=settled is None or settled.until < month,
        settled_until=settled.until if settled else None,
        is_settled_anew=settled is not None and settled.until >= settled.unsettled,
        entries=entries,
        adjustments=adjustments,
        old_differences=old_differences,
        total=total(entry.amount for entry in entries) + total(row.amount for row in adjustments),
    )


def _basis(
    months: Iterable[Month], book: Rulebook, standard: Standard, funding: Mapping[Position, StandardFunding]
) -> dict[str, Any]:
    """The parameters of every month, the bands in words and the fund sources, as they are kept with the revision."""
    return {
        "months": [
            {"month": str(for_month), **stored_parameters.as_json(parameters)}
            for for_month, parameters in ((for_month, book.for_month(for_month)) for for_month in months)
        ],
        "bands": [{"from": band.from_households, "label": standard.band_label(band)} for band in standard.bands],
        "funding": [
            {
                "position": position.value,
                "source": row.source.name,
                "document": str(row.source.document),
                "valid_until": str(row.source.valid_until) if row.source.valid_until else None,
            }
            for position, row in funding.items()
        ],
    }
