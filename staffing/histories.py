"""What is on record of a person's posts: each posting with its contracts, wages and suspensions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from staffing.belongings import Belongings, belongings_of
from staffing.models import (
    Contract,
    Person,
    Posting,
    PostingQuerySet,
    Secondment,
    Suspension,
    Wage,
    WorkingTime,
)


@dataclass(frozen=True, slots=True)
class PostingHistory:
    """A posting with what belongs to it, the newest first; `recorded_as` names the merged record it was entered on."""

    posting: Posting
    recorded_as: str
    is_now: bool
    wages: Sequence[Wage]
    belongings: Belongings

    @property
    def contracts(self) -> Sequence[Contract]:
        return self.belongings.contracts

    @property
    def suspensions(self) -> Sequence[Suspension]:
        return self.belongings.suspensions

    @property
    def working_times(self) -> Sequence[WorkingTime]:
        return self.belongings.working_times

    @property
    def secondments(self) -> Sequence[Secondment]:
        return self.belongings.secondments


def histories_of(person: Person, day: date, postings: PostingQuerySet) -> list[PostingHistory]:
    """Of the given postings, the newest first; what is now is so on `day`. Three statements."""
    related = postings.select_related("person", "township", "unit", "recruitment_round")
    found = list(related.prefetch_related("wages").order_by("-started_on", "-pk"))
    belongings = belongings_of(found)
    return [
        PostingHistory(
            posting=posting,
            recorded_as=posting.person.name if posting.person_id != person.pk else "",
            is_now=posting.withdrawn_at is None
            and posting.started_on <= day
            and (posting.ended_on is None or day <= posting.ended_on),
            wages=sorted(posting.wages.all(), key=lambda row: row.effective_from, reverse=True),
            belongings=belongings[posting.pk],
        )
        for posting in found
    ]
