"""What rows of the registry share: constraints on their two inclusive dates and on their withdrawal."""

from django.contrib.postgres.fields import DateRangeField, RangeBoundary
from django.db.models import CheckConstraint, F, Func, Q


def inclusive_range() -> Func:
    """The days of a row from `started_on` to `ended_on`, for an exclusion."""
    return Func(
        F("started_on"),
        F("ended_on"),
        RangeBoundary(inclusive_lower=True, inclusive_upper=True),
        function="DATERANGE",
        output_field=DateRangeField(),
    )


def ends_after_it_starts(name: str) -> CheckConstraint:
    return CheckConstraint(
        condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
        name=name,
        violation_error_message="结束日期不能早于开始日期。",
    )


def withdrawn_with_a_reason(name: str, what: str) -> CheckConstraint:
    """`what` is the Chinese name of the row."""
    return CheckConstraint(
        condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
        name=name,
        violation_error_message=f"撤销{what}须写明原因。",
    )
