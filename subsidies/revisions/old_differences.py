"""The differences older than a run's window, with the reasons given for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.db.models.lookups import IsNull

from foundation.money import ZERO, in_fen
from subsidies.enums import RunHint
from subsidies.models import (
    Acknowledgement,
    Adjustment,
    AllocationQuerySet,
    OldDifference,
    OldDifferenceQuerySet,
    Revision,
)

SHOWN = 50


@dataclass(frozen=True, slots=True)
class AnsweredDifference:
    """A difference with the reason that holds for it, empty where there is none.

    `adjusted` is what other adjustments for the person and month come to: they leave the difference as it is.
    """

    row: OldDifference
    reason: str
    adjusted: Decimal


@dataclass(frozen=True, slots=True)
class OldDifferences:
    """Those of one revision in some townships; `open` is how many have no reason. `rows` are the first of them,
    those without a reason before the others."""

    number: int
    open: int
    sum: Decimal
    rows: Sequence[AnsweredDifference]

    @property
    def are_all_shown(self) -> bool:
        return len(self.rows) == self.number


def with_reasons(rows: OldDifferenceQuerySet) -> QuerySet[Any]:  # the stubs do not know what is annotated
    """The rows annotated with `fact`, which an acknowledgement rests on, and the `reason` that holds for it, or None.

    A reason holds from run to run for the same posting, month and difference.
    """
    text = TextField()
    fact = Concat(Cast("for_month", text), Value(" ", text), Cast(in_fen("difference"), text), output_field=text)
    given = Acknowledgement.objects.filter(
        check_name=RunHint.BEYOND_RETRO_LIMIT.value, posting=OuterRef("posting"), fact=OuterRef("fact")
    )
    return rows.annotate(fact=fact).annotate(reason=Subquery(given.order_by("-pk").values("reason")[:1]))


def unanswered(revision: Revision) -> QuerySet[Any]:
    """The differences of a revision for which no reason holds, as annotated by `with_reasons`."""
    rows = OldDifference.objects.filter(allocation__revision=revision)
    return with_reasons(rows).filter(reason__isnull=True)


def old_differences(revision: Revision, allocations: AllocationQuerySet) -> OldDifferences:
    """The first SHOWN of a revision in the given townships, and what all of them come to; one query for none."""
    found = with_reasons(OldDifference.objects.filter(allocation__in=allocations.filter(revision=revision)))
    sums = found.aggregate(
        number=Count("pk"), unanswered=Count("pk", filter=Q(reason__isnull=True)), sum=Sum("difference")
    )
    if not sums["number"]:
        return OldDifferences(0, 0, ZERO, [])
    answered_last = IsNull(F("reason"), False)
    rows = list(found.select_related("allocation").order_by(answered_last, "pk")[:SHOWN])
    adjusted = _adjusted(rows)
    return OldDifferences(
        sums["number"],
        sums["unanswered"],
        sums["sum"],
        [AnsweredDifference(row, row.reason or "", adjusted.get(_key(row), ZERO)) for row in rows],
    )


def _adjusted(rows: Sequence[OldDifference]) -> dict[tuple[int, int, object], Decimal]:
    """(township, person, month) -> the sum of the adjustments that are not withdrawn; a merged record counts as the
    one that stands for it, as in the differences."""
    adjustments = Adjustment.objects.annotate(root=Coalesce("person__merged_into", "person")).filter(
        withdrawn_at__isnull=True,
        township__in={row.allocation.township_id for row in rows},
        root__in={row.person_id for row in rows},
    )
    sums = adjustments.order_by().values_list("township", "root", "for_month").annotate(sum=Sum("amount"))
    return {(township, person or 0, month): amount for township, person, month, amount in sums}


def _key(row: OldDifference) -> tuple[int, int, object]:
    return row.allocation.township_id, row.person_id, row.for_month
