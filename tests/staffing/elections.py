"""A township with villages, and an election of theirs as it is typed, for tests."""

from collections.abc import Mapping
from datetime import date, datetime, time

from django.utils import timezone

from accounts.models import User
from staffing.enums import Position
from staffing.many.election_columns import election_columns
from staffing.many.election_plan import ElectionPlan, plan_election
from staffing.many.election_seats import Seat, seats_of
from staffing.many.elections import TypedTable, prepared_election, save_election
from staffing.models import Election
from tests.builders import a_national_id, a_person, a_posting, a_township, a_unit, an_id_number
from townships.enums import UnitKind
from townships.models import Township

DAY = date(2010, 6, 1)
NOW = datetime.combine(DAY, time(9), tzinfo=timezone.get_default_timezone())
_DIGITS = ("", *"一二三四五六七八九")
DOCUMENT = "跃街〔2010〕5 号"


def a_township_with_villages(number: int, *, code: str = "330226001", name: str = "跃龙街道") -> Township:
    """Each village with a coordinator who has been on post since 2009 and has the number of its place from 1."""
    township = a_township(code=code, name=name)
    offset = 0 if code == "330226001" else 500
    for place in range(1, number + 1):
        unit = a_unit(township=township, kind=UnitKind.VILLAGE, name=f"第{place}村", code=f"{code}{200 + place}")
        holder = a_person(name=f"现任{place}", national_id=a_national_id(offset + place))
        a_posting(township=township, unit=unit, person=holder, position=Position.VILLAGE_COORDINATOR)
    return township


def new_number(place: int) -> str:
    """The id number of whoever is elected in the village of that place."""
    return an_id_number(700 + place)


def numeral(place: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(place, 10)
    return f"{_DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{_DIGITS[ones]}"


def elected(place: int, **cells: str) -> dict[str, str]:
    """A typed row: somebody new in the village of that place."""
    return {"name": f"新任{numeral(place)}", "number": new_number(place), **cells}


def rows(township: Township, by_place: Mapping[int, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """By the keys of the seats, in the order of the villages from 1."""
    seats = seats_of(township, DAY)
    return {seats[place - 1].key: cells for place, cells in by_place.items()}


def planned(township: Township, by_place: Mapping[int, Mapping[str, str]], day: date | None = DAY) -> ElectionPlan:
    seats = seats_of(township, day or DAY)
    columns = election_columns(DAY)
    return plan_election(
        township=township, elected_on=day, typed=rows(township, by_place), seats=seats, columns=columns
    )


def problems(township: Township, by_place: Mapping[int, Mapping[str, str]]) -> dict[tuple[str, str], str]:
    """By name of the unit and column."""
    names: dict[str, Seat] = {seat.key: seat for seat in seats_of(township, DAY)}
    found = planned(township, by_place).problems
    return {(names[key].unit.name, column): message for (key, column), message in found.items()}


def prepared(
    township: Township, by_place: Mapping[int, Mapping[str, str]], *, actor: User | None = None, seen: int = 0
) -> Election:
    return save_election(
        township=township,
        elected_on=DAY,
        document=DOCUMENT,
        table=TypedTable(rows(township, by_place)),
        seen=seen,
        actor=actor,
        now=NOW,
    )


def stored(township: Township) -> Election:
    found = prepared_election(township)
    assert found is not None
    return found
