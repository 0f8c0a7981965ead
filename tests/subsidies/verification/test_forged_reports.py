"""A report counts as sent up and accepted where its events say so, whatever stands in its row."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from accounts.chain import write_down_heads
from accounts.enums import Role
from accounts.models import AuditEvent, Seal, User
from subsidies.models import LedgerParameters, Revision, SubsidyRun, TownshipReport
from subsidies.refusals import RunRefused
from subsidies.reports.services import accept_report, acknowledge, return_report
from subsidies.revisions.sealed import revision_seals
from subsidies.revisions.stored import stored_revision
from subsidies.runs.services import approve, calculate, send
from subsidies.verification import verify
from subsidies.verification.reports import SettledReports
from tests.builders import a_posting, a_township
from tests.subsidies.months import (
    JUNE,
    a_sent_run,
    a_submitted_report,
    an_accepted_report,
    an_approved_run,
    breaks,
    execute,
    without_triggers,
)
from tests.subsidies.policies import NOW, a_policy
from tests.subsidies.snapshot import lay_down
from tests.users import MakeUser, a_user
from townships.models import Township

pytestmark = [pytest.mark.django_db, pytest.mark.both]
FORGED = "UPDATE subsidies_townshipreport SET state = 'accepted', decided_at = submitted_at"


@pytest.fixture
def near() -> Township:
    """A township whose reports are required; another one does not report."""
    return _near()


def _near() -> Township:
    a_policy()
    near, far = a_township(), a_township(name="长街镇", code="330226101")
    for township in (near, far):
        a_posting(township=township)
    LedgerParameters.objects.create(county=near.county, reports_required=True)
    return near


@pytest.fixture
def approver(make_user: MakeUser) -> User:
    return make_user(Role.BUREAU_APPROVER)


@pytest.fixture
def june() -> SubsidyRun:
    """June, settled with the township that reported."""
    lay_down(_with_june)
    write_down_heads()
    return SubsidyRun.objects.get()


def _with_june() -> None:
    an_accepted_report(_near())
    an_approved_run(JUNE, approver=a_user(Role.BUREAU_APPROVER))
    write_down_heads()
    assert list(verify()) == []


def test_a_forged_acceptance_is_neither_sent_nor_approved(near: Township, approver: User) -> None:
    report = a_submitted_report(near)
    execute(FORGED)
    run = calculate(month=JUNE, actor=None).run
    with pytest.raises(RunRefused, match="没有审核通过的日志"):
        send(run=run, actor=None, now=NOW)
    execute("UPDATE subsidies_townshipreport SET state = 'submitted', decided_at = NULL")
    accept_report(report=report, actor=None, now=NOW)
    run = a_sent_run(JUNE)
    return_report(report=report, reason="请核对", actor=None, now=NOW)
    execute("UPDATE subsidies_townshipreport SET state = 'accepted'")
    with pytest.raises(RunRefused, match="没有审核通过的日志"):
        approve(run=run, actor=approver, now=NOW)


def test_a_report_that_was_returned_and_sent_up_again_is_sound(near: Township, approver: User) -> None:
    return_report(report=a_submitted_report(near), reason="请核对", actor=None, now=NOW)
    an_accepted_report(near)
    an_approved_run(JUNE, approver=approver)
    an_accepted_report(near, JUNE + 1)
    an_approved_run(JUNE + 1, approver=approver)
    write_down_heads()
    assert list(verify()) == []


TAMPERING: list[Callable[[], object]] = [
    lambda: AuditEvent.objects.filter(action="accept_report").delete(),
    lambda: AuditEvent.objects.filter(action="submit_report").delete(),
    lambda: AuditEvent.objects.filter(action="accept_report").update(result="refused"),
    lambda: AuditEvent.objects.filter(action="accept_report").update(after=[]),
    lambda: AuditEvent.objects.filter(action="submit_report").update(actor=User.objects.first()),
    lambda: AuditEvent.objects.filter(action__endswith="_report").update(actor=User.objects.first()),
    lambda: AuditEvent.objects.filter(action="accept_report").update(action="return_report"),
    lambda: TownshipReport.objects.update(digest="x"),
    lambda: TownshipReport.objects.update(facts={"posting 1": {"姓名": "别人"}}),
    lambda: TownshipReport.objects.update(facts={"posting 1": {"姓名": 2**70}}),
    lambda: TownshipReport.objects.update(submission=2),
    lambda: TownshipReport.objects.update(state="returned"),
    lambda: TownshipReport.objects.update(decided_by=User.objects.first()),
]


@pytest.mark.parametrize("tamper", TAMPERING)
def test_a_settled_report_without_its_steps_is_named(june: SubsidyRun, tamper: Callable[[], object]) -> None:
    report = TownshipReport.objects.get()
    without_triggers()
    tamper()
    assert {(found.kind, found.table, found.row) for found in breaks()} == {
        ("events", "subsidies_townshipreport", report.pk)
    }


def test_a_settled_month_without_a_report_is_named(june: SubsidyRun) -> None:
    without_triggers()
    execute("DELETE FROM subsidies_townshipreport")
    assert [(found.kind, found.table) for found in breaks()] == [("events", "subsidies_allocation")]


def test_steps_after_the_approval_make_up_for_nothing(june: SubsidyRun) -> None:
    without_triggers()
    for event in AuditEvent.objects.filter(action__endswith="_report").order_by("pk"):
        AuditEvent.objects.filter(pk=event.pk).delete()
        event.pk = None
        event.save(force_insert=True)
    assert [found.table for found in breaks()] == ["subsidies_townshipreport"]


def test_whether_reports_were_required_is_what_the_approval_sealed(june: SubsidyRun) -> None:
    LedgerParameters.objects.update(reports_required=False)
    an_approved_run(JUNE + 1)
    write_down_heads()
    assert list(verify()) == []
    without_triggers()
    AuditEvent.objects.filter(action="accept_report").delete()
    assert len(breaks()) == 1


def test_reports_are_read_in_three_statements(june: SubsidyRun) -> None:
    an_accepted_report(Township.objects.get(code="330226101"))
    an_accepted_report(Township.objects.get(code="330226101"), JUNE + 1)
    an_approved_run(JUNE + 1, approver=User.objects.get())
    revisions = Revision.objects.select_related("run").order_by("run__month")
    asked = [(stored_revision(row), revision_seals(Seal.objects.of_revisions([row.pk]))) for row in revisions]
    assert len(asked) == 2
    reports = SettledReports()
    with CaptureQueriesContext(connection) as queries:
        assert [found for stored, seals in asked for found in reports.amiss(stored, seals)] == []
    assert len(queries) == 3


def test_the_township_that_catches_up_is_locked_while_its_run_is_approved(
    near: Township, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Late as it stays: the run settles a report of it, which is not given back meanwhile."""
    an_accepted_report(near)
    an_approved_run(JUNE, approver=approver)
    far = Township.objects.exclude(pk=near.pk).get()
    an_accepted_report(far)
    an_accepted_report(near, JUNE + 1)
    locked: set[int] = set()

    def note(which: QuerySet[Any, Any]) -> None:
        locked.update(township for (township,) in which.values_list("township"))

    monkeypatch.setattr("subsidies.runs.services.locked_townships", note)
    an_approved_run(JUNE + 1, approver=approver)
    assert locked == {near.pk, far.pk}


def test_nothing_is_added_to_the_reasons_of_a_month_that_is_approved(june: SubsidyRun) -> None:
    near = TownshipReport.objects.get().township
    with pytest.raises(RunRefused, match="已随核算审批"):
        acknowledge(township=near, month=JUNE, chosen=lambda row: True, reason="后补", actor=None)
