"""What the pages of the policy show: the rules in force on a day, the versions, one version of the standard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.db.models import Prefetch

from staffing.enums import Position
from staffing.labels import position_name
from subsidies.models import StandardFunding, SubsidyStandard
from subsidies.policy.history import MINIMUM_WAGE, Version, VersionState, versions
from subsidies.policy.in_force import (
    all_minimum_wages,
    all_retirement_ages,
    all_standards,
    rulebook_of,
    standard_parameters,
)
from subsidies.policy.rules_in_words import RetirementRule, Rules, retirement_rules, rules_of
from subsidies.rules.parameters import FixedSum, MinimumWage, MonthParameters
from subsidies.rules.rates import tariff_rate
from subsidies.rules.rulebook import Rulebook

EXAMPLE = Path(__file__).resolve().parent.parent / "demo" / "policy.toml"
PAGE_LENGTH = 50
_APPROVERS = ("approved_by", "finance_approved_by")


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """The rules on `day` and a page of the versions, newest first.

    `rules` is None where no standard is in force on `day`; `in_force` are the versions in force on it; `waiting`
    are the names of those that are not approved yet. `older` is the day before which the next page of versions begins,
    None on the last one. `example` is a policy file, where nothing is stored at all.
    """

    day: date
    sentence: str
    notices: Sequence[str]
    waiting: Sequence[str]
    rules: Rules | None
    versions: Sequence[Version]
    in_force: Sequence[Version]
    retirement: Sequence[RetirementRule]
    older: date | None
    example: str


@dataclass(frozen=True, slots=True)
class Period:
    """What assistants and community coordinators get while one minimum wage is in force under a standard."""

    started_on: date
    ended_on: date | None
    minimum_wage: Decimal
    assistant: Decimal
    community: Decimal


@dataclass(frozen=True, slots=True)
class StandardPage:
    """One version of the standard; `rules` with the minimum wage in force on its first day."""

    version: Version
    rules: Rules
    periods: Sequence[Period]


def policy_page(day: date, *, today: date, before: date | None) -> PolicyPage:
    """The rules on `day`; of the versions only those that begin before `before`, where it is given."""
    known, book = all_versions(today)
    standard = book.standard_on(day)
    in_force = [version for version in known if version.is_in_force_on(day)]
    rules = None
    if standard is not None:
        funding = [row for version in in_force for row in _funding(version)]
        rules = rules_of(MonthParameters(standard, book.minimum_wage_on(day)), funding, day)
    listed, older = _page_of(known, before)
    return PolicyPage(
        day=day,
        sentence=_sentence("今天" if day == today else f"{day} ", rules, known),
        notices=_notices(day, known),
        waiting=[version.name for version in known if version.state is VersionState.WAITING],
        rules=rules,
        versions=listed,
        in_force=in_force,
        retirement=retirement_rules(version.row for version in in_force),
        older=older,
        example="" if known else EXAMPLE.read_text(encoding="utf-8"),
    )


def standard_page(pk: int, *, today: date) -> StandardPage | None:
    """None where there is no such version."""
    known, book = all_versions(today)
    for version in known:
        if isinstance(version.row, SubsidyStandard) and version.row.pk == pk:
            wage = book.minimum_wage_on(version.row.effective_from)
            values = MonthParameters(standard_parameters(version.row), wage)
            rules = rules_of(values, _funding(version), today)
            return StandardPage(version, rules, _periods(version, values, known, book))
    return None


def all_versions(today: date) -> tuple[list[Version], Rulebook]:
    """Every version, newest first, in five queries; and which of them is in force when."""
    funding = StandardFunding.objects.select_related("source__document").order_by("position")
    standards = list(all_standards().select_related(*_APPROVERS).prefetch_related(Prefetch("funding", funding)))
    minimum_wages = list(all_minimum_wages().select_related(*_APPROVERS))
    ages = list(all_retirement_ages().select_related(*_APPROVERS))
    return versions(standards, minimum_wages, ages, today=today), rulebook_of(standards, minimum_wages, ages)


def _funding(version: Version) -> Sequence[StandardFunding]:
    return list(version.row.funding.all()) if isinstance(version.row, SubsidyStandard) else []


def _page_of(known: Sequence[Version], before: date | None) -> tuple[Sequence[Version], date | None]:
    """One page, with all versions of its last day, and the day that the next one begins before."""
    rest = [version for version in known if before is None or version.row.effective_from < before]
    if len(rest) <= PAGE_LENGTH:
        return rest, None
    last = rest[PAGE_LENGTH - 1].row.effective_from
    page = [version for version in rest if version.row.effective_from >= last]
    return page, last if len(page) < len(rest) else None


def _sentence(when: str, rules: Rules | None, known: Sequence[Version]) -> str:
    if not known:
        return "这里写明每人每月补助多少、依据什么规定;现在还没有导入政策。"
    if rules is None:
        days = [version.row.effective_from for version in known if version.is_standard and version.counts]
        begins = f"最早的从 {min(days)} 起执行" if days else "审核后才能核算"
        return f"{when}没有执行中的补助标准;{begins}。"
    wage = rules.minimum_wage
    of_wage = f"和 {wage.effective_from} 起的最低工资标准 {wage.amount:,.2f} 元/月" if wage else ""
    return f"{when}执行 {rules.standard_from} 起的补助标准{of_wage}:{'、'.join(_what_is_paid(rules))}。"


def _what_is_paid(rules: Rules) -> list[str]:
    paid = [
        f"{position_name(tariff.position)} {tariff.amount:,.2f} 元/月"
        for tariff in rules.tariffs
        if tariff.amount is not None
    ]
    of_bands = sorted(band.amount for band in rules.bands)
    between = "–".join(f"{amount:,.2f}" for amount in dict.fromkeys((of_bands[0], of_bands[-1])))
    return [*paid, f"{position_name(Position.VILLAGE_COORDINATOR)} {between} 元/月"]


def _notices(day: date, known: Sequence[Version]) -> list[str]:
    """What comes next of either kind."""
    later = [version for version in known if version.counts and version.row.effective_from > day]
    next_ones = {version.kind: version for version in later}
    return [f"{one.row.effective_from} 起执行新的{one.kind}:{_summary(one)}。" for one in next_ones.values()]


def _summary(version: Version) -> str:
    """The first thing that a version changes, and how many more."""
    if not version.changes:
        return "内容见下面的版本"
    first, *others = version.changes
    more = f"等 {len(version.changes)} 处" if others else ""
    return f"{first}{more}"


def _periods(version: Version, values: MonthParameters, known: Sequence[Version], book: Rulebook) -> list[Period]:
    """The minimum wages in force under a standard that counts and goes by them."""
    tariffs = (values.standard.assistant_percent_or_fixed, values.standard.community_percent_or_fixed)
    if not version.counts or all(isinstance(tariff, FixedSum) for tariff in tariffs):
        return []
    first, until = version.row.effective_from, version.until or date.max
    later = {other.row.effective_from for other in known if other.counts and other.kind == MINIMUM_WAGE}
    starts = [first, *sorted(day for day in later if first < day <= until)]
    ends = [*(day - timedelta(days=1) for day in starts[1:]), version.until]
    wages = [book.minimum_wage_on(start) for start in starts]
    return [
        _period(started_on, ended_on, values, wage)
        for started_on, ended_on, wage in zip(starts, ends, wages, strict=True)
        if wage is not None
    ]


def _period(started_on: date, ended_on: date | None, values: MonthParameters, wage: MinimumWage) -> Period:
    then = MonthParameters(values.standard, wage)
    assistant = tariff_rate(Position.ASSISTANT, then)
    community = tariff_rate(Position.COMMUNITY_COORDINATOR, then)
    return Period(started_on, ended_on, wage.amount, assistant.amount, community.amount)
