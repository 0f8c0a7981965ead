"""The seats that an election is about: every place of a coordinator in a township, with whoever holds it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from foundation.cells import CellProblems, Typed
from staffing.enums import Position
from staffing.models import Posting
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, Township

POSITION_OF: Mapping[str, Position] = {
    UnitKind.COMMUNITY.value: Position.COMMUNITY_COORDINATOR,
    UnitKind.RESIDENTS_COMMITTEE.value: Position.VILLAGE_COORDINATOR,
    UnitKind.VILLAGE.value: Position.VILLAGE_COORDINATOR,
}
ONE_DAY = timedelta(days=1)
GONE = "填写过的一行不见了:那个村(社区)在新任到岗那天不存在,或现任已经离岗;请核对,再点保存。"


@dataclass(frozen=True, slots=True)
class Seat:
    """A row of the table. `key` names unit and incumbent, so that a row that was typed beside somebody else is not
    taken for this one."""

    unit: GrassrootsUnit
    incumbent: Posting | None

    @property
    def key(self) -> str:
        return f"u{self.unit.pk}" if self.incumbent is None else f"u{self.unit.pk}p{self.incumbent.pk}"

    @property
    def position(self) -> Position:
        return POSITION_OF[self.unit.kind]


def seats_of(township: Township, day: date) -> list[Seat]:
    """By code of the unit: whoever is on post there on or after the day before `day`, the first to come first."""
    units = GrassrootsUnit.objects.filter(township=township, kind__in=list(POSITION_OF)).order_by("code")
    there = [unit for unit in units if unit.exists_on(day)]
    positions = {position.value for position in POSITION_OF.values()}
    postings = Posting.objects.filter(unit__in=[unit.pk for unit in there], position__in=positions)
    held: dict[int | None, list[Posting | None]] = defaultdict(list)
    for posting in postings.going_on_after(day - 2 * ONE_DAY).select_related("person").order_by("started_on", "pk"):
        held[posting.unit_id].append(posting)
    return [Seat(unit, incumbent) for unit in there for incumbent in held.get(unit.pk, [None])]


def matched(typed: Typed, seats: Sequence[Seat]) -> tuple[dict[str, Mapping[str, str]], CellProblems]:
    """What was typed, by the seats that there are now, with a problem where the incumbent is another one or
    the seat is gone."""
    by_key = {seat.key: seat for seat in seats}
    found = {key: texts for key, texts in typed.items() if key in by_key}
    problems: CellProblems = {}
    for key, texts in typed.items():
        if key in by_key:
            continue
        seat = next((seat for seat in _of_unit(seats, key) if seat.key not in found), None)
        if seat is None:
            problems[key, ""] = GONE
        else:
            found[seat.key] = texts
            now = f"现在是{seat.incumbent.person.name}" if seat.incumbent else "现在没有人在岗"
            problems[seat.key, ""] = f"填写以后现任有变动,{now};请核对这一行,再点保存。"
    return found, problems


def _of_unit(seats: Iterable[Seat], key: str) -> Iterator[Seat]:
    unit = key.partition("p")[0]
    return (seat for seat in seats if seat.key.partition("p")[0] == unit)
