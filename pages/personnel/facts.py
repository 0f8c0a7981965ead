"""What is on record of a person, shown beside the form that changes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from staffing.histories import PostingHistory, histories_of
from staffing.models import Person, Posting, PostingQuerySet


@dataclass(frozen=True, slots=True)
class Facts:
    """`shown` with their contracts, wages and suspensions: the posting that the form is about, for a person those of
    the day, or the latest one; the `others` in a line each. Both the newest first."""

    person: Person
    shown: Sequence[PostingHistory]
    others: Sequence[PostingHistory]


def facts_beside(person: Person, posting: Posting | None, day: date, visible: PostingQuerySet) -> Facts:
    """As far as the postings are `visible`; a person's include those of the records merged into it."""
    record = person.merged_into or person
    histories = histories_of(record, day, visible.of_person(record.pk))
    if posting is not None:
        shown = [history for history in histories if history.posting.pk == posting.pk]
    else:
        shown = [history for history in histories if history.is_now] or histories[:1]
    return Facts(person, shown, [history for history in histories if history not in shown])
