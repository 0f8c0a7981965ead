"""What every sheet of a revision says around its table: banner, documents, fund sources, capitals, signs."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypedDict

from django.conf import settings

from accounts.models import Seal
from foundation.excel.sheet import Sheet
from foundation.rmb import in_capitals
from staffing.enums import Position
from subsidies.enums import RunState
from subsidies.models import Revision
from subsidies.revisions.sealed import was_without_reports

DRAFT_BANNER = "送审稿 未经审批,不作拨款依据"
RETURNED_BANNER = "已撤回 不作拨款依据"
VOIDED_BANNER = "已作废 不作拨款依据"
WITHOUT_REPORTS = "审批时没有要求镇街月报。"
NOT_ISSUED_BANNER = "未出具 供核对,正式表格以出具的为准"


class Around(TypedDict):
    """The parts of a Sheet that do not depend on its table."""

    title: str
    banner: str
    notes: Sequence[str]
    footer: Sequence[str]
    signs: Sequence[str]


def around(
    revision: Revision, what: str, *, total: Decimal | None, positions: Collection[Position] = (), where: str = ""
) -> Around:
    """`what` names the sheet, `where` the township it is of; sources are those of `positions`, of all where empty."""
    run = revision.run
    return Around(
        title=f"{run.county.name}{where}{run}{settings.PLATFORM_NAME}{what}",
        banner=banner_of(revision),
        notes=[
            *_notes(revision, positions),
            f"编制单位:{settings.COUNTY_BUREAU_NAME}",
        ],
        footer=[] if total is None else [f"合计金额大写:{in_capitals(total)}"],
        signs=settings.SHEET_SIGNATURES,
    )


def banner_of(revision: Revision) -> str:
    """Empty for the approved revision of a run; otherwise that nobody may pay by the sheet.

    What becomes of the run after a revision was withdrawn changes nothing for its sheets.
    """
    run = revision.run
    is_current = run.current_revision_id == revision.pk
    if is_current and run.is_approved:
        return ""
    if is_current and run.state == RunState.VOIDED:
        return VOIDED_BANNER
    if (is_current and run.state == RunState.RETURNED) or revision.was_approved:
        return RETURNED_BANNER
    return DRAFT_BANNER


def as_issued(sheet: Sheet, revision: Revision) -> Sheet:
    """The sheet with the seal of its approved revision; one that nobody may pay by stays as it is."""
    return sheet if sheet.banner else replace(sheet, notes=[*sheet.notes, *_seal_in_words(revision)])


def as_not_issued(sheet: Sheet) -> Sheet:
    """The sheet as anybody may download it: it says that its bytes are kept nowhere, unless it says worse already."""
    return sheet if sheet.banner else replace(sheet, banner=NOT_ISSUED_BANNER)


def _seal_in_words(revision: Revision) -> list[str]:
    """The place of an approved revision in the chain of seals, so that paper and ledger can be compared; and that it
    was approved without reports of the townships, where it was."""
    seal = Seal.objects.of_revisions([revision.pk]).order_by("sequence").last()
    if seal is None:
        return []
    said = [f"封存:第 {seal.sequence} 号 {seal.digest[:16]}"]
    return [*said, WITHOUT_REPORTS] if was_without_reports(seal) else said


def _notes(revision: Revision, positions: Collection[Position]) -> list[str]:
    """依据文件 and 资金来源, each named once."""
    this_month = revision.basis["months"][-1]
    documents = dict.fromkeys(filter(None, (this_month["standard_document"], this_month["minimum_wage_document"])))
    rows = [row for row in revision.basis["funding"] if not positions or row["position"] in positions]
    sources = dict.fromkeys(str(row["source"]) for row in rows)
    return [f"依据文件:{'、'.join(documents)}", f"资金来源:{'、'.join(sources)}"]
