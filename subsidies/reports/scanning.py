"""Scans of the stamped T0: attached to what was sent up last, and withdrawn with a reason; nothing is overwritten."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from django.db import transaction

from accounts.audit import masked, record
from accounts.models import User
from accounts.permissions import Permission, demand
from foundation.scans import Scan
from subsidies.enums import ReportState
from subsidies.events import SubsidyEvent
from subsidies.models import ReportScan, TownshipReport
from subsidies.refusals import FileRefused, ReasonMissing, RunRefused
from subsidies.reports.services import demand_open, locked_report
from subsidies.steps import UNSEEN, Seen

MOST_FILES = 10


@transaction.atomic
def attach_scans(
    *, report: TownshipReport, scans: Sequence[Scan], actor: User | None, now: datetime, seen: Seen = UNSEEN
) -> list[ReportScan]:
    """Keep the scans with the latest submission, all or none.

    Raises PermissionDenied, RunBusy, RunChanged, RunRefused, and FileRefused for what is there already or too many.
    """
    demand(actor, Permission.SUBMIT_REPORT)
    report = locked_report(report.township, report.period, seen)
    demand_open(report.township, report.period)
    if report.state not in (ReportState.SUBMITTED, ReportState.ACCEPTED):
        raise RunRefused(f"{report}现在是“{report.state_label}”,请先上报,再上传这次上报盖章的扫描件。")
    offered = ReportScan.objects.offered().filter(report=report, submission=report.submission)
    problems = list(_problems(scans, set(offered.values_list("sha256", flat=True))))
    if problems:
        raise FileRefused(" ".join(problems))
    rows = [_row(report, scan, actor, now) for scan in scans]
    ReportScan.objects.bulk_create(rows)
    files = [{"name": row.filename, "size": row.size, "type": row.content_type, "sha256": row.sha256} for row in rows]
    after = {"month": str(report.period), "submission": report.submission, "files": files}
    record(actor=actor, event=SubsidyEvent.ATTACH_SCANS, subject=report, after=after)
    return rows


@transaction.atomic
def withdraw_scan(*, scan: ReportScan, reason: str, actor: User | None, now: datetime) -> ReportScan:
    """Offer a wrong scan no more; its row and its file stay. Raises PermissionDenied, RunBusy, RunRefused."""
    demand(actor, Permission.SUBMIT_REPORT)
    if not reason.strip():
        raise ReasonMissing("请写明撤下扫描件的原因。")
    report = locked_report(scan.report.township, scan.report.period, UNSEEN)
    demand_open(report.township, report.period)
    scan = ReportScan.objects.without_content().get(pk=scan.pk)
    if scan.withdrawn_at is not None:
        raise RunRefused("这份扫描件已经撤下。")
    scan.withdrawn_by, scan.withdrawn_at, scan.withdrawn_reason = actor, now, reason.strip()
    scan.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    before = {"month": str(report.period), "submission": scan.submission, "name": scan.filename, "sha256": scan.sha256}
    record(actor=actor, event=SubsidyEvent.WITHDRAW_SCAN, subject=report, before=before, reason=reason.strip())
    return scan


def _problems(scans: Sequence[Scan], kept: Collection[str]) -> Iterator[str]:
    if len(scans) + len(kept) > MOST_FILES:
        yield (
            f"一次上报最多附 {MOST_FILES} 份扫描件,已有 {len(kept)} 份,这次选了 {len(scans)} 份;"
            "页数多的请扫描成一个 PDF,或者先撤下不要的。"
        )
    known = set(kept)
    for scan in scans:
        if scan.sha256 in known:
            yield f"{scan.name}:同样的文件已经上传过,不用再传。"
        known.add(scan.sha256)


def _row(report: TownshipReport, scan: Scan, actor: User | None, now: datetime) -> ReportScan:
    row = ReportScan(
        report=report,
        submission=report.submission,
        filename=masked(scan.name),
        content_type=scan.kind.value,
        size=len(scan.content),
        sha256=scan.sha256,
        attached_by=actor,
        attached_at=now,
    )
    row.content = scan.content
    return row
