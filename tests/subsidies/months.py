"""Months on their way to an approval, as commands take them; and the database as its owner finds it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from accounts.models import User
from foundation.dates import Month
from foundation.triggers import declared_guards, statements_to_drop
from staffing.models import Posting
from subsidies.models import SubsidyRun, TownshipReport
from subsidies.posts.findings import Finding
from subsidies.posts.known_county import known_of_month
from subsidies.posts.month_facts import month_facts
from subsidies.reports.acknowledgements import unanswered
from subsidies.reports.services import accept_report, acknowledge, submit_report
from subsidies.runs.services import approve, calculate, send
from subsidies.verification import Break, verify
from tests.subsidies.policies import NOW
from townships.models import Township, TownshipQuerySet

JUNE = Month(2009, 6)


def a_sent_run(month: Month, *, officer: User | None = None, now: datetime = NOW) -> SubsidyRun:
    """Calculated and handed to the approver; by an officer with every finding explained."""
    run = calculate(month=month, actor=officer).run
    if officer is not None:
        for township in Township.objects.all():
            explain(township, month)
    return send(run=run, actor=officer, now=now)


def an_approved_run(
    month: Month, *, officer: User | None = None, approver: User | None = None, now: datetime = NOW
) -> SubsidyRun:
    """Calculated, sent and approved."""
    return approve(run=a_sent_run(month, officer=officer, now=now), actor=approver, now=now)


def a_submitted_report(township: Township, month: Month = JUNE, *, actor: User | None = None) -> TownshipReport:
    """Every finding explained, every posting confirmed."""
    explain(township, month)
    confirmed = set(Posting.objects.filter(township=township).values_list("pk", flat=True))
    return submit_report(township=township, month=month, confirmed=confirmed, actor=actor, now=NOW)


def explain(township: Township, month: Month = JUNE) -> int:
    """One reason for every finding of the township; how many were given it."""
    reason = "情况属实,正在办理"
    return len(acknowledge(township=township, month=month, chosen=lambda row: True, reason=reason, actor=None))


def findings_left(month: Month, townships: TownshipQuerySet) -> Sequence[Finding]:
    """The findings for which nobody has given a reason that still holds."""
    return unanswered(month_facts(month, known_of_month(month)), townships)


def an_accepted_report(township: Township, month: Month = JUNE) -> TownshipReport:
    return accept_report(report=a_submitted_report(township, month), actor=None, now=NOW)


def without_triggers() -> None:
    """Until the test ends no trigger stands in the way: what a database's owner can bring about."""
    with connection.cursor() as cursor:
        for statement in statements_to_drop(declared_guards(), connection.vendor):
            cursor.execute(statement)


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def breaks() -> list[Break]:
    """What verification finds, besides triggers that a test has taken away."""
    return [found for found in verify() if found.kind != "trigger"]
