"""How months are worked out and told, method by method: methods are added, never edited.

A revision names the method that calculated it, so that years later its figures are worked out again to the same bytes,
whatever words and formulas have come since. Today's labels of reasons and checks may change; those of a method stay.
"""

from collections.abc import Mapping
from typing import NamedTuple

from staffing.enums import Check, Position


class Words(NamedTuple):
    """The words of steps and sentences. `reasons` and `checks` are labels by identifier; `clauses` are those that a
    check rests on, `clauses_at_unit` where they are others for somebody at a village or community."""

    reasons: Mapping[str, str]
    checks: Mapping[str, str]
    clauses: Mapping[str, str]
    clauses_at_unit: Mapping[str, str]
    tariff_clause: str
    households: str
    no_households: str
    band: str
    lowest_band: str
    middle_band: str
    highest_band: str
    secretary_pay: str
    minimum_wage: str
    rate: str
    days: str
    lost_days: str
    check: str
    counted_days: str
    proration_day: str
    proration: str
    cap: str
    capped: str
    nothing: str
    nothing_label: str

    def label_of(self, reason: str) -> str:
        """Of a reason, or of the check that blocks."""
        return self.reasons[reason] if reason in self.reasons else self.checks[reason]

    def clause_of(self, check: Check, position: Position) -> str:
        """The clause that asks this of somebody in the position."""
        if position.has_unit and check.value in self.clauses_at_unit:
            return self.clauses_at_unit[check.value]
        return self.clauses[check.value]


class Method(NamedTuple):
    """`tells_nothing_due`: that an amount comes to 0.00 by rate, cap or rounding is a reason of its own."""

    words: Words
    tells_nothing_due: bool


FIRST_WORDS = Words(
    reasons={
        "unit_without_post": "所在村(社区)没有这个岗位",
        "suspended": "停发",
        "duplicate_person": "一人多岗,只补先到岗的一个",
        "over_quota": "超出补助名额",
        "households_missing": "没有已审核的户籍户数",
        "not_on_day": "基准日不在岗",
        "not_on_post": "当月不在岗",
        "withdrawn": "在岗记录已撤销",
    },
    checks={
        "over_quota": "超出补助名额",
        "education": "学历未达大专",
        "recruitment": "未公开招聘",
        "computer_skill": "不熟悉计算机操作",
        "contract_missing": "未签劳动合同",
        "contract_expired": "劳动合同已到期",
        "contract_short": "劳动合同期限不足",
        "contract_third_party": "合同不是与镇街签订",
        "contract_ending": "劳动合同即将到期",
        "assistant_part_time": "协理员不是专职",
        "community_part_time": "社区协管员不是专职",
        "several_units": "一人兼任多个村(社区)",
        "duplicate_person": "一人多岗,只补先到岗的一个",
        "wage_below_floor": "月工资低于下限",
        "households_missing": "没有已审核的户籍户数",
        "households_zero": "户籍户数为零",
        "subsidy_above_cost": "补助高于用工成本",
    },
    clauses={
        "over_quota": "一.2",
        "education": "一.2",
        "recruitment": "一.2",
        "computer_skill": "一.2",
        "contract_missing": "一.2",
        "contract_expired": "一.2",
        "contract_short": "一.2",
        "contract_third_party": "一.2",
        "contract_ending": "一.2",
        "assistant_part_time": "一.2",
        "community_part_time": "一.3",
        "several_units": "一.3",
        "duplicate_person": "一.3",
        "wage_below_floor": "二.1",
        "households_missing": "二.1",
        "households_zero": "二.1",
        "subsidy_above_cost": "二.1",
    },
    clauses_at_unit={"over_quota": "一.3", "computer_skill": "一.3"},
    tariff_clause="二.1",
    households="户籍户数",
    no_households="没有已审核的户数",
    band="户数档次",
    lowest_band="{below} 户以下",
    middle_band="{lowest}–{below} 户",
    highest_band="{lowest} 户以上",
    secretary_pay="村党组织书记月报酬",
    minimum_wage="最低工资标准",
    rate="补助标准",
    days="在岗天数",
    lost_days="不计天数",
    check="检查",
    counted_days="计发天数",
    proration_day="基准日",
    proration="折算",
    cap="以用工成本为限",
    capped=",以用工成本为限",
    nothing="{reason},已补金额收回。",
    nothing_label="应补",
)

METHODS: Mapping[int, Method] = {
    1: Method(FIRST_WORDS, tells_nothing_due=False),
    2: Method(
        FIRST_WORDS._replace(
            reasons={**FIRST_WORDS.reasons, "nothing_due": "按标准应补为零"},
            checks={**FIRST_WORDS.checks, "cost_unknown": "用工成本未登记,无法核对上限"},
            clauses={**FIRST_WORDS.clauses, "cost_unknown": "二.1"},
        ),
        tells_nothing_due=True,
    ),
}
CURRENT_METHOD = 2
"""The method by which months are calculated now."""
