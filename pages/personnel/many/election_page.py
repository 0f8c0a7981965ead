"""What the page of an election shows: the table as it was typed, what it would do, and what stands in its way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from foundation.cells import CellTable, Typed, cell_row
from pages.personnel.doubts import of_first_day
from pages.personnel.many.doubts import NewWage, of_wages
from staffing.many.election_columns import election_columns
from staffing.many.election_plan import ElectionPlan, plan_election
from staffing.many.election_seats import Seat, seats_of
from staffing.many.elections import TypedTable
from staffing.models import Election, Person
from staffing.written_names import doubts_about
from townships.models import Township


@dataclass(frozen=True, slots=True)
class ElectionPage:
    """`election` is None until something is saved. `told` are problems that stand at no cell of the table."""

    township: Township
    election: Election | None
    table: CellTable
    typed: TypedTable
    plan: ElectionPlan
    told: Sequence[str]

    @property
    def lacks_document(self) -> bool:
        return self.election is not None and not self.election.document

    @property
    def faults(self) -> int:
        """How many places are to be mended before it can be carried out."""
        return len(self.plan.problems) + bool(self.typed.left) + self.lacks_document

    @property
    def is_ready(self) -> bool:
        return self.election is not None and bool(self.plan.steps) and not self.faults


def election_page(
    township: Township, election: Election | None, typed: TypedTable, *, elected_on: date | None, today: date
) -> ElectionPage:
    """In a fixed number of statements, however many villages there are."""
    columns = election_columns(today)
    seats = seats_of(township, elected_on or today)
    plan = plan_election(township=township, elected_on=elected_on, typed=typed.cells, seats=seats, columns=columns)
    rows = [
        cell_row(seat.key, seat.unit.name, [_incumbent(seat)], columns, plan.typed, plan.problems) for seat in seats
    ]
    shown = {seat.key for seat in seats}
    gone = dict.fromkeys(message for (key, _), message in plan.problems.items() if key not in shown)
    table = CellTable("各村(社区)换届", ("村(社区)", "现任"), columns, rows)
    return ElectionPage(township, election, table, typed, plan, [*typed.unmatched, *gone])


def _incumbent(seat: Seat) -> str:
    posting = seat.incumbent
    if posting is None:
        return "空缺"
    until = f",{posting.ended_on} 离岗" if posting.ended_on else ""
    return f"{posting.person.name}({posting.started_on} 起{until})"


def election_doubts(plan: ElectionPlan, today: date) -> Iterator[str]:
    """What of it is improbable."""
    wages = []
    for step in plan.coming:
        newcomer = step.newcomer
        if newcomer is None:
            continue
        person = newcomer.person or Person(name=newcomer.name, born_on=newcomer.national_id.born_on)
        yield from of_first_day(person, newcomer.started_on, today, position=step.seat.position)
        if newcomer.person is None:
            yield from (f"{step.seat.unit.name}:{doubt}。" for doubt in doubts_about(newcomer.name))
        if newcomer.wage is not None:
            wages.append(NewWage(newcomer.name, newcomer.wage, newcomer.started_on))
    for step in plan.staying:
        if step.wage is not None and step.stays_from is not None and step.seat.incumbent is not None:
            wages.append(NewWage(step.seat.incumbent.person.name, step.wage, step.stays_from))
    yield from of_wages(wages)


def other_rows(one: Typed, other: Typed, table: CellTable) -> list[str]:
    """The units whose rows were typed otherwise."""
    return [row.head for row in table.rows if one.get(row.key, {}) != other.get(row.key, {})]
