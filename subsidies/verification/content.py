"""The rows of a revision are those that were sealed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from accounts.breaks import Break
from accounts.seals import MARK_BYTES, Content, marks_of
from subsidies.enums import RunAction
from subsidies.models import KeptStaffing
from subsidies.revisions.formats import FORMATS, filled_beyond, method_of
from subsidies.revisions.sealed import RevisionSeal
from subsidies.revisions.stored import Row, StoredRevision


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


def content(stored: StoredRevision, seals: list[RevisionSeal]) -> Iterator[Break]:
    """The rows are those that each of the revision's seals covers, in order; the first that does not fit says which.

    What is kept at the approval is covered from then on, and not by what was sealed before. Columns that came after
    the rows were written are empty.
    """
    yield from _filled_later(stored, seals)
    now: dict[tuple[int, bool], Content] = {}
    approved = False
    for seal in seals:
        form = FORMATS.get(seal.link.format_number)
        approved = approved or seal.link.action == RunAction.APPROVE
        if form is None:  # the chain names it
            continue
        covered = stored if approved or not stored.staffing else replace(stored, staffing=[])
        key = seal.link.format_number, covered is stored
        if key not in now:
            now[key] = form.content(covered)
        if seal.link.content != now[key].digest:
            yield from _changed(list(form.rows(covered)), now[key], seal)
            return


def _filled_later(stored: StoredRevision, seals: list[RevisionSeal]) -> Iterator[Break]:
    """Values in columns that the rows did not have when they were written: by the method that made them, and by the
    earliest format they were sealed in."""
    numbers = {method_of(stored.revision), *(seal.link.format_number for seal in seals)} & FORMATS.keys()
    if not numbers:
        return
    for kind, pk, column in filled_beyond(stored, FORMATS[min(numbers)].columns):
        table, label = _KINDS[kind.name]
        what = f"{stored.revision}的{label} {pk} 的“{column}”一栏在封存时还没有,不该有内容"
        yield Break("content", table, pk, what)


def kept_without_approval(seals: list[RevisionSeal]) -> Iterator[Break]:
    """Places and people are kept by an approval, and by nothing else."""
    approved = {seal.revision.pk for seal in seals if seal.link.action == RunAction.APPROVE}
    for row, revision in KeptStaffing.objects.order_by("pk").values_list("pk", "revision_id"):
        if revision not in approved:
            label = _KINDS["staffing"].label
            yield Break("content", "subsidies_keptstaffing", row, f"{label} {row} 所属的版次没有审批过")


def _changed(rows: list[tuple[str, Row]], now: Content, seal: RevisionSeal) -> Iterator[Break]:
    """The rows whose marks are not those of the seal."""
    revision, sealed = seal.revision, bytes(seal.link.marks)
    more = (len(now.marks) - len(sealed)) // MARK_BYTES
    changed = list(_differing(rows, now, sealed))
    if more:
        what = f"比封存时{'多' if more > 0 else '少'} {abs(more)} 行"
        first = f",从{_KINDS[changed[0][0]].label} {changed[0][1][0]} 起不同" if changed else ""
        yield Break("content", "subsidies_revision", revision.pk, f"{revision}{what}{first}")
        return
    if not changed:
        yield Break("content", "subsidies_revision", revision.pk, f"{revision}的内容与封存时不符")
    for name, values in changed:
        table, label = _KINDS[name]
        yield Break("content", table, values[0], f"{revision}的{label} {values[0]} 在封存后被改动")


def _differing(rows: list[tuple[str, Row]], now: Content, sealed: bytes) -> Iterator[tuple[str, Row]]:
    """The rows that stand where the seal has the mark of another."""
    for entry, mark, before in zip(rows, marks_of(now.marks), marks_of(sealed), strict=False):
        if mark != before:
            yield entry
