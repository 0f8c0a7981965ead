"""T1 汇总表: one row a township, total row as formulas, from stored lines only."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import NamedTuple

from django.conf import settings

from foundation.excel.sheet import Align, ColumnSpec, HeaderCell, Row, Sheet, TotalRow, Value
from foundation.excel.widths import fitted
from staffing.enums import Position
from subsidies.labels import NOT_SETTLED
from subsidies.models import AllocationQuerySet, Revision
from subsidies.revisions.figures import Figures, TownshipFigures, added_up, figures_by_township
from subsidies.sheets.page_words import around


class Column(NamedTuple):
    """A column: its name, its value for a township, and `total` for all together where it is added up.

    Columns of one `position` have its name above theirs. Texts wrap at `width` characters; `align` as in ColumnSpec.
    """

    name: str
    value: Callable[[TownshipFigures], Value]
    total: Callable[[Figures], Decimal | int] | None = None
    position: Position | None = None
    width: float = 8
    align: Align | None = "right"


def t1_sheet(revision: Revision, allocations: AllocationQuerySet, where: str) -> Sheet:
    """The sheet of the given townships."""
    townships = figures_by_township(revision, allocations)
    together = added_up(townships)
    columns = _columns([(int(band["from"]), str(band["label"])) for band in revision.basis["bands"]])
    rows: list[Row] = [
        [number, *(column.value(township) for column in columns)] for number, township in enumerate(townships, 1)
    ]
    sums = {index: column.total(together) for index, column in enumerate(columns, 1) if column.total}
    totals = [TotalRow("合计", sums=sums, label_column=1)]
    widest = [ColumnSpec(5, "center"), *(ColumnSpec(column.width, column.align) for column in columns)]
    return Sheet(
        name="T1 汇总表",
        header=_header(columns),
        columns=fitted(widest, [*rows, *totals]),
        rows=rows,
        totals=totals,
        **around(revision, "协理(管)员补助汇总表", total=together.total, where=where),
    )


def _header(columns: Sequence[Column]) -> list[list[HeaderCell]]:
    """Columns of one position stand under its name; the others take both rows."""
    above, below = [HeaderCell("序号", rows=2)], []
    for position, group in groupby(columns, lambda column: column.position):
        names = [column.name for column in group]
        if position is None:
            above += [HeaderCell(name, rows=2) for name in names]
        else:
            above.append(HeaderCell(settings.POSITION_NAMES[position.value], columns=len(names)))
            below += [HeaderCell(name) for name in names]
    return [above, below]


def _columns(bands: Sequence[tuple[int, str]]) -> list[Column]:
    """All but the number; `bands` are lower bounds with their labels."""
    return [
        Column("镇乡(街道)", lambda township: township.allocation.township_name, width=9, align=None),
        *_assistant_columns(),
        *_community_columns(),
        *_village_columns(bands),
        _figure("本月应补", lambda figures: figures.regular),
        _figure("补发", lambda figures: figures.back_pay),
        _figure("扣回", lambda figures: figures.clawback),
        _figure("其他调整", lambda figures: figures.adjustment),
        _figure("合计", lambda figures: figures.total),
        _figure("镇街承担", lambda figures: figures.township_share),
        _figure("结余", lambda figures: figures.surplus),
        _figure("本年累计", lambda figures: figures.year_to_date),
        Column("备注", _remark, width=10, align=None),
    ]


def _assistant_columns() -> list[Column]:
    of = partial(_figure, position=Position.ASSISTANT)
    return [
        of("应配", lambda figures: figures.assistant_places),
        of("在岗", lambda figures: figures.assistants_on_post),
        of("补助人数", lambda figures: figures.assistants_subsidised),
        Column("标准", _assistant_rate, position=Position.ASSISTANT),
        of("金额", lambda figures: figures.assistant_amount),
    ]


def _community_columns() -> list[Column]:
    of = partial(_figure, position=Position.COMMUNITY_COORDINATOR)
    return [
        of("社区数", lambda figures: figures.communities),
        of("补助人数", lambda figures: figures.communities_subsidised),
        of("金额", lambda figures: figures.community_amount),
    ]


def _village_columns(bands: Sequence[tuple[int, str]]) -> list[Column]:
    of = partial(_figure, position=Position.VILLAGE_COORDINATOR)
    return [
        of("村居数", lambda figures: figures.villages),
        *(of(label, partial(_in_band, bound)) for bound, label in bands),
        of("金额", lambda figures: figures.village_amount),
    ]


def _figure(name: str, of: Callable[[Figures], Decimal | int], position: Position | None = None) -> Column:
    """A column that is added up."""
    return Column(name, lambda township: of(township.figures), total=of, position=position)


def _in_band(bound: int, figures: Figures) -> int:
    return figures.bands.get(bound, 0)


def _assistant_rate(township: TownshipFigures) -> Value:
    """Blank where the assistants of the township have several."""
    rates = township.assistant_rates
    return rates[0] if len(rates) == 1 else None


def _remark(township: TownshipFigures) -> str:
    remarks = []
    if township.allocation.is_late:
        remarks.append(f"{NOT_SETTLED}(月报未审核通过)")
    if township.figures.cost_unknown:
        remarks.append(f"{township.figures.cost_unknown} 人用工成本未登记")
    return ";".join(remarks)
