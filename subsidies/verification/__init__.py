"""Whether the ledger still is what was approved: chain of seals, every row, every figure worked out again.

`verify` gives a Break for whatever is not: what is wrong, and the row. It reads, and writes nothing.
"""

from collections import defaultdict
from collections.abc import Iterator

from foundation.triggers import declared_triggers, installed_triggers
from subsidies.enums import RunState
from subsidies.invariants import Examined, Key, breaches
from subsidies.models import Revision, Seal, SubsidyRun
from subsidies.selectors.stored import stored_revision
from subsidies.verification.breaks import Break, as_json
from subsidies.verification.chain import chain, heads
from subsidies.verification.content import content
from subsidies.verification.events import seals_stand_in_events
from subsidies.verification.recomputed import worked_out_again
from subsidies.verification.standing import runs_are_sealed

__all__ = ["Break", "as_json", "verify"]


def verify() -> Iterator[Break]:
    """Every break of the ledger, the chain first; a sound ledger gives none."""
    yield from _triggers()
    seals = list(Seal.objects.select_related("revision__run").order_by("sequence"))
    yield from chain(seals)
    yield from heads(seals)
    yield from seals_stand_in_events(seals)
    yield from runs_are_sealed(seals)
    by_revision: dict[int, list[Seal]] = defaultdict(list)
    for seal in seals:
        by_revision[seal.revision_id].append(seal)
    posted: dict[Key, int] = defaultdict(int)
    runs = SubsidyRun.objects.select_related("county").order_by("month", "number")
    for run in runs.iterator():
        for revision in Revision.objects.filter(run=run).order_by("number"):
            revision.run = run
            is_current = run.current_revision_id == revision.pk
            if not is_current and revision.pk not in by_revision:
                continue
            stored = stored_revision(revision)
            yield from content(stored, by_revision[revision.pk])
            if revision.sent_at is not None or is_current:
                yield from worked_out_again(stored)
            if is_current and run.state != RunState.VOIDED:
                run.current_revision = revision
                for sentence in breaches(Examined(run, stored, posted)):
                    yield Break("invariant", "subsidies_revision", revision.pk, sentence)
            if is_current and run.is_approved:
                for line in stored.lines:
                    posted[line.posting, line.for_month] += line.amount


def _triggers() -> Iterator[Break]:
    from django.db import connection

    installed, declared = installed_triggers(connection), declared_triggers(connection.vendor)
    for name in sorted(declared.keys() | installed.keys()):
        if installed.get(name) != declared.get(name):
            yield Break("trigger", "", None, f"数据库触发器 {name} 缺失或被改动")
