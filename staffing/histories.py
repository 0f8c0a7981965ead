"""What is on record of a person's posts: each posting with its contracts, wages and suspensions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from staffing.models import Contract, Person, Posting, PostingQuerySet, Suspension, Wage


@dataclass(frozen=True, slots=True)
class PostingHistory:
    """A posting with what belongs to it, the newest first; `recorded_as` names the merged record it was entered on."""

    posting: Posting
    recorded_as: str
    is_now: bool
    contracts: Sequence[Contract]
    wages: Sequence[Wage]
    suspensions: Sequence[Suspension]


def histories_of(person: Person, day: date, postings: PostingQuerySet) -> list[PostingHistory]:
    """Of the given postings, the newest first; what is now is so on `day`. Four queries."""
    found = (
        postings.select_related("person", "township", "unit")
        .prefetch_related("contracts", "wages", "suspensions")
        .order_by("-started_on", "-pk")
    )
    return [
        PostingHistory(
            posting=posting,
            recorded_as=posting.person.name if posting.person_id != person.pk else "",
            is_now=posting.withdrawn_at is None
            and posting.started_on <= day
            and (posting.ended_on is None or day <= posting.ended_on),
            contracts=sorted(posting.contracts.all(), key=lambda row: row.started_on, reverse=True),
            wages=sorted(posting.wages.all(), key=lambda row: row.effective_from, reverse=True),
            suspensions=sorted(posting.suspensions.all(), key=lambda row: row.started_on, reverse=True),
        )
        for posting in found
    ]
