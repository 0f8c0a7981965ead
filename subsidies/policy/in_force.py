"""The approved policy of the database as values of the rules."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, DateField, F, IntegerField, Prefetch, Q, QuerySet, Value

from foundation.dates import Month
from staffing.enums import Check, Position, RetirementGroup, Severity, SuspensionKind
from subsidies.models import MinimumWage, RetirementAge, StandardFunding, SubsidyStandard
from subsidies.rules import parameters, retirement
from subsidies.rules.rulebook import Rulebook
from townships.enums import TownshipClass

# Approved, and no approved one replaces it: what `counts` asks of a row that is read.
_COUNTS = Q(approved_at__isnull=False) & ~Q(replaced_by__approved_at__isnull=False)
PolicyRow = SubsidyStandard | MinimumWage | RetirementAge


def rulebook(standards: Iterable[SubsidyStandard]) -> Rulebook:
    """The given standards, the minimum wages and the retirement ages, as far as they count."""
    return rulebook_of(standards, all_minimum_wages(), all_retirement_ages())


def rulebook_of(
    standards: Iterable[SubsidyStandard],
    minimum_wages: Iterable[MinimumWage],
    retirement_ages: Iterable[RetirementAge] = (),
    *,
    which: Callable[[PolicyRow], bool] | None = None,
) -> Rulebook:
    """The same of rows that are read already, with their documents and bands: of those that count, or of `which`."""
    which = which or counts
    return Rulebook(
        [standard_parameters(row) for row in standards if which(row)],
        [_minimum_wage(row) for row in minimum_wages if which(row)],
        [retirement_age(row) for row in retirement_ages if which(row)],
    )


def rulebook_in_force() -> Rulebook:
    """Everything that counts, in two statements."""
    joined = {"lower": F("bands__from_households"), "pay": F("bands__secretary_pay"), "sum": F("bands__amount")}
    rows: Iterable[Any] = (  # the stubs do not know what is annotated
        SubsidyStandard.objects.select_related("document", "replaced_by")
        .annotate(**joined)
        .order_by("effective_from", "pk", "bands__from_households")
    )
    standards = []
    for _, of_standard in groupby(rows, key=attrgetter("pk")):
        first, *others = of_standard
        if counts(first):
            banded = [row for row in (first, *others) if row.lower is not None]
            standards.append(_standard(first, [parameters.Band(row.lower, row.pay, row.sum) for row in banded]))
    return Rulebook(standards, *_wages_and_ages())


class _WageOrAge(NamedTuple):
    """A minimum wage, or a row of the table of retirement ages, whose `group` is not empty."""

    effective_from: date
    amount: Decimal | None
    title: str
    number: str
    group: str
    base_years: int | None
    first_birth_month: date | None
    months_per_step: int | None
    cap_months: int | None


def _wages_and_ages() -> tuple[list[parameters.MinimumWage], list[retirement.RetirementAge]]:
    """Minimum wages and retirement ages that count; in one statement, since nearly every page asks for them."""
    no_number = Value(None, IntegerField())
    wages = (
        MinimumWage.objects.filter(_COUNTS)
        .order_by()
        .values_list(
            *("effective_from", "amount", "document__title", "document__number"),
            *(Value(""), no_number, Value(None, DateField()), no_number, no_number),
        )
    )
    ages = (
        RetirementAge.objects.filter(_COUNTS)
        .order_by()
        .values_list(
            *("effective_from", Value(None, BigIntegerField()), "document__title", "document__number"),
            *("group", "base_years", "first_birth_month", "months_per_step", "cap_months"),
        )
    )
    rows = [_WageOrAge(*row) for row in wages.union(ages, all=True)]
    return (
        [
            parameters.MinimumWage(row.effective_from, row.amount, f"《{row.title}》{row.number}")
            for row in rows
            if row.amount is not None
        ],
        [_retirement_age(row, row.base_years) for row in rows if row.base_years is not None],
    )


def standards_in_force() -> list[SubsidyStandard]:
    """Approved standards that no approved one replaces, with documents and bands, by date."""
    return [row for row in all_standards() if counts(row)]


def funded_standards() -> list[SubsidyStandard]:
    """The same with the fund source of each position, and its document."""
    funding = StandardFunding.objects.select_related("source__document")
    return [row for row in all_standards().prefetch_related(Prefetch("funding", funding)) if counts(row)]


def counts(row: PolicyRow) -> bool:
    """Whether a version is in force from its date on: approved, and no approved one replaces it."""
    return row.approved_at is not None and not is_replaced(row)


def is_replaced(row: PolicyRow) -> bool:
    """Whether an approved version takes the place of this one."""
    successor: PolicyRow | None = getattr(row, "replaced_by", None)
    return successor is not None and successor.approved_at is not None


def all_standards() -> QuerySet[SubsidyStandard]:
    """Every version, waiting and replaced ones too, with documents and bands, by date."""
    return SubsidyStandard.objects.select_related("document", "replaced_by").prefetch_related("bands")


def all_minimum_wages() -> QuerySet[MinimumWage]:
    """Every version, waiting and replaced ones too, with documents, by date."""
    return MinimumWage.objects.select_related("document", "replaced_by")


def all_retirement_ages() -> QuerySet[RetirementAge]:
    """Every version, waiting and replaced ones too, with documents, by date."""
    return RetirementAge.objects.select_related("document", "replaced_by")


def funding_of_month(month: Month, standards: Sequence[SubsidyStandard]) -> dict[Position, StandardFunding]:
    """The fund source of each position under that of the `funded_standards` which is in force on the first of
    `month`."""
    begun = [row for row in standards if row.effective_from <= month.first]
    if not begun:
        return {}
    rows = max(begun, key=lambda row: row.effective_from).funding.all()
    return {Position(row.position): row for row in sorted(rows, key=lambda row: row.position)}


def standard_parameters(row: SubsidyStandard) -> parameters.Standard:
    bands = sorted(row.bands.all(), key=lambda band: band.from_households)
    return _standard(row, [parameters.Band(band.from_households, band.secretary_pay, band.amount) for band in bands])


def _minimum_wage(row: MinimumWage) -> parameters.MinimumWage:
    return parameters.MinimumWage(row.effective_from, row.amount, str(row.document))


def retirement_age(row: RetirementAge) -> retirement.RetirementAge:
    return _retirement_age(row, row.base_years)


def _retirement_age(row: "RetirementAge | _WageOrAge", base_years: int) -> retirement.RetirementAge:
    delay = None
    if row.first_birth_month is not None and row.months_per_step is not None and row.cap_months is not None:
        delay = retirement.Delay(Month.of(row.first_birth_month), row.months_per_step, row.cap_months)
    return retirement.RetirementAge(row.effective_from, RetirementGroup(row.group), base_years, delay)


def _standard(row: SubsidyStandard, bands: Iterable[parameters.Band]) -> parameters.Standard:
    """With its bands by their lower bounds."""
    return parameters.Standard(
        effective_from=row.effective_from,
        document=str(row.document),
        assistant_percent_or_fixed=_tariff(row.assistant_percent, row.assistant_fixed),
        community_percent_or_fixed=_tariff(row.community_percent, row.community_fixed),
        bands=tuple(bands),
        village_percent=row.village_percent,
        proration=_proration(row),
        assistant_base={TownshipClass.A: row.assistant_base_a, TownshipClass.B: row.assistant_base_b},
        assistant_extra_max=row.assistant_extra_max,
        platform_minimum={TownshipClass.A: row.platform_minimum_a, TownshipClass.B: row.platform_minimum_b},
        wage_floor=row.wage_floor,
        contract_min_months=row.contract_min_months,
        contract_ending_days=row.contract_ending_days,
        checks={Check(name): Severity(severity) for name, severity in row.checks.items()},
        checks_from=row.checks_from,
        cap_at_cost=row.cap_at_cost,
        counting_suspensions=frozenset(SuspensionKind(kind) for kind in row.counting_suspensions),
    )


def _tariff(percent: Decimal | None, fixed: Decimal | None) -> parameters.Tariff:
    if fixed is not None:
        return parameters.FixedSum(fixed)
    if percent is None:
        raise ValueError("a standard has a percentage or a fixed sum")
    return parameters.PercentOfMinimumWage(percent)


def _proration(row: SubsidyStandard) -> parameters.Proration:
    if row.proration_day is not None:
        return parameters.WholeIfOnDay(row.proration_day)
    return parameters.CalendarDay()
