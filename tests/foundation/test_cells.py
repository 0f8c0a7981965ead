"""A table of inputs keeps what was typed, reads it by column, and tells each problem at its cell."""

from django.http import QueryDict

from foundation.cells import CellColumn, cell_row, read_cells, typed_cells
from foundation.excel.values import date_of, money_of

COLUMNS = (CellColumn("day", "日期", date_of), CellColumn("wage", "工资", money_of))


def test_what_was_typed_is_found_by_row_and_column_and_blanks_are_nothing() -> None:
    fields = QueryDict("u1-day=2010-5-6&u1-wage=+&u2-day=&u3-day=2010-01-01")
    assert typed_cells(fields, ["u1", "u2"], COLUMNS) == {"u1": {"day": "2010-5-6"}}


def test_a_value_or_a_problem_at_its_cell_and_the_text_in_any_case() -> None:
    typed = {"u1": {"day": "2010年5月6日", "wage": "1,800.00元"}, "u2": {"day": "五月", "wage": "长" * 201}}
    values, problems = read_cells(typed, COLUMNS)
    assert (str(values["u1"]["day"]), str(values["u1"]["wage"]), values["u2"]) == ("2010-05-06", "1800.00", {})
    assert "看不懂日期“五月”" in problems["u2", "day"]
    assert problems["u2", "wage"] == "最多 200 个字"
    row = cell_row("u2", "二村", ["李四"], COLUMNS, typed, problems | {("u2", ""): "现任有变动"})
    assert [(cell.name, cell.text) for cell in row.cells] == [("u2-day", "五月"), ("u2-wage", "长" * 201)]
    assert (row.problem, row.cells[0].problem) == ("现任有变动", problems["u2", "day"])
