"""What is due with two records of a person taken as one, and apart; nothing is written."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from foundation.dates import Month
from foundation.rounding import ZERO
from staffing.models import Posting
from subsidies.posts.known_county import KnownCounty, known_county
from subsidies.rules.dues import dues_of_month
from subsidies.rules.facts import CountyFacts, PostingFact


@dataclass(frozen=True, slots=True)
class DueTogether:
    """A posting and a month that are due otherwise where the records are one; `reason` is why, empty where it is paid.

    It may be somebody else's: a place that one of two posts no longer holds goes to whoever comes next.
    """

    posting: PostingFact
    month: Month
    apart: Decimal
    together: Decimal
    reason: str

    @property
    def difference(self) -> Decimal:
        return self.together - self.apart


def dues_together(record: int, into: int, months: Sequence[Month]) -> list[DueTogether]:
    """Of all postings of the county, whether the records are merged now or not; months without parameters are passed
    over. The same statements whatever the size."""
    if not months:
        return []
    known = known_county(since=months[0].first, until=months[-1].last)
    of_record = set(Posting.objects.filter(person=record).values_list("pk", flat=True))
    return [
        due
        for month in months
        if known.book.has_month(month)
        for due in _of_month(month, known, of_record, record, into)
    ]


def _of_month(
    month: Month, known: KnownCounty, of_record: Collection[int], record: int, into: int
) -> Iterator[DueTogether]:
    facts, parameters = known.between(month.first, month.last), known.book.for_month(month)
    apart = dues_of_month(month, _as_person(facts, of_record, record), parameters, with_hints=False)
    together = dues_of_month(month, _as_person(facts, of_record, into), parameters, with_hints=False)
    for key, due in together.items():
        before = apart[key].amount if key in apart else ZERO
        if before != due.amount:
            yield DueTogether(due.posting, month, before, due.amount, due.result.reason)


def _as_person(facts: CountyFacts, postings: Collection[int], person: int) -> CountyFacts:
    """The facts with these postings as those of the person."""
    return replace(
        facts,
        postings=tuple(row._replace(person=person) if row.id in postings else row for row in facts.postings),
    )
