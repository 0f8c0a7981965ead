"""Two states of one line, adjustment or hint: what differs besides the amount, in words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from foundation.dates import Month
from foundation.differences import Column, differing_columns
from foundation.rounding import from_fen
from staffing.enums import Education
from staffing.labels import position_name
from subsidies.enums import Component
from subsidies.labels import cause_label, check_labels, day_ranges, finding_label, reason_label
from subsidies.line_details import LineDetails
from subsidies.rules.results import Reason

# What a row says by column; whatever a column holds.
Columns = Mapping[str, Any]
# What a row is, the id of its posting or adjustment, and the month it pays for; a hint is a difference older than the
# window, in no total.
Key = tuple[Literal["line", "adjustment", "hint"], int, date]


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _checks(findings: str) -> str:
    return "、".join(check_labels(findings))


def _by_source(parts: list[list[int | None]]) -> str:
    return "、".join(f"{source} {_money(from_fen(fen or 0))}" for source, fen in parts)


def _month(day: date) -> str:
    return Month.of(day).label


# By column; what follows from other columns alone is not among them.
LINE_COLUMNS: Mapping[str, Column] = {
    "person_name": Column("姓名"),
    "person_id": Column("人员记录"),
    "position": Column("岗位", position_name),
    "unit_code": Column("村(社区)代码"),
    "unit_name": Column("村(社区)"),
    "reason": Column("不补助的原因", reason_label),
    "cause": Column("差额的原因", cause_label),
    "due": Column("应补", _money),
    "posted_before": Column("已补", _money),
    "rate": Column("补助标准", _money),
    "households": Column("户籍户数"),
    "band": Column("户数档次", lambda bound: f"{bound} 户起"),
    "in_service": Column("在岗", day_ranges),
    "suspended": Column(Reason.SUSPENDED.label, day_ranges),
    "without_post": Column(Reason.UNIT_WITHOUT_POST.label, day_ranges),
    "duplicate": Column(Reason.DUPLICATE_PERSON.label, day_ranges),
    "over_quota": Column(Reason.OVER_QUOTA.label, day_ranges),
    "counted_days": Column("计发天数"),
    "findings": Column("提示", _checks),
    "blocked_by": Column("停发补助的检查", finding_label),
    "cost": Column("用工成本", _money),
    "township_share": Column("镇街承担", _money),
    "surplus": Column("结余", _money),
    "share_level": Column("镇街承担(累计)", _money),
    "surplus_level": Column("结余(累计)", _money),
    "component": Column("构成", lambda name: Component(name).label),
    "source_id": Column("资金来源编号"),
    "by_source": Column("分来源金额", _by_source),
}
DETAILS: Mapping[str, Column] = {
    "national_id": Column("身份证号(遮)"),
    "education": Column("学历", lambda value: Education(value).label),
    "is_full_time": Column("专职", _yes),
    "started_on": Column("到岗"),
    "ended_on": Column("离岗"),
    "has_contract": Column("有合同", _yes),
    "contract_from": Column("合同起始"),
    "contract_until": Column("合同终止"),
    "monthly_wage": Column("应发工资", _money),
    "employer_insurance": Column("单位社保", _money),
    "counted_on": Column("户数统计日期"),
    "housing_fund": Column("住房公积金", _money),
}
ADJUSTMENT_COLUMNS: Mapping[str, Column] = {
    "person_name": Column("姓名"),
    "for_month": Column("所属月份", _month),
    "document": Column("依据文件"),
    "reason": Column("原因"),
    "posting_id": Column("在岗记录"),
    "source_id": Column("资金来源编号"),
}
HINT_COLUMNS: Mapping[str, Column] = {
    "person_name": Column("姓名"),
    "person_id": Column("人员记录"),
    "position": Column("岗位", position_name),
    "unit_name": Column("村(社区)"),
    "due": Column("应补", _money),
    "posted_before": Column("已补", _money),
    "cause": Column("差额的原因", cause_label),
}


_COLUMNS = {"adjustment": ADJUSTMENT_COLUMNS, "hint": HINT_COLUMNS}


def differences_of(key: Key, before: Columns | None, now: Columns | None) -> list[str]:
    """What differs besides the amount between two states of the row of `key`, one of which is there: 姓名 甲 → 乙.

    Of a line that only one state has, why it is there. `explanation` of a line is how its amount came about.
    """
    kind, *_ = key
    if before is None or now is None:
        added = "新列入" if before is None else "不再列入"
        return [",".join([added, *_why(before or now or {})]) if kind == "line" else added]
    return _of_line(before, now) if kind == "line" else _sentences(before, now, _COLUMNS[kind])


def _why(line: Columns) -> list[str]:
    return [word for word in (reason_label(line["reason"]), cause_label(line["cause"])) if word]


def _of_line(before: Columns, now: Columns) -> list[str]:
    columns = dict(LINE_COLUMNS)
    if before["amount"] - now["amount"] == before["due"] - now["due"] != 0:
        del columns["due"]
    found = _sentences(before, now, columns) + _of_details(before["details"], now["details"])
    if not found and before["explanation"] != now["explanation"]:
        found.append("计算步骤的说明或依据")
    return found


def _of_details(before: list[Any], now: list[Any]) -> list[str]:
    if before == now:
        return []
    if not before or not now:
        return ["登记情况"]
    old, new = (LineDetails.from_list(details)._asdict() for details in (before, now))
    return _sentences(old, new, DETAILS)


def _sentences(before: Columns, now: Columns, columns: Mapping[str, Column]) -> list[str]:
    return [str(difference) for difference in differing_columns(before, now, columns)]
