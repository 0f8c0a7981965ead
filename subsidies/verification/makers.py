"""Who made a revision is told the same by the revision, its seals and the events; whoever approved is none of them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Q

from accounts.breaks import Break
from accounts.events import saying
from accounts.models import AuditEvent
from subsidies.enums import RunAction
from subsidies.events import SubsidyEvent
from subsidies.models import Revision
from subsidies.revisions.sealed import RevisionSeal
from subsidies.verification.events import told_of
from subsidies.workflow import RUN_STATES

# A run in one of these states has a current revision that was sent.
_SENT = [row.state for row in RUN_STATES if "sent_at" in row.times]


class _Making(NamedTuple):
    """An event of calculating or sending."""

    event: int
    actor: int | None
    in_whose_stead: int | None
    number: object
    digest: object


def revisions_have_their_makers(seals: list[RevisionSeal]) -> Iterator[Break]:
    """Every revision that keeps its lines was calculated, and sent if it was sent, in an event that agrees with it."""
    made = _making()
    sealed: dict[int, set[str]] = defaultdict(set)
    for seal in seals:
        sealed[seal.revision.pk].add(seal.link.action)
    kept = Revision.objects.filter(Q(pk__in=sealed) | Q(current_for__isnull=False)).select_related("run")
    for revision in kept.defer("basis", "total").order_by("pk"):
        of_run = made[revision.run_id]
        is_current = revision.run.current_revision_id == revision.pk
        # One that was never sent may have been voided.
        was_sent = bool(sealed[revision.pk] - {RunAction.VOID}) or (is_current and revision.run.state in _SENT)
        calculated = _first_of(of_run[RunAction.CALCULATE], revision)
        if calculated is None:
            yield Break("events", "subsidies_revision", revision.pk, f"{revision}没有核算的日志")
        elif (calculated.actor, calculated.digest) != (revision.calculated_by_id, revision.digest):
            what = f"{revision}的核算人或摘要与核算的日志不符"
            yield Break("events", "accounts_auditevent", calculated.event, what)
        sent = _first_of(of_run[RunAction.SEND], revision)
        if was_sent and sent is None:
            yield Break("events", "subsidies_revision", revision.pk, f"{revision}没有送审的日志")
        elif was_sent and revision.sent_at is None:
            yield Break("events", "subsidies_revision", revision.pk, f"{revision}送审过,却没有送审的时间")
        elif sent is not None and sent.digest != revision.digest:
            yield Break("events", "accounts_auditevent", sent.event, f"{revision}的摘要与送审的日志不符")


def approvers_are_no_makers(seals: list[RevisionSeal]) -> Iterator[Break]:
    """Whoever sealed an approval had neither calculated nor sent a revision of the run until then."""
    made = _making()
    calculated: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for run, number, person in Revision.objects.values_list("run", "number", "calculated_by"):
        calculated[run].append((number, person))
    approvals = dict(AuditEvent.objects.filter(sequence__isnull=False).values_list("sequence", "pk"))
    for seal in seals:
        if seal.link.action != RunAction.APPROVE or seal.link.sealed_by_id is None:
            continue
        run = seal.revision.run_id
        event = approvals.get(seal.link.sequence)
        makers = {person for number, person in calculated[run] if number <= seal.revision.number}
        earlier = [row for rows in made[run].values() for row in rows if event is None or row.event < event]
        makers |= {row.actor for row in earlier} | {row.in_whose_stead for row in earlier}
        if seal.link.sealed_by_id in makers:
            what = f"{seal.revision}由核算或送审过它的人审批(第 {seal.link.sequence} 号封存)"
            yield Break("events", "subsidies_seal", seal.link.pk, what)


def _making() -> dict[int, dict[str, list[_Making]]]:
    """By run and action the events of calculating and sending, in their order."""
    found: dict[int, dict[str, list[_Making]]] = defaultdict(lambda: defaultdict(list))
    events = AuditEvent.objects.filter(saying(SubsidyEvent.CALCULATE, SubsidyEvent.SEND), result="done").order_by("pk")
    told = events.values_list("pk", "subject_id", "action", "actor_id", "on_behalf_of_id", "after")
    for event, run, action, actor, in_whose_stead, after in told:
        if run is not None:
            found[run][action].append(_Making(event, actor, in_whose_stead, *told_of(after)))
    return found


def _first_of(made: list[_Making], revision: Revision) -> _Making | None:
    return next((row for row in made if row.number == revision.number), None)
