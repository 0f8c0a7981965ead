"""Whether the ledger still is what was approved: chain of seals, every row, every figure worked out again.

`verify` gives a Break for whatever is not: what is wrong, and the row. It reads, and writes nothing.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from accounts.models import AuditEvent
from foundation.dates import Month
from foundation.rounding import from_fen, to_fen
from foundation.triggers import declared_triggers, installed_triggers
from staffing.enums import Check, Position
from subsidies.enums import RunAction, RunState
from subsidies.invariants import Examined, Key, breaches
from subsidies.models import Revision, Seal, SubsidyRun
from subsidies.rules import stored_parameters
from subsidies.rules.competition import PostingDays
from subsidies.rules.formulas import MonthFormulas
from subsidies.rules.results import Reason, Result
from subsidies.seals import content_of, link_digest, marks_of
from subsidies.selectors.stored import StoredLine, StoredRevision, stored_revision
from subsidies.services.seals import heads_written_down, link_of

_WORDS = {
    "revision": "版次",
    "allocation": "镇街合计",
    "explanation": "计算说明",
    "line": "补助明细",
    "adjustment": "其他调整",
    "old_difference": "追溯期外差额",
}


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that is not as it was sealed, or cannot be right; `row` is its id, None where it is no single row."""

    kind: str
    table: str
    row: int | None
    sentence: str


def verify() -> Iterator[Break]:
    """Every break of the ledger, the chain first; a sound ledger gives none."""
    yield from _triggers()
    seals = list(Seal.objects.select_related("revision__run").order_by("sequence"))
    yield from _chain(seals)
    yield from _heads(seals)
    yield from _events(seals)
    yield from _runs_are_sealed(seals)
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
            yield from _content(stored, by_revision[revision.pk])
            if revision.sent_at is not None or is_current:
                yield from _worked_out_again(stored)
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


def _chain(seals: list[Seal]) -> Iterator[Break]:
    """One chain without gaps, every link made with the key over the one before."""
    before = ""
    for number, seal in enumerate(seals, 1):
        if seal.sequence != number:
            yield Break(
                "chain", "subsidies_seal", seal.pk, f"封存链在第 {number} 号断开:下一条是第 {seal.sequence} 号"
            )
            return
        if seal.previous != before:
            yield Break("chain", "subsidies_seal", seal.pk, f"第 {number} 号封存没有接在前一条之后")
        if link_digest(link_of(seal)) != seal.digest:
            yield Break("chain", "subsidies_seal", seal.pk, f"第 {number} 号封存的密钥摘要不符,被改动或不是本系统所封")
        before = seal.digest


def _heads(seals: list[Seal]) -> Iterator[Break]:
    """The heads that were written down outside of the database are those of the chain."""
    by_sequence = {seal.sequence: seal.digest for seal in seals}
    try:
        written = heads_written_down()
    except ValueError:
        yield Break("heads", "", None, "数据库外的封存记录文件无法读取")
        return
    for sequence, digest in written:
        if by_sequence.get(sequence) != digest:
            yield Break(
                "heads", "subsidies_seal", None, f"数据库外记录的第 {sequence} 号封存与数据库不符:被删除或重做"
            )


def _events(seals: list[Seal]) -> Iterator[Break]:
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


def _runs_are_sealed(seals: list[Seal]) -> Iterator[Break]:
    """The last seal of a run's revision says how the run stands."""
    last = {seal.revision_id: seal.action for seal in seals}
    wanted = {
        RunState.APPROVED: RunAction.APPROVE,
        RunState.VOIDED: RunAction.VOID,
        RunState.RETURNED: RunAction.RETURN,
    }
    for run in SubsidyRun.objects.order_by("month", "number"):
        action = wanted.get(RunState(run.state))
        if action is not None and last.get(run.current_revision_id or 0) != action:
            yield Break("seal", "subsidies_subsidyrun", run.pk, f"{run}的状态是“{run.state_label}”,封存链上没有这一步")
        if action is None and last.get(run.current_revision_id or 0) == RunAction.APPROVE:
            yield Break("seal", "subsidies_subsidyrun", run.pk, f"{run}已封存为审批,状态却是“{run.state_label}”")


def _content(stored: StoredRevision, seals: list[Seal]) -> Iterator[Break]:
    """The rows are those that were sealed; the marks name the ones that are not."""
    if not seals:
        return
    rows = list(stored.rows())
    content = content_of(rows)
    for seal in seals:
        if seal.content == content.digest:
            continue
        named = False
        for entry, mark, sealed in zip_longest(rows, marks_of(content.marks), marks_of(bytes(seal.marks))):
            if mark == sealed:
                continue
            named = True
            if entry is None or sealed is None:
                more = "多了" if sealed is None else "少了"
                yield Break(
                    "content", "subsidies_revision", stored.revision.pk, f"{stored.revision}{more}封存时没有或已有的行"
                )
            else:
                yield Break(
                    "content",
                    f"subsidies_{_TABLES[entry[0]]}",
                    entry[1][0],
                    f"{stored.revision}的{_WORDS[entry[0]]} {entry[1][0]} 在封存后被改动",
                )
            if entry is None or sealed is None or len(rows) * 4 != len(bytes(seal.marks)):
                break
        if not named:
            yield Break("content", "subsidies_revision", stored.revision.pk, f"{stored.revision}的内容与封存时不符")
        return


_TABLES = {
    "revision": "revision",
    "allocation": "allocation",
    "explanation": "explanation",
    "line": "allocationline",
    "adjustment": "adjustmentline",
    "old_difference": "olddifference",
}


def _worked_out_again(stored: StoredRevision) -> Iterator[Break]:
    """Every line gives the same rate, amount, reason and steps from the inputs that it keeps."""
    formulas = {
        f"{kept['month']}-01": MonthFormulas(Month.parse(kept["month"]), stored_parameters.from_json(kept))
        for kept in stored.revision.basis["months"]
        if "assistant" in kept
    }
    explanations = {row.id: row for row in stored.explanations}
    said: dict[int, tuple[str, str]] = {}
    for line in stored.lines:
        of_month = formulas.get(line.for_month)
        if of_month is None or line.reason in (Reason.NOT_ON_POST, Reason.WITHDRAWN):
            if of_month is not None and line.due:
                yield _wrong(line, stored, f"应补 {_yuan(line.due)} 元,重算为 0.00 元")
            continue
        result = _result(line, of_month)
        rate = None if result.rate is None else to_fen(result.rate)
        if (rate, to_fen(result.amount)) != (line.rate, line.due):
            yield _wrong(line, stored, f"应补 {_yuan(line.due)} 元,重算为 {result.amount} 元")
        explanation = explanations.get(line.explanation)
        if explanation is None:
            yield _wrong(line, stored, "没有计算说明")
            continue
        if said.get(id(result)) == (explanation.steps, explanation.sentence):
            continue
        if not _says(explanation.steps, explanation.sentence, result):
            yield _wrong(line, stored, "计算说明与重算不同")
        said[id(result)] = explanation.steps, explanation.sentence


def _result(line: StoredLine, formulas: MonthFormulas) -> Result:
    cap = None
    if formulas.parameters.standard.cap_at_cost and line.cost is not None:
        cap = from_fen(line.cost)
    lost = PostingDays(line.in_service, line.suspended, line.without_post, line.duplicate, line.over_quota)
    blocked_by = Check(line.blocked_by) if line.blocked_by else None
    return formulas.outcomes[Position(line.position), lost, line.households, blocked_by, cap].result


def _says(steps: str, sentence: str, result: Result) -> bool:
    """Whether a stored explanation is that of the result."""
    expected = [{"label": step.label, "value": step.value, "basis": step.basis} for step in result.steps]
    return sentence == result.sentence and json.loads(steps) == expected


def _wrong(line: StoredLine, stored: StoredRevision, what: str) -> Break:
    return Break(
        "recomputed",
        "subsidies_allocationline",
        line.id,
        f"{stored.revision}明细 {line.id}({line.person_name},所属 {line.for_month[:7]}):{what}",
    )


def _yuan(fen: int) -> Decimal:
    return from_fen(fen)


def as_json(found: list[Break], *, seals: int, lines: int) -> Mapping[str, Any]:
    """The result as the command prints it."""
    return {
        "ok": not found,
        "seals": seals,
        "lines": lines,
        "breaks": [{"kind": row.kind, "table": row.table, "row": row.row, "sentence": row.sentence} for row in found],
    }
