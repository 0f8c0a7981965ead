"""What is different in a township's month from the one before: who came, who left, wages, counts, suspensions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from foundation.dates import Month
from foundation.labels import Labelled
from staffing.enums import SuspensionKind
from staffing.labels import position_name
from staffing.models import Posting, Suspension, Wage
from townships.models import HouseholdCount, Township


class ChangeKind(Labelled):
    JOINED = "joined", "新到岗"
    LEFT = "left", "离岗"
    SUSPENDED = "suspended", "停发"
    RESUMED = "resumed", "停发结束"
    WAGE = "wage", "工资"
    HOUSEHOLDS = "households", "户籍户数"


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `name` is a person or a unit, `detail` says what and when."""

    kind: ChangeKind
    name: str
    detail: str


def month_changes(township: Township, month: Month) -> list[Change]:
    """By kind, in the order of ChangeKind; a fixed number of queries."""
    return list(_changes(township, month))


def _changes(township: Township, month: Month) -> Iterator[Change]:
    live = Posting.objects.filter(township=township, withdrawn_at__isnull=True).select_related("person", "unit")
    within = (month.first, month.last)
    for posting in live.filter(started_on__range=within).order_by("started_on", "pk"):
        yield Change(ChangeKind.JOINED, posting.person.name, f"{_place(posting)},{posting.started_on} 到岗")
    # Who left on the last day of the month before is missing from the first day of this one.
    left = (month.first - timedelta(days=1), month.last - timedelta(days=1))
    for posting in live.filter(ended_on__range=left).order_by("ended_on", "pk"):
        yield Change(ChangeKind.LEFT, posting.person.name, f"{_place(posting)},{posting.ended_on} 离岗")
    suspensions = (
        Suspension.objects.live()
        .filter(posting__township=township, posting__withdrawn_at__isnull=True)
        .select_related("posting__person")
    )
    for row in suspensions.filter(started_on__range=within).order_by("started_on", "pk"):
        until = f"至 {row.ended_on}" if row.ended_on else "起"
        detail = f"{SuspensionKind(row.kind).label},{row.started_on} {until}"
        yield Change(ChangeKind.SUSPENDED, row.posting.person.name, detail)
    for row in suspensions.filter(ended_on__range=left, started_on__lt=month.first).order_by("ended_on", "pk"):
        yield Change(ChangeKind.RESUMED, row.posting.person.name, f"{row.ended_on} 停发结束")
    wages = Wage.objects.filter(posting__township=township, posting__withdrawn_at__isnull=True)
    for wage in wages.filter(effective_from__range=within).select_related("posting__person").order_by("pk"):
        amount = "未登记" if wage.monthly_wage is None else f"{wage.monthly_wage:,.2f} 元/月"
        yield Change(ChangeKind.WAGE, wage.posting.person.name, f"{wage.effective_from} 起 {amount}")
    counts = HouseholdCount.objects.in_force().filter(unit__township=township, effective_from__range=within)
    for count in counts.select_related("unit").order_by("unit__code"):
        detail = f"{count.effective_from} 起 {count.households} 户"
        yield Change(ChangeKind.HOUSEHOLDS, count.unit.name, detail)


def _place(posting: Posting) -> str:
    unit = posting.unit.name if posting.unit else ""
    return f"{unit}{position_name(posting.position)}"
