"""Single steps taken on postings and on what belongs to them: whoever undoes what brought the postings undoes these
first."""

from collections.abc import Mapping

from django.db.models import Model, Q, QuerySet

from accounts.models import AuditEvent
from staffing.enums import TransferState
from staffing.models import (
    Contract,
    KinDeclaration,
    Posting,
    Secondment,
    Suspension,
    Transfer,
    Wage,
    WorkingTime,
)

STEPS = "更正、合同、工资、停发、专兼职、借调、声明或调动"
# A transfer that was refused or withdrawn has left everything as it was.
_COUNTING: Mapping[type[Model], Q] = {
    **dict.fromkeys((Contract, Wage, Suspension, WorkingTime, Secondment, KinDeclaration), Q()),
    Transfer: Q(state__in=[TransferState.WAITING.value, TransferState.RECEIVED.value]),
}


def steps_taken_on(postings: QuerySet[Posting], *, after: int = 0) -> int:
    """How many, of those recorded later than the event with the key `after`."""
    keys = postings.values("pk")
    steps = Q(subject_type="posting", subject_id__in=keys)
    for model, counting in _COUNTING.items():
        rows = model._default_manager.filter(counting, posting__in=keys)
        steps |= Q(subject_type=model._meta.model_name, subject_id__in=rows.values("pk"))
    return AuditEvent.objects.filter(steps, pk__gt=after).count()
