"""The rules of one standard with one minimum wage, in words and figures, each with its clause or document."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from staffing.enums import SUBSIDISED, Check, Position, RetirementGroup, Severity
from staffing.labels import position_name
from subsidies.models import FundSource, RetirementAge, StandardFunding
from subsidies.policy.in_force import PolicyRow
from subsidies.policy.words import counting_words, proration_words, rate_words, retirement_words, tariff_words
from subsidies.rules.checks import SUBJECTS, clause_of
from subsidies.rules.dues import requirements_of
from subsidies.rules.parameters import FixedSum, MinimumWage, MonthParameters, Standard
from subsidies.rules.rates import band_rate, tariff_rate
from townships.enums import TownshipClass

# How long before its end a fund source is pointed out.
SOON = timedelta(days=90)
# Which townships are of a class (townships.enums.class_of).
_WHO_IS = {TownshipClass.A: "街道、中心镇", TownshipClass.B: "其他镇、乡"}


@dataclass(frozen=True, slots=True)
class TariffRule:
    """What a position at the township or in a community gets; `amount` is None where the minimum wage is missing."""

    position: Position
    words: str
    amount: Decimal | None
    documents: Sequence[str]


@dataclass(frozen=True, slots=True)
class BandRule:
    """What a village coordinator gets; pay and percent are None where the band is a flat sum."""

    label: str
    secretary_pay: Decimal | None
    percent: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PlacesRule:
    """Places of a township of one class: assistants' base, extra by approval, both; least platform staff."""

    label: str
    base: int
    extra: int
    most: int
    platform_minimum: int


@dataclass(frozen=True, slots=True)
class CheckRule:
    """A check: what happens on it, what it compares with, whom it looks at and whom it spares."""

    label: str
    severity: Severity
    measure: str
    positions: Sequence[Position]
    spared: str
    clause: str

    @property
    def blocks(self) -> bool:
        return self.severity is Severity.BLOCK


@dataclass(frozen=True, slots=True)
class FundRule:
    """A fund source and the positions it pays; `is_over` on the day it is looked at."""

    source: str
    positions: Sequence[Position]
    document: str
    validity: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class RetirementRule:
    """The retirement age of one group, whom it holds for, and by how much it is delayed."""

    group: RetirementGroup
    who: str
    age: str
    delay: str
    document: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that one standard rules, amounts in yuan a month; `minimum_wage` is None where there is none."""

    standard_from: date
    minimum_wage: MinimumWage | None
    tariffs: Sequence[TariffRule]
    bands: Sequence[BandRule]
    document: str
    proration: str
    wage_floor: str
    counting: str
    cap_at_cost: bool
    places: Sequence[PlacesRule]
    checks: Sequence[CheckRule]
    funding: Sequence[FundRule]


def rules_of(values: MonthParameters, funding: Iterable[StandardFunding], day: date) -> Rules:
    """`funding` is that of the standard; `day` is the one on which fund sources are judged."""
    standard = values.standard
    return Rules(
        standard_from=standard.effective_from,
        minimum_wage=values.minimum_wage,
        tariffs=[_tariff(position, values) for position in (Position.ASSISTANT, Position.COMMUNITY_COORDINATOR)],
        bands=_bands(standard),
        document=standard.document,
        proration=proration_words(standard.proration),
        wage_floor=_wage_floor(values),
        counting=counting_words(standard),
        cap_at_cost=standard.cap_at_cost,
        places=[_places(standard, township_class) for township_class in TownshipClass],
        checks=[_check(check, values) for check in Check],
        funding=_funding(funding, day),
    )


def retirement_rules(rows: Iterable[PolicyRow]) -> list[RetirementRule]:
    """Of the rows in force those of the retirement age, in the order of the groups."""
    staff = position_name(Position.PLATFORM_STAFF)
    who = {
        RetirementGroup.MALE: "男性",
        RetirementGroup.FEMALE_CADRE: f"女性{staff},以及登记为女干部的",
        RetirementGroup.FEMALE_WORKER: "其他女性,以及登记为女工人的",
    }
    of_group = {RetirementGroup(row.group): row for row in rows if isinstance(row, RetirementAge)}
    return [
        RetirementRule(group, who[group], *retirement_words(row), str(row.document))
        for group in RetirementGroup
        if (row := of_group.get(group)) is not None
    ]


def _tariff(position: Position, values: MonthParameters) -> TariffRule:
    standard, wage = values.standard, values.minimum_wage
    tariff = (
        standard.assistant_percent_or_fixed if position is Position.ASSISTANT else standard.community_percent_or_fixed
    )
    if isinstance(tariff, FixedSum):
        rate = tariff_rate(position, values)
        return TariffRule(position, rate_words("", rate), rate.amount, [standard.document])
    if wage is None:
        words = f"{tariff_words(tariff)};没有执行中的最低工资标准,算不出金额"
        return TariffRule(position, words, None, [standard.document])
    rate = tariff_rate(position, values)
    documents = list(dict.fromkeys((standard.document, wage.document)))
    return TariffRule(position, rate_words("最低工资标准", rate), rate.amount, documents)


def _bands(standard: Standard) -> list[BandRule]:
    rates = [(band, band_rate(band, standard.village_percent)) for band in standard.bands]
    return [BandRule(standard.band_label(band), rate.base, rate.percent, rate.amount) for band, rate in rates]


def _wage_floor(values: MonthParameters) -> str:
    floor, wage = values.standard.wage_floor, values.minimum_wage
    lowest = requirements_of(values).lowest_wage
    if lowest is None:
        return "没有下限"
    if floor is None:
        return f"{lowest:,.2f} 元,即最低工资标准"
    if wage is None:
        return f"{lowest:,.2f} 元"
    return f"{lowest:,.2f} 元,即规定的 {floor:,.2f} 元与最低工资标准 {wage.amount:,.2f} 元中较高的一个"


def _places(standard: Standard, township_class: TownshipClass) -> PlacesRule:
    base, extra = standard.assistant_base[township_class], standard.assistant_extra_max
    label = f"{township_class.label}:{_WHO_IS[township_class]}"
    return PlacesRule(label, base, extra, base + extra, standard.platform_minimum[township_class])


def _check(check: Check, values: MonthParameters) -> CheckRule:
    standard, subject = values.standard, SUBJECTS[check]
    lowest = requirements_of(values).lowest_wage
    measures = {
        Check.CONTRACT_SHORT: f"要求至少 {standard.contract_min_months} 个月",
        Check.CONTRACT_ENDING: f"到期前 {standard.contract_ending_days} 天起",
        Check.WAGE_BELOW_FLOOR: "" if lowest is None else f"下限 {lowest:,.2f} 元",
    }
    spares = subject.spares_earlier and standard.checks_from is not None
    return CheckRule(
        label=check.label,
        severity=standard.severity(check),
        measure=measures.get(check, ""),
        positions=subject.positions,
        spared=f"{standard.checks_from} 以前到岗的存量人员" if spares else "",
        clause=" ".join(sorted({clause_of(check, position) for position in subject.positions})),
    )


def _funding(rows: Iterable[StandardFunding], day: date) -> list[FundRule]:
    positions: dict[FundSource, list[Position]] = defaultdict(list)
    paid = {Position(row.position): row.source for row in rows}
    for position in SUBSIDISED:
        if position in paid:
            positions[paid[position]].append(position)
    return [
        FundRule(source.name, of_source, str(source.document), _validity(source, day), not source.is_valid_on(day))
        for source, of_source in positions.items()
    ]


def _validity(source: FundSource, day: date) -> str:
    if source.valid_until is None:
        return "没有期限"
    if not source.is_valid_on(day):
        return f"已于 {source.valid_until} 到期,以后的月份不能审批"
    left = source.valid_until - day
    return f"有效期至 {source.valid_until}" + (f",还有 {left.days} 天到期" if left <= SOON else "")
