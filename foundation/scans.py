"""A scanned page as somebody uploads it: PDF, JPEG or PNG, told by its bytes and never by its name."""

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from foundation.active_pdf import is_active
from foundation.labels import Labelled

MOST_BYTES = 5 * 1024 * 1024
NAME_LENGTH = 100
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
# A PDF ends with this mark, give or take what a scanner writes after it.
_PDF_END, _PDF_TAIL = b"%%EOF", 1024


class ScanKind(Labelled):
    """What a scan may be: its content type, and what people call it."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "JPG"
    PNG = "image/png", "PNG"


class ScanError(Exception):
    """The file cannot be kept; the message is a Chinese sentence: which file, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A whole file of one of the kinds; `name` is fit to be shown."""

    name: str
    kind: ScanKind
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def read_scan(content: bytes, name: str) -> Scan:
    """Raises ScanError for what is empty, too large, of another kind, ends before its end, or would do more than
    be looked at."""
    shown = plain_name(name)
    check_size(len(content), shown)
    kind = _kind(content)
    if kind is None:
        raise ScanError(f"{shown}:不是 PDF、JPG 或 PNG 文件(看内容,不看文件名);请用扫描仪另存为 PDF 或图片后上传。")
    if not _is_whole(content, kind):
        raise ScanError(f"{shown}:文件不完整,后面一部分没有了;请重新扫描,或从扫描仪重新拷贝后上传。")
    if kind is ScanKind.PDF and is_active(content):
        raise ScanError(f"{shown}:文件里带有脚本、程序或附带的文件,不能上传;请用扫描仪重新扫描,或打印后扫描成 PDF。")
    return Scan(shown, kind, content)


def check_size(size: int, shown: str) -> None:
    """ScanError for a file of no bytes or of too many."""
    if not size:
        raise ScanError(f"{shown}:文件是空的(0 字节);请确认扫描已经完成,再重新选择。")
    if size > MOST_BYTES:
        megabytes = MOST_BYTES // (1024 * 1024)
        raise ScanError(f"{shown}:超过 {megabytes} MB;请把扫描分辨率调到 200 左右,或一页存一个文件。")


def plain_name(name: str) -> str:
    """The last part of a file's name in printable characters, its ending kept where it has to be shortened."""
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(" " if unicodedata.category(letter).startswith(("C", "Z")) else letter for letter in last)
    shown = " ".join(printable.split()) or "没有名称的文件"
    if len(shown) <= NAME_LENGTH:
        return shown
    ending = PurePosixPath(shown).suffix[:10]
    return shown[: NAME_LENGTH - len(ending)] + ending


def _kind(content: bytes) -> ScanKind | None:
    if content.startswith(b"%PDF-"):
        return ScanKind.PDF
    if content.startswith(_JPEG):
        return ScanKind.JPEG
    return ScanKind.PNG if content.startswith(_PNG) else None


def _is_whole(content: bytes, kind: ScanKind) -> bool:
    if kind is ScanKind.PDF:
        return _PDF_END in content[-_PDF_TAIL:]
    if kind is ScanKind.PNG:
        return any(name == b"IEND" for name in _png_chunks(content))
    picture = _picture_starts(content)
    return picture is not None and b"\xff\xd9" in content[picture:]


def _png_chunks(content: bytes) -> Iterator[bytes]:
    """The names of the chunks that are there to their last byte, up to the end of the picture."""
    position = len(_PNG)
    while position + 12 <= len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        name = content[position + 4 : position + 8]
        position += 12 + length
        if position > len(content):
            return
        yield name
        if name == b"IEND":
            return


def _picture_starts(content: bytes) -> int | None:
    """Where the picture itself begins in a JPEG; what stands before it may hold a small picture with an end mark."""
    position = 2
    while position + 4 <= len(content) and content[position] == 0xFF:
        if content[position + 1] == 0xFF:  # a marker may be preceded by any number of these
            position += 1
            continue
        length = int.from_bytes(content[position + 2 : position + 4], "big")
        if content[position + 1] == 0xDA:
            return position + 2 + length
        position += 2 + length
    return None
