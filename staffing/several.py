"""Verbs of personnel done for several postings at once: all or none, and every problem with its person's name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, demand
from staffing.enums import EndKind, SuspensionKind
from staffing.models import Person, Posting
from staffing.postings.services import end_posting
from staffing.terms import suspensions


@transaction.atomic
def end_postings(
    *, postings: Iterable[Posting], ended_on: date, kind: EndKind, words: str = "", actor: User | None
) -> list[Posting]:
    """Give each posting its last day for the same reason; ValidationError with a sentence for each one that cannot end
    on it."""
    demand(actor, Permission.EDIT_PERSONNEL)

    def end(posting: Posting) -> None:
        end_posting(posting=posting, ended_on=ended_on, kind=kind, words=words, actor=actor)

    return for_each(postings, end)


@transaction.atomic
def suspend_postings(
    *,
    postings: Iterable[Posting],
    kind: SuspensionKind,
    started_on: date,
    ended_on: date | None,
    reason: str,
    actor: User | None,
) -> list[Posting]:
    """Suspend each posting for the same days; ValidationError with a sentence for each one that cannot be."""
    demand(actor, Permission.EDIT_PERSONNEL)

    def suspend(posting: Posting) -> None:
        suspensions.suspend(
            posting=posting, kind=kind, started_on=started_on, ended_on=ended_on, reason=reason, actor=actor
        )

    return for_each(postings, suspend)


class SeveralRefused(ValidationError):
    """What stands in the way, a sentence for each with the name; `of_posting` has them by posting without it."""

    def __init__(self, sentences: list[str], of_posting: Mapping[int, Sequence[str]]) -> None:
        super().__init__(sentences)
        self.of_posting = of_posting


def for_each(postings: Iterable[Posting], work: Callable[[Posting], None]) -> list[Posting]:
    """Do `work` with each posting, in the order of their ids; the postings as they were read before.

    SeveralRefused with what `work` refused; the caller's transaction is to be rolled back then.
    """
    people = {posting.pk: posting.person_id for posting in postings}
    # Locked in one order and before anything is read, so that no two requests wait for each other for ever.
    list(Person.objects.select_for_update().filter(pk__in=people.values()).order_by("pk"))
    found = list(Posting.objects.filter(pk__in=people).select_related("person", "township", "unit").order_by("pk"))
    problems: list[str] = []
    of_posting: dict[int, Sequence[str]] = {}
    for posting in found:
        try:
            if posting.withdrawn_at is not None:
                raise ValidationError("这条在岗记录已经撤销,请刷新页面。")
            work(posting)
        except ValidationError as error:
            place = f"({posting.unit.name})" if posting.unit else ""
            of_posting[posting.pk] = error.messages
            problems += [f"{posting.person.name}{place}:{message}" for message in error.messages]
    if problems:
        raise SeveralRefused(problems, of_posting)
    return found
