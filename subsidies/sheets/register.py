"""The sheets that can be exported: one register, and the file of one of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.conf import settings

from foundation.excel.sheet import Sheet
from foundation.excel.writer import write_workbook
from staffing.enums import Position
from subsidies.models import AllocationQuerySet, Revision, SheetFile
from subsidies.sheets.adjustments_sheet import adjustments_sheet
from subsidies.sheets.page_words import NOT_ISSUED_BANNER, as_issued, as_not_issued, banner_of
from subsidies.sheets.posting_sheets import people_sheet
from subsidies.sheets.t1 import t1_sheet
from subsidies.sheets.t6 import t6_sheet
from subsidies.sheets.t7 import t7_sheet
from subsidies.sheets.t8 import t8_sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class SheetKind:
    """A sheet by its number; `build` makes it of a revision, the townships, and their name where it is one only.

    `attached` makes a second worksheet of the same file, or none.
    """

    number: str
    title: str
    build: Callable[[Revision, AllocationQuerySet, str], Sheet]
    attached: Callable[[Revision, AllocationQuerySet, str], Sheet | None] | None = None


def _people(number: str, position: Position) -> Callable[[Revision, AllocationQuerySet, str], Sheet]:
    return partial(people_sheet, number=number, position=position)


SHEETS: Mapping[str, SheetKind] = {
    kind.number: kind
    for kind in (
        SheetKind("T1", "汇总表", t1_sheet, adjustments_sheet),
        SheetKind("T2", "协理员明细", _people("T2", Position.ASSISTANT)),
        SheetKind("T3", "社区协管员明细", _people("T3", Position.COMMUNITY_COORDINATOR)),
        SheetKind("T4", "村(居)协管员明细", _people("T4", Position.VILLAGE_COORDINATOR)),
        SheetKind("T6", "公示表", t6_sheet),
        SheetKind("T7", "变动表", t7_sheet),
        SheetKind("T8", "配备缺员表", t8_sheet),
    )
}


def workbook(
    revision: Revision, number: str, allocations: AllocationQuerySet, *, where: str = "", is_issued: bool = False
) -> bytes:
    """The sheet as xlsx; the same stored revision in the same state gives the same bytes.

    `is_issued`: these bytes are going to be kept, so they name the seal; others say that they are not.
    """
    run = revision.run
    kind = SHEETS[number]
    built = [kind.build(revision, allocations, where)]
    attached = kind.attached(revision, allocations, where) if kind.attached else None
    if attached is not None:
        built.append(attached)
    sheets = [as_issued(sheet, revision) if is_issued else as_not_issued(sheet) for sheet in built]
    moment = run.approved_at or revision.calculated_at
    return write_workbook(sheets, created=moment, creator=settings.COUNTY_BUREAU_NAME, title=sheets[0].title)


def sheet_bytes(revision: Revision, number: str, allocations: AllocationQuerySet, where: str) -> tuple[bytes, str]:
    """Bytes and the name of the file: what services.issuing keeps."""
    content = workbook(revision, number, allocations, where=where, is_issued=True)
    return content, _file_name(revision, number, where, banner_of(revision))


def issued_or_made(revision: Revision, number: str, allocations: AllocationQuerySet, where: str) -> tuple[bytes, str]:
    """The sheet as it was issued; of one that never was, made from the stored lines, and it says so."""
    banner = banner_of(revision)
    if not banner:
        issued = SheetFile.objects.filter(revision=revision, sheet=number)
        townships = allocations.filter(revision=revision).values("township")
        kept = (issued.filter(township__in=townships) if where else issued.filter(township=None)).first()
        if kept is not None:
            return bytes(kept.content), kept.filename
    content = workbook(revision, number, allocations, where=where)
    return content, _file_name(revision, number, where, banner or NOT_ISSUED_BANNER)


def _file_name(revision: Revision, number: str, where: str, banner: str) -> str:
    """What a reader saves it as."""
    state = banner.partition(" ")[0]
    mark = f"({state})" if state else ""
    return f"{where}{revision.run}{SHEETS[number].title}{number}{mark}.xlsx"
