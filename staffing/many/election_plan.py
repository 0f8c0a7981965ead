"""What an election would do: read from the typed table against what is stored, with every problem at its cell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q

from foundation.cells import CellColumn, CellProblems, Typed, read_cells
from foundation.crypto import blind_index
from staffing.enums import Education
from staffing.many.election_columns import (
    EDUCATION,
    FIRST_DAY,
    FULL_TIME,
    LAST_DAY,
    NAME,
    NATIONAL_ID,
    STAYS,
    WAGE,
)
from staffing.many.election_seats import ONE_DAY, Seat, matched
from staffing.models import Person, Posting, Wage, WorkingTime
from staffing.national_id import NationalId
from staffing.people.facts import fact, in_words, is_stored
from staffing.people.stated import load_stated
from staffing.periods import do_overlap
from staffing.written_names import is_same_name
from townships.models import Township

Values = Mapping[str, Any]  # of a row: dates, words, an amount, by the name of the column
NO_DAY = "请先在上面填写新任到岗日期,或在这一格填写日期"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whoever is elected and was not on this post. `person` is the record of the number, if there is one."""

    name: str
    national_id: NationalId
    person: Person | None
    started_on: date
    ended_on: None
    education: Education | None
    is_full_time: bool | None
    wage: Decimal | None


@dataclass(frozen=True, slots=True)
class SeatStep:
    """What becomes of a seat: the incumbent's last day, if it is given up, and who comes.

    `stays_from`: the incumbent was elected again, from this day with `wage` where it is another one than before.
    """

    seat: Seat
    last_day: date | None = None
    newcomer: Newcomer | None = None
    stays_from: date | None = None
    wage: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ElectionPlan:
    """`typed` are the cells by the seats of now; with `problems` nothing can be done. `untouched` counts the seats of
    which nothing was typed."""

    typed: Typed
    steps: Sequence[SeatStep]
    problems: CellProblems
    untouched: int

    @property
    def leaving(self) -> Sequence[SeatStep]:
        return [step for step in self.steps if step.last_day is not None]

    @property
    def coming(self) -> Sequence[SeatStep]:
        return [step for step in self.steps if step.newcomer is not None]

    @property
    def staying(self) -> Sequence[SeatStep]:
        return [step for step in self.steps if step.stays_from is not None]

    @property
    def people(self) -> set[int]:
        """The records whose postings would change."""
        incumbents = {step.seat.incumbent.person_id for step in self.steps if step.seat.incumbent is not None}
        found = (step.newcomer.person for step in self.steps if step.newcomer is not None)
        return incumbents | {person.pk for person in found if person is not None}


def plan_election(
    *, township: Township, elected_on: date | None, typed: Typed, seats: Sequence[Seat], columns: Sequence[CellColumn]
) -> ElectionPlan:
    """In a fixed number of statements. `elected_on` is the first day of whoever has no other."""
    cells, problems = matched(typed, seats)
    values, unreadable = read_cells(cells, columns)
    problems |= unreadable
    rows = [_Row(seat, values[seat.key], problems, elected_on) for seat in seats if seat.key in values]
    known = _Known.of(rows, township)
    steps = [step for row in rows if (step := row.step(known)) is not None]
    _demand_each_once(rows, problems)
    _demand_free(steps, rows, known, problems)
    return ElectionPlan(cells, steps, problems, len(seats) - len(rows))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored of whoever is named: records by the index of their number, postings by the person that counts,
    the last wage and working time of each incumbent, and who was ever posted in the township."""

    persons: Mapping[str, Person]
    postings: Mapping[int, Sequence[Posting]]
    wages: Mapping[int, Wage]
    full_time: Mapping[int, bool]
    acquainted: frozenset[int]
    township: Township

    @classmethod
    def of(cls, rows: Sequence["_Row"], township: Township) -> "_Known":
        numbers = {row.index for row in rows if row.index}
        found = list(Person.objects.filter(national_id_index__in=numbers))
        roots = {_root(person) for person in found}
        stored = Posting.objects.filter(withdrawn_at=None).filter(
            Q(person__in=roots) | Q(person__merged_into__in=roots)
        )
        postings: dict[int, list[Posting]] = defaultdict(list)
        for posting in stored.select_related("person", "unit", "township").order_by("started_on", "pk"):
            postings[_root(posting.person)].append(posting)
        seated = [row.seat.incumbent for row in rows if row.seat.incumbent is not None]
        load_stated([*found, *(incumbent.person for incumbent in seated)])
        incumbents = [incumbent.pk for incumbent in seated]
        working_times = WorkingTime.objects.begun_by(date.max).filter(posting__in=incumbents).reverse()
        wages = Wage.objects.live().filter(posting__in=incumbents).order_by("effective_from")
        here = {root for root, of_person in postings.items() if any(p.township_id == township.pk for p in of_person)}
        return cls(
            persons={person.national_id_index or "": person for person in found},
            postings=postings,
            wages={wage.posting_id: wage for wage in wages},
            full_time={row.posting_id: row.is_full_time for row in working_times},
            acquainted=frozenset(here),
            township=township,
        )


class _Stay(NamedTuple):
    started_on: date
    ended_on: date | None


def _root(person: Person) -> int:
    return person.merged_into_id or person.pk


class _Row:
    """The values of one row, and where its problems go."""

    def __init__(self, seat: Seat, values: Values, problems: CellProblems, elected_on: date | None) -> None:
        self.seat, self.values, self.problems, self.elected_on = seat, values, problems, elected_on
        number = values.get(NATIONAL_ID)
        self.index = blind_index("national_id", number.number) if isinstance(number, NationalId) else ""

    def refuse(self, column: str, message: str) -> None:
        self.problems.setdefault((self.seat.key, column), message)

    def is_readable(self, *columns: str) -> bool:
        return not any((self.seat.key, column) in self.problems for column in columns)

    def step(self, known: _Known) -> SeatStep | None:
        """What becomes of the seat; None where it cannot be said."""
        said = self.values
        if not self.is_readable(STAYS, NAME, NATIONAL_ID):
            return None
        if said.get(STAYS) or (self.index and self._is_incumbent(known)):
            return self._again(known)
        if said.get(NAME) or self.index:
            return self._anew(known)
        beside = next((name for name in (FIRST_DAY, EDUCATION, FULL_TIME, WAGE) if said.get(name) is not None), None)
        if beside is not None:
            self.refuse(NAME, "填了新任的情况,没有填姓名和身份证号;连任的请在“连任”一格填“是”")
            return None
        if said.get(LAST_DAY) is None and STAYS not in said:
            return None
        return self._left(self._last_day(None))

    def _is_incumbent(self, known: _Known) -> bool:
        """Whether the number is that of the incumbent, or of a record that counts as the same person."""
        person, incumbent = known.persons.get(self.index), self.seat.incumbent
        return person is not None and incumbent is not None and _root(person) == _root(incumbent.person)

    def _left(self, last_day: date | None) -> SeatStep | None:
        if self.seat.incumbent is None:
            self.refuse(LAST_DAY, "这里没有人在岗,不用填离任日期")
            return None
        return SeatStep(self.seat, last_day=last_day) if last_day is not None else None

    def _again(self, known: _Known) -> SeatStep | None:
        said, incumbent = self.values, self.seat.incumbent
        if incumbent is None:
            self.refuse(STAYS, "这里没有人在岗,不能连任;请填新任姓名和身份证号")
            return None
        if said.get(LAST_DAY) is not None:
            self.refuse(LAST_DAY, "连任的不填离任日期")
        if said.get(NAME) and not is_same_name(said[NAME], incumbent.person.name):
            self.refuse(NAME, f"连任的是{incumbent.person.name},不是“{said[NAME]}”;换人的请清空“连任”一格")
        if self.index and not self._is_incumbent(known):
            self.refuse(NATIONAL_ID, f"与{incumbent.person.name}登记的身份证号不同;换人的请清空“连任”一格")
        if incumbent.ended_on is not None:
            self.refuse(STAYS, f"已登记 {incumbent.ended_on} 离岗;确实连任的,请先点姓名更正离岗日期")
        if said.get(EDUCATION) is not None and not is_stored(incumbent.person, "education", said[EDUCATION].value):
            self.refuse(EDUCATION, f"登记的是{_education(incumbent.person)};连任的请在其个人页更正")
        if said.get(FULL_TIME) is not None and said[FULL_TIME] != known.full_time.get(incumbent.pk):
            self.refuse(FULL_TIME, "与登记的不同;连任的请在其个人页更正")
        first_day = said.get(FIRST_DAY) or self.elected_on
        if first_day is None:
            self.refuse(FIRST_DAY, NO_DAY)
            return None
        stored = known.wages.get(incumbent.pk)
        wage = said.get(WAGE)
        is_same = stored is not None and stored.monthly_wage == wage
        if wage is not None and not is_same and first_day < incumbent.started_on:
            self.refuse(FIRST_DAY, f"{incumbent.started_on} 才到岗,新工资不能更早执行")
        return SeatStep(self.seat, stays_from=first_day, wage=None if is_same else wage)

    def _anew(self, known: _Known) -> SeatStep | None:
        said, incumbent = self.values, self.seat.incumbent
        number = said.get(NATIONAL_ID)
        if not said.get(NAME):
            self.refuse(NAME, "请填写新任姓名")
        if number is None:
            self.refuse(NATIONAL_ID, "请填写 18 位身份证号")
        first_day = said.get(FIRST_DAY) or self.elected_on
        if first_day is None and self.is_readable(FIRST_DAY):
            self.refuse(FIRST_DAY, NO_DAY)
        is_known = first_day is not None or said.get(LAST_DAY) is not None
        last_day = self._last_day(first_day) if incumbent is not None and is_known else None
        if incumbent is None and said.get(LAST_DAY) is not None:
            self.refuse(LAST_DAY, "这里没有人在岗,不用填离任日期")
        if last_day is not None and first_day is not None and first_day <= last_day:
            self.refuse(FIRST_DAY, f"现任 {last_day} 才离任,新任要从后一天起;请核对两个日期")
        if first_day is not None and not self.seat.unit.exists_on(first_day):
            self.refuse(FIRST_DAY, f"{self.seat.unit.name}在这一天不存在(撤销或未设立)")
        person = known.persons.get(self.index)
        if person is not None:
            self._compare(person, known)
        if not said.get(NAME) or number is None or first_day is None:
            return None
        newcomer = Newcomer(
            name=said[NAME],
            national_id=number,
            person=person,
            started_on=first_day,
            ended_on=None,
            education=said.get(EDUCATION),
            is_full_time=said.get(FULL_TIME),
            wage=said.get(WAGE),
        )
        return SeatStep(self.seat, last_day=last_day, newcomer=newcomer)

    def _last_day(self, first_day: date | None) -> date | None:
        """The incumbent's last day: as it is typed, else the day before the next one comes."""
        incumbent = self.seat.incumbent
        comes = first_day or self.elected_on
        last_day: date | None = self.values.get(LAST_DAY) or (comes - ONE_DAY if comes is not None else None)
        if last_day is None:
            if self.is_readable(LAST_DAY):
                self.refuse(LAST_DAY, NO_DAY)
        elif incumbent is not None and last_day < incumbent.started_on:
            self.refuse(LAST_DAY, f"{incumbent.person.name} {incumbent.started_on} 才到岗,离任日期不能更早")
        return last_day

    def _compare(self, person: Person, known: _Known) -> None:
        """Name and education belong to the person: another one is no matter of this table."""
        said = self.values
        is_own = _root(person) in known.acquainted
        if said.get(NAME) and not is_same_name(said[NAME], person.name):
            was = f"登记的姓名是“{person.name}”" if is_own else "在别的镇乡(街道)登记的姓名不同"
            self.refuse(NAME, f"这个身份证号{was};请核对姓名和号码")
        education, recorded = said.get(EDUCATION), fact(person, "education")
        if education is not None and recorded and not is_stored(person, "education", education.value):
            was = f"登记的学历是{_education(person)}" if is_own else "在别的镇乡(街道)登记的学历不同"
            self.refuse(EDUCATION, f"此人{was};要更正的请清空这一格,到岗以后在其个人页办理")


def _education(person: Person) -> str:
    return in_words("education", fact(person, "education"), blank="空白")


def _demand_each_once(rows: Iterable[_Row], problems: CellProblems) -> None:
    first: dict[str, str] = {}
    for row in rows:
        if row.index and (unit := first.setdefault(row.index, row.seat.unit.name)) and unit != row.seat.unit.name:
            row.refuse(NATIONAL_ID, f"与{unit}填的是同一个号码;一人只能任一处")


def _demand_free(steps: Sequence[SeatStep], rows: Sequence[_Row], known: _Known, problems: CellProblems) -> None:
    """Nobody comes who is on post elsewhere, but for a seat that this election ends before."""
    ended = {step.seat.incumbent.pk: step.last_day for step in steps if step.seat.incumbent and step.last_day}
    row_of = {row.seat.key: row for row in rows}
    for step in steps:
        if step.newcomer is None or step.newcomer.person is None:
            continue
        for posting in known.postings.get(_root(step.newcomer.person), ()):
            if do_overlap(_Stay(posting.started_on, ended.get(posting.pk, posting.ended_on)), step.newcomer):
                row_of[step.seat.key].refuse(NATIONAL_ID, _elsewhere(posting, known.township))
                break


def _elsewhere(posting: Posting, township: Township) -> str:
    if posting.township_id != township.pk:
        return "此人在别的镇乡(街道)还在岗;请那里先登记离岗或办理调动,再在这里到任"
    place = posting.unit.name if posting.unit is not None else township.name
    until = f",{posting.ended_on} 离岗" if posting.ended_on else ""
    return f"此人在{place}任职({posting.started_on} 起{until}),时间重叠;请先登记那边离岗"
