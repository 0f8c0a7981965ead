"""Every check in words: what a clerk reads of a posting that it finds something of."""

from decimal import Decimal
from typing import Any

import pytest

from foundation.dates import Month
from staffing.enums import Check, ContractKind, Education, Position, RetirementGroup
from subsidies.posts.finding_words import Words
from subsidies.rules.checks import ContractRecord, WageRecord
from subsidies.rules.dues import requirements_of
from subsidies.rules.facts import CountyFacts
from subsidies.rules.retirement import Retiree
from tests.subsidies.rules.builders import JANUARY, TOWN, county, day, dues, on, parameters, posting, standard, unit
from townships.enums import UnitKind

COMMUNITY = 12


def contract(start: str, end: str, kind: ContractKind = ContractKind.TOWNSHIP, employer: str = "") -> ContractRecord:
    return ContractRecord(on(start), day(end), kind, employer)


def with_flaw(**flaw: Any) -> CountyFacts:
    return county(posting(1, **flaw))


def with_counts(*counts: tuple[str, int]) -> CountyFacts:
    return county(posting(1, unit=11), units=[unit(11, counts=counts)])


OF_POSTINGS: dict[Check, tuple[CountyFacts, str]] = {
    Check.OVER_QUOTA: (
        county(*(posting(10 + number) for number in range(2)), posting(1, started="2009-06-01")),
        "名额已由先到岗的人占满",
    ),
    Check.EDUCATION: (with_flaw(education=Education.VOCATIONAL), f"登记的学历:{Education.VOCATIONAL.label}"),
    Check.RECRUITMENT: (with_flaw(recruitment_recorded=False), "人员来源和招聘公告都未填写"),
    Check.COMPUTER_SKILL: (with_flaw(has_computer_skill=False), "登记为不熟悉计算机操作"),
    Check.CONTRACT_MISSING: (with_flaw(contracts=()), "没有劳动合同"),
    Check.CONTRACT_EXPIRED: (with_flaw(contracts=(contract("2006-01-01", "2009-12-31"),)), "合同 2009-12-31 已到期"),
    Check.CONTRACT_SHORT: (
        with_flaw(contracts=(contract("2009-01-01", "2010-12-31"),)),
        "合同 2009-01-01 至 2010-12-31,不满 36 个月",
    ),
    Check.CONTRACT_THIRD_PARTY: (
        with_flaw(contracts=(contract("2009-01-01", "2011-12-31", ContractKind.DISPATCH, "某公司"),)),
        "合同类型:劳务派遣,用工单位 某公司",
    ),
    Check.CONTRACT_ENDING: (
        with_flaw(contracts=(contract("2007-01-01", "2010-02-28"),)),
        "合同 2010-02-28 到期,30 天内(到 2010-01-31 还有 28 天)",
    ),
    Check.ASSISTANT_PART_TIME: (with_flaw(is_full_time=False), "登记为兼职"),
    Check.COMMUNITY_PART_TIME: (
        county(
            posting(1, unit=COMMUNITY, position=Position.COMMUNITY_COORDINATOR, is_full_time=False),
            units=[unit(COMMUNITY, kind=UnitKind.COMMUNITY)],
        ),
        "登记为兼职",
    ),
    Check.SEVERAL_UNITS: (
        county(posting(1, unit=11), posting(2, person=1, unit=13, started="2009-02-01"), units=[unit(11), unit(13)]),
        "同时在镇1村13任村(居)协管员(2009-02-01 到岗)",
    ),
    Check.DUPLICATE_PERSON: (
        county(posting(1, started="2009-02-01"), posting(2, person=1)),
        "同时在镇1任专职协理员(2009-01-01 到岗)",
    ),
    Check.WAGE_BELOW_FLOOR: (
        with_flaw(wages=(WageRecord(on("2009-01-01"), Decimal(1000)),)),
        "月工资 1,000.00 元,下限 1,300.00 元",
    ),
    Check.HOUSEHOLDS_MISSING: (with_counts(), "2010年1月 1 日没有生效的户籍户数"),
    Check.HOUSEHOLDS_ZERO: (with_counts(("2009-01-01", 0)), "2009-01-01 起的户籍户数是 0 户"),
    Check.SUBSIDY_ABOVE_COST: (
        with_flaw(costs=[("2009-01-01", "1500")]),
        "补助标准 1,530.00 元,当月用工成本 1,500.00 元",
    ),
    Check.COST_UNKNOWN: (with_flaw(costs=()), "补助以用工成本为限,月工资或单位社保未登记"),
    Check.RETIREMENT_AGE: (
        with_flaw(retiree=Retiree(RetirementGroup.FEMALE_WORKER, Month(1959, 1))),
        "按女工人的退休年龄已过",
    ),
}
# Only where costs are a limit is one missed.
STANDARDS = {Check.COST_UNKNOWN: standard(cap_at_cost=True)}


@pytest.mark.parametrize("check", Check)
def test_every_check_of_a_posting_has_words_of_its_own(check: Check) -> None:
    facts, words = OF_POSTINGS.get(check, (with_flaw(), ""))
    rules = STANDARDS.get(check, standard())
    found = dues(facts, rules)
    of_month = Words(JANUARY, facts, found, requirements_of(parameters(rules)), {TOWN})
    if not check.is_of_posting:
        with pytest.raises(ValueError, match="of no posting"):
            of_month.of_posting(check, found[1])
        return
    assert check in found[1].findings
    assert of_month.of_posting(check, found[1]) == words
