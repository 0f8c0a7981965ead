"""Files as nobody should upload them, each with the words that its refusal must hold."""

import io
import re
import zipfile
from random import Random

from foundation.excel.signature import CFB, ENCRYPTED_PACKAGE
from tests.foundation.excel.files import archive, by_hand, text_row
from tests.staffing.rosters import HEADER, a_name, a_roster, a_row

MEGABYTE = 1 << 20
GOOD = a_roster(*[a_row(serial, 姓名=a_name(serial)) for serial in range(1, 41)])
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///secret">]>'
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(97 + n)} '{f'&{chr(96 + n)};' * 10}'>" for n in range(1, 10)
)


def head(*more: str) -> str:
    return text_row(1, *HEADER, *more)


def wrong_checksum() -> bytes:
    checksum = zipfile.ZipFile(io.BytesIO(GOOD)).getinfo("xl/worksheets/sheet1.xml").CRC
    return GOOD.replace(checksum.to_bytes(4, "little"), b"\1\2\3\4")


def without_sheets() -> bytes:
    """A workbook that lists no sheet at all."""
    source = zipfile.ZipFile(io.BytesIO(GOOD))
    return archive({name: re.sub(rb"<sheet [^>]*/>", b"", source.read(name)) for name in source.namelist()})


def far_cell() -> bytes:
    return by_hand(head() + '<row><c r="XFD1048576"><v>1</v></c></row>')


def bomb() -> bytes:
    return by_hand(head() + " " * (100 * MEGABYTE))


def flipped(seed: int) -> bytes:
    """The good workbook with some of its bytes changed."""
    chance = Random(seed)
    content = bytearray(GOOD)
    for _ in range(chance.choice((1, 3, 20))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


# Name, words of the refusal, content.
REFUSED: list[tuple[str, str, bytes]] = [
    ("空.xlsx", "空的", b""),
    ("网页.xlsx", "网页", b"\xef\xbb\xbf\r\n<html><table><tr><td>1</td></tr></table>"),
    ("旧版.xlsx", "旧格式", CFB + b"\0" * 2000),
    ("旧版.xls", "旧格式", CFB + b"\0" * 2000),
    ("加密.xlsx", "密码", CFB + b"\0" * 600 + ENCRYPTED_PACKAGE + b"\0" * 600),
    ("截断.xlsx", "损坏", GOOD[: len(GOOD) // 2]),
    ("压缩包.xlsx", "先解压", archive({"名册.xlsx": GOOD})),
    (
        "压缩包里的压缩包.xlsx",
        "不是 Excel 工作簿",
        archive({"a.zip": archive({"b.zip": archive({"名册.xlsx": GOOD})})}),
    ),
    ("外部实体.xlsx", "DTD", by_hand(head(), prolog=XXE)),
    ("十亿个笑.xlsx", "DTD", by_hand(text_row(1, "&i;"), prolog=LAUGHS + "]>")),
    ("校验和.xlsx", "损坏", wrong_checksum()),
    ("没有工作表.xlsx", "没有可见且有内容", without_sheets()),
    ("只有空表.xlsx", "没有可见且有内容", by_hand("")),
    ("远处.xlsx", "远离数据区的单元格", far_cell()),
    ("炸弹.xlsx", "过大", bomb()),
    ("六十一列.xlsx", "第 61 列,最多", by_hand(head(*(f"多{n}" for n in range(45))) + text_row(2, *("x" * 61)))),
    ("两万多行.xlsx", "最多 20000 行", by_hand("".join(text_row(n, "x", "y") for n in range(1, 20_200)))),
    ("文字.docx", "只能上传", "姓名,身份证号\n张三,1\n".encode("gb18030")),
    ("乱码.csv", "读不出", b"\xff\xff\x00\x81" * 50),
    ("引号.csv", "引号", '姓名,备注\n"张三,1\n'.encode()),
]
