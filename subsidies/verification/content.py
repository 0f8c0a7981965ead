"""The rows of a revision are those that were sealed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from subsidies.enums import RunAction
from subsidies.models import KeptStaffing, Seal
from subsidies.revisions.stored import Row, StoredRevision
from subsidies.seals import MARK_BYTES, Content, content_of, marks_of
from subsidies.verification.breaks import Break


class _Kind(NamedTuple):
    table: str
    label: str


_KINDS = {
    "run": _Kind("subsidies_subsidyrun", "核算"),
    "revision": _Kind("subsidies_revision", "版次"),
    "allocation": _Kind("subsidies_allocation", "镇街合计"),
    "explanation": _Kind("subsidies_explanation", "计算说明"),
    "line": _Kind("subsidies_allocationline", "补助明细"),
    "adjustment": _Kind("subsidies_adjustmentline", "其他调整"),
    "old_difference": _Kind("subsidies_olddifference", "追溯期外差额"),
    "staffing": _Kind("subsidies_keptstaffing", "配备情况"),
}


def content(stored: StoredRevision, seals: list[Seal]) -> Iterator[Break]:
    """The rows are those that each of the revision's seals covers, in order; the first that does not fit says which.

    What is kept at the approval is covered from then on, and not by what was sealed before.
    """
    whole: Content | None = None
    approved = False
    for seal in seals:
        approved = approved or seal.action == RunAction.APPROVE
        if stored.staffing and not approved:
            covered = replace(stored, staffing=[])
            now = content_of(covered.rows())
        else:
            covered = stored
            now = whole = whole or content_of(stored.rows())
        if seal.content != now.digest:
            yield from _changed(covered, now, seal)
            return


def kept_without_approval(seals: list[Seal]) -> Iterator[Break]:
    """Places and people are kept by an approval, and by nothing else."""
    approved = {seal.revision_id for seal in seals if seal.action == RunAction.APPROVE}
    for row, revision in KeptStaffing.objects.order_by("pk").values_list("pk", "revision_id"):
        if revision not in approved:
            label = _KINDS["staffing"].label
            yield Break("content", "subsidies_keptstaffing", row, f"{label} {row} 所属的版次没有审批过")


def _changed(stored: StoredRevision, now: Content, seal: Seal) -> Iterator[Break]:
    """The rows whose marks are not those of the seal."""
    revision, sealed = stored.revision, bytes(seal.marks)
    more = (len(now.marks) - len(sealed)) // MARK_BYTES
    if more:
        what = f"比封存时{'多' if more > 0 else '少'} {abs(more)} 行"
        yield Break("content", "subsidies_revision", revision.pk, f"{revision}{what}{_first(stored, now, sealed)}")
        return
    changed = list(_differing(stored, now, sealed))
    if not changed:
        yield Break("content", "subsidies_revision", revision.pk, f"{revision}的内容与封存时不符")
    for name, values in changed:
        table, label = _KINDS[name]
        yield Break("content", table, values[0], f"{revision}的{label} {values[0]} 在封存后被改动")


def _first(stored: StoredRevision, now: Content, sealed: bytes) -> str:
    """In words, from which row on the rows are no longer those that were sealed."""
    for name, values in _differing(stored, now, sealed):
        return f",从{_KINDS[name].label} {values[0]} 起不同"
    return ""


def _differing(stored: StoredRevision, now: Content, sealed: bytes) -> Iterator[tuple[str, Row]]:
    """The rows that stand where the seal has the mark of another."""
    for entry, mark, before in zip(stored.rows(), marks_of(now.marks), marks_of(sealed), strict=False):
        if mark != before:
            yield entry
