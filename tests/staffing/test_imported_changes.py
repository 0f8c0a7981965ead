"""What an import changed of rows that were there is put back when it is undone, where nobody has changed it since."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict

from staffing.enums import Position
from staffing.imports.changes import remember_change, restore_changes
from staffing.imports.roster_undoing import undo_roster_import
from staffing.models import Contract, ImportBatch, ImportedChange, Person, Posting, Wage
from staffing.people.registering import register_person
from staffing.postings.services import appoint, correct_dates, withdraw_posting
from staffing.terms.wages import set_wage
from tests.builders import (
    a_national_id,
    a_person,
    a_posting,
    a_township,
    a_wage,
    an_id_number,
    education_of,
)
from tests.staffing.rosters import HEADER, a_row, imported
from townships.models import Township

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
CHANGED: dict[str, Any] = {
    "姓名": "张珊",
    "学历": "本科",
    "联系电话": "13911111111",
    "专职/兼职": "兼职",
    "到岗日期": date(2009, 2, 1),
    "离岗日期": date(2010, 12, 31),
    "合同终止": date(2010, 12, 31),
    "月工资": 1600,
    "计算机操作": "熟练",
}


@pytest.fixture
def township() -> Township:
    return a_township()


@pytest.fixture
def posting(township: Township) -> Posting:
    imported(a_row())
    return Posting.objects.get()


def stored() -> list[object]:
    """Everything of people and postings, whatever it is encrypted with."""
    live = (Person.objects.all(), Posting.objects.all(), Contract.objects.live(), Wage.objects.live())
    rows = [model_to_dict(row) for of_model in live for row in of_model.order_by("pk")]
    return [rows, *((person.national_id, person.phone, person.initials) for person in Person.objects.order_by("pk"))]


def undone(batch: ImportBatch | None = None) -> None:
    batch = batch or ImportBatch.objects.latest("pk")
    undo_roster_import(batch=batch, reason="导错文件", settled=0, actor=None, now=NOW)


def refused() -> str:
    before = stored()
    with pytest.raises(ValidationError) as error:
        undone()
    assert stored() == before
    return "".join(error.value.messages)


@pytest.mark.both
def test_everything_that_an_import_changed_is_as_it_was(posting: Posting) -> None:
    before = stored()
    imported(a_row(**CHANGED), header=(*HEADER, "计算机操作"), accept_warnings=True)
    assert stored() != before
    undone()
    assert stored() == before


def test_a_contract_and_a_wage_that_an_import_added_to_a_posting_go(posting: Posting) -> None:
    before = stored()
    renewed = {"合同编号": "HT-2", "合同起始": date(2012, 1, 1), "合同终止": None, "月工资": 1700}
    imported(a_row() | renewed, facts_from=date(2012, 1, 1))
    assert (Contract.objects.live().count(), Wage.objects.live().count()) == (2, 2)
    undone()
    assert stored() == before
    assert Contract.objects.get(withdrawn_at__isnull=False).withdrawn_reason == "导错文件"


def test_a_number_that_an_import_filled_in_goes(township: Township) -> None:
    imported(a_row(岗位类别="平台工作人员", 身份证号=None))
    before = stored()
    imported(a_row(岗位类别="平台工作人员"))
    assert Person.objects.get().national_id == an_id_number(1)
    undone()
    assert stored() == before


def test_a_persons_facts_go_back_with_the_new_posting_they_came_with(posting: Posting) -> None:
    before = (posting.person.phone, education_of(posting.person))
    imported(a_row(**CHANGED | {"姓名": "张三", "到岗日期": date(2012, 1, 1), "离岗日期": None}), accept_warnings=True)
    undone()
    person = Person.objects.get()
    assert (person.phone, education_of(person)) == before
    assert Posting.objects.get(withdrawn_at=None) == posting


def test_what_somebody_changed_since_is_named_and_nothing_is_done(posting: Posting) -> None:
    imported(a_row(离岗日期=date(2010, 1, 31), 月工资=1600))
    posting.refresh_from_db()
    wage = Wage.objects.get()
    correct_dates(
        posting=posting, started_on=posting.started_on, ended_on=date(2010, 2, 28), reason="更正", actor=None
    )
    set_wage(posting=posting, effective_from=wage.effective_from, monthly_wage=Decimal(1700), actor=None)
    said = refused()
    assert "张三(2009-01-01 到岗)的离岗日期在导入以后又改过" in said
    assert "工资月工资在导入以后又改过" in said


def test_who_was_appointed_in_the_place_that_would_be_taken_again_is_named(posting: Posting) -> None:
    imported(a_row(离岗日期=date(2010, 1, 31)))
    again: dict[str, Any] = {"township": posting.township, "unit": None, "started_on": date(2010, 3, 1)}
    appoint(person=posting.person, position=Position(posting.position), actor=None, **again)
    assert "改回以后与 2009-01-01 起的在岗记录重叠" in refused()


def test_a_number_that_somebody_has_by_now_is_named(township: Township) -> None:
    a_posting(person=a_person(national_id=a_national_id(1)), township=township)
    batch = ImportBatch.objects.create(kind="roster", sha256="0" * 64)
    person = Person.objects.get()
    remember_change(
        batch=batch,
        row=person,
        posting=Posting.objects.get(),
        before={"national_id": an_id_number(2)},
        after={"national_id": an_id_number(1)},
        words="身份证号",
    )
    register_person(name="李四", national_id=a_national_id(2), actor=None)
    said = refused()
    assert "身份证号已登记在另一条人员记录上" in said
    assert an_id_number(2) not in said


def test_a_posting_withdrawn_since_is_of_no_account(posting: Posting) -> None:
    imported(a_row(离岗日期=date(2010, 1, 31)), a_row(2, 姓名="李四"))
    withdraw_posting(posting=posting, reason="录错", actor=None)
    undone()
    posting.refresh_from_db()
    assert (posting.ended_on, posting.withdrawn_reason) == (date(2010, 1, 31), "录错")


def test_two_spells_that_moved_past_each_other_move_back(township: Township) -> None:
    first, second = a_row(离岗日期=date(2009, 3, 31)), a_row(到岗日期=date(2009, 6, 1), 合同编号="HT-2")
    imported(first, second)
    before = stored()
    imported(first | {"离岗日期": date(2009, 6, 30)}, second | {"到岗日期": date(2009, 7, 1)})
    undone()
    assert stored() == before


def test_values_are_kept_encrypted_and_told_without_numbers(posting: Posting) -> None:
    imported(a_row(联系电话="13911112222"))
    change = ImportedChange.objects.get()
    assert (change.subject_type, change.subject_id) == ("person", posting.person_id)
    assert change.words == "联系电话 138****0000 → 139****2222"
    kept = bytes(change.before_encrypted or b"") + bytes(change.after_encrypted or b"")
    assert b"13800000000" not in kept
    assert b"13911112222" not in kept


def test_a_batch_of_another_kind_is_restored_by_the_same_road(posting: Posting) -> None:
    batch = ImportBatch.objects.create(kind="election", sha256="0" * 64)
    wage = a_wage(posting=posting, effective_from=date(2009, 6, 1))
    remember_change(batch=batch, row=wage, before=None, after={"monthly_wage": wage.monthly_wage}, words="新增工资")
    before = {"ended_on": posting.ended_on, "end_reason": ""}
    posting.ended_on, posting.end_reason = date(2009, 12, 31), "换届"
    posting.save()
    after = {"ended_on": posting.ended_on, "end_reason": "换届"}
    remember_change(batch=batch, row=posting, before=before, after=after, words="离岗日期")
    assert restore_changes(batch, reason="撤销换届", now=NOW) == 2
    restored = Posting.objects.get()
    assert (restored.ended_on, restored.end_reason, restored.wages.live().count()) == (None, "", 1)
