"""What waits on the desk of each role, every item with the address of the page where it is done."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from accounts.enums import Scope
from accounts.events import saying
from accounts.models import AuditEvent, User
from accounts.permissions import Permission, may
from foundation.dates import Month
from pages.desk import DeskFacts
from pages.filters import NEAR
from staffing.enums import Check, Position, ProposalState
from staffing.labels import position_name
from staffing.models import PersonProposal
from staffing.transfers.waiting import transfers_on_desk
from subsidies.enums import RunState
from subsidies.events import SubsidyEvent
from subsidies.known_runs import changes_since
from subsidies.models import SubsidyRun
from subsidies.posts.open_findings import findings_beside_vacancies
from subsidies.posts.places import staffing_by_position
from subsidies.reports.acknowledgements import with_whether_answered
from subsidies.reports.statuses import Progress
from subsidies.rules.checks import PostingRecord, contract_on, ending_tier
from subsidies.rules.dues import requirements_of
from subsidies.rules.retirement import MONTHS_AHEAD, is_near
from subsidies.runs.next_steps import next_step
from subsidies.runs.pages import opening

APPROVED_LATELY = 3
# Days for which the desk tells what became of a proposal, and of how many.
DECIDED_LATELY, SHOWN_DECIDED = 14, 5
# Findings that clerk and officer meet as tasks of their own.
_HAS_TASK = (Check.CONTRACT_ENDING, Check.HOUSEHOLDS_MISSING)


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a task with its number, and the address of its page."""

    label: str
    number: str
    address: str


@dataclass(frozen=True, slots=True)
class Text:
    """Lines to be copied into a message to somebody, under what they are called."""

    label: str
    body: str


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits: a sentence, what to do about it and where. `is_step`: it is the user's own next step."""

    sentence: str
    action: str
    address: str
    is_step: bool = False
    items: Sequence[Item] = ()
    text: Text | None = None


def tasks_of(desk: DeskFacts) -> list[Task]:
    """What waits for the user, in the order in which it is best done."""
    return [task for duty in duties_of(desk.user) for task in duty.tasks(desk)]


def address(name: str, *args: object, **query: object) -> str:
    """The address of a page, with a query string."""
    path = reverse(name, args=args)
    wanted = {key: value for key, value in query.items() if value}
    return f"{path}?{urlencode(wanted)}" if wanted else path


def _calculation(desk: DeskFacts) -> Iterator[Task]:
    """The month to calculate, or the one that should be calculated again."""
    now = opening(desk.today, desk.runs)
    waiting = _waiting_run(desk)
    if waiting is None:
        if now.month <= Month.of(desk.today) and desk.places:
            yield Task(f"{now.month.label}还没有核算。", "去核算", address("months"), is_step=True)
        return
    changes = changes_since(waiting)
    if waiting.state == RunState.RETURNED:
        yield Task(f"{waiting}被退回,请更正后重新核算、送审。", "去看原因", _month_address(waiting), is_step=True)
    elif changes and waiting.state == RunState.CALCULATED:
        sentence = f"{waiting}核算以后又有 {changes} 次登记变动,金额可能不同,请重新核算;结果相同时不产生新的版次。"
        yield Task(sentence, "去重新核算", _month_address(waiting), is_step=True)
    elif changes:
        sentence = f"{waiting}送审以后又有 {changes} 次登记变动,与这个月有关的,请县局审核退回后重新核算。"
        yield Task(sentence, "查看", _month_address(waiting))
    elif waiting.state == RunState.CALCULATED:
        total = f"合计 {desk.months.figures.total:,.2f} 元," if desk.months else ""
        yield Task(f"{waiting}已核算,{total}核对无误后请送审。", "去送审", _month_address(waiting), is_step=True)


def _reports_to_review(desk: DeskFacts) -> Iterator[Task]:
    """Reports of townships that wait for the bureau's word, by month."""
    for month, number in desk.reports.submitted.items():
        sentence = f"{month.label}有 {number} 个镇乡(街道)的月报等待审核。"
        yield Task(sentence, "去审核", address("reports", month), is_step=True)


def _report(desk: DeskFacts) -> Iterator[Task]:
    """The month that the clerk's township has to report next."""
    if desk.reports.own is None:
        return
    status = desk.reports.own.status
    month = status.month
    if status.progress in (Progress.NOT_BEGUN, Progress.DRAFT, Progress.LATE):
        late = (
            f"已过截止日 {desk.reports.own.due_on}"
            if status.progress is Progress.LATE
            else f"请在 {desk.reports.own.due_on} 前上报"
        )
        yield Task(f"{month.label}月报还没有上报,{late}。", "去上报", address("my_month"), is_step=True)
    elif status.progress is Progress.RETURNED:
        yield Task(f"{month.label}月报被县局退回,请更正后重新上报。", "看原因", address("my_month"), is_step=True)
    elif status.is_stale:
        yield Task(f"{month.label}月报上报后又有变动,请重新上报。", "去上报", address("my_month"), is_step=True)


def _stale_own(desk: DeskFacts) -> Iterator[Task]:
    """What the clerk has to send up once more before anything else."""
    if items := _stale(desk):
        sentence = "审核通过以后又有变动的月报,请核对变动,重新上报:"
        yield Task(sentence, "去上报", address("my_month"), is_step=True, items=items)


def _stale_of_townships(desk: DeskFacts) -> Iterator[Task]:
    if items := _stale(desk):
        yield Task("审核通过以后又有变动的月报,镇街重新上报、审核通过以前不能送审、审批:", "", "", items=items)


def _stale(desk: DeskFacts) -> list[Item]:
    """The stale ones; whoever sees several townships reads whose they are."""
    return [
        Item(
            f"{row.township.name if len(desk.townships) > 1 else ''}{row.month.label}",
            "有变动",
            address("report", row.month, row.township.code),
        )
        for row in desk.reports.stale
    ]


def _late_reports(desk: DeskFacts) -> Iterator[Task]:
    """Who has sent nothing up though the day for it is over, also as text for a message to them."""
    late = desk.reports.late
    if late:
        items = [
            Item(row.township.name, row.said, address("report", row.months[0], row.township.code)) for row in late
        ]
        lines = [
            "下列镇乡(街道)的月报已过截止日,还没有上报,请尽快上报:",
            *(f"{row.township.name}:{row.said}" for row in late),
        ]
        sentence = f"{len(late)} 个镇乡(街道)的月报已过截止日,还没有上报:"
        yield Task(sentence, "", "", items=items, text=Text("复制催报名单", "\n".join(lines)))


def _not_approved(desk: DeskFacts) -> Iterator[Task]:
    """The run that is not approved; until it is sent, the next step of whoever calculates it says so."""
    waiting = _waiting_run(desk)
    is_told = may(desk.user, Permission.CALCULATE_MONTH) and waiting and waiting.state != RunState.IN_REVIEW
    if waiting is not None and desk.months is not None and not is_told:
        total = f"合计 {desk.months.figures.total:,.2f} 元"
        sentence = f"{waiting}{waiting.state_label},{total},还没有审批;审批以前金额可能变动。"
        yield Task(sentence, "查看", _month_address(waiting))


def _approval(desk: DeskFacts) -> Iterator[Task]:
    """The run that waits; whoever calculated it is told who can approve it."""
    waiting = _waiting_run(desk)
    if waiting is None or desk.months is None or waiting.state != RunState.IN_REVIEW:
        return
    step = next_step(waiting, desk.user, desk.runs)
    sentence = f"{waiting}合计 {desk.months.figures.total:,.2f} 元。{step.sentence}"
    if step.may_approve:
        yield Task(sentence, "去审批", address("approve", waiting.period, waiting.number), is_step=True)
    else:
        yield Task(sentence, "查看", _month_address(waiting))


def _entries_to_approve(desk: DeskFacts) -> Iterator[Task]:
    """Counts, grants and versions of the policy that count only once the user approves them."""
    if items := _entries(desk):
        sentence = "已录入、等您审核的,审核以前不参加核算:"
        yield Task(sentence, "去审核", address("approvals"), is_step=True, items=items)


def _entries_waiting(desk: DeskFacts) -> Iterator[Task]:
    """The same where others approve them: what is calculated goes without them until then."""
    if items := _entries(desk):
        yield Task("已录入、等待审核的,审核以前不参加核算:", "查看", address("approvals"), items=items)


def _entries(desk: DeskFacts) -> list[Item]:
    where = address("approvals")
    return [Item(kind.label, f"{number} 项", where) for kind, number in desk.waiting.entries.items()]


def _newest_approved(desk: DeskFacts) -> Iterator[Task]:
    """What finance has to pay: the newest approved month."""
    approved = [row.month for row in desk.months.columns if row.month.is_approved] if desk.months else []
    if approved:
        month = approved[-1]
        sentence = f"{month.month.label}已审批,合计 {month.figures.total:,.2f} 元,可作为拨款依据。"
        yield Task(sentence, "查看", _month_address(month.runs[-1]), is_step=True)


def _approved_lately(desk: DeskFacts) -> Iterator[Task]:
    """The newest approvals with who gave them: every figure behind them can be traced from there."""
    approved = {run: run.approved_at for run in desk.runs.rows if run.approved_at is not None}
    runs = sorted(approved, key=approved.__getitem__, reverse=True)[:APPROVED_LATELY]
    events = AuditEvent.objects.filter(
        saying(SubsidyEvent.APPROVE), subject_id__in=[run.pk for run in runs], result="done"
    )
    names = dict(events.values_list("subject_id", "actor_name"))
    items = [
        Item(
            str(run),
            f"{timezone.localtime(run.approved_at):%Y-%m-%d} 由{names.get(run.pk, '不详')}审批",
            _month_address(run),
        )
        for run in runs
    ]
    if items:
        yield Task("最近审批的月份:", "", "", items=items)


def _findings(desk: DeskFacts) -> Iterator[Task]:
    """What the checks found and nobody has explained, by check; what has a task of its own is left to that."""
    found = findings_beside_vacancies(desk.choice.day, desk.known, desk.scope)
    counted = Counter(
        (finding.check, is_answered) for finding, is_answered in with_whether_answered(found, desk.scope)
    )
    items = []
    for check in Check:
        is_open, explained = counted[check, False], counted[check, True]
        if is_open and check not in _HAS_TASK:
            number = f"{is_open} 条" + (f"(另有 {explained} 条已说明)" if explained else "")
            items.append(Item(check.label, number, _finding_address(desk, check)))
    if items:
        yield Task("待处理的异常提示:", "", "", items=items)


def _finding_address(desk: DeskFacts, check: Check) -> str:
    """The people of whom it was found; for what is found of a place, the page of places."""
    return address("people", finding=check.value) if check.is_of_posting else _places_address(desk)


def _transfers(desk: DeskFacts) -> Iterator[Task]:
    """Whoever another township sends, and whoever it sent back; of the clerk's own township."""
    coming, sent_back = transfers_on_desk(desk.user, desk.today)
    if coming:
        items = [
            Item(
                f"{row.posting.person.name}({row.posting.township.name}调来)",
                f"原岗位做到 {row.last_day}",
                address("receive_transfer", row.pk, next=reverse("desk")),
            )
            for row in coming
        ]
        yield Task("等您接收的调动,接收以前不算本镇街的人:", "去接收", items[0].address, is_step=True, items=items)
    if sent_back:
        items = [
            Item(f"{row.posting.person.name}({row.to_township.name}退回)", row.decided_reason, address("transfers"))
            for row in sent_back
        ]
        yield Task("被退回的调动,人仍在原岗位;要再调的,请重新登记:", "", "", items=items)


def _retiring(desk: DeskFacts) -> Iterator[Task]:
    """Who on post comes to the retirement age within a year."""
    ages, day = desk.known.book.retirement_on(Month.of(desk.choice.day).first), desk.choice.day
    mine = {township.id for township in desk.places}
    people = {
        row.posting.person
        for row in desk.county.serving
        if row.posting.township in mine and is_near(day, row.posting.record.retiree, ages)
    }
    if people:
        sentence = f"{len(people)} 人在 {MONTHS_AHEAD} 个月内到退休年龄,请提前安排接替的人、办理退休。"
        yield Task(sentence, "看是哪些人", address("people", retirement=NEAR))


def _contracts_ending(desk: DeskFacts) -> Iterator[Task]:
    """Contracts of those on post that end within the standard's notice and are not renewed, by urgency (一.2)."""
    if desk.county.parameters is None:
        return
    requirements, day = requirements_of(desk.county.parameters), desk.choice.day
    mine = {township.id for township in desk.places}
    records = [row.posting.record for row in desk.county.serving if row.posting.township in mine]
    left = [days for record in records if (days := _days_left(record, day)) is not None]
    tiers = sorted(ending_tier(days, requirements) for days in left if days <= requirements.contract_ending_days)
    items = [
        Item(f"{tier} 天内", f"{bisect_right(tiers, tier)} 份", address("people", contract_ending=tier))
        for tier in dict.fromkeys(tiers)
    ]
    if items:
        yield Task("快到期、还没有续签的劳动合同:", "", "", items=items)


def _days_left(record: PostingRecord, day: date) -> int | None:
    """How long the contract still runs; None where there is none, it has no end, or it is over or renewed."""
    contract = contract_on(day, record)
    end = contract.ended_on if contract else None
    if end is None or end < day or any(other.started_on > end for other in record.contracts):
        return None
    return (end - day).days


def _proposals_to_decide(desk: DeskFacts) -> Iterator[Task]:
    """What townships say of people whose facts others write: nothing changes until the officer decides."""
    if desk.waiting.proposals:
        sentence = f"{desk.waiting.proposals} 份更正申请等待审核,审核以前人员信息不变。"
        yield Task(sentence, "去审核", address("proposals"), is_step=True)


def _proposals_decided(desk: DeskFacts) -> Iterator[Task]:
    """What became of the own proposals lately, with the bureau's reason."""
    since = desk.today - timedelta(days=DECIDED_LATELY)
    decided = PersonProposal.objects.visible_to(desk.user).filter(
        state__in=(ProposalState.ACCEPTED.value, ProposalState.REFUSED.value), decided_at__date__gt=since
    )
    items = [
        Item(
            f"{timezone.localtime(proposal.proposed_at):%Y-%m-%d} 提出",
            proposal.state_label + (f":{proposal.decision_reason}" if proposal.decision_reason else ""),
            address("proposal", proposal.pk),
        )
        for proposal in decided.order_by("-decided_at")[:SHOWN_DECIDED]
    ]
    if items:
        yield Task("县局已审核的更正申请:", "", "", items=items)


def _vacancies(desk: DeskFacts) -> Iterator[Task]:
    staffing = staffing_by_position(desk.places)
    items = [
        Item(position_name(position), f"缺 {row.vacant} 人", _vacancy_address(desk, position))
        for position, row in staffing.items()
        if row.vacant
    ]
    if items:
        yield Task("缺员:", "", "", items=items)


def _vacancy_address(desk: DeskFacts, position: Position) -> str:
    """Where the vacant places of a position are listed: its units, or the page of places."""
    return address("units", show="vacant") if position.has_unit else _places_address(desk)


def _places_address(desk: DeskFacts) -> str:
    """All townships, or the page of the only one."""
    return address("townships") if len(desk.places) > 1 else address("township", desk.places[0].code)


def _counts_missing(desk: DeskFacts) -> Iterator[Task]:
    """Each is entered on the page of its unit; whoever may not enter it sees to it."""
    lacking = sum(unit.lacks_count for unit in desk.units)
    if lacking:
        may_enter = may(desk.user, Permission.ENTER_HOUSEHOLDS)
        todo = "请在各自的页面登记户数。" if may_enter else "请督促所在镇乡(街道)在各自的页面登记户数。"
        sentence = f"{lacking} 个村(居)没有已审核的户籍户数,协管员的补助不能计发,{todo}"
        yield Task(sentence, "看是哪几个", address("units", show="uncounted"))


def _own_month(desk: DeskFacts) -> Iterator[Task]:
    """The newest month of the clerk's township."""
    if desk.months is None or not desk.places:
        return
    run, figures = desk.months.run, desk.months.figures
    compared = ""
    if desk.months.before:
        compared = f"比上月 {desk.months.difference:+,.2f} 元," if desk.months.difference else "与上月相同,"
    sentence = f"{run}本镇街补助 {figures.total:,.2f} 元,{compared}{run.state_label};请核对人员和金额。"
    yield Task(sentence, "去核对", address("township_sheet", run.period, run.number, desk.places[0].code))


def _first_people(desk: DeskFacts) -> Iterator[Task]:
    """The first thing to do for a township that has registered nobody yet."""
    mine = {township.id for township in desk.places}
    if not any(row.posting.township in mine for row in desk.county.serving):
        sentence = "还没有登记在岗人员,请导入花名册;导入的页面上可以下载模板。"
        yield Task(sentence, "去导入", address("import_roster"), is_step=True)


def _waiting_run(desk: DeskFacts) -> SubsidyRun | None:
    """The run that is not approved: it is the newest one there is."""
    return desk.months.run if desk.months and desk.months.run.is_open else None


def _month_address(run: SubsidyRun) -> str:
    return address("month", run.period, run.number)


class Duty(NamedTuple):
    """Tasks of whoever has the permission; of one scope only where that is named, and not of those who have `unless`:
    they are told of it otherwise."""

    tasks: Callable[[DeskFacts], Iterable[Task]]
    permission: Permission
    scope: Scope | None = None
    unless: Permission | None = None

    def is_for(self, user: User) -> bool:
        is_told_otherwise = self.unless is not None and may(user, self.unless)
        return may(user, self.permission) and self.scope in (None, user.scope) and not is_told_otherwise


# In the order in which they are best done.
DUTIES: tuple[Duty, ...] = (
    Duty(_first_people, Permission.IMPORT_ROSTER, Scope.TOWNSHIP),
    Duty(_stale_own, Permission.SUBMIT_REPORT, Scope.TOWNSHIP),
    Duty(_report, Permission.SUBMIT_REPORT, Scope.TOWNSHIP),
    Duty(_transfers, Permission.EDIT_PERSONNEL, Scope.TOWNSHIP),
    Duty(_reports_to_review, Permission.REVIEW_REPORT),
    Duty(_proposals_to_decide, Permission.DECIDE_PROPOSALS),
    Duty(_proposals_decided, Permission.CORRECT_PERSON, Scope.TOWNSHIP),
    Duty(_stale_of_townships, Permission.REVIEW_REPORT),
    Duty(_late_reports, Permission.REVIEW_REPORT),
    Duty(_calculation, Permission.CALCULATE_MONTH),
    Duty(_approval, Permission.APPROVE_RUN),
    Duty(_stale_of_townships, Permission.APPROVE_RUN),
    Duty(_entries_to_approve, Permission.APPROVE_POLICY),
    Duty(_newest_approved, Permission.RETURN_APPROVED_RUN, unless=Permission.APPROVE_RUN),
    Duty(_not_approved, Permission.VIEW_MONTH, Scope.COUNTY, unless=Permission.APPROVE_RUN),
    # Of those who read of the whole county and do nothing with it.
    Duty(_approved_lately, Permission.VIEW_MONTH, Scope.COUNTY, unless=Permission.ISSUE_SHEET),
    Duty(_findings, Permission.ACKNOWLEDGE),
    Duty(_contracts_ending, Permission.ACKNOWLEDGE),
    Duty(_retiring, Permission.ACKNOWLEDGE),
    Duty(_vacancies, Permission.ACKNOWLEDGE),
    Duty(_counts_missing, Permission.ACKNOWLEDGE),
    Duty(_entries_waiting, Permission.CALCULATE_MONTH, unless=Permission.APPROVE_POLICY),
    Duty(_own_month, Permission.VIEW_MONTH, Scope.TOWNSHIP),
)


def duties_of(user: User) -> list[Duty]:
    """The duties of the user's role, by the table of permissions."""
    return [duty for duty in DUTIES if duty.is_for(user)]
