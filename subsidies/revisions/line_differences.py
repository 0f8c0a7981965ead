"""Two states of one line: what differs besides the amount, in words."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.dates import Month
from staffing.enums import Education
from staffing.labels import position_name
from subsidies.labels import cause_label, check_labels, day_ranges, finding_label, reason_label
from subsidies.line_details import LineDetails
from subsidies.rules.results import Reason

# What a line says by column; whatever a column holds.
Columns = Mapping[str, Any]
_NOTHING = "无"


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _checks(findings: str) -> str:
    return "、".join(check_labels(findings))


def _month(day: date) -> str:
    return Month.of(day).label


# Column, its label, and its value in words; what follows from other columns alone is not among them.
LINE_COLUMNS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "person_name": ("姓名", str),
    "person_id": ("人员记录", str),
    "position": ("岗位", position_name),
    "unit_code": ("村(社区)代码", str),
    "unit_name": ("村(社区)", str),
    "reason": ("不补助的原因", reason_label),
    "cause": ("差额的原因", cause_label),
    "due": ("应补", _money),
    "posted_before": ("已补", _money),
    "rate": ("补助标准", _money),
    "households": ("户籍户数", str),
    "band": ("户数档次", lambda bound: f"{bound} 户起"),
    "in_service": ("在岗", day_ranges),
    "suspended": (Reason.SUSPENDED.label, day_ranges),
    "without_post": (Reason.UNIT_WITHOUT_POST.label, day_ranges),
    "duplicate": (Reason.DUPLICATE_PERSON.label, day_ranges),
    "over_quota": (Reason.OVER_QUOTA.label, day_ranges),
    "counted_days": ("计发天数", str),
    "findings": ("提示", _checks),
    "blocked_by": ("停发补助的检查", finding_label),
    "cost": ("用工成本", _money),
    "township_share": ("镇街承担", _money),
    "surplus": ("结余", _money),
}
DETAILS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "national_id": ("身份证号(遮)", str),
    "education": ("学历", lambda value: Education(value).label),
    "is_full_time": ("专职", _yes),
    "started_on": ("到岗", str),
    "ended_on": ("离岗", str),
    "has_contract": ("有合同", _yes),
    "contract_from": ("合同起始", str),
    "contract_until": ("合同终止", str),
    "monthly_wage": ("应发工资", _money),
    "employer_insurance": ("单位社保", _money),
    "counted_on": ("户数统计日期", str),
    "housing_fund": ("住房公积金", _money),
}
ADJUSTMENT_COLUMNS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "person_name": ("姓名", str),
    "for_month": ("所属月份", _month),
    "document": ("依据文件", str),
    "reason": ("原因", str),
}
HINT_COLUMNS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "person_name": ("姓名", str),
    "person_id": ("人员记录", str),
    "position": ("岗位", position_name),
    "unit_name": ("村(社区)", str),
    "due": ("应补", _money),
    "posted_before": ("已补", _money),
    "cause": ("差额的原因", cause_label),
}


def line_differences(before: Columns | None, now: Columns | None) -> list[str]:
    """姓名 甲 → 乙; of a line that only one has, why it stands there. `explanation` says how the amount came about."""
    if before is None or now is None:
        there = before or now or {}
        why = [reason_label(there["reason"]), cause_label(there["cause"])]
        return [("新列入" if before is None else "不再列入") + "".join(f",{word}" for word in why if word)]
    found = list(_differing(before, now, LINE_COLUMNS))
    if before["amount"] - now["amount"] == before["due"] - now["due"] != 0:
        found = [words for words in found if not words.startswith("应补 ")]
    found += _details(before["details"], now["details"])
    if not found and before["explanation"] != now["explanation"]:
        found.append("计算步骤的说明或依据")
    return found


def adjustment_differences(before: Columns | None, now: Columns | None) -> list[str]:
    """The same of an adjustment."""
    return _added_or(before, now, ADJUSTMENT_COLUMNS)


def hint_differences(before: Columns | None, now: Columns | None) -> list[str]:
    """The same of a difference older than the window."""
    return _added_or(before, now, HINT_COLUMNS)


def _added_or(
    before: Columns | None, now: Columns | None, columns: Mapping[str, tuple[str, Callable[[Any], str]]]
) -> list[str]:
    if before is None or now is None:
        return ["新列入" if before is None else "不再列入"]
    return list(_differing(before, now, columns))


def _details(before: list[Any], now: list[Any]) -> Iterator[str]:
    if before == now:
        return iter(())
    if not before or not now:
        return iter(["登记情况"])
    return _differing(LineDetails.from_list(before)._asdict(), LineDetails.from_list(now)._asdict(), DETAILS)


def _differing(
    before: Columns, now: Columns, columns: Mapping[str, tuple[str, Callable[[Any], str]]]
) -> Iterator[str]:
    for name, (label, said) in columns.items():
        if before[name] != now[name]:
            words = [
                _NOTHING if value is None or value == "" else said(value) or _NOTHING
                for value in (before[name], now[name])
            ]
            yield f"{label} {words[0]} → {words[1]}"
