"""What is said of a person's education and computer skill without a day: one value each, held always.

Other values are kept as rows: a different one withdraws the row that stood there. What was obtained on a known day
stays whatever is said without one.
"""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from foundation.bulk import insert_rows, next_ids, update_rows
from staffing.enums import ComputerLevel, Education, QualificationKind
from staffing.models import ImportBatch, Person, Qualification

Stated = str | bool | None
_KINDS = {"education": QualificationKind.EDUCATION, "has_computer_skill": QualificationKind.COMPUTER}
_RANKS = {level.value: rank for rank, level in enumerate((*Education, *ComputerLevel))}
_COMPUTER_LEVELS = {True: ComputerLevel.SKILLED.value, False: ComputerLevel.NONE.value, None: ""}
_COLUMNS = ("id", "person_id", "kind", "level", "name", "paper", "withdrawn_reason", "import_batch_id")
_ROWS = "stated_rows"
FACTS = tuple(_KINDS)


def load_stated(people: Iterable[Person]) -> None:
    """Read it for all stored people in one statement; of others it is read when it is asked for."""
    stored = [person for person in people if person.pk is not None]
    prefetch_related_objects(stored, Prefetch("qualifications", Qualification.objects.live(), to_attr=_ROWS))


def stated(person: Person, name: str) -> Stated:
    """An education or "" where none is on record; whether there is a computer skill or None.

    Without a row of an unknown day, the highest one of a known day.
    """
    rows = _live(person, name)
    undated = [row for row in rows if row.obtained_on is None]
    level = max((row.level for row in undated or rows), key=_RANKS.__getitem__, default="")
    if name == "education":
        return level
    return None if not level else level != ComputerLevel.NONE


def is_stated(person: Person, name: str, value: Stated) -> bool:
    """Whether a row says it already, whatever its day."""
    return _level(name, value) in {row.level for row in _live(person, name)}


def state(person: Person, name: str, value: Stated) -> None:
    """Let it be held always, empty or None for nothing known; saved by `save_stated`."""
    level = _level(name, value)
    rows = _rows(person)
    for row in _live(person, name):
        if row.obtained_on is None and row.level != level:
            if row.pk is None:
                rows.remove(row)
            else:
                row.withdrawn_at, row.withdrawn_reason = timezone.now(), "改登记了别的"
    if level and not any(row.obtained_on is None and row.level == level for row in _live(person, name)):
        rows.append(Qualification(person=person, kind=_KINDS[name].value, level=level))


def save_stated(people: Sequence[Person], batch: ImportBatch | None = None) -> None:
    """Store what was stated of people that are stored, in a fixed number of statements; nothing where nothing was."""
    rows = [row for person in people for row in vars(person).get(_ROWS, ())]
    update_rows(
        Qualification,
        [row for row in rows if row.pk is not None and row.withdrawn_at is not None],
        ("withdrawn_at", "withdrawn_reason"),
    )
    if new := [row for row in rows if row.pk is None]:
        for row, key in zip(new, next_ids(Qualification, len(new)), strict=True):
            row.pk, row.person_id, row.import_batch = key, row.person.pk, batch
        insert_rows(Qualification, _COLUMNS, ([getattr(row, column) for column in _COLUMNS] for row in new))


def _level(name: str, value: Stated) -> str:
    if name == "has_computer_skill":
        return _COMPUTER_LEVELS[None if value is None else bool(value)]
    return str(value or "")


def _live(person: Person, name: str) -> list[Qualification]:
    kind = _KINDS[name]
    return [row for row in _rows(person) if row.kind == kind and row.withdrawn_at is None]


def _rows(person: Person) -> list[Qualification]:
    """Live ones as they were read, with what was stated since; kept beside the columns of the person."""
    if _ROWS not in vars(person):
        vars(person)[_ROWS] = list(person.qualifications.live()) if person.pk is not None else []
    rows: list[Qualification] = vars(person)[_ROWS]
    return rows
