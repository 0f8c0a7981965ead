"""What a version of the rules says, in words: rule by rule."""

from typing import NamedTuple

from foundation.differences import NOTHING
from staffing.enums import Check, Position
from staffing.labels import position_name
from subsidies.models import MinimumWage, RetirementAge, SubsidyStandard
from subsidies.policy.in_force import PolicyRow, retirement_age, standard_parameters
from subsidies.rules.formulas import plain
from subsidies.rules.parameters import Band, FixedSum, Proration, Standard, Tariff, WholeIfOnDay
from subsidies.rules.rates import Rate
from townships.enums import TownshipClass


def minimum_wage_words(row: MinimumWage) -> dict[str, str]:
    """What a minimum wage says, by what it is about."""
    return {"最低工资": f"{row.amount:,.2f}"}


class RetirementWords(NamedTuple):
    """The age of those who are not delayed, and by how much others are."""

    age: str
    delay: str


def retirement_words(row: RetirementAge) -> RetirementWords:
    """What a row of the table of retirement ages says."""
    delay = retirement_age(row).delay
    if delay is None:
        return RetirementWords(age_words(row.base_years * 12), NOTHING)
    step = f"每 {delay.months_per_step} 个月延迟 1 个月,最多延迟 {delay.cap_months} 个月"
    highest = age_words(row.base_years * 12 + delay.cap_months)
    since = f"{delay.first_birth_month.label}及以后出生的"
    return RetirementWords(age_words(row.base_years * 12), f"{since},{step}(到 {highest})")


def age_words(months: int) -> str:
    """An age in months as people say it, e.g. 60 周岁 1 个月."""
    years, rest = divmod(months, 12)
    return f"{years} 周岁{f' {rest} 个月' if rest else ''}"


def words_of(row: PolicyRow) -> dict[str, str]:
    """What a version says, by what it is about."""
    if isinstance(row, MinimumWage):
        return minimum_wage_words(row)
    if isinstance(row, RetirementAge):
        words = retirement_words(row)
        return {"退休年龄": words.age, "延迟": words.delay}
    return standard_words(row)


def standard_words(row: SubsidyStandard) -> dict[str, str]:
    """What a standard says, by what it is about; its bands and fund sources are read already."""
    standard = standard_parameters(row)
    return {
        **_rates(standard),
        "月工资下限": NOTHING if standard.wage_floor is None else f"{standard.wage_floor:,.2f} 元",
        "不满一个月": proration_words(standard.proration),
        **_places(standard),
        "合同最短期限": f"{standard.contract_min_months} 个月",
        "合同到期提前提示": f"{standard.contract_ending_days} 天",
        **{f"检查“{check.label}”": standard.severity(check).label for check in Check},
        "学历和招聘检查": f"{standard.checks_from} 及以后到岗的" if standard.checks_from else "全部人员",
        "以用工成本为限": "是" if standard.cap_at_cost else "否",
        "停发期间照发": counting_words(standard),
        **{f"{position_name(funding.position)}资金来源": funding.source.name for funding in row.funding.all()},
    }


def rate_words(base: str, rate: Rate) -> str:
    """How a rate is worked out, e.g. 最低工资标准 850.00 元 × 180% = 1,530.00 元/月."""
    if rate.base is None or rate.percent is None:
        return f"定额 {rate.amount:,.2f} 元/月"
    return f"{base} {rate.base:,.2f} 元 × {plain(rate.percent)}% = {rate.amount:,.2f} 元/月"


def tariff_words(tariff: Tariff) -> str:
    if isinstance(tariff, FixedSum):
        return f"定额 {tariff.amount:,.2f} 元/月"
    return f"最低工资标准的 {plain(tariff.percent)}%"


def proration_words(proration: Proration) -> str:
    if isinstance(proration, WholeIfOnDay):
        return f"当月 {proration.day} 日(当月没有这一天的,为最后一天)计发的补助全月,否则当月不补助"
    return "补助标准 × 计发天数 ÷ 当月天数,四舍五入到分"


def counting_words(standard: Standard) -> str:
    """The kinds of suspension during which the subsidy goes on."""
    return "、".join(sorted(kind.label for kind in standard.counting_suspensions)) or NOTHING


def _rates(standard: Standard) -> dict[str, str]:
    percent = standard.village_percent
    return {
        f"{position_name(Position.ASSISTANT)}补助": tariff_words(standard.assistant_percent_or_fixed),
        f"{position_name(Position.COMMUNITY_COORDINATOR)}补助": tariff_words(standard.community_percent_or_fixed),
        "村党组织书记报酬比例": NOTHING if percent is None else f"{plain(percent)}%",
        **{
            f"户数第 {number} 档": f"{standard.band_label(band)} {_band(band)}"
            for number, band in enumerate(standard.bands, 1)
        },
    }


def _band(band: Band) -> str:
    what, amount = ("定额", band.amount) if band.secretary_pay is None else ("书记月报酬", band.secretary_pay)
    return f"{what} {amount:,.2f} 元"


def _places(standard: Standard) -> dict[str, str]:
    return {
        **{f"{kind.label}协理员基数": f"{standard.assistant_base[kind]} 名" for kind in TownshipClass},
        "协理员增配上限": f"{standard.assistant_extra_max} 名",
        **{f"{kind.label}平台人员下限": f"{standard.platform_minimum[kind]} 名" for kind in TownshipClass},
    }
