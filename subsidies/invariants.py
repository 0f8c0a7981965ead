"""What must always hold of runs and the ledger: one function each, giving a sentence for every breach."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from django.db.models import F, Q, Sum

from foundation.money import ZERO, total
from staffing.enums import Position
from subsidies.models import AllocationLine, AllocationLineQuerySet, SubsidyRun
from subsidies.rules import days
from subsidies.selectors.runs import APPROVED_STATES

Invariant = Callable[[SubsidyRun], Iterator[str]]


def broken_in(run: SubsidyRun) -> list[str]:
    """Every breach of every invariant in the current revision of `run`."""
    return [sentence for invariant in INVARIANTS for sentence in invariant(run)]


def lines_add_up(run: SubsidyRun) -> Iterator[str]:
    """The lines of a township are its total, and the townships are the run's."""
    revision = run.current_revision
    if revision is None:
        return
    of_lines = dict(_lines(run).order_by("allocation").values_list("allocation").annotate(sum=Sum("amount")))
    for allocation in revision.allocations.all():
        found = of_lines.get(allocation.pk, ZERO)
        if found != allocation.total:
            yield f"{allocation.township_name}合计 {allocation.total} 与明细之和 {found} 不符"
    of_run = total(of_lines.values())
    if of_run != revision.total:
        yield f"全县合计 {revision.total} 与明细之和 {of_run} 不符"


def amounts_are_differences(run: SubsidyRun) -> Iterator[str]:
    """Every line pays what is due less what was posted."""
    for line in _lines(run).exclude(amount=F("due") - F("posted_before")):
        yield f"明细 {line.pk} 的金额 {line.amount} 不等于应补 {line.due} 减已补 {line.posted_before}"


def posted_is_due(run: SubsidyRun) -> Iterator[str]:
    """After its approval, what is posted of each (posting, month) of a run is what the run found due."""
    if run.state not in APPROVED_STATES:
        return
    later = Q(allocation__revision__run__month__gt=run.month) | Q(
        allocation__revision__run__month=run.month, allocation__revision__run__number__gt=run.number
    )
    approved = AllocationLine.objects.filter(allocation__revision__current_for__state__in=APPROVED_STATES)
    posted: dict[tuple[int, object], object] = {
        (posting, for_month): amount
        for posting, for_month, amount in approved.exclude(later)
        .filter(posting__in=_lines(run).values("posting"))
        .order_by()
        .values_list("posting", "for_month")
        .annotate(sum=Sum("amount"))
    }
    for line in _lines(run):
        found = posted.get((line.posting_id, line.for_month))
        if found != line.due:
            yield f"在岗记录 {line.posting_id} 在 {line.for_month:%Y-%m} 已补 {found},应补 {line.due}"


def nobody_counted_twice(run: SubsidyRun) -> Iterator[str]:
    """On no day is a person counted on two postings."""
    yield from _overlaps(run, lambda line: line.person_id, "人员")


def no_unit_over_its_place(run: SubsidyRun) -> Iterator[str]:
    """On no day are two coordinators of a unit counted (一.3)."""
    yield from _overlaps(run, lambda line: line.unit_code, "村(社区)")


def no_township_over_its_places(run: SubsidyRun) -> Iterator[str]:
    """On no day are more assistants counted than the township has places (一.2)."""
    assistants: dict[int, list[AllocationLine]] = defaultdict(list)
    for line in _regular(run).filter(position=Position.ASSISTANT.value).select_related("allocation"):
        assistants[line.allocation_id].append(line)
    for lines in assistants.values():
        allocation = lines[0].allocation
        for places, with_that_many in allocation.places_by_day.items():
            for number in range(1, lines[0].month_days + 1):
                if not days.has_day(with_that_many, number):
                    continue
                counted = sum(days.has_day(_counted(line), number) for line in lines)
                if counted > int(places):
                    yield f"{allocation.township_name} {number} 日计发协理员 {counted} 人,名额 {places} 人"


def counted_within_service(run: SubsidyRun) -> Iterator[str]:
    """No counted day lies outside the posting's dates, and the number of counted days is that of its days."""
    for line in _regular(run).select_related("posting"):
        served = days.span(line.period, line.posting.started_on, line.posting.ended_on)
        if _counted(line) & ~served and not run.is_approved:
            yield f"明细 {line.pk} 有计发日不在在岗期间"
        if days.count(_counted(line)) != line.counted_days:
            yield f"明细 {line.pk} 的计发天数 {line.counted_days} 与逐日记录不符"


def state_agrees_with_its_times(run: SubsidyRun) -> Iterator[str]:
    """An approved run says when, another does not."""
    if run.is_approved != (run.approved_at is not None):
        yield f"{run}的状态与审批时间不符"


def one_unapproved_run(run: SubsidyRun) -> Iterator[str]:
    """At most one run of a county awaits approval."""
    waiting = SubsidyRun.objects.filter(county=run.county_id).exclude(state__in=APPROVED_STATES).count()
    if waiting > 1:
        yield f"有 {waiting} 次核算同时未审批"


def _lines(run: SubsidyRun) -> AllocationLineQuerySet:
    return AllocationLine.objects.filter(allocation__revision=run.current_revision_id)


def _regular(run: SubsidyRun) -> AllocationLineQuerySet:
    return _lines(run).filter(for_month=run.month)


def _counted(line: AllocationLine) -> int:
    return line.in_service & ~(line.suspended | line.without_post | line.duplicate | line.over_quota)


def _overlaps(run: SubsidyRun, holder: Callable[[AllocationLine], object], what: str) -> Iterator[str]:
    taken: dict[object, int] = defaultdict(int)
    for line in _regular(run):
        key = holder(line)
        if not key:
            continue
        if taken[key] & _counted(line):
            yield f"{what}在同一天被计发两次(明细 {line.pk})"
        taken[key] |= _counted(line)


INVARIANTS: tuple[Invariant, ...] = (
    lines_add_up,
    amounts_are_differences,
    posted_is_due,
    nobody_counted_twice,
    no_unit_over_its_place,
    no_township_over_its_places,
    counted_within_service,
    state_agrees_with_its_times,
    one_unapproved_run,
)
