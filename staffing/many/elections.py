"""Preparing an election 换届: the table is kept as it is typed, for as many days as it takes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from foundation.cells import Typed
from foundation.crypto import decrypt, encrypt
from foundation.pasted import PastedRow, read_block
from staffing.enums import ElectionState
from staffing.events import StaffingEvent
from staffing.many.election_columns import INCUMBENT, UNIT, election_columns, pasted_columns
from staffing.many.election_seats import Seat
from staffing.models import Election
from staffing.written_names import is_same_name
from townships.models import Township
from townships.places import PlaceError, Places, comparable

_PURPOSE = "election"
SAVED_MEANWHILE = "{who}在 {when} 保存过这张表;您填写的还在下面,请核对后再点保存,保存后以您的为准。"


@dataclass(frozen=True, slots=True)
class TypedTable:
    """Cells by row and column; `left` are pasted lines that belong to no row, as they were pasted, each told in
    `unmatched`."""

    cells: Typed = field(default_factory=dict)
    left: str = ""
    unmatched: Sequence[str] = ()


def prepared_election(township: Township) -> Election | None:
    """The one that is being prepared."""
    found = Election.objects.filter(township=township, state=ElectionState.PREPARING.value)
    return found.select_related("saved_by").first()


def typed_table(election: Election | None) -> TypedTable:
    """What was typed so far."""
    if election is None or election.typed_encrypted is None:
        return TypedTable()
    kept = json.loads(decrypt(_PURPOSE, bytes(election.typed_encrypted)))
    return TypedTable(kept["cells"], kept["left"], kept["unmatched"])


@transaction.atomic
def save_election(
    *,
    township: Township,
    elected_on: date | None,
    document: str,
    table: TypedTable,
    seen: int,
    actor: User | None,
    now: datetime,
) -> Election:
    """Keep the table, whatever is still wrong with it. ValidationError where somebody saved it since it was `seen`."""
    demand(actor, Permission.EDIT_PERSONNEL)
    Township.objects.select_for_update().get(pk=township.pk)
    election = prepared_election(township) or Election(township=township)
    if election.saved != seen:
        raise ValidationError(_meanwhile(election), code="saved_meanwhile")
    election.elected_on, election.document = elected_on, document
    election.typed_encrypted = encrypt(
        _PURPOSE,
        json.dumps({"cells": table.cells, "left": table.left, "unmatched": table.unmatched}, ensure_ascii=False),
    )
    election.saved, election.saved_at, election.saved_by = election.saved + 1, now, actor
    election.full_clean(exclude=["saved_by"])
    election.save()
    audit.record(
        actor=actor,
        event=StaffingEvent.PREPARE_ELECTION,
        subject=election,
        after={"elected_on": elected_on, "document": document, "rows": len(table.cells)},
    )
    return election


@transaction.atomic
def drop_election(*, election: Election, actor: User | None) -> None:
    """Throw away what was typed; nobody's posting is touched. ValidationError where it was carried out meanwhile."""
    demand(actor, Permission.EDIT_PERSONNEL)
    stored = Election.objects.select_for_update().filter(pk=election.pk, state=ElectionState.PREPARING.value).first()
    if stored is None:
        raise ValidationError("这次换届已经办理或清空。")
    audit.record(
        actor=actor,
        event=StaffingEvent.DROP_ELECTION,
        subject=stored,
        before={"elected_on": stored.elected_on, "document": stored.document, "rows": len(typed_table(stored).cells)},
    )
    stored.delete()


def with_pasted(text: str, cells: Typed, seats: Sequence[Seat], *, township: Township, today: date) -> TypedTable:
    """The cells with what was pasted written over them; lines of no row are left over. PasteError as for a block."""
    block = read_block(text, pasted_columns(election_columns(today)), demanded=UNIT)
    places = Places([township], {seat.unit.pk: seat.unit for seat in seats}.values())
    filled = {key: dict(texts) for key, texts in cells.items()}
    taken: set[str] = set()
    left, unmatched = [], []
    for row in block.rows:
        try:
            seat = _seat_of(row, seats, places, township, taken)
        except PlaceError as error:
            left.append(row.line)
            unmatched.append(f"粘贴的第 {row.number} 行:{error.message};{error.advice}。")
            continue
        taken.add(seat.key)
        said = {name: text for name, text in row.cells.items() if name not in (UNIT, INCUMBENT)}
        filled.setdefault(seat.key, {}).update(said)
    if block.ignored:
        unmatched.append(f"粘贴的表头里有不认识的列,没有读入:{'、'.join(block.ignored[:10])}。")
    if left and block.header:
        left.insert(0, block.header)
    return TypedTable({key: texts for key, texts in filled.items() if texts}, "\n".join(left), unmatched)


def _seat_of(row: PastedRow, seats: Sequence[Seat], places: Places, township: Township, taken: set[str]) -> Seat:
    """The row of the table that a pasted one means; PlaceError where there is none."""
    name = row.cells.get(UNIT, "")
    if not name:
        raise PlaceError("没有写村(社区)", "请写明是哪个村(社区)")
    unit = places.unit(name, township=township)
    of_unit = [seat for seat in seats if seat.unit.pk == unit.pk]
    incumbent = row.cells.get(INCUMBENT, "")
    if incumbent and comparable(incumbent) not in _NOBODY:
        of_unit = [seat for seat in of_unit if _holds(seat, incumbent)]
        if not of_unit:
            raise PlaceError(f"{unit.name}的现任不是粘贴的那个人", "请核对现任姓名,或删去这一格")
    free = [seat for seat in of_unit if seat.key not in taken]
    if not free:
        raise PlaceError(f"{unit.name}在粘贴的内容里出现了不止一次", "请只保留一行")
    return free[0]


_NOBODY = frozenset({"无", "空缺", "缺员", "-", "—"})


def _holds(seat: Seat, name: str) -> bool:
    return seat.incumbent is not None and is_same_name(seat.incumbent.person.name, name)


def _meanwhile(election: Election) -> str:
    if not election.saved:
        return "这次换届已由别人办理或清空;请核对各村(社区)的现任后,再点保存,从头填写。"
    who = str(election.saved_by) if election.saved_by else "别人"
    when = f"{timezone.localtime(election.saved_at):%Y-%m-%d %H:%M}" if election.saved_at else ""
    return SAVED_MEANWHILE.format(who=who, when=when)
