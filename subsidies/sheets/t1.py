"""T1 汇总表: one row a township, total row as formulas, from stored lines only."""

from collections.abc import Sequence

from django.conf import settings

from foundation.excel.sheet import ColumnSpec, HeaderCell, Row, Sheet, TotalRow, Value
from foundation.excel.widths import fitted
from subsidies.labels import NOT_SETTLED
from subsidies.models import AllocationQuerySet, Revision
from subsidies.revisions.figures import Figures, TownshipFigures, added_up, figures_by_township
from subsidies.sheets.page_words import around


def t1_sheet(revision: Revision, allocations: AllocationQuerySet, where: str) -> Sheet:
    """The sheet of the given townships."""
    townships = figures_by_township(revision, allocations)
    bands = [(int(band["from"]), str(band["label"])) for band in revision.basis["bands"]]
    together = added_up(townships)
    rows = [_row(number, township, [bound for bound, _ in bands]) for number, township in enumerate(townships, 1)]
    totals = [_total_row(together, [bound for bound, _ in bands])]
    return Sheet(
        name="T1 汇总表",
        header=_header([label for _, label in bands]),
        columns=fitted(_columns(len(bands)), [*rows, *totals]),
        rows=rows,
        totals=totals,
        **around(revision, "协理(管)员补助汇总表", total=together.total, where=where),
    )


def _header(bands: Sequence[str]) -> list[list[HeaderCell]]:
    names = settings.POSITION_NAMES
    alone = ("本月应补", "补发", "扣回", "其他调整", "合计", "镇街承担", "结余", "本年累计", "备注")
    return [
        [
            HeaderCell("序号", rows=2),
            HeaderCell("镇乡(街道)", rows=2),
            HeaderCell(names["assistant"], columns=5),
            HeaderCell(names["community_coordinator"], columns=3),
            HeaderCell(names["village_coordinator"], columns=2 + len(bands)),
            *(HeaderCell(text, rows=2) for text in alone),
        ],
        [
            HeaderCell(text)
            for text in (
                *("应配", "在岗", "补助人数", "标准", "金额"),
                *("社区数", "补助人数", "金额"),
                *("村居数", *bands, "金额"),
            )
        ],
    ]


def _columns(bands: int) -> list[ColumnSpec]:
    """Number, township, counts and amounts, remark."""
    return [ColumnSpec(5, "center"), ColumnSpec(9), *([ColumnSpec(8, "right")] * (18 + bands)), ColumnSpec(10)]


def _row(number: int, township: TownshipFigures, bands: Sequence[int]) -> Row:
    rates = township.assistant_rates
    return [
        number,
        township.allocation.township_name,
        *_values(township.figures, bands, rate=rates[0] if len(rates) == 1 else None),
        _remark(township),
    ]


def _values(figures: Figures, bands: Sequence[int], *, rate: Value) -> list[Value]:
    return [
        figures.assistant_places,
        figures.assistants_on_post,
        figures.assistants_subsidised,
        rate,
        figures.assistant_amount,
        figures.communities,
        figures.communities_subsidised,
        figures.community_amount,
        figures.villages,
        *(figures.bands.get(bound, 0) for bound in bands),
        figures.village_amount,
        figures.regular,
        figures.back_pay,
        figures.clawback,
        figures.adjustment,
        figures.total,
        figures.township_share,
        figures.surplus,
        figures.year_to_date,
    ]


def _total_row(together: Figures, bands: Sequence[int]) -> TotalRow:
    values = _values(together, bands, rate=None)
    sums = {column: value for column, value in enumerate(values, start=2) if not isinstance(value, str | None)}
    return TotalRow("合计", sums=sums, label_column=1)  # type: ignore[arg-type]  # numbers only: text is left out


def _remark(township: TownshipFigures) -> str:
    remarks = []
    if township.allocation.is_late:
        remarks.append(f"{NOT_SETTLED}(月报未审核通过)")
    if township.figures.cost_unknown:
        remarks.append(f"{township.figures.cost_unknown} 人用工成本未登记")
    return ";".join(remarks)
