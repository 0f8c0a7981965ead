"""A policy file (TOML) read into typed rows, with every problem of the file at once; nothing is written here."""

import contextlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from foundation.dates import Month
from foundation.excel.problems import Problem
from foundation.toml_table import TomlTable, Unreadable
from staffing.enums import SUBSIDISED, Check, Position, RetirementGroup, Severity, SuspensionKind

DEFAULT_SOURCE = "unemployment"
DEFAULT_SOURCE_NAME = "失业保险基金"


@dataclass(frozen=True)
class DocumentRow:
    key: str
    title: str
    number: str
    issued_on: date | None


@dataclass(frozen=True)
class FundSourceRow:
    key: str
    name: str
    document: str
    valid_until: date | None


@dataclass(frozen=True)
class MinimumWageRow:
    effective_from: date
    amount: Decimal
    document: str
    replaces: bool


@dataclass(frozen=True)
class RetirementRow:
    """One group's row of the table of retirement ages; `columns` are the model's of the same names."""

    effective_from: date
    group: RetirementGroup
    document: str
    replaces: bool
    columns: Mapping[str, Any]


@dataclass(frozen=True)
class BandRow:
    from_households: int
    secretary_pay: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True)
class StandardRow:
    """One standard; `columns` are the values of the model's columns of the same names, `funding` by position."""

    effective_from: date
    document: str
    replaces: bool
    columns: Mapping[str, Any]
    bands: tuple[BandRow, ...]
    funding: Mapping[Position, str]


@dataclass
class PolicyFile:
    documents: list[DocumentRow] = field(default_factory=list)
    fund_sources: list[FundSourceRow] = field(default_factory=list)
    minimum_wages: list[MinimumWageRow] = field(default_factory=list)
    standards: list[StandardRow] = field(default_factory=list)
    retirement_ages: list[RetirementRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_policy(content: bytes) -> PolicyFile:
    """The rows of the file and all its problems; rows with a problem are left out."""
    policy = PolicyFile()
    try:
        tables = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError:
        policy.problems.append(Problem(None, "文件", "不是 UTF-8 编码", "请用 UTF-8 编码保存后重新导入"))
        return policy
    except tomllib.TOMLDecodeError as error:
        policy.problems.append(Problem(None, "文件", f"不是可读的 TOML 文件({error})", "请核对文件格式"))
        return policy
    readers: dict[str, Callable[[TomlTable], None]] = {
        "document": lambda table: policy.documents.append(_document(table)),
        "fund_source": lambda table: policy.fund_sources.append(_fund_source(table)),
        "minimum_wage": lambda table: policy.minimum_wages.append(_minimum_wage(table)),
        "standard": lambda table: policy.standards.append(_standard(table, policy.fund_sources)),
        "retirement": lambda table: policy.retirement_ages.append(_retirement(table)),
    }
    for name in tables.keys() - readers.keys():
        policy.problems.append(Problem(None, name, "不认识的部分", f"只能有 {'、'.join(readers)}"))
    for name, read in readers.items():
        rows = tables.get(name, [])
        if not isinstance(rows, list):
            policy.problems.append(Problem(None, name, "写法不对", f"请写成 [[{name}]]"))
            continue
        for index, row in enumerate(rows, start=1):
            table = TomlTable(f"[[{name}]] 第 {index} 条", row)
            with contextlib.suppress(Unreadable):
                read(table)
            policy.problems += table.problems
    _check_days(policy)
    return policy


def _document(table: TomlTable) -> DocumentRow:
    row = DocumentRow(
        table.text("id"),
        table.text("title"),
        table.text("number", required=False),
        table.day("issued_on", required=False),
    )
    table.finish()
    return row


def _fund_source(table: TomlTable) -> FundSourceRow:
    row = FundSourceRow(
        table.text("id"), table.text("name"), table.text("document"), table.day("valid_until", required=False)
    )
    table.finish()
    return row


def _minimum_wage(table: TomlTable) -> MinimumWageRow:
    amount = table.number("amount")
    if amount is not None and amount == 0:
        table.problem("amount", "最低工资标准须大于零", "请改正")
    row = MinimumWageRow(
        table.required_day("effective_from"), amount or Decimal(0), table.text("document"), table.flag("replaces")
    )
    table.finish()
    return row


def _retirement(table: TomlTable) -> RetirementRow:
    name = table.text("group")
    if name and name not in list(RetirementGroup):
        table.problem("group", f"不认识的类别“{name}”", f"可用:{'、'.join(RetirementGroup)}")
    row = RetirementRow(
        table.required_day("effective_from"),
        RetirementGroup(name) if name in list(RetirementGroup) else RetirementGroup.MALE,
        table.text("document"),
        table.flag("replaces"),
        {"base_years": _years(table), **_delay(table)},
    )
    table.finish()
    return row


def _years(table: TomlTable) -> int:
    years = table.whole("base_years")
    if table.has("base_years") and not 40 <= years <= 80:
        table.problem("base_years", f"“{years}”不像退休年龄", "请写周岁,如 60")
    return years


def _delay(table: TomlTable) -> dict[str, Any]:
    """The three keys of the delay, all of them or none."""
    names = ("first_birth_month", "months_per_step", "cap_months")
    given = [name for name in names if table.has(name)]
    if given and len(given) < len(names):
        missing = "、".join(name for name in names if name not in given)
        table.problem(missing, "延迟退休没有写全", "first_birth_month、months_per_step、cap_months 须同时写明")
    month = table.text("first_birth_month", required=False)
    numbers = {name: table.whole(name, required=False) if table.has(name) else None for name in names[1:]}
    first = None
    if month:
        try:
            first = Month.parse(month).first
        except ValueError:
            table.problem("first_birth_month", f"“{month}”不是月份", '请写成 "1965-01"')
    for name, number in numbers.items():
        if number == 0:
            table.problem(name, "须大于零", "请改正")
    return {"first_birth_month": first, **numbers}


def _standard(table: TomlTable, sources: list[FundSourceRow]) -> StandardRow:
    bands = _bands(table)
    columns: dict[str, Any] = {
        **_percent_or_fixed(table, "assistant_percent", "assistant_fixed"),
        **_percent_or_fixed(table, "community_percent", "community_fixed"),
        "village_percent": table.number("village_percent", required=any(band.secretary_pay for band in bands)),
        "wage_floor": table.number("wage_floor", required=False),
        **_proration(table),
        **_by_class(table, "assistant_base", a="assistant_base_a", b="assistant_base_b"),
        "assistant_extra_max": table.whole("assistant_extra_max"),
        **_by_class(table, "platform_minimum", a="platform_minimum_a", b="platform_minimum_b"),
        "contract_min_months": table.whole("contract_min_months", required=False, default=36),
        "contract_ending_days": table.whole("contract_ending_days", required=False, default=90),
        "checks": _checks(table),
        "checks_from": table.day("checks_from", required=False),
        "cap_at_cost": table.flag("cap_at_cost"),
        "counting_suspensions": _counting_suspensions(table),
    }
    row = StandardRow(
        table.required_day("effective_from"),
        table.text("document"),
        table.flag("replaces"),
        columns,
        tuple(bands),
        _funding(table, sources),
    )
    table.finish()
    return row


def _percent_or_fixed(table: TomlTable, percent: str, fixed: str) -> dict[str, Decimal | None]:
    """By the names of the keys, which are the columns' too."""
    values = {name: table.number(name, required=False) for name in (percent, fixed)}
    if table.has(percent) == table.has(fixed):
        table.problem(percent, "比例和定额须填且只填一个", f"请填写 {percent} 或 {fixed}")
    return values


def _proration(table: TomlTable) -> dict[str, Any]:
    name = table.text("proration", required=False) or "calendar_day"
    if name not in {"calendar_day", "whole_if_on_day"}:
        table.problem("proration", f"不认识的折算方法“{name}”", "请写 calendar_day 或 whole_if_on_day")
    day = None
    if table.has("proration_day") or name == "whole_if_on_day":
        day = table.whole("proration_day")
        if name == "calendar_day":
            table.problem("proration_day", "按日折算不需要基准日", "请删去 proration_day")
        elif not 1 <= day <= 31:
            table.problem("proration_day", f"“{day}”不是一个月里的日子", "请写 1 到 31")
    return {"proration": name, "proration_day": day}


def _by_class(table: TomlTable, name: str, *, a: str, b: str) -> dict[str, int]:
    """By the columns of class A and of class B."""
    inner = table.table(name)
    values = {a: inner.whole("A"), b: inner.whole("B")}
    for key in inner.content.keys() - {"A", "B"}:
        table.problem(f"{name} {key}", "不认识的类别", "只有 A(甲类)和 B(乙类)")
    return values


def _checks(table: TomlTable) -> dict[str, str]:
    inner = table.table("checks", required=False)
    found = {}
    for name, severity in inner.content.items():
        if name not in list(Check):
            table.problem(f"checks {name}", "不认识的检查", f"可用:{'、'.join(Check)}")
        elif severity not in list(Severity):
            table.problem(f"checks {name}", f"不认识的力度“{severity}”", f"可用:{'、'.join(Severity)}")
        elif severity == Severity.BLOCK and Check(name) is Check.CONTRACT_ENDING:
            message = f"“{Check(name).label}”看的是以后的日子,合同还没有到期,不能停发谁的补助"
            table.problem(f"checks {name}", message, "请写 hint(提示)或 off(不检查)")
        elif severity == Severity.BLOCK and Check(name) is Check.RETIREMENT_AGE:
            message = f"“{Check(name).label}”只提醒办理退休,不能停发谁的补助"
            table.problem(f"checks {name}", message, "请写 hint(提示)或 off(不检查)")
        elif severity == Severity.BLOCK and not Check(name).is_of_posting:
            message = f"“{Check(name).label}”查的是镇乡(街道)和岗位,不是某一个人,不能停发谁的补助"
            table.problem(f"checks {name}", message, "请写 hint(提示)或 off(不检查)")
        else:
            found[name] = str(severity)
    return found


def _counting_suspensions(table: TomlTable) -> list[str]:
    value = table.value("counting_suspensions", required=False)
    kinds = [SuspensionKind.MATERNITY_LEAVE.value] if value is None else value
    if not isinstance(kinds, list) or any(kind not in list(SuspensionKind) for kind in kinds):
        table.problem("counting_suspensions", "不认识的停发种类", f"可用:{'、'.join(SuspensionKind)}")
        return []
    return sorted(kinds)


def _bands(table: TomlTable) -> list[BandRow]:
    rows = table.value("bands", required=True)
    if not isinstance(rows, list) or not rows:
        table.problem("bands", "没有户数档次", "请至少写一档,从 0 户起")
        return []
    bands = []
    for index, content in enumerate(rows, start=1):
        inner = TomlTable(f"{table.place} bands 第 {index} 档", content)
        pay = inner.number("secretary_pay", required=False)
        amount = inner.number("amount", required=False)
        if inner.has("secretary_pay") == inner.has("amount"):
            inner.problem("", "书记报酬和定额须填且只填一个", "请填写 secretary_pay 或 amount")
        band = BandRow(inner.whole("from_households", highest=2_000_000_000), pay, amount)
        try:
            inner.finish()
            bands.append(band)
        except Unreadable:
            table.problems += inner.problems
    bounds = [band.from_households for band in bands]
    if bands and (bounds[0] != 0 or any(low >= high for low, high in pairwise(bounds))):
        table.problem("bands", "户数下限须从 0 开始、逐档增大", "请调整 from_households")
    return bands


def _funding(table: TomlTable, sources: list[FundSourceRow]) -> dict[Position, str]:
    """Which source pays which position: as `fund_source` says, else the file's first one, else the default."""
    named = table.value("fund_source", required=False)
    fallback = sources[0].key if sources else DEFAULT_SOURCE
    if named is None or isinstance(named, str):
        return dict.fromkeys(SUBSIDISED, named or fallback)
    if not isinstance(named, dict) or any(key not in list(SUBSIDISED) for key in named):
        table.problem("fund_source", "写法不对", f'请写资金来源的 id,或按岗位 {{ {SUBSIDISED[0]} = "..." }}')
        return {}
    return {position: str(named.get(position, fallback)) for position in SUBSIDISED}


def _check_days(policy: PolicyFile) -> None:
    """Two rows on one day need `replaces`; two rows of one id are never right."""
    for name, days in (
        ("minimum_wage", [row.effective_from for row in policy.minimum_wages if not row.replaces]),
        ("standard", [row.effective_from for row in policy.standards if not row.replaces]),
    ):
        for day in sorted({day for day in days if days.count(day) > 1}):
            policy.problems.append(
                Problem(
                    None, f"[[{name}]]", f"{day} 这一天有两条", "同一天只能有一条;更正请在后一条写 replaces = true"
                )
            )
    ages = [(row.group, row.effective_from) for row in policy.retirement_ages if not row.replaces]
    for group, day in sorted({age for age in ages if ages.count(age) > 1}):
        message = f"{day} 这一天{group.label}有两条"
        advice = "同一类别同一天只能有一条;更正请在后一条写 replaces = true"
        policy.problems.append(Problem(None, "[[retirement]]", message, advice))
    for name, keys in (
        ("document", [row.key for row in policy.documents]),
        ("fund_source", [row.key for row in policy.fund_sources]),
    ):
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            policy.problems.append(Problem(None, f"[[{name}]]", f"id“{key}”重复", "每个 id 只能写一次"))
