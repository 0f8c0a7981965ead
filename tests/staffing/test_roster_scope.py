"""An import limited to one township reaches no other, and tells in words what it changes and what it leaves."""

from datetime import date
from typing import Any

import pytest

from staffing.enums import Education, Position
from staffing.imports.batch_pages import batch_page
from staffing.imports.roster import OutcomeChangedError, UnacceptedWarningsError, import_roster, preview_roster
from staffing.models import ImportBatch, ImportedChange, Posting
from staffing.postings.services import withdraw_posting
from tests.builders import TODAY, a_national_id, a_person, a_posting, a_township, an_id_number
from tests.staffing.rosters import a_roster, a_row, imported
from townships.entries import ImportRefusedError, Outcome, RowResult
from townships.models import Township

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Township:
    return a_township()


@pytest.fixture
def other(own: Township) -> Township:
    return a_township(name="桃源街道", code="330226002")


def previewed(own: Township, *rows: dict[str, Any]) -> Outcome:
    return preview_roster(a_roster(*rows), "a.xlsx", today=TODAY, facts_from=None, only_township=own.pk)


def test_a_row_of_another_township_is_a_problem_in_words(own: Township, other: Township) -> None:
    rows = [a_row(1), a_row(2, **{"镇乡(街道)": "桃源街道"}), a_row(3, **{"镇乡(街道)": "330226002"})]
    with pytest.raises(ImportRefusedError) as error:
        imported(*rows, only_township=own.pk)
    assert [problem.sentence() for problem in error.value.problems] == [
        f"第 {row} 行「镇乡(街道)」:桃源街道不是您所在的跃龙街道;您只能导入跃龙街道的人员,请删去这一行或改正镇乡(街道)"
        for row in (3, 4)
    ]
    assert not Posting.objects.exists()
    assert imported(*rows).new == 3


def test_a_strangers_name_is_neither_told_nor_changed(own: Township, other: Township) -> None:
    stranger = a_person(name="王秘密", national_id=a_national_id(1))
    a_posting(person=stranger, township=other)
    with pytest.raises(ImportRefusedError) as error:
        imported(a_row(1, 姓名="张三"), only_township=own.pk)
    assert "在其他镇乡(街道)已有记录" in str(error.value)
    assert "王秘密" not in str(error.value)
    with pytest.raises(UnacceptedWarningsError):
        imported(a_row(1, 姓名="张三"))


def test_what_is_stored_of_a_stranger_is_not_told(own: Township, other: Township) -> None:
    stranger = a_person(name="张三", national_id=a_national_id(1), education=Education.PRIMARY)
    a_posting(person=stranger, township=other, position=Position.PLATFORM_STAFF)
    assert "小学" not in str(previewed(own, a_row(1)))
    imported(a_row(1), only_township=own.pk)
    outcome = previewed(own, a_row(1, 学历="本科"))
    assert outcome.rows[0].changes == ("学历 小学 → 本科,将作为更正申请报县局",)
    a_posting(person=a_person(name="李四", national_id=a_national_id(2)), township=other)
    told = str(previewed(own, a_row(2, 姓名="李四", 学历="小学")))
    assert "学历 改为 小学,将作为更正申请报县局" in told
    assert "大专" not in told


def test_somebody_whose_posting_here_was_withdrawn_is_no_stranger(own: Township) -> None:
    imported(a_row(1, 姓名="张山"), only_township=own.pk)
    withdraw_posting(posting=Posting.objects.get(), reason="录错", actor=None)
    with pytest.raises(UnacceptedWarningsError):
        imported(a_row(1, 姓名="张三"), only_township=own.pk)


def test_changes_are_told_in_words_and_kept_with_the_batch(own: Township) -> None:
    imported(a_row(1), a_row(2, 姓名="李四"))
    changed = a_row(1, 月工资=1600, 离岗日期=date(2010, 1, 31), **{"专职/兼职": "兼职"}, 联系电话="13911111111")
    outcome = previewed(own, changed, a_row(2, 姓名="李四"), a_row(3, 姓名="王五"))
    assert [(row.subject, row.result) for row in outcome.rows] == [
        ("张三", RowResult.CHANGED),
        ("李四", RowResult.SAME),
        ("王五", RowResult.NEW),
    ]
    words = (
        "联系电话 138****0000 → 139****1111",
        "专职/兼职 专职 → 兼职",
        "离岗日期 在岗 → 2010-01-31",
        "月工资 1,500.00 → 1,600.00(更正 2009-01-01 起的工资,整段时间都改)",
    )
    assert outcome.rows[0].changes == words
    imported(changed, a_row(2, 姓名="李四"), a_row(3, 姓名="王五"), only_township=own.pk)
    batch = ImportBatch.objects.latest("pk")
    (kept,) = batch_page(batch, obstacles=[]).changed
    assert (kept.words, kept.name) == (";".join(words), "张三")
    assert [change.subject_type for change in batch.changes.order_by("pk")] == [
        *("person", "workingtime", "workingtime", "posting", "wage"),
    ]
    assert batch.township == own


def test_id_numbers_in_the_wrong_column_are_masked_in_what_is_told(own: Township) -> None:
    number = an_id_number(7)
    told = str(previewed(own, a_row(1, 到岗日期=number), a_row(2, 姓名=number), a_row(3, 备注=number, 姓名="丙")))
    assert number not in told
    assert f"{number[:6]}********{number[-4:]}" in told
    imported(a_row(1))
    imported(a_row(1, 备注=number))
    assert number not in ImportedChange.objects.get().words


def test_who_is_on_post_and_not_in_the_file_is_noted(own: Township, other: Township) -> None:
    imported(a_row(1, 姓名="在岗甲"), a_row(2, 姓名="离岗乙", 离岗日期=date(2010, 1, 31)))
    a_posting(township=other, person=a_person(name="外镇丙"))
    notes = "".join(previewed(own, a_row(3)).notes)
    assert "系统中还有 1 条在岗记录不在文件里,保持不变:在岗甲。" in notes
    assert "不在文件里" not in "".join(previewed(own, a_row(1, 姓名="在岗甲")).notes)


def test_nothing_is_stored_when_the_outcome_is_not_the_one_that_was_shown(own: Township) -> None:
    content = a_roster(a_row(1))
    shown = preview_roster(content, "a.xlsx", today=TODAY, facts_from=None)
    imported(a_row(1))
    with pytest.raises(OutcomeChangedError) as error:
        import_roster(content, "a.xlsx", actor=None, today=TODAY, facts_from=None, as_previewed=shown)
    assert error.value.outcome.same == 1
    assert ImportBatch.objects.count() == 1
