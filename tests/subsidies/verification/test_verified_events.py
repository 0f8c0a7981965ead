"""verify_ledger: how runs stand, their events and the sheets issued from them agree with what was sealed."""

from datetime import timedelta

import pytest
from django.conf import settings

from accounts.chain import link_of, write_down_heads
from accounts.enums import Role
from accounts.models import AuditEvent, Seal, User
from accounts.seals import link_digest
from subsidies.models import Revision, SheetFile, SubsidyRun
from subsidies.runs.services import calculate, send_back, void
from subsidies.sheets.issuing import issue_sheet
from subsidies.verification import verify
from tests.builders import a_posting, a_township
from tests.ledgers import small_ledger
from tests.subsidies.months import JUNE, a_sent_run, an_approved_run, breaks, execute, without_triggers
from tests.subsidies.policies import NOW, a_policy
from tests.subsidies.snapshot import lay_down
from tests.users import MakeUser, a_user
from townships.models import Township

pytestmark = [pytest.mark.django_db, pytest.mark.both]


SHEETS = [
    "UPDATE subsidies_sheetfile SET issued_by_id = NULL",
    "UPDATE subsidies_sheetfile SET issued_at = '2001-01-01 00:00:00+00:00'",
    "UPDATE subsidies_sheetfile SET revision_id = (SELECT MIN(id) FROM subsidies_revision)",
    "UPDATE subsidies_sheetfile SET township_id = (SELECT id FROM townships_township)",
    "DELETE FROM subsidies_sheetfile",
    "DELETE FROM accounts_auditevent WHERE action = 'issue_sheet'",
    "UPDATE accounts_auditevent SET after = '[]' WHERE action = 'issue_sheet'",
    "UPDATE accounts_auditevent SET actor_id = NULL WHERE action = 'issue_sheet'",
]


@pytest.fixture
def sheet(ledger: SubsidyRun, make_user: MakeUser) -> SheetFile:
    """T1 of July, issued."""
    revision = Revision.objects.select_related("run").get(current_for=ledger)

    def make(*_: object) -> tuple[bytes, str]:
        return b"the sheet", "T1.xlsx"

    officer = make_user(Role.BUREAU_OFFICER)
    return issue_sheet(revision=revision, sheet="T1", township=None, make=make, actor=officer, now=NOW)


def test_an_issued_sheet_is_sound(sheet: SheetFile) -> None:
    assert (list(verify()), sheet.number) == ([], "2009-07-1-1-T1")


@pytest.mark.parametrize("column", ["content", "sha256", "number", "filename", "sheet"])
def test_a_changed_sheet_is_named(sheet: SheetFile, column: str) -> None:
    without_triggers()
    execute(f"UPDATE subsidies_sheetfile SET {column} = 'x'")  # noqa: S608
    assert {(found.kind, found.table, found.row) for found in breaks()} == {("sheet", "subsidies_sheetfile", sheet.pk)}


@pytest.mark.parametrize("sql", SHEETS)
def test_a_sheet_that_does_not_agree_with_its_event_is_named(sheet: SheetFile, sql: str) -> None:
    without_triggers()
    execute(sql)
    assert {(found.kind, found.table, found.row) for found in breaks()} == {("sheet", "subsidies_sheetfile", sheet.pk)}


@pytest.fixture
def by_people(db: None) -> SubsidyRun:
    """August, calculated, sent and approved by users."""
    lay_down(_with_august)
    write_down_heads()
    return SubsidyRun.objects.get(month=(JUNE + 2).first)


def _with_august() -> None:
    small_ledger()
    officer, approver, _ = map(a_user, (Role.BUREAU_OFFICER, Role.BUREAU_APPROVER, Role.AUDITOR))
    an_approved_run(JUNE + 2, officer=officer, approver=approver)
    write_down_heads()
    assert list(verify()) == []


AUDITOR = "(SELECT id FROM accounts_user WHERE username = 'auditor')"


@pytest.mark.parametrize(
    ("action", "change"),
    [
        ("approve", f"actor_id = {AUDITOR}"),
        ("approve", "actor_id = NULL"),
        ("approve", "action = 'return'"),
        ("approve", "result = 'refused'"),
        ("approve", "at = '2001-01-01 00:00:00+00:00'"),
        ("approve", "subject_id = 0"),
        ("approve", "subject_type = 'revision'"),
        ("approve", "after = '[]'"),
        ("approve", "actor_name = '某人'"),
        ("approve", "role = 'auditor'"),
        ("approve", "reason = '补记'"),
        ("calculate", f"actor_id = {AUDITOR}"),
        ("calculate", "actor_id = NULL"),
        ("calculate", 'after = \'{"revision": 1, "digest": "x"}\''),
        ("send", 'after = \'{"revision": 1, "digest": "x"}\''),
    ],
)
def test_an_event_that_says_otherwise_than_the_seal_is_named(by_people: SubsidyRun, action: str, change: str) -> None:
    event = AuditEvent.objects.get(action=action, subject_type="subsidyrun", subject_id=by_people.pk)
    without_triggers()
    execute(f"UPDATE accounts_auditevent SET {change} WHERE id = {event.pk}")  # noqa: S608
    assert ("accounts_auditevent", event.pk) in {(found.table, found.row) for found in breaks()}


def test_an_approval_by_whom_it_was_sent_for_is_named(by_people: SubsidyRun) -> None:
    seal = Seal.objects.get(subject_id=by_people.current_revision_id)
    without_triggers()
    AuditEvent.objects.filter(action="send", subject_id=by_people.pk).update(on_behalf_of=seal.sealed_by)
    assert ("events", "subsidies_seal", seal.pk) in {(found.kind, found.table, found.row) for found in breaks()}


def test_a_total_that_an_event_of_a_seal_tells_otherwise_is_named(by_people: SubsidyRun) -> None:
    event = AuditEvent.objects.get(action="approve", subject_id=by_people.pk)
    without_triggers()
    AuditEvent.objects.filter(pk=event.pk).update(after=(event.after or {}) | {"total": "1.00"})
    assert [(found.kind, found.row) for found in breaks()] == [("events", event.pk)]


@pytest.mark.parametrize("step", ["return", "void"])
def test_another_reason_than_the_sealed_one_is_named(by_people: SubsidyRun, step: str) -> None:
    approver = User.objects.get(role=Role.BUREAU_APPROVER)
    run = send_back(run=by_people, actor=approver, reason=" 更正 330226199001010012 ", now=NOW)
    void(run=run, actor=approver, reason="重来", now=NOW)
    write_down_heads()
    assert list(verify()) == []
    event = AuditEvent.objects.get(action=step, subject_id=run.pk)
    without_triggers()
    AuditEvent.objects.filter(pk=event.pk).update(reason="x")
    assert [(found.kind, found.row) for found in breaks()] == [("events", event.pk)]


def test_a_step_that_is_sealed_otherwise_is_told_by_the_chain(by_people: SubsidyRun) -> None:
    seal = Seal.objects.get(subject_id=by_people.current_revision_id)
    without_triggers()
    Seal.objects.filter(pk=seal.pk).update(step=(seal.step or {}) | {"reason": "x"})
    AuditEvent.objects.filter(sequence=seal.sequence).update(reason="x")
    assert [(found.kind, found.row) for found in breaks()] == [("chain", seal.pk)]


@pytest.mark.parametrize("action", ["calculate", "send", "approve"])
def test_a_step_without_its_event_is_told(by_people: SubsidyRun, action: str) -> None:
    without_triggers()
    AuditEvent.objects.filter(action=action, subject_id=by_people.pk).delete()
    assert {found.kind for found in breaks()} == {"events"}


def test_who_approves_the_own_work_is_told_whatever_the_events_say(by_people: SubsidyRun) -> None:
    """By one who holds the key as well, and has made the events fit."""
    officer = User.objects.get(role=Role.BUREAU_OFFICER)
    without_triggers()
    seal = Seal.objects.get(subject_id=by_people.current_revision_id)
    seal.sealed_by = officer
    seal.digest = link_digest(link_of(seal))
    seal.save()
    AuditEvent.objects.filter(sequence=seal.sequence).update(actor=officer, digest=seal.digest)
    AuditEvent.objects.filter(action__in=("calculate", "send"), subject_id=by_people.pk).update(actor=None)
    settings.SEAL_FILE.unlink()
    write_down_heads()
    assert ("events", "subsidies_seal", seal.pk) in {(found.kind, found.table, found.row) for found in breaks()}


def test_one_who_approved_may_calculate_what_was_returned(by_people: SubsidyRun) -> None:
    """Once the person has changed desks; then somebody else approves."""
    approver = User.objects.get(role=Role.BUREAU_APPROVER)
    send_back(run=by_people, actor=approver, reason="更正", now=NOW)
    User.objects.filter(pk=approver.pk).update(role=Role.BUREAU_OFFICER)
    an_approved_run(JUNE + 2, officer=User.objects.get(pk=approver.pk))
    write_down_heads()
    assert list(verify()) == []


def test_a_calculated_run_may_be_voided_and_has_no_event_of_sending(ledger: SubsidyRun) -> None:
    void(run=calculate(month=JUNE + 2, actor=None).run, actor=None, reason="重来", now=NOW)
    write_down_heads()
    assert list(verify()) == []


LONG_AGO = "2001-01-01 00:00:00+00:00"


def test_a_state_was_reached_when_it_was_sealed(ledger: SubsidyRun) -> None:
    without_triggers()
    execute(f"UPDATE subsidies_subsidyrun SET approved_at = '{LONG_AGO}' WHERE id = {ledger.pk}")  # noqa: S608
    assert [(found.kind, found.row) for found in breaks()] == [("seal", ledger.pk)]


@pytest.mark.parametrize("sent_at", ["NULL", f"'{LONG_AGO}'"])
def test_a_revision_was_sent_when_that_was_sealed(ledger: SubsidyRun, sent_at: str) -> None:
    without_triggers()
    revision = ledger.current_revision_id
    execute(f"UPDATE subsidies_revision SET sent_at = {sent_at} WHERE id = {revision}")  # noqa: S608
    assert ("content", "subsidies_revision", revision) in {(found.kind, found.table, found.row) for found in breaks()}


def test_a_run_was_sent_when_that_was_sealed(ledger: SubsidyRun) -> None:
    without_triggers()
    execute(f"UPDATE subsidies_subsidyrun SET sent_at = '{LONG_AGO}' WHERE id = {ledger.pk}")  # noqa: S608
    assert [(found.kind, found.row) for found in breaks()] == [("seal", ledger.pk)]


def test_a_revision_that_waits_for_approval_has_the_time_of_its_sending(ledger: SubsidyRun) -> None:
    run = a_sent_run(JUNE + 2)
    without_triggers()
    execute("UPDATE subsidies_revision SET sent_at = NULL WHERE run_id = (SELECT max(id) FROM subsidies_subsidyrun)")
    assert [(found.kind, found.row) for found in breaks()] == [("events", run.current_revision_id)]


def test_another_window_of_a_run_is_named(ledger: SubsidyRun) -> None:
    without_triggers()
    execute(f"UPDATE subsidies_subsidyrun SET retro_months = 3 WHERE id = {ledger.pk}")  # noqa: S608
    assert {(found.kind, found.table, found.row) for found in breaks()} == {
        ("content", "subsidies_subsidyrun", ledger.pk)
    }


@pytest.mark.parametrize("column", ["returned_at", "voided_at"])
def test_a_voided_run_was_returned_and_voided_when_that_was_sealed(ledger: SubsidyRun, column: str) -> None:
    run = send_back(run=ledger, actor=None, reason="更正", now=NOW)
    void(run=run, actor=None, reason="重来", now=NOW + timedelta(minutes=1))
    write_down_heads()
    assert list(verify()) == []
    without_triggers()
    execute(f"UPDATE subsidies_subsidyrun SET {column} = '{LONG_AGO}' WHERE id = {run.pk}")  # noqa: S608
    assert [(found.kind, found.row) for found in breaks()] == [("seal", run.pk)]


@pytest.mark.parametrize("month", ["NULL", "'2009-05-01'", "'2009-07-01'", "'2001-01-01'"])
def test_another_first_month_of_the_ledger_is_named(ledger: SubsidyRun, month: str) -> None:
    without_triggers()
    execute(f"UPDATE subsidies_ledgerparameters SET first_month = {month}")  # noqa: S608
    assert [found.table for found in breaks()] == ["subsidies_ledgerparameters"]


def test_a_ledger_whose_only_month_was_given_up_is_sound() -> None:
    a_policy()
    a_posting(township=a_township())
    for month in (JUNE, JUNE + 1):
        run = send_back(run=an_approved_run(month), actor=None, reason="更正", now=NOW)
        void(run=run, actor=None, reason="重来", now=NOW)
        write_down_heads()
        assert list(verify()) == []
    an_approved_run(JUNE + 2)
    write_down_heads()
    assert list(verify()) == []


UNDONE = (
    "UPDATE subsidies_subsidyrun SET state = 'returned', approved_at = NULL, returned_at = sent_at",
    "UPDATE subsidies_subsidyrun SET state = 'calculated', sent_at = NULL, returned_at = NULL",
)


def test_an_approval_undone_from_state_to_state_is_told(ledger: SubsidyRun) -> None:
    """No trigger stands in the way: the states lead there."""
    returned, calculated = UNDONE
    for sql in (returned, f"{calculated}, current_revision_id = NULL"):
        execute(f"{sql} WHERE id = {ledger.pk}")
    assert {(found.kind, found.row) for found in breaks()} == {("seal", ledger.pk)}


def test_an_approval_replaced_by_another_without_a_return_is_told(ledger: SubsidyRun) -> None:
    for sql in UNDONE:
        execute(f"{sql} WHERE id = {ledger.pk}")
    a_posting(township=Township.objects.get())
    again = an_approved_run(JUNE + 1)
    assert (again.pk, again.current_revision.number) == (ledger.pk, 2)  # type: ignore[union-attr]
    write_down_heads()
    assert {(found.kind, found.row) for found in breaks()} == {("seal", ledger.pk)}


def test_a_voided_run_that_lives_again_is_told(ledger: SubsidyRun) -> None:
    run = void(run=calculate(month=JUNE + 2, actor=None).run, actor=None, reason="重来", now=NOW)
    without_triggers()
    execute(f"UPDATE subsidies_subsidyrun SET state = 'calculated', voided_at = NULL WHERE id = {run.pk}")  # noqa: S608
    assert ("seal", run.pk) in {(found.kind, found.row) for found in breaks()}
