"""Between preview and confirmation: encrypted, for an hour, once, and true at the moment of confirming."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts.enums import Role
from accounts.models import AuditEvent, User
from staffing.imports import pending as uploads
from staffing.imports.roster import UnacceptedWarningsError, preview_roster
from staffing.imports.roster_confirming import Confirmation, confirm_roster
from staffing.models import ImportBatch, PendingImport, Person, Posting
from tests.builders import TODAY, a_township, an_id_number
from tests.staffing.rosters import a_roster_csv, a_row, imported
from tests.users import MakeUser

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)


@pytest.fixture
def clerk(make_user: MakeUser) -> User:
    return make_user(Role.TOWNSHIP_CLERK, township=a_township())


def held(clerk: User, *rows: dict[str, Any], now: datetime = NOW) -> PendingImport:
    content = a_roster_csv(*rows)
    outcome = preview_roster(content, "名册.csv", today=TODAY, facts_from=None, only_township=clerk.township_id)
    return uploads.hold(kind="roster", content=content, filename="名册.csv", outcome=outcome, owner=clerk, now=now)


def confirmed(
    pending: PendingImport, clerk: User, *, now: datetime = NOW, accept_warnings: bool = False
) -> Confirmation:
    return confirm_roster(
        pending=pending, actor=clerk, now=now, today=TODAY, facts_from=None, accept_warnings=accept_warnings
    )


def stored_bytes() -> bytes:
    """The whole database where it can be had as bytes, else every column of the table."""
    if connection.vendor == "sqlite":
        whole: bytes = connection.connection.serialize()
        return whole
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM staffing_pendingimport")
        rows = cursor.fetchall()
    return b"".join(
        bytes(value) if isinstance(value, memoryview) else str(value).encode() for row in rows for value in row
    )


def test_what_was_uploaded_and_found_comes_back(clerk: User) -> None:
    pending = held(clerk, a_row(1), a_row(2, 姓名="李𠮷", 岗位类别="保安"))
    pending.refresh_from_db()
    result = uploads.result_of(pending)
    assert uploads.file_of(pending).startswith("镇乡(街道)".encode())
    assert (result.filename, result.outcome.sentence) == ("名册.csv", "新增 1,变更 0,相同 0")
    assert [problem.message for problem in result.outcome.problems] == ["“保安”无法识别"]
    assert result.outcome.rows[0].subject == "张三"


@pytest.mark.both
def test_no_id_number_and_no_name_is_in_the_database(clerk: User) -> None:
    held(clerk, a_row(1, 姓名="欧阳不可见"))
    stored = stored_bytes()
    assert b"roster" in stored
    assert an_id_number(1).encode() not in stored
    assert "欧阳不可见".encode() not in stored
    assert an_id_number(1).encode() in a_roster_csv(a_row(1))


def test_an_expired_upload_goes_with_the_next_one_and_cannot_be_confirmed(clerk: User) -> None:
    old = held(clerk, a_row(1))
    assert confirmed(old, clerk, now=NOW + uploads.KEPT_FOR).outcome is None
    assert not Posting.objects.exists()
    held(clerk, a_row(2), now=NOW + timedelta(minutes=59))
    assert PendingImport.objects.count() == 2
    held(clerk, a_row(2), now=NOW + timedelta(minutes=61))
    assert not PendingImport.objects.filter(pk=old.pk).exists()


def test_confirming_stores_it_once_and_keeps_no_file(clerk: User) -> None:
    pending = held(clerk, a_row(1), a_row(2, 姓名="李四"))
    done = confirmed(pending, clerk)
    assert done.outcome is not None
    assert (done.outcome.new, done.is_stored, done.pending.file_encrypted) == (2, True, None)
    batch = ImportBatch.objects.get()
    assert (done.pending.batch, batch.township, batch.imported_by) == (batch, clerk.township, clerk)
    again = confirmed(pending, clerk)
    assert again.outcome is None
    assert (Posting.objects.count(), ImportBatch.objects.count()) == (2, 1)


def test_its_event_holds_no_personal_number(clerk: User) -> None:
    confirmed(held(clerk, a_row(1)), clerk)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor) == ("import_roster", clerk)
    told = f"{event.subject_label}{event.before}{event.after}{event.reason}"
    assert an_id_number(1) not in told
    assert "13800000000" not in told


def test_a_file_that_changes_nothing_is_done_without_a_batch(clerk: User) -> None:
    imported(a_row(1))
    done = confirmed(held(clerk, a_row(1)), clerk)
    assert done.outcome is not None
    assert (done.outcome.same, done.pending.batch, ImportBatch.objects.count()) == (1, None, 1)


def test_warnings_must_be_acknowledged(clerk: User) -> None:
    imported(a_row(1))
    pending = held(clerk, a_row(1, 姓名="张山"))
    with pytest.raises(UnacceptedWarningsError):
        confirmed(pending, clerk)
    confirmed(pending, clerk, accept_warnings=True)
    assert Person.objects.get().name == "张山"


def test_what_is_stored_meanwhile_is_told_and_nothing_saved(clerk: User) -> None:
    pending = held(clerk, a_row(1), a_row(2, 姓名="李四"))
    imported(a_row(1, 月工资="1400"))
    refused = confirmed(pending, clerk)
    assert (refused.is_stored, Posting.objects.count()) == (False, 1)
    result = uploads.result_of(refused.pending)
    assert result.differences == [
        "预览时新增 2,变更 0,相同 0,现在新增 1,变更 1,相同 0",
        "第 2 行张三:预览时新增,现在变更,月工资 1,400.00 → 1,500.00(更正 2009-01-01 起的工资,整段时间都改)",
    ]
    again = confirmed(pending, clerk)
    assert again.is_stored
    assert Posting.objects.count() == 2


def test_a_clerk_who_was_moved_cannot_confirm_for_the_old_township(clerk: User) -> None:
    pending = held(clerk, a_row(1))
    clerk.township = a_township(name="桃源街道", code="330226002")
    clerk.save()
    assert not confirmed(pending, clerk).is_stored
    assert "不是您所在的桃源街道" in uploads.result_of(PendingImport.objects.get()).outcome.problems[0].message
    assert not Posting.objects.exists()


def test_nobody_sees_what_another_has_uploaded(clerk: User, make_user: MakeUser) -> None:
    held(clerk, a_row(1))
    colleague = make_user(Role.TOWNSHIP_CLERK, username="other", township=clerk.township)
    for user in (colleague, make_user(Role.BUREAU_OFFICER)):
        assert not PendingImport.objects.visible_to(user).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_the_same_moment_one_imports(clerk: User) -> None:
    pending = held(clerk, a_row(1))
    together = Barrier(2)

    def click() -> bool:
        try:
            together.wait()
            return confirmed(pending, clerk).outcome is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = [future.result() for future in [pool.submit(click) for _ in range(2)]]
    assert sorted(done) == [False, True]
    assert ImportBatch.objects.count() == 1
