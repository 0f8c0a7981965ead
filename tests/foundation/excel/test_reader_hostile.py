"""Whatever the bytes: a table or a sentence, soon, and with the memory of this process untouched."""

import io
import random
import re
import resource
import tracemalloc
import zipfile

import pytest

from foundation.excel.reader import Limits, SpreadsheetError, Table, read_table
from foundation.excel.signature import CFB, ENCRYPTED_PACKAGE
from tests.foundation.excel.files import archive, by_hand, text_row, workbook

SECONDS = 2.0
MEGABYTE = 1 << 20
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///secret">]>'
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(97 + n)} '{f'&{chr(96 + n)};' * 10}'>" for n in range(1, 10)
)
GOOD = workbook(["姓名", "身份证号", "月工资"], *[[f"张{n}", "339900200001010011", 1300 + n] for n in range(40)])
_members = zipfile.ZipFile(io.BytesIO(GOOD))
WITHOUT_SHEETS = archive({name: re.sub(rb"<sheet [^>]*/>", b"", _members.read(name)) for name in _members.namelist()})


def outcome(content: bytes, limits: Limits | None = None) -> Table | str:
    """The table or the sentence; any other exception, a slow child or a heavy parent fails the test."""
    before = _child_seconds()
    tracemalloc.start()
    try:
        return read_table(content, limits=limits or Limits())
    except SpreadsheetError as error:
        return str(error)
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 20 * MEGABYTE
        assert _child_seconds() - before < SECONDS


def _child_seconds() -> float:
    """Processor time of the children, which a busy machine does not stretch."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"\xef\xbb\xbf\r\n<html><table><tr><td>1</td></tr></table>", "网页"),
        (b"<?xml version='1.0'?><Workbook/>", "XML 电子表格"),
        (CFB + b"\0" * 600, "旧格式"),
        (CFB + b"\0" * 600 + ENCRYPTED_PACKAGE + b"\0" * 600, "密码"),
        (b"%PDF-1.7 ...", "PDF"),
        ("姓名,身份证号\n张三,1\n".encode(), "改为 .csv"),
        ("姓名,身份证号\n张三,1\n".encode("gb18030"), "改为 .csv"),
        (b"\0\1\2\3" * 50, "已损坏"),
        (archive({"word/document.xml": "<x/>"}), "Word"),
        (archive({"xl/workbook.bin": b"x"}), "xlsb"),
        (archive({"名册.xlsx": GOOD}), "先解压"),
        (archive({"a.zip": archive({"b.zip": archive({"名册.xlsx": GOOD})})}), "不是 Excel 工作簿"),
        (archive({"a.bin": b"x"}), "不是 Excel 工作簿"),
        (archive({}), "不是 Excel 工作簿"),
        (archive({"xl/workbook.xml": "<x/>"}), "损坏"),
        (archive({"xl/workbook.xml": "", "xl/a.xml": "no xml"}), "损坏"),
        (by_hand(""), "没有可见且有内容"),
        (WITHOUT_SHEETS, "没有可见且有内容"),
        (by_hand(text_row(1, "a"), prolog=ENTITY), "DTD"),
        (by_hand(text_row(1, "&i;"), prolog=LAUGHS + "]>"), "DTD"),
        (archive({"xl/workbook.xml": ENTITY.encode("utf-16")}), "损坏"),
        (b"0" * (6 * MEGABYTE), "5 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_files_get_the_right_sentence(content: bytes, words: str) -> None:
    result = outcome(content)
    assert isinstance(result, str)
    assert words in result


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "XFD1", "T900000"])
def test_far_cell_is_named_or_explained(place: str) -> None:
    content = by_hand(text_row(1, "姓名") + f'<row><c r="{place}"><v>1</v></c></row>')
    assert len(content) < 5000
    result = outcome(content)
    assert isinstance(result, str)
    assert "远离数据区的单元格" in result


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "lied about"])
def test_bomb_is_refused(declared: bool) -> None:
    content = by_hand(text_row(1, "a") + " " * (100 * MEGABYTE))
    if not declared:
        size = zipfile.ZipFile(io.BytesIO(content)).getinfo("xl/worksheets/sheet1.xml").file_size
        content = content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    result = outcome(content)
    assert isinstance(result, str)
    assert ("过大" if declared else "损坏") in result


def test_one_long_text_in_many_cells_stays_within_memory() -> None:
    cells = '<c t="s"><v>0</v></c>' * 60
    rows = "".join(f'<row r="{number}">{cells}</row>' for number in range(1, 15_001))
    assert isinstance(outcome(by_hand(rows, shared="长" * 30_000)), str)
    assert "过大" in str(outcome(by_hand(rows, shared="长" * 60)))


def test_many_members_and_doubled_names_are_refused() -> None:
    many = archive({"xl/workbook.xml": "<x/>", **{f"xl/{n}.xml": "<x/>" for n in range(600)}})
    assert "过大" in str(outcome(many))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file := io.BytesIO(GOOD), "a") as doubled:
        doubled.writestr("xl/workbook.xml", "<x/>")
    assert "损坏" in str(outcome(file.getvalue()))


def test_wrong_checksum_is_refused() -> None:
    checksum = zipfile.ZipFile(io.BytesIO(GOOD)).getinfo("xl/worksheets/sheet1.xml").CRC
    spoilt = GOOD.replace(checksum.to_bytes(4, "little"), b"\1\2\3\4")
    assert "损坏" in str(outcome(spoilt))


def test_truncated_workbook_is_refused_wherever_it_ends() -> None:
    for length in range(4, len(GOOD), max(len(GOOD) // 25, 1)):
        assert isinstance(outcome(GOOD[:length]), str)


def test_flipped_bytes_give_a_table_or_a_sentence() -> None:
    chance = random.Random(20090601)
    for _ in range(60):
        content = bytearray(GOOD)
        for _ in range(chance.choice((1, 3, 20))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        outcome(bytes(content))


def test_flipped_bytes_of_the_xml_give_a_table_or_a_sentence() -> None:
    members = zipfile.ZipFile(io.BytesIO(GOOD))
    chance = random.Random(1)
    for _ in range(60):
        contents = {name: bytearray(members.read(name)) for name in members.namelist()}
        for _ in range(chance.choice((1, 3, 20))):
            spoilt = contents[chance.choice(list(contents))]
            spoilt[chance.randrange(len(spoilt))] = chance.choice(b"<>\"'&/0919A\0\xff")
        outcome(archive({name: bytes(content) for name, content in contents.items()}))


def test_slow_child_is_stopped() -> None:
    result = outcome(GOOD, Limits(wall_seconds=0.001))
    assert isinstance(result, str)
    assert "规定时间" in result


@pytest.mark.parametrize("limits", [Limits(output_bytes=200), Limits(unpacked_bytes=2000)])
def test_too_much_output_is_refused(limits: Limits) -> None:
    assert "过大" in str(outcome(GOOD, limits))


def test_too_little_memory_is_a_sentence() -> None:
    assert isinstance(outcome(GOOD, Limits(memory_bytes=12 * MEGABYTE)), str)


def test_many_formulas_without_an_end_do_not_slow_it_down() -> None:
    cells = "<c><f>" + "<f " * (3 * MEGABYTE)
    assert isinstance(outcome(by_hand(text_row(1, "a") + cells)), str)


def test_a_sheet_full_of_errors_and_merged_areas_is_read_soon() -> None:
    cells = "".join(f'<row r="{row}">' + '<c t="e"><v>#N/A</v></c>' * 50 + "</row>" for row in range(1, 4001))
    assert isinstance(outcome(by_hand(cells)), Table)
    areas = "".join('<mergeCell ref="A1:AX4000"/>' for _ in range(200))
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="4000"><c r="AX4000"><v>1</v></c></row>'
    whole = f"{corners}</sheetData><mergeCells>{areas}</mergeCells><sheetData>"
    assert "过大" in str(outcome(by_hand(whole)))
