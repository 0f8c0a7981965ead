"""The steps of a township's report: submit, accept, return; and the reasons given for findings."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from accounts.permissions import Permission, demand
from foundation.dates import Month
from staffing.models import Posting
from subsidies.calculation.settled import settled_before
from subsidies.enums import ReportAction, ReportState
from subsidies.events import REPORT_STEPS, SubsidyEvent
from subsidies.known_runs import ledger_first_month
from subsidies.locks import locked_township
from subsidies.models import Acknowledgement, TownshipReport
from subsidies.refusals import ReasonMissing, RunChanged, RunRefused
from subsidies.reports.acknowledgements import AnsweredFinding, answered_findings, give_reason
from subsidies.reports.facts import CURRENT_FORMAT, digest_of_facts, facts_to_report, report_facts
from subsidies.reports.statuses import ReportStatus, first_of_window, parameters_of_ledger, statuses
from subsidies.steps import UNSEEN, Seen, allowed_step, enter
from subsidies.workflow import REPORT_STATES, REPORT_TRANSITIONS, Transition
from townships.models import Township, TownshipQuerySet


@transaction.atomic
def submit_report(
    *,
    township: Township,
    month: Month,
    confirmed: Collection[int],
    note: str = "",
    actor: User | None,
    now: datetime,
    seen: Seen = UNSEEN,
) -> TownshipReport:
    """Send a month up: every posting in service confirmed, every finding answered.

    `confirmed` are posting ids. Raises PermissionDenied, RunBusy, RunChanged, RunRefused.
    """
    step = _begun_step(ReportAction.SUBMIT, township, month, actor=actor, now=now, seen=seen)
    report = step.report
    _demand_month_before(township, month, (ReportState.SUBMITTED, ReportState.ACCEPTED))
    serving = Posting.objects.filter(township=township, withdrawn_at__isnull=True, started_on__lte=month.last)
    serving = serving.exclude(ended_on__lt=month.first).select_related("person")
    unconfirmed = [posting.person.name for posting in serving if posting.pk not in confirmed]
    if unconfirmed:
        raise RunRefused(
            f"还有 {len(unconfirmed)} 人没有确认:{'、'.join(unconfirmed[:20])}。"
            "仍在岗的请去掉“不在岗”的勾;不在岗的请在人员表下面登记离岗或停发,录错的点姓名撤销,然后再上报。"
        )
    open_ones = [row for row in answered_findings(month, _alone(township)) if row.acknowledgement is None]
    if open_ones:
        raise RunRefused(f"还有 {len(open_ones)} 条提示没有填写情况说明,请先填写。")
    since = first_of_window(township, month)
    window = {township.pk: since}
    facts = report_facts(month, facts_to_report(month, since=window), since=window)[township.pk]
    if report.state == ReportState.ACCEPTED and not _status(report, timezone.localdate(now)).is_stale:
        raise RunRefused("月报已经审核通过,通过后没有变动,不必重报。")
    report.submission += 1
    report.since, report.note = since.first, note
    report.format, report.facts, report.digest = CURRENT_FORMAT, facts, digest_of_facts(facts)
    report.submitted_by, report.decided_by = actor, None
    report.return_reason, report.posting_reasons = "", {}
    return _taken(step, reason="")


@transaction.atomic
def accept_report(*, report: TownshipReport, actor: User | None, now: datetime, seen: Seen = UNSEEN) -> TownshipReport:
    """Accept a submitted report that still says what the facts say, in month order."""
    step = _begun_step(ReportAction.ACCEPT, report.township, report.period, actor=actor, now=now, seen=seen)
    report = step.report
    _demand_month_before(report.township, report.period, (ReportState.ACCEPTED,))
    if actor is not None and actor.pk == report.submitted_by_id:
        raise RunRefused("上报人不能审核自己上报的月报,请由另一名县局经办办理。")
    changes = _status(report, timezone.localdate(now)).changes
    if changes:
        raise RunChanged(f"上报以后又有变动:{';'.join(changes[:5])}。请镇街核对后重新上报。")
    report.decided_by = actor
    return _taken(step, reason="")


@dataclass(frozen=True, slots=True)
class AcceptedSeveral:
    """The reports that were accepted, and those that were not, each with why."""

    accepted: Sequence[TownshipReport]
    left_out: Sequence[tuple[TownshipReport, str]]


@transaction.atomic
def accept_reports(
    *, reports: Iterable[TownshipReport], seen: Mapping[int, int], actor: User | None, now: datetime
) -> AcceptedSeveral:
    """Accept each of them as `accept_report` does; `seen`: how often it was sent up, by its id.

    What cannot be accepted stays as it is. One event each. Raises PermissionDenied.
    """
    accepted, left_out = list[TownshipReport](), list[tuple[TownshipReport, str]]()
    # Every township is locked in the same order, whoever asks.
    for report in sorted(reports, key=lambda row: row.township_id):
        try:
            accepted.append(accept_report(report=report, actor=actor, now=now, seen=Seen(seen[report.pk])))
        except RunRefused as error:
            left_out.append((report, str(error)))
    return AcceptedSeveral(accepted, left_out)


@transaction.atomic
def return_report(
    *,
    report: TownshipReport,
    reason: str,
    posting_reasons: Mapping[int, str] | None = None,
    actor: User | None,
    now: datetime,
    seen: Seen = UNSEEN,
) -> TownshipReport:
    """Give a report back with a reason in general or for single postings; not once a run with it is approved."""
    step = _begun_step(ReportAction.RETURN, report.township, report.period, actor=actor, now=now, seen=seen)
    report = step.report
    by_posting = {str(posting): text.strip() for posting, text in (posting_reasons or {}).items() if text.strip()}
    if not reason.strip() and not by_posting:
        raise ReasonMissing("退回须写明原因:可写总的原因,也可逐人写。")
    named = Posting.objects.filter(township=report.township_id, pk__in=by_posting).select_related("person")
    names = {str(posting.pk): posting.person.name for posting in named}
    if len(names) != len(by_posting):
        raise RunRefused("逐人退回的原因只能写给本镇乡(街道)的人,请刷新页面核对后再办。")
    if TownshipReport.objects.filter(
        township=report.township_id, month__gt=report.month, state=ReportState.ACCEPTED.value
    ).exists():
        raise RunRefused("后面的月份已经审核通过,请先退回后面的月份。")
    report.decided_by = actor
    report.return_reason, report.posting_reasons = reason.strip(), by_posting
    people = [f"{names[posting]}:{text}" for posting, text in by_posting.items()]
    return _taken(step, reason=reason.strip() or ";".join(people)[:500], people=people)


@transaction.atomic
def acknowledge(
    *,
    township: Township,
    month: Month,
    chosen: Callable[[AnsweredFinding], bool],
    reason: str,
    actor: User | None,
) -> Sequence[Acknowledgement]:
    """Give one reason for the open findings of a township that are `chosen`; it holds until their fact changes.

    Raises RunRefused once the month is approved: what stood beside it then is not added to.
    """
    demand(actor, Permission.ACKNOWLEDGE)
    if not reason.strip():
        raise ReasonMissing("请填写情况说明。")
    township = locked_township(township)
    demand_open(township, month)
    found = [
        row.finding
        for row in answered_findings(month, _alone(township))
        if row.acknowledgement is None and chosen(row)
    ]
    rows = give_reason(found, reason, actor)
    if rows:
        report, _ = TownshipReport.objects.get_or_create(township=township, month=month.first)
        checks = sorted({finding.check.value for finding in found})
        after = {"month": str(month), "findings": len(rows), "checks": checks}
        record(
            actor=actor, event=SubsidyEvent.ACKNOWLEDGE_FINDINGS, subject=report, after=after, reason=reason.strip()
        )
    return rows


def locked_report(township: Township, month: Month, seen: Seen) -> TownshipReport:
    """The report as it is stored now, or a new one, with its township locked; RunChanged where it is not what was
    seen."""
    township = locked_township(township)
    report = TownshipReport.objects.filter(township=township, month=month.first).first()
    report = report or TownshipReport(township=township, month=month.first)
    report.township = township
    if seen.number not in (None, report.submission):
        raise RunChanged("这份月报刚刚被别人办理过,请刷新页面,核对后再办。")
    if seen.state not in ("", report.state):
        label = ReportState(seen.state).label
        raise RunChanged(f"您看到时{report}是“{label}”,现在是“{report.state_label}”,请核对后再办。")
    return report


@dataclass(frozen=True, slots=True)
class _BegunStep:
    """A step that this person may take with the report as it is stored now, under the township's lock."""

    action: ReportAction
    report: TownshipReport
    target: str
    actor: User | None
    now: datetime


def _begun_step(
    action: ReportAction, township: Township, month: Month, *, actor: User | None, now: datetime, seen: Seen
) -> _BegunStep:
    """Lock the township to the end of the caller's transaction, read the report anew, and ask what the table asks."""
    report = locked_report(township, month, seen)
    step = _checked_step(report, action, actor)
    demand_open(report.township, month)
    return _BegunStep(action, report, step.target, actor, now)


def _checked_step(report: TownshipReport, action: ReportAction, actor: User | None) -> Transition:
    step = allowed_step(REPORT_TRANSITIONS, action, report.state, actor)
    if step is None:
        raise RunRefused(f"{report}现在是“{report.state_label}”,不能{action.label}。")
    return step


def _taken(step: _BegunStep, *, reason: str, people: Sequence[str] = ()) -> TownshipReport:
    """The report in its new state, saved with its event; `people`: why single ones are given back."""
    report = step.report
    enter(report, REPORT_STATES, step.target, step.now)
    report.save()
    after: dict[str, object] = {"month": str(report.period), "submission": report.submission, "digest": report.digest}
    if people:
        after["people"] = list(people)
    record(actor=step.actor, event=REPORT_STEPS[step.action], subject=report, after=after, reason=reason)
    return report


def demand_open(township: Township, month: Month) -> None:
    """Raises RunRefused once a run with the township's month is approved, and before the ledger begins."""
    reached = settled_before().get(township.pk)
    first_month = ledger_first_month(parameters_of_ledger())
    if reached is not None and month <= reached:
        raise RunRefused(f"{township.name}{month.label}已随核算审批,不能再改月报;以后的变动在下一次核算中补发或扣回。")
    if first_month is not None and month < first_month:
        raise RunRefused(f"账目从{first_month.label}起,更早的月份不用上报。")


def _demand_month_before(township: Township, month: Month, states: Collection[ReportState]) -> None:
    """Reports go in month order, from the township's first one on."""
    reached = settled_before().get(township.pk)
    earlier = TownshipReport.objects.filter(township=township, month__lt=month.first).exclude(
        state=ReportState.DRAFT.value
    )
    expected_before = month - 1
    first_month = ledger_first_month(parameters_of_ledger())
    if reached is not None and expected_before <= reached:
        return
    must_exist = earlier.exists() or (first_month is not None and first_month <= expected_before)
    if not must_exist:
        return
    before = earlier.filter(month=expected_before.first).first()
    if before is None or before.state not in states:
        raise RunRefused(
            f"请按月份顺序办理:{expected_before.label}的月报还没有{'审核通过' if len(states) == 1 else '上报'}。"
        )


def _status(report: TownshipReport, today: date) -> ReportStatus:
    return statuses(report.period, _alone(report.township), today=today)[0]


def _alone(township: Township) -> TownshipQuerySet:
    return Township.objects.filter(pk=township.pk)
