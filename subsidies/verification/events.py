"""What the record of events tells of seals and steps agrees with what is sealed."""

from collections.abc import Iterator

from accounts.models import AuditEvent
from subsidies.models import Seal
from subsidies.verification.breaks import Break


def seals_stand_in_events(seals: list[Seal]) -> Iterator[Break]:
    """Each seal stands in the event of its step, and no event names another."""
    rows = AuditEvent.objects.values_list("pk", "sequence", "previous_digest", "digest")
    events = {
        sequence: (event, previous, digest)
        for event, sequence, previous, digest in rows.filter(sequence__isnull=False)
        if sequence is not None
    }
    known = {seal.sequence: seal for seal in seals}
    for sequence in sorted(events.keys() | known.keys()):
        if sequence not in events:
            yield Break("events", "subsidies_seal", known[sequence].pk, f"第 {sequence} 号封存没有对应的日志")
        elif sequence not in known:
            yield Break(
                "events", "accounts_auditevent", events[sequence][0], f"日志中的第 {sequence} 号封存已不在封存链上"
            )
        elif (known[sequence].previous, known[sequence].digest) != events[sequence][1:]:
            yield Break("events", "accounts_auditevent", events[sequence][0], f"第 {sequence} 号封存与日志不符")
