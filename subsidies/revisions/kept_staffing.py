"""Places and people by township on a month's last day, for sheet T8: kept when a revision is approved."""

from collections.abc import Sequence
from typing import NamedTuple

from staffing.enums import Position
from subsidies.calculation.calculated import CalculatedMonth
from subsidies.models import KeptStaffing, Revision
from subsidies.posts.facts import platform_staff
from subsidies.posts.known_county import known_county
from subsidies.posts.on_post import CountyOnDay, Serving, county_on, standing_of_staff, standing_on
from subsidies.posts.places import Staffing, TownshipPlaces, township_places


class StaffingRow(NamedTuple):
    """One township; numbers by position in the order of Position, each norm, filled, vacant and over."""

    code: str
    name: str
    township_class: str
    numbers: list[list[int]]


def staffing_now(revision: Revision) -> list[StaffingRow]:
    """As the registry has it now, for the last day of the run's month."""
    day = revision.run.period.last
    return _rows(county_on(day, known_county(since=day, until=day)))


def staffing_of_calculated(calculated: CalculatedMonth) -> list[StaffingRow]:
    """The same as the month was calculated."""
    return _rows(_county_of(calculated))


def staffing_of(revision: Revision, codes: Sequence[str]) -> list[StaffingRow]:
    """What was kept at the approval, or how it is now while there was none; of these townships, by code."""
    kept = KeptStaffing.objects.filter(revision=revision).first()
    rows = [StaffingRow(*row) for row in kept.rows] if kept else staffing_now(revision)
    wanted = set(codes)
    return [row for row in rows if row.code in wanted]


def _county_of(calculated: CalculatedMonth) -> CountyOnDay:
    """The last day of a calculated month, by its facts and competition; only platform staff are read."""
    day, facts, standard = calculated.month.last, calculated.facts, calculated.parameters.standard
    serving = (posting for posting in facts.postings if posting.serves_on(day))
    competitors = [Serving(posting, standing_on(calculated.dues[posting.id].days, day)) for posting in serving]
    staff = platform_staff(day, day, facts.merged)
    return CountyOnDay(
        day=day,
        standard=standard,
        parameters=calculated.parameters,
        townships=facts.townships,
        units=facts.unit_by_id,
        serving=[*standing_of_staff(day, staff, standard), *competitors],
    )


def _rows(county: CountyOnDay) -> list[StaffingRow]:
    return [_row(places) for places in township_places(county, [township.id for township in county.townships])]


def _row(places: TownshipPlaces) -> StaffingRow:
    numbers = []
    for position in Position:
        of = places.staffing.get(position, Staffing())
        numbers.append([of.norm, of.filled, of.vacant, of.over])
    township_class = places.township_class.label if places.township_class else ""
    return StaffingRow(places.code, places.name, township_class, numbers)
