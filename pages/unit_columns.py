"""The columns of the list of villages and communities, on the page and in its file."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from foundation.excel.sheet import ColumnSpec
from foundation.lists.columns import Column
from staffing.names import spelling
from subsidies.posts.units import UnitOnDay
from townships.enums import UnitKind

TOWNSHIP = "township"
_KINDS = {kind: number for number, kind in enumerate(UnitKind)}


def _kind(unit: UnitOnDay) -> str:
    return f"{unit.fact.kind.label}{'' if unit.is_open else '(已撤销或未设立)'}"


def _coordinators(unit: UnitOnDay) -> str:
    named = [row.posting.person_name + ("" if row.holds_place else f"({row.standing.label})") for row in unit.serving]
    return ";".join(filter(None, ["、".join(named), "缺员" if unit.is_vacant else ""]))


def _counted_from(unit: UnitOnDay) -> date | None:
    return unit.count.effective_from if unit.count else None


def _amount(unit: UnitOnDay) -> Decimal | None:
    return unit.rate.amount if unit.rate else None


UNIT_COLUMNS: Sequence[Column[UnitOnDay]] = (
    Column(
        TOWNSHIP,
        "镇乡(街道)",
        lambda unit: unit.township_name,
        ColumnSpec(14),
        key=lambda unit: unit.township_code,
    ),
    Column(
        "name",
        "村(社区)",
        lambda unit: unit.fact.name,
        ColumnSpec(20),
        key=lambda unit: spelling(unit.fact.name),
        is_fixed=True,
    ),
    Column("kind", "类别", _kind, ColumnSpec(12), key=lambda unit: (_KINDS[unit.fact.kind], not unit.is_open)),
    Column("coordinator", "协管员", _coordinators, ColumnSpec(20), key=lambda unit: spelling(_coordinators(unit))),
    Column("households", "户籍户数", lambda unit: unit.count.households if unit.count else None, ColumnSpec(10)),
    Column("effective_from", "执行日期", _counted_from, ColumnSpec(12)),
    Column("band", "档次", lambda unit: unit.rate.band if unit.rate else "", ColumnSpec(14), key=_amount),
    Column("amount", "补助标准(元/月)", _amount, ColumnSpec(16)),
)
