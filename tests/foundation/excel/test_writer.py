"""Printed sheets: the same bytes, true totals, text that stays text."""

import dataclasses
import hashlib
import io
import re
import shutil
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from foundation.excel.reader import NumberCell, read_table
from foundation.excel.sheet import TotalRow
from foundation.excel.writer import write_workbook
from tests.foundation.excel.printed import CREATED, HEADER, JUNE_1, SHEET, line, total, written

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def opened(content: bytes, *, values: bool = False) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=values).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_same_input_gives_same_bytes_in_every_process() -> None:
    script = (
        "import hashlib; from tests.foundation.excel.printed import written;"
        "print(hashlib.sha256(written()).hexdigest())"
    )
    root = Path(__file__).parents[3]
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert digests == {hashlib.sha256(written()).hexdigest()}


def test_the_only_time_in_the_file_is_the_one_given() -> None:
    archive = zipfile.ZipFile(io.BytesIO(written()))
    assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", archive.read("docProps/core.xml").decode()) == [
        "2009-07-01T00:00:00Z",
        "2009-07-01T00:00:00Z",
    ]


def test_formulas_stand_beside_their_values() -> None:
    formulas, values = opened(written()), opened(written(), values=True)
    assert [formulas.cell(row, 4).value for row in range(7, 13)] == [
        1530.1,
        1530.1,
        "=SUM(D7:D8)",
        1530.1,
        "=SUM(D10:D10)",
        "=SUM(D7:D8,D10:D10)",
    ]
    assert [values.cell(row, 4).value for row in (9, 11, 12)] == [3060.2, 1530.1, 4590.3]
    assert formulas["E8"].value == "=D8*2"
    assert values["E12"].value == 9180.6
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(written())).get_sheet_by_index(0)
    assert sheet.to_python()[11] == ["合计", "", "", 4590.3, 9180.6]


def test_our_own_reader_reads_it() -> None:
    rows = dict(read_table(written()).numbered())
    assert rows[7] == [NumberCell("1"), "张三", JUNE_1, NumberCell("1530.1"), NumberCell("3060.2")]


def test_money_is_written_with_two_decimals_whatever_its_size() -> None:
    amounts = [Decimal(text) for text in ("0", "-0.00", "-5", "0.1", "4503599627370.49", "9999999999999.99")]
    content = written(rows=[[1, "", None, amount, None] for amount in amounts], totals=[])
    xml = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r'<c r="D\d+" s="\d+" t="n"><v>([^<]*)</v>', xml) == [
        "0.00",
        "0.00",
        "-5.00",
        "0.10",
        "4503599627370.49",
        "9999999999999.99",
    ]


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://x","y")', "+1+1", "-1", "@SUM(A1)", "{{7*7}}", "<img onerror=alert(1)>", "\t=1", "#N/A", "1"],
)
def test_text_stays_text(text: str) -> None:
    cell = opened(written(rows=[line(1, text)], totals=[]))["B7"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@", "\t"))


def test_text_that_a_file_cannot_hold_is_cleaned() -> None:
    content = written(
        rows=[line(1, "a\0\x0b\ud800b\r\nc\ufffe"), line(2, "字" * 40_000), line(3, "😀" * 20_000)], totals=[]
    )
    sheet = opened(content)
    assert sheet["B7"].value == "ab\nc"
    assert len(str(sheet["B8"].value)) == 32_767
    assert sheet["B9"].value == "😀" * 16_383


def test_nothing_inside_the_data_is_merged() -> None:
    assert {str(area) for area in opened(written()).merged_cells.ranges} == {
        "A1:E1",
        "A2:E2",
        "A5:A6",
        "B5:C5",
        "D5:E5",
    }


def test_page_is_set_up_for_printing() -> None:
    sheet = opened(written())
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$5:$6"
    assert sheet.freeze_panes == "A7"
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"  # type: ignore[union-attr]  # it is set
    assert sheet.oddHeader.center.text == SHEET.banner  # type: ignore[union-attr]
    assert sheet["D7"].number_format == "#,##0.00"
    assert sheet["E4"].value == "单位:元"
    assert sheet["A13"].value == "大写:肆仟伍佰玖拾元叁角整"
    assert (sheet["A15"].value, sheet["C15"].value) == ("制表人:", "复核人:")


def test_sheet_without_rows_has_a_plain_total() -> None:
    sheet = opened(written(rows=[], totals=[total("合计", "0.00")]))
    assert (sheet["A7"].value, sheet["D7"].value) == ("合计", 0)


def test_many_subtotals_stay_within_one_formula() -> None:
    rows = [row for number in range(300) for row in (line(number), total("小计", "1530.10"))]
    formula = opened(written(rows=rows, totals=[total("合计", "459030.00")]))["D607"].value
    assert isinstance(formula, str)
    assert formula.count("SUM(") == 2
    assert formula.count(":") == 300


def test_doubled_and_illegal_sheet_names_are_mended() -> None:
    content = write_workbook([dataclasses.replace(SHEET, name="a/b:c" * 10)] * 2, created=CREATED)
    names = openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    assert len(set(names)) == 2
    assert all(len(name) <= 31 for name in names)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"totals": [total("合计", "4590.31")]}, ValueError, "adds up to"),
        ({"rows": [line(1), total("小计", "1.00")], "totals": []}, ValueError, "adds up to"),
        ({"rows": [line(1, amount=Decimal("1.005"))]}, ValueError, "two decimals"),
        ({"rows": [line(1, amount=Decimal("NaN"))]}, ValueError, "held"),
        ({"rows": [[1, "x", None, 1530.1, None]]}, TypeError, "float"),
        ({"rows": [[1, "x"]]}, ValueError, "2 values"),
        ({"totals": [TotalRow("合计", {9: 1})]}, ValueError, "column"),
        ({"header": HEADER[:1]}, ValueError, "header"),
    ],
)
def test_untrue_sheets_are_not_written(changes: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        written(**changes)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_calculates_the_same_totals(tmp_path: Path) -> None:
    """The cached values are taken out first, so that what LibreOffice shows is its own sum."""
    file = tmp_path / "sheet.xlsx"
    with zipfile.ZipFile(io.BytesIO(written())) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            target.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", source.read(name)))
    command = [
        str(SOFFICE),
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76",
    ]
    subprocess.run([*command, "--outdir", str(tmp_path), str(file)], check=True, capture_output=True, timeout=120)
    lines = (tmp_path / "sheet.csv").read_text(encoding="utf-8").splitlines()
    assert '小计,,,"3,060.20","6,120.40"' in lines
    assert '合计,,,"4,590.30","9,180.60"' in lines
