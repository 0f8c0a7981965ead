"""The sheets that were issued are the bytes that were issued, and none of them is gone."""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from accounts.breaks import Break, guarded
from accounts.events import saying
from accounts.models import AuditEvent
from subsidies.events import SubsidyEvent
from subsidies.models import SheetFile
from subsidies.sheets.issuing import sheet_number, what_is_told


class _Told(NamedTuple):
    """An event of issuing."""

    event: int
    actor: int | None
    after: Any  # whatever JSON stands there


def issued_sheets() -> Iterator[Break]:
    """Bytes, digest and number of every sheet agree with each other and with the event of its issuing."""
    events = AuditEvent.objects.filter(saying(SubsidyEvent.ISSUE_SHEET), result="done").order_by("pk")
    told = {
        subject: _Told(event, actor, after)
        for subject, event, actor, after in events.values_list("subject_id", "pk", "actor_id", "after")
    }
    sheets = SheetFile.objects.select_related("revision__run", "township").order_by("pk")
    for sheet in sheets.defer("revision__basis", "revision__total").iterator(chunk_size=10):
        otherwise = _wrong(sheet.pk, f"签发的表格 {sheet.number}")
        yield from guarded(_amiss(sheet, told.get(sheet.pk)), otherwise)
        told.pop(sheet.pk, None)
    for row, gone in told.items():
        number = gone.after.get("number") if isinstance(gone.after, dict) else None
        yield _wrong(row, f"日志 {gone.event} 中签发的表格 {number} 已不在")


def _amiss(sheet: SheetFile, told: _Told | None) -> Iterator[Break]:
    what = f"签发的表格 {sheet.number}"
    if hashlib.sha256(bytes(sheet.content)).hexdigest() != sheet.sha256:
        yield _wrong(sheet.pk, f"{what}的内容与其 SHA-256 不符")
    if sheet_number(sheet.revision, sheet.sheet, sheet.township) != sheet.number:
        yield _wrong(sheet.pk, f"{what}的编号与月份、版次、表号或镇乡(街道)不符")
    if told is None:
        yield _wrong(sheet.pk, f"{what}没有签发的日志")
    elif (told.actor, told.after) != (sheet.issued_by_id, what_is_told(sheet)):
        yield _wrong(sheet.pk, f"{what}与签发的日志 {told.event} 不符")


def _wrong(row: int | None, sentence: str) -> Break:
    return Break("sheet", "subsidies_sheetfile", row, sentence)
