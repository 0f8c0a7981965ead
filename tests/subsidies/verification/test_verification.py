"""verify_ledger: a sound ledger passes; whatever its owner changes behind our back is named."""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.chain import link_of, write_down_heads
from accounts.models import AuditEvent, Seal
from accounts.seals import link_digest
from subsidies.models import AllocationLine, Explanation, KeptStaffing, Revision, SubsidyRun
from subsidies.refusals import RunRefused
from subsidies.runs.services import approve, calculate, send_back, void
from subsidies.verification import verify
from tests.builders import a_posting
from tests.subsidies.months import JUNE, a_sent_run, an_approved_run, breaks, execute, without_triggers
from tests.subsidies.policies import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_a_sound_ledger_gives_no_break(ledger: SubsidyRun) -> None:
    calculate(month=JUNE + 2, actor=None)
    assert list(verify()) == []
    assert Seal.objects.count() == 4


def test_a_voided_run_is_sealed_too(ledger: SubsidyRun) -> None:
    void(run=calculate(month=JUNE + 2, actor=None).run, actor=None, reason="重来", now=NOW)
    write_down_heads()
    assert Seal.objects.order_by("sequence").last().action == "void"  # type: ignore[union-attr]
    assert list(verify()) == []


def test_missing_triggers_are_told(ledger: SubsidyRun) -> None:
    without_triggers()
    assert {found.kind for found in verify()} == {"trigger"}


TAMPERING: list[tuple[str, str, str]] = [
    ("content", "subsidies_allocationline", "UPDATE subsidies_allocationline SET due = due + 1, amount = amount + 1"),
    (
        "recomputed",
        "subsidies_allocationline",
        "UPDATE subsidies_allocationline SET due = due + 1, amount = amount + 1",
    ),
    ("invariant", "subsidies_revision", "UPDATE subsidies_allocationline SET due = due + 1, amount = amount + 1"),
    ("content", "subsidies_allocationline", "UPDATE subsidies_allocationline SET person_name = 'x'"),
    ("content", "subsidies_allocation", "UPDATE subsidies_allocation SET total = total + 1"),
    ("content", "subsidies_explanation", "UPDATE subsidies_explanation SET sentence = 'x'"),
    ("recomputed", "subsidies_allocationline", "UPDATE subsidies_explanation SET sentence = 'x'"),
    ("content", "subsidies_revision", "UPDATE subsidies_revision SET total = total + 1"),
]


@pytest.mark.parametrize(("kind", "table", "sql"), TAMPERING)
def test_a_changed_row_is_named(ledger: SubsidyRun, kind: str, table: str, sql: str) -> None:
    assert breaks() == []
    without_triggers()
    row = _one_row_of_july(sql.split()[1], ledger)
    execute(f"{sql} WHERE id = {row}")
    named = {(found.kind, found.table, found.row) for found in breaks()}
    assert (kind, table) in {(found, where) for found, where, _ in named}
    if kind == "content":
        assert (kind, table, row) in named


def test_one_fen_of_a_line_of_long_ago_names_that_line(ledger: SubsidyRun) -> None:
    without_triggers()
    line = AllocationLine.objects.filter(allocation__revision__run__month=JUNE.first).order_by("pk")[1]
    execute(f"UPDATE subsidies_allocationline SET due = due - 1, amount = amount - 1 WHERE id = {line.pk}")  # noqa: S608
    named = {found.row for found in breaks() if found.table == "subsidies_allocationline"}
    assert named == {line.pk}
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify_ledger", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (left.value.code, told["ok"]) == (1, False)
    assert {"subsidies_allocationline"} <= {row["table"] for row in told["breaks"]}


def test_a_line_that_was_removed_or_slipped_in_is_told(ledger: SubsidyRun) -> None:
    without_triggers()
    line = AllocationLine.objects.filter(allocation__revision=ledger.current_revision_id).order_by("pk")[0]
    execute(f"DELETE FROM subsidies_allocationline WHERE id = {line.pk}")  # noqa: S608
    assert any(found.kind == "content" for found in breaks())


REMOVED: list[Callable[[], object]] = [
    lambda: execute("DELETE FROM subsidies_seal WHERE sequence = 2"),
    lambda: execute("DELETE FROM subsidies_seal WHERE sequence = 4"),
    lambda: execute("UPDATE subsidies_seal SET sealed_by_id = NULL, action = 'void' WHERE sequence = 3"),
    lambda: execute("UPDATE accounts_auditevent SET sequence = NULL WHERE sequence = 2"),
    lambda: execute(
        "UPDATE subsidies_subsidyrun SET state = 'in_review', approved_at = NULL WHERE month = '2009-07-01'"
    ),
]


@pytest.mark.parametrize("tamper", REMOVED)
def test_a_broken_chain_is_told(ledger: SubsidyRun, tamper: Callable[[], object]) -> None:
    without_triggers()
    tamper()
    assert breaks()


IMPOSSIBLE = [
    ("subsidies_allocationline", "UPDATE subsidies_allocationline SET position = 'x'"),
    ("subsidies_allocationline", "UPDATE subsidies_allocationline SET blocked_by = 'x'"),
    ("subsidies_allocationline", "UPDATE subsidies_allocationline SET month_days = -1"),
    ("subsidies_allocation", "UPDATE subsidies_allocation SET places_by_day = '{\"x\": 1}'"),
    ("subsidies_explanation", "UPDATE subsidies_explanation SET steps = '7'"),
    ("subsidies_revision", "UPDATE subsidies_revision SET basis = '{}'"),
    ("subsidies_revision", "UPDATE subsidies_revision SET basis = '[1]'"),
    ("subsidies_revision", "UPDATE subsidies_revision SET basis = '[1'"),
    ("subsidies_revision", "UPDATE subsidies_revision SET total = 'x'"),
    ("subsidies_seal", "UPDATE subsidies_seal SET action = 'x'"),
    ("subsidies_seal", "UPDATE subsidies_seal SET sealed_at = 7"),
    ("subsidies_subsidyrun", "UPDATE subsidies_subsidyrun SET state = 'x'"),
    ("subsidies_subsidyrun", "UPDATE subsidies_subsidyrun SET month = 'x' WHERE month > '2009-06-15'"),
]


@pytest.fixture
def anything_goes() -> Iterator[None]:
    """On SQLite no constraint stands in the way of a value; on PostgreSQL types and constraints leave some out."""
    if connection.vendor != "sqlite":
        yield
        return
    execute("PRAGMA ignore_check_constraints = ON")
    yield
    execute("PRAGMA ignore_check_constraints = OFF")


@pytest.mark.usefixtures("anything_goes")
@pytest.mark.parametrize(("table", "sql"), IMPOSSIBLE)
def test_what_cannot_be_is_told_and_what_was_found_before_is_not_lost(
    ledger: SubsidyRun, table: str, sql: str
) -> None:
    settings.SEAL_FILE.write_text("nonsense\n", encoding="ascii")
    without_triggers()
    try:
        with transaction.atomic():
            execute(sql)
    except DatabaseError:
        assert connection.vendor == "postgresql"
        return
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_ledger", "--json", stdout=out)
    told = json.loads(out.getvalue())["breaks"]
    assert "heads" in {row["kind"] for row in told}
    assert table in {row["table"] for row in told}


@pytest.mark.usefixtures("anything_goes")
def test_a_month_that_cannot_be_read_hides_no_other(ledger: SubsidyRun) -> None:
    without_triggers()
    execute(f"UPDATE subsidies_revision SET basis = '{{}}' WHERE id <> {ledger.current_revision_id}")  # noqa: S608
    line = AllocationLine.objects.filter(allocation__revision=ledger.current_revision_id)[0]
    execute(f"UPDATE subsidies_allocationline SET position = 'x' WHERE id = {line.pk}")  # noqa: S608
    named = {(found.kind, found.table, found.row) for found in breaks()}
    for kind in ("content", "recomputed"):
        assert (kind, "subsidies_allocationline", line.pk) in named
    assert ("recomputed", "subsidies_revision", SubsidyRun.objects.get(month=JUNE.first).current_revision_id) in named


def kept() -> KeptStaffing:
    """What the approval of July kept."""
    return KeptStaffing.objects.get(revision__run__month=(JUNE + 1).first)


def test_the_staffing_that_was_kept_is_sealed_with_the_approval(ledger: SubsidyRun) -> None:
    row = kept()
    without_triggers()
    KeptStaffing.objects.filter(pk=row.pk).update(rows=[])
    assert {(found.kind, found.table, found.row) for found in breaks()} == {
        ("content", "subsidies_keptstaffing", row.pk)
    }
    KeptStaffing.objects.filter(pk=row.pk).delete()
    assert {(found.kind, found.row) for found in breaks()} == {("content", ledger.current_revision_id)}


def test_a_seal_from_before_the_approval_covers_no_staffing(ledger: SubsidyRun) -> None:
    run = a_sent_run(JUNE + 2)
    send_back(run=run, actor=None, reason="请核对", now=NOW)
    assert an_approved_run(JUNE + 2).current_revision == run.current_revision
    send_back(run=run, actor=None, reason="更正", now=NOW)
    assert run.current_revision_id is not None
    assert [seal.action for seal in Seal.objects.of_revisions([run.current_revision_id])] == [
        "return", "approve", "return",
    ]  # fmt: skip
    write_down_heads()
    assert list(verify()) == []


def test_staffing_that_was_slipped_in_before_an_approval_is_named(ledger: SubsidyRun) -> None:
    run = a_sent_run(JUNE + 2)
    row = KeptStaffing.objects.create(revision=Revision.objects.get(current_for=run), rows=[])
    assert [(found.table, found.row) for found in verify()] == [("subsidies_keptstaffing", row.pk)]


def test_staffing_that_no_approval_has_kept_is_not_sealed(ledger: SubsidyRun) -> None:
    run = a_sent_run(JUNE + 2)
    slipped_in = run.current_revision
    KeptStaffing.objects.create(revision=Revision.objects.get(current_for=run), rows=[])
    with pytest.raises(RunRefused, match="配备情况却已经存着"):
        approve(run=run, actor=None, now=NOW)
    send_back(run=run, actor=None, reason="核对", now=NOW)
    assert an_approved_run(JUNE + 2).current_revision != slipped_in


def test_a_chain_made_anew_without_the_key_is_told(ledger: SubsidyRun, monkeypatch: pytest.MonkeyPatch) -> None:
    without_triggers()
    execute("UPDATE subsidies_allocationline SET person_name = 'x'")
    with monkeypatch.context() as patch:
        patch.setattr("foundation.crypto._ring", _another_ring)
        before = ""
        for seal in Seal.objects.order_by("sequence"):
            seal.previous = before
            digest = before = link_digest(link_of(seal))
            Seal.objects.filter(pk=seal.pk).update(previous=seal.previous, digest=digest)
    kinds = {found.kind for found in breaks()}
    assert {"chain", "heads", "content"} <= kinds


def test_a_chain_made_anew_with_the_key_does_not_get_past_the_file_beside_it(ledger: SubsidyRun) -> None:
    without_triggers()
    Seal.objects.filter(sequence=4).update(sealed_at="2009-07-01T00:00:00Z")
    last = Seal.objects.get(sequence=4)
    Seal.objects.filter(pk=last.pk).update(digest=link_digest(link_of(last)))
    assert {found.kind for found in breaks()} == {"heads", "events", "seal"}


def test_a_spoilt_file_of_heads_is_told_and_a_missing_one_is_made_good(ledger: SubsidyRun) -> None:
    settings.SEAL_FILE.write_text("nonsense\n", encoding="ascii")
    assert {found.kind for found in breaks()} == {"heads"}
    settings.SEAL_FILE.unlink()
    write_down_heads()
    assert len(settings.SEAL_FILE.read_text(encoding="ascii").splitlines()) == 4
    assert breaks() == []


@pytest.mark.parametrize("lacking", [slice(0, 2), slice(1, 4), slice(0, 0)])
def test_a_chain_that_is_not_written_down_is_told_and_not_made_good_in_passing(
    ledger: SubsidyRun, lacking: slice
) -> None:
    lines = settings.SEAL_FILE.read_text(encoding="ascii").splitlines(keepends=True)
    settings.SEAL_FILE.write_text("".join(lines[lacking]), encoding="ascii")
    assert {found.kind for found in breaks()} == {"heads"}
    with pytest.raises(CommandError, match="accept_seal_file"):
        call_command("verify_ledger", "--write-heads")
    settings.SEAL_FILE.unlink()
    assert [found.kind for found in breaks()] == ["heads"]
    with pytest.raises(CommandError, match="accept_seal_file"):
        call_command("verify_ledger", "--write-heads")


def test_the_last_seal_alone_is_written_down_on_demand(ledger: SubsidyRun) -> None:
    lines = settings.SEAL_FILE.read_text(encoding="ascii").splitlines(keepends=True)
    settings.SEAL_FILE.write_text("".join(lines[:-1]), encoding="ascii")
    out = StringIO()
    call_command("verify_ledger", "--write-heads", stdout=out)
    assert "全部相符" in out.getvalue()
    assert settings.SEAL_FILE.read_text(encoding="ascii") == "".join(lines)


def test_a_chain_cut_short_together_with_its_file_is_told(ledger: SubsidyRun) -> None:
    settings.SEAL_FILE.unlink()
    without_triggers()
    execute("DELETE FROM subsidies_seal WHERE sequence = 4")
    AuditEvent.objects.filter(sequence=4).delete()
    execute(f"UPDATE subsidies_subsidyrun SET state = 'in_review', approved_at = NULL WHERE id = {ledger.pk}")  # noqa: S608
    assert "heads" in {found.kind for found in breaks()}


def test_a_file_that_cannot_be_read_is_not_written_to(ledger: SubsidyRun) -> None:
    settings.SEAL_FILE.write_text("nonsense\n", encoding="ascii")
    with pytest.raises(CommandError, match="封存记录文件"):
        call_command("verify_ledger", "--write-heads")


@pytest.mark.parametrize("spoil", [lambda file: file.write_text("nonsense\n"), lambda file: file.mkdir()])
def test_nothing_is_sealed_that_could_not_be_written_down(ledger: SubsidyRun, spoil: Callable[[Path], object]) -> None:
    run = a_sent_run(JUNE + 2)
    settings.SEAL_FILE.unlink()
    spoil(settings.SEAL_FILE)
    with pytest.raises(RunRefused, match="封存记录文件"):
        approve(run=run, actor=None, now=NOW)
    run.refresh_from_db()
    assert (run.state, Seal.objects.count()) == ("in_review", 4)
    assert not AuditEvent.objects.filter(action="approve", subject_id=run.pk).exists()


def test_an_approval_stands_when_its_head_cannot_be_written_down_any_more(
    ledger: SubsidyRun,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def full(_: int) -> None:
        raise OSError

    run = a_sent_run(JUNE + 2)
    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr("os.fsync", full)
        approve(run=run, actor=None, now=NOW)
    run.refresh_from_db()
    assert run.state == "approved"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE subsidies_allocationline SET cause = 'x'",
        "DELETE FROM subsidies_allocationline",
        "UPDATE subsidies_allocation SET total = 0",
        "DELETE FROM subsidies_allocation",
        "UPDATE subsidies_explanation SET sentence = ''",
        "DELETE FROM subsidies_explanation",
        "UPDATE subsidies_revision SET total = 0",
        "UPDATE subsidies_revision SET sent_at = NULL",
        "DELETE FROM subsidies_revision",
        "UPDATE subsidies_seal SET action = 'void'",
        "DELETE FROM subsidies_seal",
        "UPDATE subsidies_subsidyrun SET state = 'calculated', sent_at = NULL, approved_at = NULL",
        "UPDATE subsidies_subsidyrun SET current_revision_id = NULL",
        "UPDATE subsidies_subsidyrun SET month = '2009-05-01'",
        "DELETE FROM subsidies_subsidyrun",
    ],
)
def test_the_database_itself_refuses_to_bend_what_was_approved(ledger: SubsidyRun, sql: str) -> None:
    with pytest.raises(IntegrityError, match=r"sealed|append-only|by its states"), transaction.atomic():
        execute(sql)


def test_nothing_is_slipped_into_a_revision_that_was_sent(ledger: SubsidyRun) -> None:
    revision = ledger.current_revision
    assert revision is not None
    line = AllocationLine.objects.filter(allocation__revision=revision)[0]
    line.pk, line.posting = None, a_posting(township=line.posting.township)
    with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
        line.save()
    with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
        Explanation.objects.create(revision=revision, steps=[], sentence="")
    without_triggers()
    line.save()


def _one_row_of_july(table: str, run: SubsidyRun) -> int:
    lines = AllocationLine.objects.filter(allocation__revision=run.current_revision_id)
    row = {
        "subsidies_revision": run.current_revision_id,
        "subsidies_explanation": lines.latest("pk").explanation_id,
        "subsidies_allocation": lines.latest("pk").allocation_id,
        "subsidies_allocationline": lines.latest("pk").pk,
    }[table]
    assert row is not None
    return row


def _another_ring() -> object:
    class Ring:
        seal = b"x" * 32

    return Ring()
