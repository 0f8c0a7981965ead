"""What a verb of personnel is done with: the row of a number, as far as the reader may see it, and whose it is."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from staffing.models import (
    Contract,
    Person,
    Posting,
    Qualification,
    Secondment,
    Suspension,
    Wage,
    WorkingTime,
)

Subject = Person | Posting | Contract | Wage | Suspension | Qualification | WorkingTime | Secondment


def _people(user: User) -> QuerySet[Person]:
    """A merged record is mended on the one it is merged into."""
    return Person.objects.visible_to(user).filter(merged_into__isnull=True)


def _qualifications(user: User) -> QuerySet[Qualification]:
    return Qualification.objects.visible_to(user).select_related("person")


def _postings(user: User) -> QuerySet[Posting]:
    return Posting.objects.visible_to(user).select_related("person", "township", "unit")


def _of_postings(rows: QuerySet[Any]) -> Callable[[User], QuerySet[Any]]:
    """Rows of the postings that the user may see."""

    def visible(user: User) -> QuerySet[Any]:
        found = rows.filter(posting__in=Posting.objects.visible_to(user).values("pk"))
        return found.select_related("posting__person", "posting__township", "posting__unit")

    return visible


# By model what the user may see.
ROWS: dict[type[Model], Callable[[User], QuerySet[Any]]] = {
    Person: _people,
    Posting: _postings,
    Contract: _of_postings(Contract.objects.all()),
    Wage: _of_postings(Wage.objects.all()),
    Suspension: _of_postings(Suspension.objects.all()),
    Qualification: _qualifications,
    WorkingTime: _of_postings(WorkingTime.objects.all()),
    Secondment: _of_postings(Secondment.objects.all()),
}


def row_or_404(user: User, model: type[Subject], pk: int) -> Subject:
    found: Subject = get_object_or_404(ROWS[model](user), pk=pk)
    return found


def is_withdrawn(row: Subject) -> bool:
    """Whether the row, or the posting that it belongs to, was withdrawn: nothing more can be done with it."""
    posting = posting_of(row)
    return getattr(row, "withdrawn_at", None) is not None or bool(posting and posting.withdrawn_at)


def posting_of(row: Subject) -> Posting | None:
    """The posting that the row is, or belongs to; None for a person and what belongs to one."""
    if isinstance(row, Person | Qualification):
        return None
    return row if isinstance(row, Posting) else row.posting


def person_of(row: Subject) -> Person:
    if isinstance(row, Qualification):
        return row.person
    posting = posting_of(row)
    if posting is not None:
        return posting.person
    assert isinstance(row, Person)  # noqa: S101
    return row
