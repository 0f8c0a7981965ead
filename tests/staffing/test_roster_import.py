"""A roster meets what is stored: new, changed or the same, all or nothing, in a fixed number of statements."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from staffing.imports.roster import UnacceptedWarningsError, preview_roster
from staffing.models import Contract, ImportBatch, Person, Posting, Wage
from staffing.people.merging import merge_people
from staffing.postings.services import withdraw_posting
from tests.builders import (
    TODAY,
    a_national_id,
    a_person,
    a_posting,
    a_township,
    a_unit,
    an_id_number,
    education_of,
    works_full_time,
)
from tests.staffing.rosters import HEADER, a_name, a_roster, a_row, imported
from townships.entries import ImportRefusedError
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, Township

pytestmark = pytest.mark.django_db
RECRUITMENT = ("招聘公告",)


@pytest.fixture(autouse=True)
def township() -> Township:
    return a_township()


@pytest.fixture
def community(township: Township) -> GrassrootsUnit:
    return a_unit(township=township, name="五丰社区", code="330226001001")


@pytest.fixture
def village(township: Township) -> GrassrootsUnit:
    return a_unit(township=township, name="范家村委会", code="330226001200", kind=UnitKind.VILLAGE)


def at(unit: str, serial: int = 1, **cells: Any) -> dict[str, Any]:
    position = "社区协管员" if "社区" in unit else "村(居)协管员"
    return a_row(serial, **({"岗位类别": position, "村(社区)": unit} | cells))


def counts(*rows: dict[str, Any], **options: Any) -> tuple[int, int, int]:
    outcome = imported(*rows, **options)
    return outcome.new, outcome.changed, outcome.same


def refused(*rows: dict[str, Any], **options: Any) -> str:
    before = Posting.objects.count()
    with pytest.raises(ImportRefusedError) as error:
        imported(*rows, **options)
    assert Posting.objects.count() == before
    return str(error.value)


def warned(*rows: dict[str, Any]) -> str:
    before = Posting.objects.count()
    with pytest.raises(UnacceptedWarningsError) as error:
        imported(*rows)
    assert Posting.objects.count() == before
    return "\n".join(warning.sentence() for warning in error.value.outcome.warnings)


def test_the_same_file_again_is_the_same() -> None:
    rows = [a_row(serial, 姓名=a_name(serial)) for serial in (1, 2, 3)]
    assert counts(*rows) == (3, 0, 0)
    assert counts(*rows) == (0, 0, 3)
    assert counts(*rows, facts_from=date(2010, 1, 1)) == (0, 0, 3)
    assert (ImportBatch.objects.count(), AuditEvent.objects.count()) == (1, 1)


def test_ids_follow_the_order_of_the_file() -> None:
    imported(*[a_row(serial, 姓名=a_name(serial)) for serial in (9, 3, 7)])
    assert [posting.person.name for posting in Posting.objects.order_by("pk")] == [a_name(9), a_name(3), a_name(7)]


def test_an_import_is_one_event_without_an_id_number() -> None:
    imported(a_row(1), a_row(2))
    event = AuditEvent.objects.get()
    assert (event.action, event.subject_id) == ("import_roster", ImportBatch.objects.get().pk)
    assert event.after is not None
    assert (event.after["new"], event.after["accepted_warnings"]) == (2, 0)
    assert Posting.objects.filter(import_batch__created_count=2).count() == 2


def test_a_corrected_start_is_a_change_of_the_same_posting() -> None:
    imported(a_row())
    posting = Posting.objects.get()
    assert counts(a_row(到岗日期=date(2009, 2, 1))) == (0, 1, 0)
    posting.refresh_from_db()
    assert posting.started_on == date(2009, 2, 1)
    assert Wage.objects.get().effective_from == date(2009, 2, 1)


def test_an_end_is_set_and_cleared_again() -> None:
    imported(a_row())
    assert counts(a_row(离岗日期=date(2009, 6, 30))) == (0, 1, 0)
    assert Posting.objects.get().ended_on == date(2009, 6, 30)
    assert counts(a_row()) == (0, 1, 0)
    assert Posting.objects.get().ended_on is None


def test_two_spells_of_one_post_are_two_postings_that_may_move() -> None:
    first, second = a_row(离岗日期=date(2009, 3, 31)), a_row(到岗日期=date(2009, 6, 1), 合同编号="HT-2")
    assert counts(first, second) == (2, 0, 0)
    assert counts(second, first) == (0, 0, 2)
    assert counts(first | {"离岗日期": date(2009, 6, 30)}, second | {"到岗日期": date(2009, 7, 1)}) == (0, 2, 0)


def test_blank_cells_leave_what_is_stored() -> None:
    imported(a_row(备注="老同志"))
    blank = dict.fromkeys(("学历", "专职/兼职", "合同编号", "合同起始", "合同终止", "月工资", "单位社保", "联系电话"))
    assert counts(a_row() | blank) == (0, 0, 1)
    posting = Posting.objects.get()
    assert (posting.note, works_full_time(posting), posting.person.phone) == ("老同志", True, "13800000000")


def test_a_wage_is_corrected_in_place_before_the_first_approval() -> None:
    imported(a_row())
    assert counts(a_row(月工资="1600", 单位社保=None)) == (0, 1, 0)
    wage = Wage.objects.get()
    assert (wage.monthly_wage, wage.employer_insurance) == (Decimal("1600.00"), Decimal("400.50"))


def test_a_changed_wage_holds_from_a_day_after_the_first_approval() -> None:
    imported(a_row())
    day = date(2010, 1, 1)
    assert counts(a_row(月工资=1600), facts_from=day) == (0, 1, 0)
    assert counts(a_row(月工资=1700), facts_from=day) == (0, 1, 0)
    assert counts(a_row(月工资=1700), facts_from=day) == (0, 0, 1)
    wages = Wage.objects.order_by("effective_from")
    assert [(wage.effective_from, wage.monthly_wage, wage.employer_insurance) for wage in wages] == [
        (date(2009, 1, 1), Decimal("1500.00"), Decimal("400.50")),
        (day, Decimal("1700.00"), Decimal("400.50")),
    ]


def test_contracts_are_matched_by_number_or_start_or_added() -> None:
    imported(a_row())
    assert counts(a_row(合同终止=date(2012, 12, 31))) == (0, 1, 0)
    assert counts(a_row(合同编号="HT-1b", 合同终止=date(2012, 12, 31))) == (0, 1, 0)
    renewed = {"合同编号": "HT-2", "合同起始": date(2013, 1, 1), "合同终止": "无固定期限"}
    assert counts(a_row() | renewed) == (0, 1, 0)
    assert counts(a_row() | renewed) == (0, 0, 1)
    contracts = Contract.objects.order_by("started_on").values_list("number", "ended_on")
    assert list(contracts) == [("HT-1b", date(2012, 12, 31)), ("HT-2", None)]


def test_overlapping_contracts_of_a_posting_are_refused() -> None:
    imported(a_row())
    assert "另一份合同重叠" in refused(a_row(合同编号="HT-2", 合同起始=date(2011, 6, 1), 合同终止=None))


def test_a_doubled_row_names_both_rows() -> None:
    message = refused(a_row(1), a_row(2), a_row(1))
    assert "第 4 行" in message
    assert "与第 2 行重复" in message


def test_overlapping_spells_of_one_post_are_refused() -> None:
    overlap = a_row(到岗日期=date(2009, 6, 1), 合同编号="HT-2", 合同起始=None, 合同终止=None)
    assert "重叠" in refused(a_row(), overlap | {"合同编号": None})
    imported(a_row(离岗日期=date(2009, 3, 31)), a_row(到岗日期=date(2009, 6, 1), 合同编号="HT-2"))
    assert "系统中" in refused(a_row(离岗日期=date(2009, 8, 31)))


def test_a_withdrawn_posting_is_no_match() -> None:
    imported(a_row())
    withdraw_posting(posting=Posting.objects.get(), reason="录错", actor=None)
    assert counts(a_row()) == (1, 0, 0)


def test_another_name_for_a_known_number_is_a_warning() -> None:
    imported(a_row())
    assert "姓名是“张三”" in warned(a_row(姓名="张珊"))
    assert counts(a_row(姓名="张珊"), accept_warnings=True) == (0, 1, 0)
    assert Person.objects.get().name == "张珊"
    assert AuditEvent.objects.filter(after__accepted_warnings=1).count() == 1


def test_two_names_for_one_number_in_a_file_are_refused(community: GrassrootsUnit) -> None:
    assert "“李四”与第 2 行“张三”不同" in refused(
        a_row(离岗日期=date(2009, 3, 31)), a_row(姓名="李四", 到岗日期="2010-1-1")
    )


def test_one_person_on_two_subsidised_posts_is_a_warning(community: GrassrootsUnit) -> None:
    assert "同一人的另一受补助岗位(第 2 行)" in warned(a_row(), at("五丰社区"))
    imported(a_row())
    assert "系统中 2009-01-01 起" in warned(at("五丰社区", 到岗日期=date(2009, 5, 1)))
    assert counts(a_row(), at("五丰社区"), accept_warnings=True) == (1, 0, 1)
    assert counts(a_row(), at("五丰社区")) == (0, 0, 2)


def test_platform_staff_on_a_subsidised_post_are_no_warning(community: GrassrootsUnit) -> None:
    assert counts(a_row(岗位类别="平台工作人员"), at("五丰社区")) == (2, 0, 0)


def test_two_people_on_one_unit_are_a_warning(community: GrassrootsUnit) -> None:
    assert "五丰社区在同一时间已有另一名协管员(第 2 行)" in warned(at("五丰社区", 1), at("五丰社区", 2))
    imported(at("五丰社区", 1, 离岗日期=date(2009, 6, 30)))
    assert "另一名协管员" in warned(at("五丰社区", 2, 到岗日期=date(2009, 6, 30)))
    assert counts(at("五丰社区", 2, 到岗日期=date(2009, 7, 1))) == (1, 0, 0)


@pytest.mark.parametrize(("unit", "position"), [("五丰社区", "村(居)协管员"), ("范家村委会", "社区协管员")])
def test_a_position_of_another_kind_of_unit_is_a_warning(
    unit: str, position: str, community: GrassrootsUnit, village: GrassrootsUnit
) -> None:
    assert f"没有{position}的岗位" in warned(at(unit, 岗位类别=position))


@pytest.fixture
def merged(township: Township) -> tuple[Person, Person]:
    """张三 with a posting and number 1, merged into 张叁 with number 2 and an earlier posting."""
    imported(a_row())
    duplicate, into = Person.objects.get(), a_person(name="张叁", national_id=a_national_id(2))
    a_posting(person=into, township=township, started_on=date(2008, 1, 1), ended_on=date(2008, 12, 31))
    return merge_people(duplicate=duplicate, into=into, reason="同一人", actor=None), into


def test_what_comes_with_the_number_of_a_merged_record_stays_its_own(
    merged: tuple[Person, Person], community: GrassrootsUnit
) -> None:
    duplicate, into = merged
    assert counts(a_row()) == (0, 0, 1)
    new: dict[str, Any] = {"姓名": "张三丰", "学历": "本科", "联系电话": "13900000000"}
    rows = a_row(**new), at("五丰社区", **new)
    assert "同一人的另一受补助岗位(第 2 行)" in warned(*rows)

    imported(*rows, accept_warnings=True)

    duplicate.refresh_from_db()
    into.refresh_from_db()
    assert Posting.objects.get(unit=community).person == duplicate
    assert (duplicate.name, education_of(duplicate), duplicate.phone) == ("张三丰", "bachelor", "13900000000")
    assert (into.name, education_of(into), into.phone) == ("张叁", "college", "")


def test_a_row_is_not_the_posting_of_another_record(merged: tuple[Person, Person], township: Township) -> None:
    said = refused(a_row(2, 姓名="张叁"))
    assert "合并的另一条人员记录(339900" in said
    assert an_id_number(1) not in said
    imported(a_row(2, 姓名="张叁", 到岗日期=date(2008, 1, 1), 离岗日期=date(2008, 12, 31)))
    assert Posting.objects.count() == 2


def test_a_row_is_the_posting_of_a_merged_record_without_a_number(township: Township) -> None:
    staff = a_row(岗位类别="平台工作人员", 身份证号=None)
    imported(staff)
    duplicate, into = Person.objects.get(), a_person(national_id=a_national_id(1))
    merge_people(duplicate=duplicate, into=into, reason="同一人", actor=None)
    imported(a_row(岗位类别="平台工作人员", 离岗日期=date(2009, 6, 30)))
    assert Posting.objects.get().ended_on == date(2009, 6, 30)


def test_a_clerk_knows_the_record_that_was_posted_here_and_what_it_is_merged_into(
    merged: tuple[Person, Person], township: Township
) -> None:
    duplicate, into = merged
    Posting.objects.filter(person=duplicate).update(township=a_township(name="长街镇", code="330226101"))
    mine: dict[str, Any] = {"only_township": township.pk, "accept_warnings": True}
    assert "其他镇乡(街道)已有记录" in refused(a_row(姓名="李四", 到岗日期=date(2010, 1, 1)), **mine)
    Posting.objects.filter(person=duplicate).update(township=township)
    Posting.objects.filter(person=into).update(township=a_township(name="西店镇", code="330226102"))
    imported(a_row(2, 姓名="李四", 到岗日期=date(2007, 1, 1), 离岗日期=date(2007, 6, 30)), **mine)
    into.refresh_from_db()
    assert into.name == "李四"


def test_a_preview_writes_nothing() -> None:
    outcome = preview_roster(a_roster(a_row()), "roster.xlsx", today=TODAY, facts_from=None)
    assert (outcome.new, outcome.problems, outcome.warnings) == (1, [], [])
    assert not Person.objects.exists()
    assert not AuditEvent.objects.exists()


def test_the_number_of_statements_does_not_depend_on_the_rows(community: GrassrootsUnit) -> None:
    def statements(serials: range, month: int, wage: int) -> int:
        rows = [a_row(serial, 姓名=a_name(serial), 到岗日期=date(2009, month, 1), 月工资=wage) for serial in serials]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            imported(*rows)
        return len(captured)

    few, many = range(1, 4), range(100, 130)
    assert statements(few, 1, 1500) == statements(many, 1, 1500)
    assert statements(few, 2, 1600) == statements(many, 2, 1600)
    assert statements(few, 2, 1600) == statements(many, 2, 1600)


def test_id_numbers_are_stored_encrypted() -> None:
    imported(a_row())
    stored = bytes(Person.objects.get().national_id_encrypted or b"")
    assert an_id_number(1).encode() not in stored
    assert Person.objects.with_national_id(an_id_number(1)).exists()


def recruitment() -> tuple[str, str]:
    """The source and the notice of the round."""
    posting = Posting.objects.get()
    return posting.source, str(posting.recruitment_round or "")


def test_no_column_for_recruitment_is_unknown_and_a_blank_cell_is_no_record() -> None:
    imported(a_row())
    assert recruitment() == ("", "")
    assert counts(a_row(), header=HEADER + RECRUITMENT) == (0, 1, 0)
    assert recruitment() == ("other", "")
    assert counts(a_row(), header=HEADER + RECRUITMENT) == (0, 0, 1)
    assert counts(a_row()) == (0, 0, 1)
    assert recruitment() == ("other", "")


def test_a_stated_recruitment_is_a_record_that_no_blank_cell_takes_away() -> None:
    stated = a_row(招聘公告="甬劳 1 号")
    assert counts(stated, header=HEADER + RECRUITMENT) == (1, 0, 0)
    assert recruitment() == ("open_recruitment", "甬劳 1 号")
    assert counts(a_row(), header=HEADER + RECRUITMENT) == (0, 0, 1)
    assert counts(a_row(人员来源="公开招聘"), header=(*HEADER, "人员来源")) == (0, 0, 1)
    assert recruitment() == ("open_recruitment", "甬劳 1 号")


def test_columns_that_may_be_missing_are_one_note_on_the_file_and_none_on_its_people() -> None:
    rows = [a_row(serial, 姓名=a_name(serial)) for serial in (1, 2, 3)]
    outcome = preview_roster(a_roster(*rows), "roster.xlsx", today=TODAY, facts_from=None)
    assert outcome.notes == [
        "文件没有这些可选的列,按未知处理:住房公积金、人员来源、招聘公告、计算机操作、合同类型、用工单位、离岗原因。"
    ]
    assert (outcome.problems, outcome.warnings) == ([], [])
