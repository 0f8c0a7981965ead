"""What the list of units and a unit's page show on one day."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from foundation.labels import Labelled
from foundation.lists.paging import FIRST, Cursor, Page, page_of
from foundation.lists.sorting import USUAL, Sorting
from staffing.models import Posting, WorkingTime
from subsidies.posts.known_county import known_county, of_townships
from subsidies.posts.on_post import county_on
from subsidies.posts.units import UnitOnDay, UnitRate, kinds_of, unit_rate, units_on
from townships.enums import UnitKind
from townships.models import (
    GrassrootsUnit,
    GrassrootsUnitQuerySet,
    HouseholdCount,
    UnitChange,
    UnitName,
)


class Shown(Labelled):
    """Which units the list shows."""

    OPEN = "open", "现有的"
    VACANT = "vacant", "缺员的"
    UNCOUNTED = "uncounted", "没有户籍户数的"
    WAITING = "waiting", "户数待审核的"
    CLOSED = "closed", "已撤销或未设立的"


@dataclass(frozen=True, slots=True)
class UnitList:
    """Units on one day. `total` has closed ones too; `chosen` are all that the choice shows, `page` is a part."""

    total: int
    kinds: Sequence[tuple[UnitKind, int]]
    vacant: int
    uncounted: int
    waiting: int
    chosen: Sequence[UnitOnDay]
    page: Page[UnitOnDay]

    @property
    def is_part(self) -> bool:
        return len(self.page.rows) < len(self.chosen)


_IS_SHOWN: Mapping[Shown, Callable[[UnitOnDay], bool]] = {
    Shown.OPEN: lambda unit: unit.is_open,
    Shown.VACANT: lambda unit: unit.is_vacant,
    Shown.UNCOUNTED: lambda unit: unit.lacks_count,
    Shown.WAITING: lambda unit: unit.waiting > 0,
    Shown.CLOSED: lambda unit: not unit.is_open,
}


def unit_list(
    day: date,
    townships: Collection[int],
    *,
    shown: Shown,
    sorting: Sorting[UnitOnDay] = USUAL,
    cursor: Cursor = FIRST,
) -> UnitList:
    """The units of the given townships, as usual by code."""
    units = units_on(county_on(day, known_county(since=day, until=day)), townships)
    shown_ones = [unit for unit in units if _IS_SHOWN[shown](unit)]
    chosen = sorting.within(len(shown_ones)).applied(shown_ones)
    return UnitList(
        total=len(units),
        kinds=kinds_of(units),
        vacant=sum(unit.is_vacant for unit in units),
        uncounted=sum(unit.lacks_count for unit in units),
        waiting=sum(unit.waiting > 0 for unit in units),
        chosen=chosen,
        page=page_of(chosen, lambda unit: unit.fact.code, cursor=cursor),
    )


@dataclass(frozen=True, slots=True)
class CountRow:
    """A count of households with the rate it leads to by the standard of the day looked at.

    `is_in_force`: the one that the day's rate rests on; `is_replaced`: an approved correction stands in its place.
    """

    count: HouseholdCount
    rate: UnitRate | None
    is_in_force: bool
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A unit on one day with its history: counts and postings, the newest first."""

    unit: UnitOnDay
    earlier_names: Sequence[UnitName]
    follows: Sequence[UnitChange]
    followed_by: Sequence[UnitChange]
    counts: Sequence[CountRow]
    served: Sequence[Posting]
    standard_from: date | None


def unit_page(day: date, unit: GrassrootsUnit, readable: GrassrootsUnitQuerySet) -> UnitPage:
    """The page of `unit`; of what came before and after it only what is readable."""
    here = of_townships((unit.township_id,))
    county = county_on(day, known_county(since=day, until=day, deciding_for=here))
    on_day = next(row for row in units_on(county, (unit.township_id,)) if row.fact.id == unit.pk)
    counts = list(unit.household_counts.order_by("-effective_from", "-pk").select_related("replaced_by"))
    in_force = unit.household_counts.in_force().filter(effective_from__lte=day).order_by("effective_from", "pk").last()
    return UnitPage(
        unit=on_day,
        earlier_names=list(unit.earlier_names.order_by("-last_day")),
        follows=list(unit.follows.live().filter(earlier__in=readable).select_related("earlier")),
        followed_by=list(unit.followed_by.live().filter(later__in=readable).select_related("later")),
        counts=[
            CountRow(
                count=count,
                rate=unit_rate(on_day.fact.kind, count.households, county.parameters),
                is_in_force=in_force is not None and count.pk == in_force.pk,
                is_replaced=_is_replaced(count),
            )
            for count in counts
        ],
        served=list(
            Posting.objects.filter(unit=unit, withdrawn_at__isnull=True)
            .select_related("person")
            .annotate(
                is_full_time=Subquery(
                    WorkingTime.objects.begun_by(day).filter(posting=OuterRef("pk")).values("is_full_time")[:1]
                )
            )
            .order_by("-started_on", "-pk")
        ),
        standard_from=county.standard.effective_from if county.standard else None,
    )


def _is_replaced(count: HouseholdCount) -> bool:
    replacement = getattr(count, "replaced_by", None)
    return replacement is not None and replacement.approved_at is not None
