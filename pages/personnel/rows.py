"""What a verb of personnel is done with: the row of a number, as far as the reader may see it, and whose it is."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from staffing.models import Contract, Person, Posting, PostingQuerySet, Suspension

Subject = Person | Posting | Contract | Suspension


def live_postings(user: User) -> PostingQuerySet:
    """Those that the user may see and that were not withdrawn."""
    return Posting.objects.visible_to(user).filter(withdrawn_at__isnull=True)


def _people(user: User) -> QuerySet[Person]:
    """A merged record is mended on the one it is merged into."""
    return Person.objects.visible_to(user).filter(merged_into__isnull=True)


def _postings(user: User) -> QuerySet[Posting]:
    return live_postings(user).select_related("person", "township", "unit")


def _contracts(user: User) -> QuerySet[Contract]:
    return Contract.objects.filter(posting__in=live_postings(user).values("pk"))


def _suspensions(user: User) -> QuerySet[Suspension]:
    return Suspension.objects.live().filter(posting__in=live_postings(user).values("pk"))


# By model what the user may do something with.
ROWS: dict[type[Model], Callable[[User], QuerySet[Any]]] = {
    Person: _people,
    Posting: _postings,
    Contract: _contracts,
    Suspension: _suspensions,
}


def row_or_404(user: User, model: type[Subject], pk: int) -> Subject:
    rows = ROWS[model](user)
    if model not in (Person, Posting):
        rows = rows.select_related("posting__person", "posting__township", "posting__unit")
    found: Subject = get_object_or_404(rows, pk=pk)
    return found


def posting_of(row: Subject) -> Posting | None:
    """The posting that the row is, or belongs to; None for a person."""
    if isinstance(row, Person):
        return None
    return row if isinstance(row, Posting) else row.posting


def person_of(row: Subject) -> Person:
    posting = posting_of(row)
    if posting is not None:
        return posting.person
    assert isinstance(row, Person)  # noqa: S101
    return row
