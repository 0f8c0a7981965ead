"""Every line worked out again from the inputs that it keeps."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from accounts.breaks import UNREADABLE, Break
from foundation.dates import Month
from foundation.rounding import from_fen, to_fen
from staffing.enums import Check, Position
from subsidies.revisions.formats import method_of
from subsidies.revisions.stored import StoredExplanation, StoredLine, StoredRevision
from subsidies.rules import stored_parameters
from subsidies.rules.competition import PostingDays
from subsidies.rules.formulas import MonthFormulas
from subsidies.rules.methods import METHODS
from subsidies.rules.results import Reason, Result


def worked_out_again(stored: StoredRevision) -> Iterator[Break]:
    """Every line gives the same rate, amount, reason, steps, share and surplus from the inputs that it keeps, by the
    method of its revision."""
    revision = stored.revision
    method = METHODS.get(method_of(revision))
    if method is None:
        sentence = f"{revision}由更新的程序核算(方法 {revision.basis.get('method')}),本程序不能重算"
        yield Break("method", "subsidies_revision", revision.pk, sentence)
        return
    formulas = {
        f"{kept['month']}-01": MonthFormulas(Month.parse(kept["month"]), stored_parameters.from_json(kept), method)
        for kept in revision.basis["months"]
        if "assistant" in kept
    }
    explanations = {row.id: row for row in stored.explanations}
    said: dict[int, Result] = {}
    for line in stored.lines:
        try:
            what = _amiss(line, formulas, explanations, said) or _share_amiss(line)
        except UNREADABLE:
            what = "其中有不可能的内容,无法重算"
        if what:
            yield _wrong(line, stored, what)


def _amiss(
    line: StoredLine,
    formulas: Mapping[str, MonthFormulas],
    explanations: Mapping[int, StoredExplanation],
    said: dict[int, Result],
) -> str:
    """What is wrong with a line; empty where nothing is. `said`: the explanations that were found right, by id."""
    of_month = formulas.get(line.for_month)
    if of_month is None:
        return ""
    if line.reason in (Reason.NOT_ON_POST, Reason.WITHDRAWN):
        return f"应补 {_yuan(line.due)} 元,重算为 0.00 元" if line.due else ""
    result = _result(line, of_month)
    rate = None if result.rate is None else to_fen(result.rate)
    if (rate, to_fen(result.amount)) != (line.rate, line.due):
        return f"应补 {_yuan(line.due)} 元,重算为 {result.amount} 元"
    explanation = explanations.get(line.explanation)
    if explanation is None:
        return "没有计算说明"
    if said.get(explanation.id) is result:
        return ""
    if not _says(explanation.steps, explanation.sentence, result):
        return "计算说明与重算不同"
    said[explanation.id] = result
    return ""


def _share_amiss(line: StoredLine) -> str:
    """What is wrong with the share and surplus that a line says they come to (domain 3.9)."""
    if line.component is None or (line.share_level is None and line.cost is None):
        return ""
    if line.share_level is None and line.township_share is None:
        return ""  # of a month that settles none
    cost = 0 if line.reason in (Reason.NOT_ON_POST, Reason.WITHDRAWN) else line.cost
    expected = (None, None) if cost is None else (max(0, cost - line.due), max(0, line.due - cost))
    return "" if (line.share_level, line.surplus_level) == expected else "镇街承担或结余与用工成本不符"


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
