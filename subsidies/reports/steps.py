"""The steps that reports took, from their events: whether a report was sent up and accepted, whatever its row says."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Q

from accounts.events import saying
from accounts.models import AuditEvent
from subsidies.enums import ReportState
from subsidies.events import REPORT_STEPS, SubsidyEvent
from subsidies.models import TownshipReport

_SUBMIT, _ACCEPT = SubsidyEvent.SUBMIT_REPORT.verb, SubsidyEvent.ACCEPT_REPORT.verb


class ReportEvent(NamedTuple):
    """An event of sending a report up, accepting it or returning it; `after` is whatever JSON it holds."""

    pk: int
    report: int | None
    action: str
    actor: int | None
    after: Any


def report_events(reports: Iterable[int] | None = None) -> Mapping[int, Sequence[ReportEvent]]:
    """Report id -> its events in their order, of all reports or of the given ones, in one statement."""
    which = Q() if reports is None else Q(subject_id__in=list(reports))
    rows = AuditEvent.objects.filter(which, saying(*REPORT_STEPS.values()), result="done").order_by("pk")
    found: dict[int, list[ReportEvent]] = defaultdict(list)
    for event in map(ReportEvent._make, rows.values_list("pk", "subject_id", "action", "actor_id", "after")):
        if event.report is not None:
            found[event.report].append(event)
    return found


def not_accepted(report: TownshipReport, events: Sequence[ReportEvent], *, until: int | None = None) -> str:
    """In words, why the events do not say that the report is accepted, by the event `until`; empty where they do."""
    before = [event for event in events if until is None or event.pk < until]
    if report.state != ReportState.ACCEPTED:
        return f"现在是“{report.state}”,不是审核通过"
    if not before or before[-1].action != _ACCEPT:
        return "没有审核通过的日志"
    accepted = before[-1]
    submitted = next((event for event in reversed(before) if event.action == _SUBMIT), None)
    if submitted is None:
        return "没有上报的日志"
    said = {"submission": report.submission, "digest": report.digest}
    for event in (submitted, accepted):
        if not isinstance(event.after, dict) or said.items() - event.after.items():
            return f"与日志 {event.pk} 所记的上报不符"
    if (submitted.actor, accepted.actor) != (report.submitted_by_id, report.decided_by_id):
        return "上报人或审核人与日志不符"
    return "由上报人自己审核" if accepted.actor is not None and accepted.actor == submitted.actor else ""
