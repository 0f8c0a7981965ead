"""The approved policy of the database as values of the rules."""

from collections.abc import Sequence
from decimal import Decimal

from foundation.dates import Month
from staffing.enums import Check, Position, Severity, SuspensionKind
from subsidies.models import MinimumWage, StandardFunding, SubsidyStandard
from subsidies.rules import parameters
from subsidies.rules.rulebook import Rulebook
from townships.enums import TownshipClass


def rulebook(standards: Sequence[SubsidyStandard]) -> Rulebook:
    """The given standards, and the approved minimum wages that no approved row replaces."""
    return Rulebook(
        [_standard(row) for row in standards],
        [
            parameters.MinimumWage(row.effective_from, row.amount, str(row.document))
            for row in MinimumWage.objects.filter(approved_at__isnull=False)
            .exclude(replaced_by__approved_at__isnull=False)
            .select_related("document")
        ],
    )


def standards_in_force() -> list[SubsidyStandard]:
    """Approved standards that no approved one replaces, with documents and bands, by date."""
    return list(
        SubsidyStandard.objects.filter(approved_at__isnull=False)
        .exclude(replaced_by__approved_at__isnull=False)
        .select_related("document")
        .prefetch_related("bands")
        .order_by("effective_from")
    )


def funding_of_month(month: Month, standards: Sequence[SubsidyStandard]) -> dict[Position, StandardFunding]:
    """The fund source of each position under that of `standards` which is in force on the first of `month`."""
    begun = [row for row in standards if row.effective_from <= month.first]
    if not begun:
        return {}
    rows = (
        max(begun, key=lambda row: row.effective_from)
        .funding.select_related("source", "source__document")
        .order_by("position")
    )
    return {Position(row.position): row for row in rows}


def _standard(row: SubsidyStandard) -> parameters.Standard:
    return parameters.Standard(
        effective_from=row.effective_from,
        document=str(row.document),
        assistant=_tariff(row.assistant_percent, row.assistant_fixed),
        community=_tariff(row.community_percent, row.community_fixed),
        bands=tuple(
            parameters.Band(band.from_households, band.secretary_pay, band.amount)
            for band in sorted(row.bands.all(), key=lambda band: band.from_households)
        ),
        village_percent=row.village_percent,
        proration=_proration(row),
        assistant_base={TownshipClass.A: row.assistant_base_a, TownshipClass.B: row.assistant_base_b},
        assistant_extra_max=row.assistant_extra_max,
        platform_minimum={TownshipClass.A: row.platform_minimum_a, TownshipClass.B: row.platform_minimum_b},
        wage_floor=row.wage_floor,
        contract_min_months=row.contract_min_months,
        contract_ending_days=row.contract_ending_days,
        severities={Check(name): Severity(severity) for name, severity in row.checks.items()},
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
