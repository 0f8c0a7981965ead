"""The finished file: openpyxl's archive packed again with fixed dates and with the values of its formulas."""

import datetime
import io
import re
import zipfile
from collections.abc import Sequence

EARLIEST = (1980, 1, 1, 0, 0, 0)
SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
UNCACHED = re.compile(rb"</f><v\s*(?:/>|></v>)")
MERGED = re.compile(rb"(?:<mergeCell [^>]*/>)+")
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def sealed(archive: bytes, cached: Sequence[Sequence[str]], moment: datetime.datetime) -> bytes:
    """The archive with its members in the same order.

    `cached` holds, for each sheet, the values of its formulas in document order; `moment` (UTC) is when it was made.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if (match := SHEET.fullmatch(name)) is not None:
                content = MERGED.sub(_in_order, _with_values(content, cached[int(match[1]) - 1]))
            elif name == "docProps/core.xml":
                content = MODIFIED.sub(rf"\g<1>{moment:%Y-%m-%dT%H:%M:%SZ}\g<2>".encode(), content)
            target.writestr(member(name), content, compresslevel=6)
    return packed.getvalue()


def _with_values(sheet: bytes, values: Sequence[str]) -> bytes:
    """openpyxl leaves the value beside a formula empty; text cells cannot look like it, they are escaped."""
    remaining = iter(values)
    sheet, count = UNCACHED.subn(lambda _: b"</f><v>" + next(remaining).encode() + b"</v>", sheet)
    if count != len(values):
        raise ValueError(f"{len(values)} formula values for {count} formulas")
    return sheet


def _in_order(merged: re.Match[bytes]) -> bytes:
    """openpyxl keeps merged areas in a set, whose order differs from process to process."""
    return b"".join(sorted(re.findall(rb"<mergeCell [^>]*/>", merged[0])))


def member(name: str) -> zipfile.ZipInfo:
    """A member of an archive with a fixed date, so that the same content gives the same bytes."""
    info = zipfile.ZipInfo(name, EARLIEST)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o600 << 16
    return info
