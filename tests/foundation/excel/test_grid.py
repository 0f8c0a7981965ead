"""Plain grids: what is written is what is read again, text stays text, and nothing touches a disk."""

import datetime
import io
import shutil
import subprocess
import tempfile
from pathlib import Path

import openpyxl
import pytest

from foundation.excel.grid import Form, Grid, GridColumn, Look, from_column, listed, write_grids
from foundation.excel.reader import read_table
from foundation.excel.table import Cell, NumberCell

NASTY = ['=HYPERLINK("http://x")', "+1", "@a", "{{7*7}}", "<img src=x onerror=alert(1)>", "𠮷田", " 两端 ", "一\n二"]
ROWS: list[list[Cell]] = [
    ["姓名", "日期", "数"],
    [None, datetime.date(2009, 6, 1), NumberCell("1530.5")],
    ["张三", datetime.datetime(2009, 6, 1, 12, 30), True],  # noqa: DTZ001
    ["李四", None, NumberCell("12")],
]
GRID = Grid(
    "花名册",
    [GridColumn(12, Form.TEXT), GridColumn(14, choices=listed(["甲", "乙"])), GridColumn(9, choices="'单'!$A$2:$A$3")],
    ROWS,
    1,
    {(0, 0): Look.HEADER, (1, 0): Look.BAD},
)


def test_cells_come_back_as_they_went_in() -> None:
    assert read_table(write_grids([GRID])).rows == ROWS


def test_text_stays_text_whatever_it_begins_with() -> None:
    content = write_grids([Grid("文", [GridColumn(10)], [[text] for text in NASTY])])
    assert [row[0] for row in read_table(content).rows] == NASTY
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert {sheet.cell(row, 1).data_type for row in range(1, len(NASTY) + 1)} == {"s"}
    assert {sheet.cell(row, 1).number_format for row in range(1, len(NASTY) + 1)} == {"@"}


def test_a_number_that_lost_digits_stays_a_number() -> None:
    content = write_grids([Grid("数", [GridColumn(10, Form.TEXT)], [[NumberCell("330226198503070016")]])])
    assert isinstance(read_table(content).rows[0][0], NumberCell)


def test_days_before_excels_calendar_are_text() -> None:
    early = datetime.date(1899, 12, 31)
    assert read_table(write_grids([Grid("日", [GridColumn(10)], [[early]])])).rows == [["1899-12-31"]]


def test_new_cells_of_a_column_are_text_and_offer_choices() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_grids([GRID, Grid("单", [GridColumn(9)], [["x"]])]))).worksheets[0]
    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet.freeze_panes == "A2"
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules == {"B2:B20000": '"甲,乙"', "C2:C20000": "'单'!$A$2:$A$3"}
    assert sheet["A2"].fill.fgColor.rgb == "FFFFC7CE"


def test_a_list_that_no_spreadsheet_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        listed(["很长的名称"] * 60)
    assert from_column("村(社区)", 1, 3) == "'村(社区)'!$B$2:$B$4"


def test_the_same_grids_give_the_same_bytes_and_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))  # any temporary file would fail
    assert write_grids([GRID]) == write_grids([GRID])


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_another_program_opens_it(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(write_grids([GRID]))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "csv", "a.xlsx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()[1] == ",2009-06-01,1530.5"
