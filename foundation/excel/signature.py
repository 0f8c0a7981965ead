"""What kind of file the uploaded bytes are, so that a wrong one gets the right message."""

import re

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOK_SUFFIXES = {".xlsx", ".xlsm"}
OLD_SUFFIXES = {".xls", ".et"}
TEXT_SUFFIXES = {".csv", ".txt", ".tsv", ".prn", ""}
# Under these names text may be a table, whatever they promise; without one too.
SUFFIXES = {*WORKBOOK_SUFFIXES, *OLD_SUFFIXES, *TEXT_SUFFIXES}
NO_SPREADSHEET = "只能上传 Excel、WPS 的工作簿(.xlsx、.xls)或 .csv 文件;请把表格另存为其中一种后重新上传。"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
HTML = re.compile(rb"<(!doctype\s+html|html|head|meta|table|body|div|style)\b", re.IGNORECASE)
OTHER_KINDS = {
    b"%PDF": "PDF 文件",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"{\\rtf": "RTF 文档",
    b"\x1f\x8b": "gzip 压缩包",
}
SAVE_AS = "请在 Excel 或 WPS 中打开它,另存为“Excel 工作簿 (*.xlsx)”后重新上传。"


def is_zip(content: bytes) -> bool:
    return content.startswith(ZIP)


def is_workbook(content: bytes) -> bool:
    """Whether the child is to read it: a zip archive or a compound file, whatever is inside."""
    return is_zip(content) or (content.startswith(CFB) and ENCRYPTED_PACKAGE not in content)


def kind_of(content: bytes) -> tuple[str, set[str]]:
    """What a readable file is called, and how its name ends as a rule."""
    if is_zip(content):
        return "Excel 工作簿(.xlsx)", WORKBOOK_SUFFIXES
    if content.startswith(CFB):
        return "Excel 97-2003 工作簿(.xls)", OLD_SUFFIXES
    return "文本(.csv)", TEXT_SUFFIXES


def binary_kind(content: bytes) -> str | None:
    """Why the bytes are neither an .xlsx nor plain text, as a Chinese sentence; None if they may be."""
    if content.startswith(CFB):
        if ENCRYPTED_PACKAGE in content:
            return "工作簿设了打开密码,无法读取;请在 Excel 或 WPS 中取消密码,保存后重新上传。"
        return "这是 Excel 97-2003 工作簿(.xls)或别的旧格式文件,不是 CSV;" + SAVE_AS
    for magic, kind in OTHER_KINDS.items():
        if content.startswith(magic):
            return f"这是{kind},不是表格;请上传 .xlsx 或 .csv 文件。"
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if HTML.search(start) and start.startswith(b"<"):
        return "这其实是网页(HTML)文件,只是扩展名像表格;" + SAVE_AS
    if content[:2] == b"\x09\x08" or content[:2] in {b"\x09\x00", b"\x09\x02", b"\x09\x04"}:
        return "这是 Excel 95 以前的工作簿,或不完整的 .xls;" + SAVE_AS
    if start.startswith(b"<?xml"):
        return "这其实是 XML 文件(如“XML 电子表格 2003”),只是扩展名像表格;" + SAVE_AS
    return None


def not_a_workbook(content: bytes) -> str:
    """The sentence for bytes that were to be an .xlsx and are no zip archive at all."""
    if (kind := binary_kind(content)) is not None:
        return kind
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return "这是文本或 CSV 文件,不是 Excel 工作簿;请把扩展名改为 .csv 再上传,或" + SAVE_AS.removeprefix("请")
    return "这不是 Excel 工作簿,或文件已损坏;" + SAVE_AS
