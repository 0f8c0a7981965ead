"""Every township has reported MONTH and is accepted, every finding has its reason: what an approval looks at again."""

import secrets

from django.db import transaction

from accounts.audit import record
from accounts.enums import Role
from accounts.models import User
from benchmarks.county import MONTH, NOW
from benchmarks.rows import insert
from foundation.dates import Month
from subsidies.enums import ReportAction, ReportState
from subsidies.events import REPORT_STEPS
from subsidies.known_runs import ledger_first_month
from subsidies.models import Acknowledgement, LedgerParameters, TownshipReport
from subsidies.posts.findings import open_findings
from subsidies.reports.acknowledgements import fact_of
from subsidies.reports.facts import CURRENT_FORMAT, digest_of_facts, facts_to_report, report_facts
from subsidies.rules import ledger
from townships.models import Township


@transaction.atomic
def accept_all(parameters: LedgerParameters) -> None:
    """From now on reports are required."""
    parameters.reports_required = True
    parameters.save(update_fields=["reports_required"])
    window = ledger.window(MONTH, first_month=ledger_first_month(parameters), retro_months=parameters.retro_months)
    clerk, officer = a_user(Role.TOWNSHIP_CLERK), a_user(Role.BUREAU_OFFICER)
    _report(window[0], clerk, officer)
    findings = open_findings(MONTH, Township.objects.all())
    insert(
        Acknowledgement,
        ("township", "check_name", "posting", "unit", "fact", "reason", "acknowledged_at"),
        (
            (row.township_id, row.check.value, row.posting_id, row.unit_id, fact_of(row), "情况属实", NOW)
            for row in findings
        ),
    )


def a_user(role: Role) -> User:
    township = Township.objects.first() if role is Role.TOWNSHIP_CLERK else None
    return User.objects.create_user(
        username=role.value, password=secrets.token_urlsafe(), role=role, display_name=role.label, township=township
    )


def _report(first: Month, clerk: User, officer: User) -> None:
    since = dict.fromkeys(Township.objects.values_list("pk", flat=True), first)
    found = report_facts(MONTH, facts_to_report(MONTH, since=since), since=since)
    insert(
        TownshipReport,
        (
            *("township", "month", "state", "submission", "since", "format", "facts", "digest"),
            *("submitted_by", "submitted_at", "decided_by", "decided_at"),
        ),
        (
            (
                *(township, MONTH.first, ReportState.ACCEPTED.value, 1, first.first),
                *(CURRENT_FORMAT, facts, digest_of_facts(facts)),
                *(clerk.pk, NOW, officer.pk, NOW),
            )
            for township, facts in found.items()
        ),
    )
    for report in TownshipReport.objects.order_by("pk"):
        for actor, action in ((clerk, ReportAction.SUBMIT), (officer, ReportAction.ACCEPT)):
            after = {"submission": report.submission, "digest": report.digest}
            record(event=REPORT_STEPS[action], actor=actor, subject=report, after=after)
