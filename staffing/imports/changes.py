"""What an import changed of rows that were there: remembered with the values before and after, and put back."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Q, QuerySet

from accounts.audit import masked
from foundation.bulk import update_rows
from foundation.crypto import decrypt, encrypt
from staffing.locking import lock_people
from staffing.models import (
    Contract,
    ImportBatch,
    ImportedChange,
    Person,
    Posting,
    RecruitmentRound,
    Suspension,
    Wage,
    WorkingTime,
)
from staffing.people.facts import LABELS, fact, save_facts, write_fact
from staffing.periods import overlapping

Row = Person | Posting | Contract | Wage | Suspension | WorkingTime
_MODELS: Mapping[str, type[Row]] = {
    str(model._meta.model_name): model for model in (Posting, Person, Contract, Wage, Suspension, WorkingTime)
}
_NAMES = {"contract": "劳动合同", "wage": "工资", "suspension": "停发", "workingtime": "专兼职"}
_PURPOSE = "imported_change"
_TOLD = 20

Values = Mapping[str, object]


def remember_change(
    *,
    batch: ImportBatch,
    row: Row,
    before: Values | None,
    after: Values,
    words: str,
    posting: Posting | None = None,
) -> ImportedChange:
    """Keep what a batch changed of a stored row, once a row: by name of the fields that it changed, both values.

    `before` None: the row was added to a posting that was there. Of a person, `posting` is the one that it was changed
    with; any other row has its own. A person's `national_id` and `phone` are the numbers in full.
    """
    change = imported_change(batch=batch, row=row, before=before, after=after, words=words, posting=posting)
    change.save()
    return change


def imported_change(
    *,
    batch: ImportBatch,
    row: Row,
    before: Values | None,
    after: Values,
    words: str,
    posting: Posting | None = None,
) -> ImportedChange:
    """The same, not saved."""
    owner = posting or (row if isinstance(row, Posting) else None)
    if owner is None:
        if isinstance(row, Person | Posting):
            raise ValueError("a change of a person belongs to one of the person's postings")
        owner = row.posting
    return ImportedChange(
        batch=batch,
        posting=owner,
        words=masked(words),
        subject_type=str(row._meta.model_name),
        subject_id=row.pk,
        before_encrypted=None if before is None else _sealed(before),
        after_encrypted=_sealed(after),
    )


def obstacles_to_restoring(batch: ImportBatch) -> list[str]:
    """Why what the batch changed cannot be put back, in words: who changed it since, or took its place."""
    return _first(_obstacles(_changed_rows(batch)))


def changes_to_restore(batch: ImportBatch) -> int:
    """Of how many rows the batch changed something that can be put back."""
    return _with_values(batch).count()


def restore_changes(batch: ImportBatch, *, reason: str, now: datetime) -> int:
    """Put back what the batch changed, of how many rows; ValidationError with all obstacles, and then nothing is done.

    What it added to a posting that was there is withdrawn. Inside the caller's transaction, after what the batch
    brought is withdrawn, since that may stand in the way. A person's facts go back even where the posting that they
    came with is withdrawn; changes of other postings that were withdrawn since stay, and those of imports that kept no
    values. Months that are approved do not change: the next run settles the difference.
    """
    people = ImportedChange.objects.filter(batch=batch).values_list("posting__person", flat=True)
    lock_people(*people)
    changed = _changed_rows(batch)
    if found := _first(_obstacles(changed)):
        raise ValidationError(found)
    added = [one for one in changed if one.before is None]
    for owned in (Contract, Wage, Suspension, WorkingTime):
        keys = [one.row.pk for one in added if isinstance(one.row, owned)]
        owned._default_manager.filter(pk__in=keys).update(withdrawn_at=now, withdrawn_reason=reason)
    restored = [one for one in changed if one.before is not None]
    for one in restored:
        for name, value in (one.before or {}).items():
            _set(one.row, name, value)
    if found := _first(_clashes([one.row for one in restored])):
        raise ValidationError(found)
    save_facts([one.row for one in restored if isinstance(one.row, Person)])
    for model in _MODELS.values():
        of_model = [one for one in restored if isinstance(one.row, model) and model is not Person]
        update_rows(model, [one.row for one in of_model], _columns(of_model))
    return len(changed)


def _with_values(batch: ImportBatch) -> QuerySet[ImportedChange]:
    """Whatever belongs to a posting that was withdrawn since is of no account, but for the facts of its person."""
    of_batch = ImportedChange.objects.filter(batch=batch).exclude(subject_type="")
    return of_batch.filter(Q(posting__withdrawn_at=None) | Q(subject_type="person"))


@dataclass(frozen=True, slots=True)
class _ChangedRow:
    """A stored row as it is now, with what the batch made of it."""

    row: Row
    posting: Posting
    before: dict[str, Any] | None
    after: dict[str, Any]


def _changed_rows(batch: ImportBatch) -> list[_ChangedRow]:
    """Those that are still there, and withdrawn only where the batch itself did so."""
    changes = _with_values(batch)
    by_type: dict[str, list[ImportedChange]] = defaultdict(list)
    for change in changes.select_related("posting__person", "posting__unit").order_by("pk"):
        by_type[change.subject_type].append(change)
    found = []
    for name, of_type in by_type.items():
        rows = _MODELS[name]._default_manager.in_bulk([change.subject_id for change in of_type])
        for change in of_type:
            row, after = rows.get(change.subject_id), _after(change)
            if row is not None and (getattr(row, "withdrawn_at", None) is None or "withdrawn_at" in after):
                found.append(_ChangedRow(row, change.posting, _opened(change.before_encrypted), after))
    return found


def _obstacles(changed: Iterable[_ChangedRow]) -> Iterator[str]:
    for one in changed:
        for name, value in one.after.items():
            if _plain(_stored(one.row, name)) != value:
                yield f"{_whose(one.posting)}的{_label(one.row, name)}在导入以后又改过,不能改回;请先核对,逐条更正。"


def _clashes(rows: Sequence[Row]) -> Iterator[str]:
    """Which of the rows, as they would be, meet another one that is stored."""
    postings = {row.pk: row for row in rows if isinstance(row, Posting)}
    stored = Posting.objects.filter(withdrawn_at=None, person__in={row.person_id for row in postings.values()})
    places: dict[object, list[Posting]] = defaultdict(list)
    for posting in stored.select_related("person", "unit"):
        row = postings.get(posting.pk, posting)
        places[row.person_id, row.township_id, row.unit_id, row.position].append(row)
    for at_place in places.values():
        for earlier, later in overlapping(at_place):
            if earlier.pk in postings or later.pk in postings:
                yield f"{_whose(later)}改回以后与 {earlier.started_on} 起的在岗记录重叠,请先撤销后来登记的在岗记录。"
    for model in (Contract, Suspension):
        yield from _overlaps_of_posting(model, {row.pk: row for row in rows if isinstance(row, model)})
    yield from _of_one_day(Wage, {row.pk: row for row in rows if isinstance(row, Wage)})
    yield from _of_one_day(WorkingTime, {row.pk: row for row in rows if isinstance(row, WorkingTime)})
    yield from _rounds_withdrawn(postings.values())
    for person in (row for row in rows if isinstance(row, Person) and row.national_id_index):
        if Person.objects.filter(national_id_index=person.national_id_index).exclude(pk=person.pk).exists():
            yield f"{person.name}改回以后的身份证号已登记在另一条人员记录上,请先核对。"


def _of_one_day(model: type[Wage] | type[WorkingTime], rows: Mapping[int, Any]) -> Iterator[str]:
    of_them = {row.posting_id for row in rows.values()}
    stored: Any = model._default_manager.filter(posting__in=of_them, withdrawn_at=None).exclude(pk__in=list(rows))
    days: dict[tuple[int, date | None], int] = {}
    for row in (*stored.select_related("posting__person", "posting__unit"), *rows.values()):
        if days.setdefault((row.posting_id, row.effective_from), row.pk) != row.pk:
            name = _NAMES[str(model._meta.model_name)]
            yield f"{_whose(row.posting)}在 {row.effective_from or '到岗时'} 已另有{name}记录,请先核对。"


def _rounds_withdrawn(postings: Iterable[Posting]) -> Iterator[str]:
    """A round may be withdrawn once nobody came by it any more; locked, so that it is not at this moment."""
    of_round = {posting.recruitment_round_id: posting for posting in postings if posting.recruitment_round_id}
    for round_ in RecruitmentRound.objects.select_for_update().filter(pk__in=list(of_round)).order_by("pk"):
        if round_.withdrawn_at is not None:
            yield f"{_whose(of_round[round_.pk])}原来是由{round_}到岗的,这次公开招聘已经撤销,不能改回。"


def _overlaps_of_posting(model: type[Contract] | type[Suspension], rows: Mapping[int, Any]) -> Iterator[str]:
    of_them = {row.posting_id for row in rows.values()}
    stored: Any = model._default_manager.filter(posting__in=of_them, withdrawn_at=None)
    of_posting: dict[int, list[Any]] = defaultdict(list)
    for row in stored.select_related("posting__person", "posting__unit"):
        of_posting[row.posting_id].append(rows.get(row.pk, row))
        of_posting[row.posting_id][-1].posting = row.posting
    for several in of_posting.values():
        for earlier, later in overlapping(several):
            if earlier.pk in rows or later.pk in rows:
                name = _NAMES[str(model._meta.model_name)]
                yield f"{_whose(later.posting)}的{name}改回以后与 {earlier.started_on} 起的另一条重叠,请先核对。"


def _first(found: Iterable[str]) -> list[str]:
    """The first few, and how many more there are."""
    told = list(dict.fromkeys(found))
    return told if len(told) <= _TOLD else [*told[:_TOLD], f"另有 {len(told) - _TOLD} 处。"]


def _whose(posting: Posting) -> str:
    unit = posting.unit.name if posting.unit is not None else ""
    return f"{posting.person.name}({unit + ' ' if unit else ''}{posting.started_on} 到岗)"


def _label(row: Row, name: str) -> str:
    if isinstance(row, Person):
        return LABELS[name]
    field = row._meta.get_field(name)
    label = str(field.verbose_name) if isinstance(field, Field) else name
    return label if isinstance(row, Posting) else f"{_NAMES[str(row._meta.model_name)]}{label}"


def _set(row: Row, name: str, value: Any) -> None:
    """Set a field from what JSON kept of it."""
    if isinstance(row, Person):
        write_fact(row, name, value)
    else:
        setattr(row, name, row._meta.get_field(name).to_python(value))  # type: ignore[union-attr]


def _stored(row: Row, name: str) -> object:
    return fact(row, name) if isinstance(row, Person) else getattr(row, name)


def _columns(changed: Iterable[_ChangedRow]) -> Sequence[str]:
    return sorted({name for one in changed for name in one.before or {}})


def _plain(value: object) -> object:
    """As JSON gives it back."""
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _sealed(values: Values) -> bytes:
    plain = {name: _plain(value) for name, value in values.items()}
    return encrypt(_PURPOSE, json.dumps(plain, ensure_ascii=False))


def _opened(stored: bytes | memoryview | None) -> dict[str, Any] | None:
    if stored is None:
        return None
    values: dict[str, Any] = json.loads(decrypt(_PURPOSE, bytes(stored)))
    return values


def _after(change: ImportedChange) -> dict[str, Any]:
    return _opened(change.after_encrypted) or {}
