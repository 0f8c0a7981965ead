"""Columns are as wide as what they hold, numbers whole, texts wrapped at the width given."""

import datetime
from decimal import Decimal

from foundation.excel.sheet import ColumnSpec, FormulaCell, Row, TotalRow
from foundation.excel.widths import LEAST, fitted


def test_numbers_get_the_room_they_need_and_texts_no_more_than_given() -> None:
    columns = [ColumnSpec(width) for width in (1, 1, 8, 20, 9)]
    rows: list[Row] = [
        [1, Decimal("1530.00"), "十个字的文字放在这里", "短", None],
        ["", FormulaCell("B1*2", Decimal("-3060.00")), "短\n两行", "", datetime.date(2009, 6, 1)],
        TotalRow("合计很长的一个标签", {1: Decimal("1234567.00")}),
    ]
    assert [column.width for column in fitted(columns, rows)] == [LEAST, 12.5, 8, LEAST, 10.5]
    assert [column.width for column in fitted(columns, [])] == [LEAST] * 5
