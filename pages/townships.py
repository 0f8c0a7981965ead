"""What the list of townships and a township's page show on one day."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from foundation.charts import Gauge, gauge, most_of
from foundation.dates import Month
from staffing.enums import Position
from staffing.models import EstablishmentGrant
from subsidies.known_runs import live_runs_within
from subsidies.models import AllocationQuerySet
from subsidies.posts.findings import Finding
from subsidies.posts.known_county import known_county, known_of_month, of_townships
from subsidies.posts.on_post import CountyOnDay, Serving, county_on
from subsidies.posts.open_findings import findings_beside_vacancies
from subsidies.posts.places import Staffing, TownshipPlaces, added_up, staffing_by_position, township_places
from subsidies.posts.units import UnitOnDay, kinds_of, units_on
from subsidies.revisions.run_history import RunTotal, run_totals
from subsidies.rules.facts import UnitFact
from subsidies.rules.parameters import Standard
from townships.enums import UnitKind
from townships.models import Township, TownshipStatus, TownshipStatusEntry

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class PositionRow:
    """The places of one position, with the bar that draws them."""

    position: Position
    staffing: Staffing
    bar: Gauge


@dataclass(frozen=True, slots=True)
class TownshipRow:
    """A township of the list; `units` are its open ones by kind, in the order of the list's kinds.

    `findings` counts what the checks found beside vacancies in the day's month.
    """

    places: TownshipPlaces
    units: Sequence[int]
    positions: Sequence[PositionRow]
    findings: int


@dataclass(frozen=True, slots=True)
class TownshipList:
    """All townships on one day; `positions` and `together` are their sums, empty where no standard is in force."""

    kinds: Sequence[UnitKind]
    rows: Sequence[TownshipRow]
    units: Sequence[int]
    positions: Sequence[PositionRow]
    findings: int
    together: Staffing
    standard: Standard | None


def township_list(day: date, townships: Collection[int]) -> TownshipList:
    """The given townships, by id."""
    known = known_of_month(Month.of(day))
    county = county_on(day, known)
    places = township_places(county, townships)
    sums = staffing_by_position(places)
    findings = Counter(finding.township_id for finding in findings_beside_vacancies(day, known, townships))
    kinds = [kind for kind in UnitKind if any(row.units.get(kind) for row in places)]
    # Each position has a scale of its own, so that three of five can be seen beside forty villages.
    most = {position: _most(row.staffing[position] for row in places) for position in sums}
    return TownshipList(
        kinds=kinds,
        rows=[_township_row(row, kinds, most, findings[row.id]) for row in places],
        units=[sum(row.units.get(kind, 0) for row in places) for kind in kinds],
        positions=position_rows(sums, {position: _most([staffing]) for position, staffing in sums.items()}),
        findings=findings.total(),
        together=added_up(sums.values()),
        standard=county.standard,
    )


def position_rows(staffing: Mapping[Position, Staffing], most: Mapping[Position, int]) -> list[PositionRow]:
    """The positions in their order, each drawn on its scale."""
    return [
        PositionRow(
            position,
            row,
            gauge(norm=row.norm, filled=row.filled, vacant=row.vacant, over=row.over, most=most[position]),
        )
        for position, row in staffing.items()
    ]


def _of_one(places: TownshipPlaces) -> list[PositionRow]:
    """The positions of one township, each bar as long as its places."""
    return position_rows(places.staffing, {position: _most([row]) for position, row in places.staffing.items()})


def _township_row(
    places: TownshipPlaces, kinds: Sequence[UnitKind], most: Mapping[Position, int], findings: int
) -> TownshipRow:
    units = [places.units.get(kind, 0) for kind in kinds]
    return TownshipRow(places, units, position_rows(places.staffing, most), findings)


def _most(staffing: Iterable[Staffing]) -> int:
    return most_of(row.filled + row.vacant + row.over for row in staffing)


@dataclass(frozen=True, slots=True)
class TownshipServing:
    """Somebody in service at the township, or at one of its units."""

    serving: Serving
    unit: UnitFact | None


@dataclass(frozen=True, slots=True)
class TownshipPage:
    """A township on one day, with what it was and will be. Statuses and grants are the newest first.

    `months` are the newest runs; `serving` is in the order of positions, units and first days.
    """

    township: Township
    places: TownshipPlaces
    status: TownshipStatus | None
    findings: Sequence[Finding]
    kinds: Sequence[tuple[UnitKind, int]]
    positions: Sequence[PositionRow]
    standard: Standard | None
    statuses: Sequence[TownshipStatus]
    waiting_status: TownshipStatusEntry | None
    grants: Sequence[EstablishmentGrant]
    units: Sequence[UnitOnDay]
    serving: Sequence[TownshipServing]
    months: Sequence[RunTotal]

    @property
    def most_months(self) -> int:
        """How many of its runs are shown at most."""
        return MONTHS_SHOWN


def township_page(day: date, township: Township, allocations: AllocationQuerySet) -> TownshipPage:
    """The page of a township; `allocations` are its own."""
    alone, month = (township.pk,), Month.of(day)
    known = known_county(since=month.first, until=month.last, deciding_for=of_townships(alone))
    county = county_on(day, known)
    places = township_places(county, alone)[0]
    units = units_on(county, alone)
    statuses = list(TownshipStatus.objects.filter(township=township).select_related("document", "entry"))
    in_force = [status for status in statuses if status.effective_from <= day]
    return TownshipPage(
        township=township,
        places=places,
        status=in_force[-1] if in_force else None,
        findings=findings_beside_vacancies(day, known, alone),
        kinds=kinds_of(units),
        positions=_of_one(places),
        standard=county.standard,
        statuses=statuses[::-1],
        waiting_status=township.status_entries.filter(approved_at=None).first(),
        grants=list(EstablishmentGrant.objects.filter(township=township).order_by("-effective_from", "-pk")),
        units=units,
        serving=_serving(county, township),
        months=_months(allocations),
    )


def _serving(county: CountyOnDay, township: Township) -> list[TownshipServing]:
    rows = [
        TownshipServing(row, county.units[row.posting.unit] if row.posting.unit is not None else None)
        for row in county.serving
        if row.posting.township == township.pk
    ]
    return sorted(rows, key=_order)


def _order(row: TownshipServing) -> tuple[int, str, date, int]:
    posting = row.serving.posting
    return list(Position).index(posting.position), row.unit.code if row.unit else "", posting.started_on, posting.id


def _months(allocations: AllocationQuerySet) -> list[RunTotal]:
    return run_totals(live_runs_within(allocations).order_by("-month", "-number")[:MONTHS_SHOWN], allocations)
