"""What the record of events tells of seals agrees with what is sealed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from accounts.breaks import Break
from accounts.models import AuditEvent, Seal
from subsidies.models import Revision
from subsidies.revisions.sealed import RevisionSeal


class _Told(NamedTuple):
    """An event that names a seal."""

    pk: int
    sequence: int
    previous_digest: str
    digest: str
    action: str
    actor_id: int | None
    actor_name: str
    role: str
    reason: str
    at: datetime
    subject_type: str
    subject_id: int | None
    result: str
    after: Any  # whatever JSON stands there


def told_of(after: Any) -> tuple[object, object]:
    """The number and the digest of the revision that an event of a run speaks of."""
    return (after.get("revision"), after.get("digest")) if isinstance(after, dict) else (None, None)


def seals_stand_in_events(links: list[Seal], seals: list[RevisionSeal]) -> Iterator[Break]:
    """Each link of the chain stands in the event of its step, and no event names another."""
    rows = AuditEvent.objects.filter(sequence__isnull=False).order_by("pk").values_list(*_Told._fields)
    events = {event.sequence: event for event in map(_Told._make, rows)}
    known = {link.sequence: link for link in links}
    revisions = {seal.link.sequence: seal.revision for seal in seals}
    for sequence in sorted(events.keys() | known.keys()):
        event, link = events.get(sequence), known.get(sequence)
        if link is None:
            event = events[sequence]
            yield Break("events", "accounts_auditevent", event.pk, f"日志中的第 {sequence} 号封存已不在封存链上")
        elif event is None:
            yield Break("events", "subsidies_seal", link.pk, f"第 {sequence} 号封存没有对应的日志")
        elif what := [*_differing(link, event), *_differing_subject(link, revisions.get(sequence), event)]:
            yield Break("events", "accounts_auditevent", event.pk, f"第 {sequence} 号封存与日志不符:{'、'.join(what)}")


def _differing(link: Seal, event: _Told) -> list[str]:
    """In words, where an event says something else of the step than its seal."""
    step: dict[str, object] = link.step if isinstance(link.step, dict) else {}
    agreeing = {
        "摘要": (link.previous, link.digest) == (event.previous_digest, event.digest),
        "步骤": (link.action, "done") == (event.action, event.result),
        "办理人": link.sealed_by_id == event.actor_id,
        "姓名": step.get("actor_name") == event.actor_name,
        "角色": step.get("role") == event.role,
        "原因": step.get("reason") == event.reason,
        "时间": link.sealed_at == event.at,
    }
    return [what for what, agrees in agreeing.items() if not agrees]


def _differing_subject(link: Seal, revision: Revision | None, event: _Told) -> list[str]:
    """The same of what was sealed: the run of a revision, or the row that the seal names."""
    if revision is None:
        named = (link.subject_type, link.subject_id) == (event.subject_type, event.subject_id)
        return [] if named else ["对象"]
    step: dict[str, object] = link.step if isinstance(link.step, dict) else {}
    total = event.after.get("total") if isinstance(event.after, dict) else None
    agreeing = {
        "合计": step.get("total") == total,
        "对象": ("subsidyrun", revision.run_id) == (event.subject_type, event.subject_id),
        "版次": (revision.number, revision.digest) == told_of(event.after),
    }
    return [what for what, agrees in agreeing.items() if not agrees]
