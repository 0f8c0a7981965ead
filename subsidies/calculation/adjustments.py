"""Other adjustments: those that the next approved run will hold, those of a month, and whom one may be for."""

from collections import defaultdict
from dataclasses import dataclass

from foundation.dates import Month
from staffing.labels import position_name
from staffing.models import Person, PersonQuerySet, Posting
from subsidies.models import Adjustment, AdjustmentLine, AdjustmentQuerySet
from subsidies.workflow import APPROVED_STATES
from townships.models import Township


def open_adjustments(month: Month) -> dict[int, list[Adjustment]]:
    """Township id -> adjustments of `month` or earlier that are not withdrawn and stand in no approved run."""
    found: dict[int, list[Adjustment]] = defaultdict(list)
    for row in _waiting().filter(month__lte=month.first).select_related("person").order_by("pk"):
        found[row.township_id].append(row)
    return found


def _waiting() -> AdjustmentQuerySet:
    """Neither withdrawn nor in an approved run."""
    rows = Adjustment.objects.filter(withdrawn_at__isnull=True)
    return rows.exclude(lines__allocation__revision__current_for__state__in=APPROVED_STATES)


def adjustments_of_nobody(first: Month, last: Month) -> list[AdjustmentLine]:
    """What approved runs hold for these months without naming a posting, by month."""
    approved = AdjustmentLine.objects.filter(allocation__revision__current_for__state__in=APPROVED_STATES)
    found = approved.filter(posting_id__isnull=True, for_month__gte=first.first, for_month__lte=last.first)
    return list(found.select_related("allocation").order_by("for_month", "pk"))


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """An adjustment with what has become of it."""

    adjustment: Adjustment
    is_approved: bool

    @property
    def state(self) -> str:
        if self.is_approved:
            return "已审批"
        return "已撤销" if self.adjustment.withdrawn_at else "待审批"

    @property
    def may_be_withdrawn(self) -> bool:
        return not self.is_approved and self.adjustment.withdrawn_at is None


def adjustments_of(month: Month, adjustments: AdjustmentQuerySet) -> list[AdjustmentRow]:
    """The given adjustments that were entered for `month`, in the order of their entry."""
    rows = adjustments.filter(month=month.first).select_related("township", "person", "entered_by").order_by("pk")
    approved = set(
        rows.filter(lines__allocation__revision__current_for__state__in=APPROVED_STATES).values_list("pk", flat=True)
    )
    return [AdjustmentRow(row, row.pk in approved) for row in rows]


def namesakes(name: str, township: Township, people: PersonQuerySet) -> dict[Person, str]:
    """Whoever of `people` has the name and a posting in the township, with what tells them apart.

    A record that is merged into another one of them is left out.
    """
    named = people.filter(name=name).values("pk")
    postings = Posting.objects.filter(township=township, person__in=named).select_related("person", "unit")
    posts: dict[Person, list[str]] = defaultdict(list)
    for posting in postings.order_by("person", "started_on", "pk"):
        posts[posting.person].append(_post(posting))
    keys = {person.pk for person in posts}
    return {
        person: f"{person.name},{';'.join(told)},身份证号 {person.national_id_masked or '未登记'}"
        for person, told in posts.items()
        if person.merged_into_id not in keys
    }


def _post(posting: Posting) -> str:
    place = posting.unit.name if posting.unit else ""
    withdrawn = "(已撤销)" if posting.withdrawn_at else ""
    return f"{place}{position_name(posting.position)} {posting.started_on} 到岗{withdrawn}"
