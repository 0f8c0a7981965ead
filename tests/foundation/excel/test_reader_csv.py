"""CSV files: both encodings of the county, and what is refused."""

import pytest

from foundation.excel.reader import Limits, SpreadsheetError, read_csv
from tests.foundation.excel.files import workbook


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_both_encodings_are_read(encoding: str) -> None:
    table = read_csv("姓名,金额\r\n张㐂, 1 \r\n".encode(encoding))
    assert (table.first_row, table.rows) == (1, [["姓名", "金额"], ["张㐂", " 1 "]])


def test_rows_are_records_padded_and_numbered() -> None:
    table = read_csv(b'\n,,\na,"b\nb"\nc\n\n,,\nd,e,,\n,\n')
    assert list(table.numbered()) == [
        (3, ["a", "b\nb"]),
        (4, ["c", None]),
        (5, [None, None]),
        (6, [None, None]),
        (7, ["d", "e"]),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b",,\n\n", "没有内容"),
        (b"a,\0b", "CSV UTF-8"),
        (b"a\xff\xff,b", "CSV UTF-8"),
        (b'a,"b', "引号"),
        (b"a," + b"b" * 200_000, "格式有误"),
        (b"<html><body>", "网页"),
        (workbook(["a"]), "改为 .xlsx"),
        (b"a\n" * 20_016, "最多 20000 行"),
        (b"a," * 61 + b"b", "60 列"),
        (b"a" * (5 * 1024 * 1024 + 1), "5 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_csv_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(SpreadsheetError, match=words):
        read_csv(content)


def test_blank_lines_do_not_count_against_the_limit() -> None:
    assert read_csv(b"a\n" + b",,\n" * 300_000, limits=Limits(rows=1)).rows == [["a"]]
