"""The differences older than a run's window, with the reasons given for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value, Window
from django.db.models.functions import Cast, Coalesce, Concat
from django.db.models.lookups import IsNull

from foundation.money import ZERO, MoneyField, in_fen
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


NO_OLD_DIFFERENCES = OldDifferences(0, 0, ZERO, ())


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
    """The first SHOWN of a revision in the given townships, and what all of them come to; in one statement."""
    found = with_reasons(OldDifference.objects.filter(allocation__in=allocations.filter(revision=revision)))
    answered_last = IsNull(F("reason"), False)
    rows: list[Any] = list(
        found.annotate(
            number=Window(Count("pk")),
            open=Window(Count("pk", filter=Q(reason__isnull=True))),
            sum=Window(Sum("difference")),
            adjusted=Coalesce(Subquery(_adjusted()), 0, output_field=MoneyField()),
        )
        .select_related("allocation")
        .order_by(answered_last, "pk")[:SHOWN]
    )
    if not rows:
        return NO_OLD_DIFFERENCES
    first = rows[0]
    answered = [AnsweredDifference(row, row.reason or "", row.adjusted) for row in rows]
    return OldDifferences(first.number, first.open, first.sum, answered)


def _adjusted() -> QuerySet[Any, Any]:
    """The sum of the adjustments for the township, person and month of a difference that are not withdrawn; a merged
    record counts as the one that stands for it, as in the differences."""
    rows = Adjustment.objects.annotate(root=Coalesce("person__merged_into", "person")).filter(
        withdrawn_at__isnull=True,
        township=OuterRef("allocation__township"),
        root=OuterRef("person_id"),
        for_month=OuterRef("for_month"),
    )
    return rows.order_by().values("township").annotate(sum=Sum("amount")).values("sum")
