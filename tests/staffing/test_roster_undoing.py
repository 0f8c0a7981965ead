"""An import is withdrawn as one, unless something was built upon what it brought."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.models import AuditEvent
from staffing.enums import SuspensionKind
from staffing.imports.roster_undoing import obstacles, undo_roster_import
from staffing.models import ImportBatch, ImportedChange, Posting, Transfer
from staffing.postings.services import correct_dates, withdraw_posting
from staffing.postings.working_time import set_working_time
from staffing.terms.contracts import add_contract
from staffing.terms.suspensions import suspend
from staffing.terms.wages import set_wage
from staffing.transfers.services import ask_transfer, withdraw_transfer
from tests.builders import a_posting, a_township, works_full_time
from tests.staffing.rosters import a_row, imported
from tests.users import MakeUser
from townships.models import Township

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)


@pytest.fixture
def township() -> Township:
    return a_township()


@pytest.fixture
def batch(township: Township) -> ImportBatch:
    imported(a_row(1), a_row(2, 姓名="李四"), only_township=township.pk)
    return ImportBatch.objects.get()


def undone(batch: ImportBatch, *, reason: str = "导错文件", settled: int = 0) -> ImportBatch:
    return undo_roster_import(batch=batch, reason=reason, settled=settled, actor=None, now=NOW)


def refused(batch: ImportBatch, *, settled: int = 0) -> str:
    with pytest.raises(ValidationError) as error:
        undone(batch, settled=settled)
    batch.refresh_from_db()
    assert batch.undone_at is None
    return "".join(error.value.messages)


def live() -> int:
    return Posting.objects.filter(withdrawn_at=None).count()


def test_undoing_withdraws_what_was_brought_and_leaves_what_was_there(batch: ImportBatch, township: Township) -> None:
    a_posting(township=township)
    undone(batch)
    assert live() == 1
    assert set(Posting.objects.filter(import_batch=batch).values_list("withdrawn_reason", flat=True)) == {"导错文件"}
    event = AuditEvent.objects.get(action="undo_import")
    assert (event.after, event.reason, event.subject_id) == (
        {"withdrawn": 2, "restored": 0, "proposals": 0},
        "导错文件",
        batch.pk,
    )
    assert "已于 2026-11-01 撤销" in obstacles(ImportBatch.objects.get(), settled=0)[0]


def test_the_same_file_can_be_imported_again(batch: ImportBatch) -> None:
    undone(batch)
    assert imported(a_row(1), a_row(2, 姓名="李四")).new == 2
    assert live() == 2


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_needed(batch: ImportBatch, reason: str) -> None:
    with pytest.raises(ValidationError, match="须写明原因"):
        undone(batch, reason=reason)
    assert live() == 2


def test_what_an_approved_month_has_settled_stays(batch: ImportBatch) -> None:
    assert "1 条在岗记录已计入审批过的月份" in refused(batch, settled=1)


def test_what_a_later_import_changed_stays(batch: ImportBatch) -> None:
    imported(a_row(1, 月工资=1600))
    assert "1 条在岗记录被后来的导入变更过" in refused(batch)


def _asked_for(posting: Posting) -> Transfer:
    to_township = a_township(name="桃源街道", code="330226002")
    return ask_transfer(
        posting=posting, last_day=date(2010, 1, 1), to_township=to_township, document="调令", actor=None
    )


STEPS: dict[str, Callable[[Posting], object]] = {
    "dates": lambda row: correct_dates(
        posting=row, started_on=date(2009, 2, 1), ended_on=None, reason="更正", actor=None
    ),
    "contract": lambda row: add_contract(posting=row, started_on=date(2012, 1, 1), ended_on=None, actor=None),
    "wage": lambda row: set_wage(posting=row, effective_from=row.started_on, monthly_wage=Decimal(1400), actor=None),
    "suspension": lambda row: suspend(
        posting=row, kind=SuspensionKind.SICK_LEAVE, started_on=date(2009, 3, 1), ended_on=None, actor=None
    ),
    "working time": lambda row: set_working_time(
        posting=row, effective_from=date(2010, 1, 1), is_full_time=False, actor=None
    ),
    "transfer": _asked_for,
}


@pytest.mark.parametrize("step", STEPS)
def test_what_somebody_worked_on_since_stays(batch: ImportBatch, step: str) -> None:
    STEPS[step](Posting.objects.filter(import_batch=batch).latest("pk"))
    assert "1 处后来又办理过" in refused(batch)


def test_a_transfer_that_was_called_back_stands_in_no_way(batch: ImportBatch) -> None:
    transfer = _asked_for(Posting.objects.filter(import_batch=batch).latest("pk"))
    withdraw_transfer(transfer=transfer, reason="不调了", actor=None)
    undone(batch)
    assert live() == 0


def test_full_time_that_a_file_said_otherwise_is_put_back(batch: ImportBatch) -> None:
    posting = Posting.objects.earliest("pk")
    assert works_full_time(posting) is True
    for wanted, before in (("兼职", True), ("专职", False)):
        imported(a_row(1, **{"专职/兼职": wanted}))
        assert works_full_time(posting) is not before
    later, latest = ImportBatch.objects.order_by("pk")[1:]
    assert "专兼职" in refused(later)
    undone(latest)
    assert works_full_time(posting) is False
    undone(later)
    assert works_full_time(posting) is True


def test_what_is_withdrawn_already_does_not_count(batch: ImportBatch) -> None:
    first, second = Posting.objects.order_by("pk")
    withdraw_posting(posting=first, reason="录错", actor=None)
    undone(batch)
    first.refresh_from_db()
    assert (first.withdrawn_reason, live()) == ("录错", 0)
    assert second.pk != first.pk


def test_an_import_from_before_values_were_kept_is_not_undone_as_one(township: Township) -> None:
    old = ImportBatch.objects.create(kind="roster", sha256="0" * 64, changed_count=1)
    ImportedChange.objects.create(batch=old, posting=a_posting(township=township), words="月工资 1,500.00 → 1,600.00")
    assert "没有新增在岗记录" in refused(old)


def test_a_clerk_sees_the_imports_of_the_own_township_alone(batch: ImportBatch, make_user: MakeUser) -> None:
    other = a_township(name="桃源街道", code="330226002")
    clerk = make_user(Role.TOWNSHIP_CLERK, username="own", township=batch.township)
    stranger = make_user(Role.TOWNSHIP_CLERK, username="other", township=other)
    assert list(ImportBatch.objects.visible_to(clerk)) == [batch]
    assert not ImportBatch.objects.visible_to(stranger).exists()
    assert list(ImportBatch.objects.visible_to(make_user(Role.AUDITOR))) == [batch]
