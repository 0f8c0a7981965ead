"""What must always hold of runs and the ledger: one function each, giving a sentence for every breach.

They are run by tests, by each approval and by `verify_ledger`, over rows as they are stored (revisions/stored.py);
amounts are whole fen.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from accounts.models import AuditEvent
from foundation.dates import Month
from foundation.rounding import from_fen, to_fen
from staffing.enums import Position
from subsidies.events import SubsidyEvent
from subsidies.models import SubsidyRun
from subsidies.policy.then import PolicyThen
from subsidies.revisions.books import Books, books_before
from subsidies.revisions.parties import MAKING
from subsidies.revisions.stored import StoredLine, StoredRevision
from subsidies.rules import days
from subsidies.workflow import RUN_STATES, UNAPPROVED_STATES, state_row, times_of


@dataclass(frozen=True, slots=True)
class Examined:
    """A run with the rows of its current revision, what the approved runs before it hold, and past policy."""

    run: SubsidyRun
    stored: StoredRevision
    books: Books
    policy: PolicyThen

    @property
    def regular(self) -> Iterator[StoredLine]:
        """The lines of the run's own month."""
        month = str(self.run.month)
        return (line for line in self.stored.lines if line.for_month == month)


Invariant = Callable[[Examined], Iterator[str]]


def examined(run: SubsidyRun, stored: StoredRevision) -> Examined:
    """The run, whose current revision is `stored`, as the invariants look at it."""
    return Examined(run, stored, books_before(run, stored), PolicyThen())


def broken_in(run: SubsidyRun, stored: StoredRevision) -> list[str]:
    """Every breach of every invariant in `run`, whose current revision is `stored`."""
    return list(breaches(examined(run, stored)))


def breaches(looked_at: Examined) -> Iterator[str]:
    for invariant in INVARIANTS:
        yield from invariant(looked_at)


def lines_add_up(of: Examined) -> Iterator[str]:
    """The lines and adjustments of a township are its total, and the townships are the run's."""
    found: dict[int, int] = defaultdict(int)
    for line in of.stored.lines:
        found[line.allocation] += line.amount
    for adjustment in of.stored.adjustments:
        found[adjustment.allocation] += adjustment.amount
    for allocation in of.stored.allocations:
        if found[allocation.id] != allocation.total:
            sums = f"{_yuan(allocation.total)} 与明细之和 {_yuan(found[allocation.id])}"
            yield f"{allocation.township_name}合计 {sums} 不符"
    of_run, kept = sum(found.values()), to_fen(of.stored.revision.total)
    if of_run != kept:
        yield f"全县合计 {_yuan(kept)} 与明细之和 {_yuan(of_run)} 不符"


def amounts_are_differences(of: Examined) -> Iterator[str]:
    """Every line pays what is due less what was posted."""
    for line in of.stored.lines:
        if line.amount != line.due - line.posted_before:
            yield (
                f"明细 {line.id} 的金额 {_yuan(line.amount)} 不等于应补 {_yuan(line.due)} 减已补"
                f" {_yuan(line.posted_before)}"
            )


def posted_is_due(of: Examined) -> Iterator[str]:
    """After its approval, what is posted of each (posting, month) of a run is what the run found due."""
    for line in of.stored.lines:
        posted = of.books.posted.get((line.posting, line.for_month), 0) + line.amount
        if posted != line.due:
            yield f"明细 {line.id}(所属 {line.for_month[:7]})过账后已补 {_yuan(posted)},应补 {_yuan(line.due)}"


def shares_telescope(of: Examined) -> Iterator[str]:
    """What is stated of share and surplus comes to their level; what was stated of a cost that is no longer known is
    taken back (domain 3.9)."""
    for line in of.stored.lines:
        if line.component is None:
            continue
        key = line.posting, line.for_month
        pairs = (
            ("镇街承担", of.books.share, line.township_share, line.share_level),
            ("结余", of.books.surplus, line.surplus, line.surplus_level),
        )
        for what, stated, change, level in pairs:
            together = stated.get(key, 0) + (change or 0)
            if change is not None and together != (level or 0):
                yield f"明细 {line.id} 的{what}各次之和 {_yuan(together)} 不等于 {_yuan(level or 0)}"


def sources_are_those_of_the_month(of: Examined) -> Iterator[str]:
    """A line's source is that of its own month and position, and the parts from several sources are its amount."""
    sources = {f"{kept['month']}-01": kept.get("sources") for kept in of.stored.revision.basis["months"]}
    for line in of.stored.lines:
        if line.component is None:
            continue
        of_month = sources.get(line.for_month)
        if of_month is not None and of_month.get(line.position) != line.source_id:
            yield f"明细 {line.id} 的资金来源不是{line.for_month[:7]}该岗位的来源"
        if line.by_source is not None and sum(part for _, part in json.loads(line.by_source)) != line.amount:
            yield f"明细 {line.id} 分来源的金额之和不等于 {_yuan(line.amount)}"


def old_differences_are_hints(of: Examined) -> Iterator[str]:
    """What is older than the window stands beside the lines: its figures right, and no line for it (domain 4)."""
    limit = str((of.run.period - of.run.retro_months).first)
    lines = {(line.posting, line.for_month) for line in of.stored.lines} if of.stored.old_differences else ()
    for hint in of.stored.old_differences:
        key, what = (hint.posting, hint.for_month), f"追溯期外差额 {hint.id}(所属 {hint.for_month[:7]})"
        if hint.for_month >= limit or key in lines:
            yield f"{what}应由明细结清"
        if hint.posted_before != of.books.posted.get(key, 0):
            posted = _yuan(of.books.posted.get(key, 0))
            yield f"{what}的已补 {_yuan(hint.posted_before)} 与已审批的 {posted} 不符"
        if hint.difference != hint.due - hint.posted_before:
            yield f"{what}不等于应补减已补"


def nobody_counted_twice(of: Examined) -> Iterator[str]:
    """On no day of any month that is paid for is a person counted on two postings."""
    yield from _overlaps(of, lambda line: line.person_id, "人员")


def no_unit_over_its_place(of: Examined) -> Iterator[str]:
    """On no day of any month that is paid for are two coordinators of a unit counted (一.3)."""
    yield from _overlaps(of, lambda line: line.unit_code, "村(社区)")


def no_township_over_its_places(of: Examined) -> Iterator[str]:
    """On no day of the run's own month are more assistants counted than the township has places (一.2).

    Not of earlier months: the places of every day are kept for that month only.
    """
    assistants: dict[int, list[int]] = defaultdict(list)
    for line in of.regular:
        if line.position == Position.ASSISTANT:
            assistants[line.allocation].append(line.counted)
    for allocation in of.stored.allocations:
        counted = assistants.get(allocation.id, [])
        for places, with_that_many in json.loads(allocation.places_by_day).items():
            if len(counted) <= int(places):
                continue
            for number in range(1, of.run.period.days + 1):
                if not days.has_day(with_that_many, number):
                    continue
                people = sum(days.has_day(mask, number) for mask in counted)
                if people > int(places):
                    yield f"{allocation.township_name} {number} 日计发协理员 {people} 人,名额 {places} 人"


def counted_within_service(of: Examined) -> Iterator[str]:
    """No lost or counted day lies outside the month and the service, and their numbers agree."""
    for line in of.stored.lines:
        lost = line.suspended | line.without_post | line.duplicate | line.over_quota
        if lost & ~line.in_service or line.in_service >> line.month_days:
            yield f"明细 {line.id} 有计发或不计的日子不在在岗期间"
        if days.count(line.counted) != line.counted_days:
            yield f"明细 {line.id} 的计发天数 {line.counted_days} 与逐日记录不符"


def bands_hold_their_households(of: Examined) -> Iterator[str]:
    """The band of a line is the highest whose lower bound its households reach (二.1)."""
    bounds: dict[str, list[int]] = {}
    for month in of.stored.revision.basis["months"]:
        bounds[f"{month['month']}-01"] = [bound for bound, *_ in month.get("bands", ())]
    for line in of.stored.lines:
        if line.households is None or line.band is None or not bounds.get(line.for_month):
            continue
        if line.band != max(bound for bound in bounds[line.for_month] if bound <= line.households):
            yield f"明细 {line.id} 的户数 {line.households} 不在 {line.band} 户起的档次"


def rates_were_in_force(of: Examined) -> Iterator[str]:
    """What the revision keeps of every month, each number of it, is the policy that was approved, in force on its
    first day and not replaced when the revision was calculated.

    Asked of approved runs: until then policy may be corrected in place, and the approval calculates again.
    """
    if not of.run.is_approved:
        return
    for kept in of.stored.revision.basis["months"]:
        then = of.policy.parameters(Month.parse(kept["month"]), of.stored.revision.calculated_at)
        said = [name for name in kept if name not in ("month", "sources")]
        differing = [name for name in said if (name, kept[name]) not in then.items()]
        of_wage = [name for name in differing if name.startswith("minimum_wage")]
        if of_wage:
            yield f"{kept['month']} 所用的最低工资({kept['minimum_wage']} 元)当时不是生效的标准"
        if len(differing) > len(of_wage):
            names = "、".join(name for name in differing if name not in of_wage)
            yield f"{kept['month']} 所用的补助标准({kept['standard_from']} 起)当时不是生效的标准({names})"


def state_agrees_with_its_times(of: Examined) -> Iterator[str]:
    """A state says when it was reached, and nothing that it has not reached."""
    run = of.run
    row = state_row(RUN_STATES, run.state)
    if row is None:
        yield f"{run}的状态“{run.state}”不存在"
    elif not row.agrees_with([name for name in times_of(RUN_STATES) if getattr(run, name) is not None]):
        yield f"{run}的状态与时间不符"


def one_unapproved_run(of: Examined) -> Iterator[str]:
    """At most one run of a county awaits approval."""
    unapproved = SubsidyRun.objects.filter(county=of.run.county_id, state__in=UNAPPROVED_STATES)
    others = unapproved.exclude(pk=of.run.pk).count()
    if others + of.run.is_open > 1:
        yield f"有 {others + 1} 次核算同时未审批"


def events_name_who_did_it(of: Examined) -> Iterator[str]:
    """Each event of the run has actor, role, time and digest, and whoever approved was none of its makers by then."""
    events = AuditEvent.objects.filter(subject_type="subsidyrun", subject_id=of.run.pk, result="done").order_by("pk")
    makers = set()
    for event in events:
        digest = event.after.get("digest") if isinstance(event.after, dict) else None
        if not (event.actor_name and event.role and digest):
            yield f"{of.run}的事件 {event.pk} 缺少办理人、角色或摘要"
        people = {event.actor_id, event.on_behalf_of_id} - {None}
        if event.action in MAKING:
            makers |= people
        if event.action == SubsidyEvent.APPROVE.verb and people & makers:
            yield f"{of.run}由核算人自己审批(事件 {event.pk})"


def _overlaps(of: Examined, holder: Callable[[StoredLine], object], what: str) -> Iterator[str]:
    taken: dict[tuple[str, object], int] = defaultdict(int)
    for line in of.stored.lines:
        held = holder(line)
        if not held:
            continue
        key, counted = (line.for_month, held), line.counted
        if taken[key] & counted:
            yield f"{what}在同一天被计发两次(明细 {line.id},所属 {line.for_month[:7]})"
        taken[key] |= counted


def _yuan(fen: int) -> str:
    return f"{from_fen(fen):.2f}"


INVARIANTS: tuple[Invariant, ...] = (
    lines_add_up,
    amounts_are_differences,
    posted_is_due,
    shares_telescope,
    sources_are_those_of_the_month,
    old_differences_are_hints,
    nobody_counted_twice,
    no_unit_over_its_place,
    no_township_over_its_places,
    counted_within_service,
    bands_hold_their_households,
    rates_were_in_force,
    state_agrees_with_its_times,
    one_unapproved_run,
    events_name_who_did_it,
)
