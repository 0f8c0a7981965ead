"""Whether the ledger still is what was approved: chain of seals, every row, every figure worked out again.

`verify` gives a Break for whatever is not: what is wrong, and the row. It reads, and writes nothing; a value that
cannot be read is a break as well, and what comes after it is looked at all the same.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from accounts.breaks import Break, as_json, guarded
from accounts.chain_check import LinkDigest, chain, digest_of_link, heads
from accounts.models import Seal
from foundation.triggers import declared_triggers, installed_triggers
from subsidies.enums import RunState
from subsidies.models import Revision, SubsidyRun
from subsidies.policy.then import PolicyThen
from subsidies.revisions.books import Books
from subsidies.revisions.first_links import digest_of_first_link
from subsidies.revisions.formats import FORMATS
from subsidies.revisions.invariants import INVARIANTS, Examined
from subsidies.revisions.sealed import RevisionSeal, revision_seals
from subsidies.revisions.stored import StoredRevision, stored_revision
from subsidies.verification.adjustments import approved_adjustments
from subsidies.verification.content import content, kept_without_approval
from subsidies.verification.events import seals_stand_in_events
from subsidies.verification.makers import approvers_are_no_makers, revisions_have_their_makers
from subsidies.verification.parameters import parameters_as_set, reports_were_required_as_sealed
from subsidies.verification.recomputed import worked_out_again
from subsidies.verification.reports import SettledReports
from subsidies.verification.sheets import issued_sheets
from subsidies.verification.standing import ledger_begins_with_an_approval, returns_of_voided_runs, runs_are_sealed

__all__ = ["Break", "as_json", "verify"]


def verify() -> Iterator[Break]:
    """Every break of the ledger, the chain first; a sound ledger gives none."""
    seals: list[Seal] = []
    of_revisions: list[RevisionSeal] = []
    yield from _triggers()
    yield from guarded(_read(seals, of_revisions), Break("chain", "subsidies_seal", None, "封存链"))
    yield from guarded(chain(seals, _links(of_revisions)), Break("chain", "subsidies_seal", None, "封存链"))
    yield from guarded(heads(seals), Break("heads", "", None, "数据库外的封存记录"))
    of_log = Break("events", "accounts_auditevent", None, "核算的日志")
    yield from guarded(seals_stand_in_events(seals, of_revisions), of_log)
    for of_events in (revisions_have_their_makers, approvers_are_no_makers):
        yield from guarded(of_events(of_revisions), of_log)
    unsealed = Break("seal", "subsidies_ledgerparameters", None, "账目参数")
    yield from guarded(parameters_as_set(seals), unsealed)
    yield from guarded(reports_were_required_as_sealed(of_revisions), unsealed)
    for of_standing in (runs_are_sealed, returns_of_voided_runs, ledger_begins_with_an_approval):
        yield from guarded(of_standing(of_revisions), Break("seal", "subsidies_subsidyrun", None, "核算的状态"))
    kept = kept_without_approval(of_revisions)
    yield from guarded(kept, Break("content", "subsidies_keptstaffing", None, "配备情况"))
    yield from guarded(approved_adjustments(), Break("content", "subsidies_adjustment", None, "其他调整"))
    yield from guarded(issued_sheets(), Break("sheet", "subsidies_sheetfile", None, "签发的表格"))
    yield from guarded(_runs(of_revisions), Break("content", "subsidies_subsidyrun", None, "核算"))


def _links(seals: list[RevisionSeal]) -> Mapping[int, LinkDigest]:
    """How the links of each format are digested: alike but for the first."""
    revision_of = {seal.link.pk: seal.revision for seal in seals}
    later = dict.fromkeys(FORMATS, digest_of_link)
    return {**later, 1: lambda seal: digest_of_first_link(seal, revision_of[seal.pk])}


def _triggers() -> Iterator[Break]:
    from django.db import connection

    installed, declared = installed_triggers(connection), declared_triggers(connection.vendor)
    for name in sorted(declared.keys() | installed.keys()):
        if installed.get(name) != declared.get(name):
            yield Break("trigger", "", None, f"数据库触发器 {name} 缺失或被改动")


def _read(seals: list[Seal], of_revisions: list[RevisionSeal]) -> Iterator[Break]:
    """Read the chain into the lists; a seal over a revision that there is not is a break."""
    seals.extend(Seal.objects.order_by("sequence"))
    of_revisions.extend(revision_seals(seals))
    known = {seal.link.pk for seal in of_revisions}
    for seal in seals:
        if seal.pk not in known and seal.revision_id is not None:
            yield Break("chain", "subsidies_seal", seal.pk, f"第 {seal.sequence} 号封存的版次不存在")


def _runs(seals: list[RevisionSeal]) -> Iterator[Break]:
    """Every run with the revisions of it that keep their lines, in the order in which they were posted."""
    by_revision: dict[int, list[RevisionSeal]] = defaultdict(list)
    for seal in seals:
        by_revision[seal.revision.pk].append(seal)
    before = _Before(Books(), PolicyThen(), SettledReports())
    for run in SubsidyRun.objects.select_related("county").order_by("month", "number").iterator():
        # These two are read in the course of what they belong to.
        for revision in Revision.objects.filter(run=run).defer("basis", "total").order_by("number"):
            revision.run = run
            is_current = run.current_revision_id == revision.pk
            if is_current:
                run.current_revision = revision
            if is_current or revision.pk in by_revision:
                stored = stored_revision(revision)
                found = _revision(stored, by_revision[revision.pk], before, is_current=is_current)
                yield from guarded(found, _told(revision, "content"))


class _Before(NamedTuple):
    """What a revision is compared with: what approved runs before it hold and settled, the policy of its time."""

    books: Books
    policy: PolicyThen
    reports: SettledReports


def _revision(
    stored: StoredRevision, seals: list[RevisionSeal], before: _Before, *, is_current: bool
) -> Iterator[Break]:
    """One revision with its lines; what it posts is added to `before` afterwards."""
    revision, run = stored.revision, stored.revision.run
    yield from guarded(content(stored, seals), _told(revision, "content"))
    if revision.sent_at is not None or is_current:
        yield from guarded(worked_out_again(stored), _told(revision, "recomputed"))
    if is_current and run.state != RunState.VOIDED:
        yield from _invariants(Examined(run, stored, before.books, before.policy), _told(revision, "invariant"))
    if is_current and run.is_approved:
        yield from guarded(before.reports.amiss(stored, seals), _told(revision, "events"))
        before.books.add(stored.lines, stored.adjustments)


def _told(revision: Revision, kind: str) -> Break:
    return Break(kind, "subsidies_revision", revision.pk, str(revision))


def _invariants(of: Examined, otherwise: Break) -> Iterator[Break]:
    for invariant in INVARIANTS:
        sentences = invariant(of)
        found = (Break(otherwise.kind, otherwise.table, otherwise.row, sentence) for sentence in sentences)
        yield from guarded(found, otherwise)
