"""A person's page: what the person did where, what is found of it, and what was paid for every month."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import ExtractYear

from foundation.dates import Month, completed_years
from foundation.money import ZERO, MoneyField
from staffing.models import Contract, Person, Posting, PostingQuerySet, Suspension, Wage
from subsidies.enums import RunState
from subsidies.models import AdjustmentLine, AllocationLine, OldDifference, OldDifferenceQuerySet, SubsidyRun
from subsidies.models.runs import UNAPPROVED_STATES, AdjustmentLineQuerySet, AllocationLineQuerySet
from subsidies.rules.rulebook import MissingParameter
from subsidies.selectors.findings import Finding, open_findings
from subsidies.selectors.line_pages import remarks_on
from subsidies.selectors.runs import APPROVED_STATES
from townships.models import TownshipQuerySet

# What a run says now, unless it was made void.
_IN_FORCE: Mapping[str, Any] = {
    "allocation__revision__current_for__state__in": (*APPROVED_STATES, *(state.value for state in UNAPPROVED_STATES))
}
_NEWEST_FIRST = ("-for_month", "allocation__revision__run__month", "allocation__revision__run__number")


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

    `age` is that of the day in completed years: beside the masked id number a birth date would give the number away.
    `refusal` says why findings could not be looked for. Lines and other adjustments are those of `year`, the newest
    month first; what only a run that waits for approval holds is in no total, what a void one held is left out.
    `old_differences` are those of the newest run.
    """

    person: Person
    age: int | None
    postings: Sequence[PostingHistory]
    month: Month
    findings: Sequence[Finding]
    refusal: str
    years: Sequence[YearTotal]
    year: int | None
    lines: Sequence[PaidLine]
    adjustments: Sequence[AdjustmentLine]
    old_differences: Sequence[OldDifference]

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
    adjustments: AdjustmentLineQuerySet,
    differences: OldDifferenceQuerySet,
    townships: TownshipQuerySet,
    year: int | None = None,
) -> PersonPage:
    """The page of a person that stands for itself; of postings, lines and townships only those that may be seen."""
    histories = _histories(person, day, postings.of_person(person))
    month = Month.of(day)
    findings, refusal = _findings(person, month, townships)
    held = lines.filter(posting__in=[history.posting.pk for history in histories], **_IN_FORCE)
    adjusted = adjustments.filter(
        Q(adjustment__person=person) | Q(adjustment__person__merged_into=person), **_IN_FORCE
    )
    years = _years(held, adjusted)
    shown = year if year in {row.year for row in years} else years[0].year if years else None
    return PersonPage(
        person=person,
        age=None if person.born_on is None else completed_years(person.born_on, day),
        postings=histories,
        month=month,
        findings=findings,
        refusal=refusal,
        years=years,
        year=shown,
        lines=_lines(held, shown) if shown else [],
        adjustments=_adjustments(adjusted, shown) if shown else [],
        old_differences=_old_differences(differences, histories),
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


def _old_differences(differences: OldDifferenceQuerySet, histories: Sequence[PostingHistory]) -> list[OldDifference]:
    """What the newest run found and no run settles, of these postings."""
    newest = SubsidyRun.objects.exclude(state=RunState.VOIDED.value).order_by("-month", "-number").values("pk")[:1]
    found = differences.filter(
        posting__in=[history.posting.pk for history in histories], allocation__revision__current_for__in=newest
    )
    return list(found.select_related("allocation__revision__run").order_by("for_month", "pk"))


def _years(*held: AllocationLineQuerySet | AdjustmentLineQuerySet) -> list[YearTotal]:
    """Every year that anything is held for, the newest first."""
    approved = Q(allocation__revision__current_for__state__in=APPROVED_STATES)
    paid: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for rows in held:
        by_year = rows.annotate(year=ExtractYear("for_month")).order_by().values_list("year")
        for year, amount in by_year.annotate(sum=Sum("amount", filter=approved, output_field=MoneyField())):
            paid[year] += amount or ZERO
    return [YearTotal(year, paid[year]) for year in sorted(paid, reverse=True)]


def _lines(held: AllocationLineQuerySet, year: int) -> list[PaidLine]:
    found = held.filter(for_month__year=year).select_related("allocation__revision__run")
    return [PaidLine(line, remarks_on(line)) for line in found.order_by(*_NEWEST_FIRST, "posting")]


def _adjustments(adjusted: AdjustmentLineQuerySet, year: int) -> list[AdjustmentLine]:
    found = adjusted.filter(for_month__year=year).select_related("allocation__revision__run")
    return list(found.order_by(*_NEWEST_FIRST, "adjustment"))
