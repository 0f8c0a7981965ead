"""A person's page: what the person did where, what is found of it, and what was paid for every month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum
from django.db.models.functions import ExtractYear

from foundation.dates import Month
from foundation.money import ZERO, MoneyField
from staffing.models import Contract, Person, Posting, PostingQuerySet, Suspension, Wage
from subsidies.models import AllocationLine, AllocationLineQuerySet
from subsidies.rules.rulebook import MissingParameter
from subsidies.selectors.findings import Finding, open_findings
from subsidies.selectors.line_pages import remarks_on
from subsidies.selectors.runs import APPROVED_STATES
from townships.models import TownshipQuerySet


@dataclass(frozen=True, slots=True)
class PostingHistory:
    """A posting with what belongs to it, the newest first; `recorded_as` names the merged record it was entered on."""

    posting: Posting
    recorded_as: str
    is_now: bool
    contracts: Sequence[Contract]
    wages: Sequence[Wage]
    suspensions: Sequence[Suspension]


@dataclass(frozen=True, slots=True)
class PaidLine:
    """What one run holds of one posting for one month, with what is to be said about it."""

    line: AllocationLine
    remarks: Sequence[str]


@dataclass(frozen=True, slots=True)
class YearTotal:
    """What approved runs paid for the months of a year, in yuan."""

    year: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person as far as the reader may see: postings and lines of other townships are left out.

    `refusal` says why findings could not be looked for. Lines are those of `year`, the newest month first; what only
    a run that waits for approval holds is in no total.
    """

    person: Person
    postings: Sequence[PostingHistory]
    month: Month
    findings: Sequence[Finding]
    refusal: str
    years: Sequence[YearTotal]
    year: int | None
    lines: Sequence[PaidLine]

    @property
    def current(self) -> Sequence[PostingHistory]:
        return [history for history in self.postings if history.is_now]

    @property
    def total(self) -> Decimal:
        """Of the year that is shown."""
        return next((row.total for row in self.years if row.year == self.year), ZERO)


def person_page(
    person: Person,
    day: date,
    *,
    postings: PostingQuerySet,
    lines: AllocationLineQuerySet,
    townships: TownshipQuerySet,
    year: int | None = None,
) -> PersonPage:
    """The page of a person that stands for itself; of postings, lines and townships only those that may be seen."""
    histories = _histories(person, day, postings.of_person(person))
    month = Month.of(day)
    findings, refusal = _findings(person, month, townships)
    held = lines.filter(
        posting__in=[history.posting.pk for history in histories],
        allocation__revision__current_for__isnull=False,
    )
    years = _years(held)
    shown = year if year in {row.year for row in years} else years[0].year if years else None
    return PersonPage(
        person=person,
        postings=histories,
        month=month,
        findings=findings,
        refusal=refusal,
        years=years,
        year=shown,
        lines=_lines(held, shown) if shown else [],
    )


def _histories(person: Person, day: date, postings: PostingQuerySet) -> list[PostingHistory]:
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


def _findings(person: Person, month: Month, townships: TownshipQuerySet) -> tuple[Sequence[Finding], str]:
    try:
        return open_findings(month, townships, person=person.pk), ""
    except MissingParameter as error:
        return [], str(error)


def _years(held: AllocationLineQuerySet) -> list[YearTotal]:
    """Every year that anything is held for, the newest first."""
    by_year = held.annotate(year=ExtractYear("for_month")).order_by().values_list("year")
    approved = held.filter(allocation__revision__current_for__state__in=APPROVED_STATES)
    paid = dict(
        approved.annotate(year=ExtractYear("for_month"))
        .order_by()
        .values_list("year")
        .annotate(sum=Sum(F("amount"), output_field=MoneyField()))
    )
    return [YearTotal(year, paid.get(year, ZERO)) for (year,) in by_year.distinct().order_by("-year")]


def _lines(held: AllocationLineQuerySet, year: int) -> list[PaidLine]:
    found = (
        held.filter(for_month__range=(date(year, 1, 1), date(year, 12, 31)))
        .select_related("allocation__revision__run")
        .order_by("-for_month", "allocation__revision__run__month", "allocation__revision__run__number", "posting")
    )
    return [PaidLine(line, remarks_on(line)) for line in found]
