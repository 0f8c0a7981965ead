"""T2 协理员, T3 社区协管员, T4 村(居)协管员: a row a posting, a subtotal a township, from stored lines only."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from foundation.excel.sheet import ColumnSpec, HeaderCell, Row, Sheet, TotalRow, Value
from foundation.excel.widths import fitted
from foundation.money import ZERO, total
from staffing.enums import Position
from staffing.labels import position_name
from subsidies.labels import cause_label
from subsidies.models import AllocationQuerySet, Revision
from subsidies.revisions.line_pages import remarks_on
from subsidies.revisions.sheet_lines import PostingLines, posting_lines
from subsidies.sheets.page_words import around


class Column(NamedTuple):
    """A column: its name, the width in characters at which its text wraps, what it says of a posting, and whether it
    is added up."""

    name: str
    width: float
    value: Callable[[PostingLines, Revision], Value]
    is_summed: bool = False


def people_sheet(
    revision: Revision, allocations: AllocationQuerySet, where: str, *, number: str, position: Position
) -> Sheet:
    """T2, T3 or T4 over the given townships."""
    columns = _columns(position)
    found = posting_lines(revision, allocations, [position])
    name = position_name(position.value)
    rows, totals = list(_rows(revision, found, columns)), [_total("合计", revision, found, columns)]
    widest = [ColumnSpec(5, "center"), *(ColumnSpec(column.width) for column in columns)]
    return Sheet(
        name=f"{number} {name}",
        header=[[HeaderCell("序号"), *(HeaderCell(column.name) for column in columns)]],
        columns=fitted(widest, [*rows, *totals]),
        rows=rows,
        totals=totals,
        **around(
            revision,
            f"{name}补助明细表",
            total=total(row.paid for row in found),
            positions=[position],
            where=where,
        ),
    )


def _rows(revision: Revision, found: Sequence[PostingLines], columns: Sequence[Column]) -> Iterator[Row]:
    """The postings of each township, and their subtotal where there are several townships."""
    townships = list(dict.fromkeys(row.allocation.pk for row in found))
    number = 0
    for township in townships:
        of_township = [row for row in found if row.allocation.pk == township]
        for row in of_township:
            number += 1
            yield [number, *(column.value(row, revision) for column in columns)]
        if len(townships) > 1:
            yield _total(f"{of_township[0].allocation.township_name}小计", revision, of_township, columns)


def _total(label: str, revision: Revision, found: Sequence[PostingLines], columns: Sequence[Column]) -> TotalRow:
    sums: dict[int, Decimal | int] = {}
    for index, column in enumerate(columns, 1):
        if column.is_summed:
            values = (column.value(row, revision) for row in found)
            sums[index] = total(value for value in values if isinstance(value, Decimal))
    return TotalRow(label, sums=sums, label_column=1)


def _columns(position: Position) -> list[Column]:
    place = [Column("镇乡(街道)", 9, lambda row, _: row.allocation.township_name)]
    if position.has_unit:
        place.append(Column("村(社区)", 10, lambda row, _: row.any_line.unit_name))
    is_village = position is Position.VILLAGE_COORDINATOR
    who = [
        Column("姓名", 8, lambda row, _: row.any_line.person_name),
        # The sheet of most columns has it on two lines.
        Column("身份证号", 10 if is_village else 19, lambda row, _: row.details.national_id if row.details else ""),
    ]
    of_unit = _village_columns() if is_village else []
    return [
        *place,
        *who,
        *_contract_columns(),
        *of_unit,
        *_served_columns(),
        *_cost_columns(),
        *_money_columns(),
        *_last_columns(),
    ]


def _contract_columns() -> list[Column]:
    return [
        Column("学历", 6, lambda row, _: row.details.education_label if row.details else ""),
        Column("合同起止", 11, lambda row, _: _contract(row)),
    ]


def _village_columns() -> list[Column]:
    return [
        Column("专/兼", 6, lambda row, _: row.details.full_time_label if row.details else ""),
        Column("户籍户数", 7, lambda row, _: row.any_line.households),
        Column("统计日期", 11, lambda row, _: row.details.counted_on if row.details else None),
        Column("档次", 8, lambda row, revision: _band_label(row, revision)),
    ]


def _served_columns() -> list[Column]:
    return [
        Column("到岗", 11, lambda row, _: row.details.started_on if row.details else None),
        Column("离岗", 11, lambda row, _: row.details.ended_on if row.details else None),
    ]


def _cost_columns() -> list[Column]:
    return [
        Column("应发工资", 10, lambda row, _: row.details.monthly_wage if row.details else None),
        Column("单位社保", 10, lambda row, _: row.details.employer_insurance if row.details else None),
        Column("住房公积金", 10, lambda row, _: row.details.housing_fund if row.details else None),
    ]


def _money_columns() -> list[Column]:
    return [
        Column("补助标准", 10, lambda row, _: row.regular.rate if row.regular else None),
        Column("计发/当月天数", 8, lambda row, _: _days(row)),
        Column("本月补助", 11, lambda row, _: row.due_now, is_summed=True),
        Column("补发/扣回", 11, lambda row, _: row.settled_amount, is_summed=True),
        Column("所属月份、原因", 12, lambda row, _: _settled_in_words(row)),
        Column("实补", 11, lambda row, _: row.paid, is_summed=True),
        Column("镇街承担", 11, lambda row, _: row.township_share, is_summed=True),
        Column("结余", 10, lambda row, _: row.surplus, is_summed=True),
    ]


def _last_columns() -> list[Column]:
    return [Column("备注", 9, lambda row, _: ";".join(remarks_on(row.regular)) if row.regular else "当月不在岗")]


def _band_label(row: PostingLines, revision: Revision) -> str:
    labels = {int(band["from"]): str(band["label"]) for band in revision.basis["bands"]}
    band = row.any_line.band
    return "" if band is None else labels.get(band, f"{band} 户起")


def _contract(row: PostingLines) -> str:
    """First and last day, one under the other."""
    return row.details.contract_label.replace(" 至 ", "\n") if row.details else ""


def _days(row: PostingLines) -> str:
    return f"{row.regular.counted_days}/{row.regular.month_days}" if row.regular else ""


def _settled_in_words(row: PostingLines) -> str:
    """2010年3月 +49.35 起止日期更正, a line for each month."""
    return "\n".join(
        f"{line.period.label} {line.amount:+,.2f} {cause_label(line.cause)}".rstrip()
        for line in row.settled
        if line.amount != ZERO
    )
