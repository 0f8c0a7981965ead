"""Each cell of a roster is checked by itself, and every problem of the file is reported at once."""

from datetime import date
from typing import Any

import pytest

from staffing.enums import ContractKind, Education, Position
from staffing.imports.roster import UnacceptedWarningsError, import_roster
from staffing.models import Contract, Person, Posting, Wage
from tests.builders import (
    TODAY,
    a_township,
    a_unit,
    an_id_number,
    education_of,
    has_skill,
    works_full_time,
)
from tests.staffing.rosters import HEADER, a_roster_csv, a_row, imported
from townships.entries import ImportRefusedError
from townships.enums import UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def township() -> Township:
    township = a_township()
    a_unit(township=township, name="五丰社区", code="330226001001")
    a_unit(township=township, name="范家村委会", code="330226001200", kind=UnitKind.VILLAGE)
    other = a_township(name="桃源街道", code="330226002")
    a_unit(township=other, name="桃源社区", code="330226002001")
    return township


def refused(*rows: dict[str, Any], header: tuple[str, ...] = HEADER) -> str:
    with pytest.raises(ImportRefusedError) as error:
        imported(*rows, header=header)
    assert not Person.objects.exists()
    assert not Posting.objects.exists()
    return str(error.value)


def test_a_row_becomes_a_person_a_posting_a_contract_and_a_wage() -> None:
    optional = ("住房公积金", "人员来源", "招聘公告", "计算机操作", "合同类型", "用工单位", "离岗原因")
    more: dict[str, Any] = dict(
        zip(optional, (150, "公开招聘", "甬劳 1 号", "熟悉", "劳务派遣", "某公司", "辞职"), strict=True)
    )
    imported(a_row(离岗日期=date(2010, 6, 30), 备注="备", **more), header=HEADER + optional)

    posting = Posting.objects.get()
    assert (posting.position, posting.unit, works_full_time(posting)) == (Position.ASSISTANT, None, True)
    assert (posting.started_on, posting.ended_on, posting.end_reason) == (date(2009, 1, 1), date(2010, 6, 30), "辞职")
    assert (posting.source, str(posting.recruitment_round), posting.note) == ("open_recruitment", "甬劳 1 号", "备")
    person = posting.person
    assert (person.name, education_of(person), has_skill(person)) == ("张三", Education.COLLEGE, True)
    assert (person.born_on, person.sex, person.phone) == (date(1985, 3, 7), "male", "13800000000")
    assert person.national_id_masked == f"339900********{an_id_number(1)[-4:]}"
    contract = Contract.objects.get()
    assert (contract.number, contract.kind, contract.employer) == ("HT-1", ContractKind.DISPATCH, "某公司")
    wage = Wage.objects.get()
    assert (str(wage.monthly_wage), str(wage.employer_insurance), str(wage.housing_fund)) == (
        "1500.00",
        "400.50",
        "150.00",
    )
    assert wage.effective_from == posting.started_on


def test_a_number_that_may_have_lost_its_last_digits_is_asked_back() -> None:
    with pytest.raises(UnacceptedWarningsError) as asked:
        imported(a_row(身份证号="330226199002013000"))
    assert [warning.sentence() for warning in asked.value.outcome.warnings] == [
        "第 2 行「身份证号」:身份证号末三位是 000,可能是按数字保存时丢掉了后三位;请与本人身份证核对,确认后照录"
    ]
    assert "按数字保存" in refused(a_row(身份证号=330226199002013000))
    assert "15 位的旧身份证号" in refused(a_row(身份证号=330226900201300))


def test_rows_about_nobody_are_set_aside_and_told() -> None:
    total = {"镇乡(街道)": "合计", "姓名": "1人", "月工资": 1500}
    outcome = imported(
        a_row(), total, {"镇乡(街道)": "跃龙街道", "岗位类别": "专职协理员"}, {"镇乡(街道)": "注:一式三份"}
    )
    assert (outcome.new, Person.objects.count()) == (1, 1)
    assert "第 3 行看来是合计,未导入。" in outcome.notes
    assert "第 5 行看来是说明,未导入。" in outcome.notes
    assert any(note.startswith("第 4 行看来是") and "空行" in note for note in outcome.notes)


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"镇乡(街道)": "没有镇"}, "镇乡(街道)", "没有“没有镇”"),
        ({"镇乡(街道)": None}, "镇乡(街道)", "未填写"),
        ({"村(社区)": "五丰社区"}, "村(社区)", "不属于村"),
        ({"岗位类别": "社区协管员"}, "村(社区)", "没有填写村"),
        ({"岗位类别": "社区协管员", "村(社区)": "没有社区"}, "村(社区)", "没有“没有社区”"),
        ({"岗位类别": "社区协管员", "村(社区)": "桃源社区"}, "村(社区)", "桃源街道有"),
        ({"岗位类别": "社区协管员", "村(社区)": "330226002001"}, "村(社区)", "属于桃源街道"),
        ({"岗位类别": "保安"}, "岗位类别", "“保安”无法识别"),
        ({"岗位类别": None}, "岗位类别", "未填写"),
        ({"姓名": None}, "姓名", "未填写"),
        ({"姓名": "长" * 31}, "姓名", "超过 30 个字"),
        ({"姓名": "张\u202e三"}, "姓名", "含看不见的字符(第 2 个字);请重新输入"),
        ({"镇乡(街道)": "\u2066跃龙街道"}, "镇乡(街道)", "含看不见的字符(第 1 个字)"),
        ({"身份证号": an_id_number(2) + "\u200e"}, "身份证号", "含看不见的字符(第 19 个字)"),
        ({"岗位类别": "专职\u202d协理员"}, "岗位类别", "含看不见的字符(第 3 个字)"),
        ({"备注": "好\u061c"}, "备注", "含看不见的字符(第 2 个字)"),
        ({"身份证号": None}, "身份证号", "未填写"),
        ({"身份证号": "330226199002280011"}, "身份证号", "校验码"),
        ({"身份证号": "330226199002300018"}, "身份证号", "日期不存在"),
        ({"身份证号": "330226209901010010"}, "身份证号", "晚于今天"),
        ({"身份证号": "130503670401001"}, "身份证号", "18 位"),
        ({"身份证号": 330226199002280010}, "身份证号", "请把该列设为文本"),
        ({"学历": "文盲"}, "学历", "无法识别"),
        ({"专职/兼职": "临时"}, "专职/兼职", "无法识别"),
        ({"到岗日期": None}, "到岗日期", "未填写"),
        ({"到岗日期": "2009-06-31"}, "到岗日期", "6 月没有 31 日"),
        ({"到岗日期": "去年"}, "到岗日期", "看不懂日期"),
        ({"离岗日期": date(2008, 12, 31)}, "离岗日期", "早于到岗日期"),
        ({"合同终止": date(2008, 12, 31)}, "合同终止", "早于合同起始"),
        ({"合同起始": None}, "合同起始", "没有合同起始"),
        ({"月工资": "一千五"}, "月工资", "不是金额"),
        ({"单位社保": "400.005"}, "单位社保", "两位小数"),
        ({"联系电话": "1" * 31}, "联系电话", "超过 30 个字"),
    ],
)
def test_a_bad_cell_is_refused_by_row_and_column(cells: dict[str, Any], column: str, said: str) -> None:
    message = refused(a_row(1), a_row(2, **cells))
    assert "第 3 行" in message
    assert f"「{column}」" in message
    assert said in message
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize(
    "seen", ["张三", "阿卜杜拉·买买提", "𠮷野𫝆", "Anna Li", "葛\U000e0100城", "ئا\u200dي", "ᠪᠠ\u180bᠲᠤ"]
)
def test_what_has_no_width_is_left_out_of_what_is_kept_and_compared(seen: str) -> None:
    imported(a_row(姓名=seen))
    name, township, education = f"\ufeff{seen}\u200b\u2060", "跃龙\u200b街道", "\ufeff大专\u200d"
    again = imported(a_row() | {"姓名": name, "镇乡(街道)": township, "学历": education})
    assert Person.objects.get().name == seen
    assert Posting.objects.count() == 1
    assert [str(row.result) for row in again.rows] == ["same"]


def test_a_control_character_of_a_file_with_commas_is_refused() -> None:
    content = a_roster_csv(a_row(姓名="张\x07三"))
    with pytest.raises(ImportRefusedError, match=r"「姓名」:含看不见的字符\(第 2 个字\)"):
        import_roster(content, "花名册.csv", actor=None, today=TODAY, facts_from=None, accept_warnings=False)


def test_all_problems_of_all_rows_come_at_once() -> None:
    message = refused(
        a_row(1, 岗位类别="保安", 学历="文盲", 月工资="多"), a_row(2), a_row(3, 身份证号="1", 到岗日期="x")
    )
    assert [line[:6] for line in message.splitlines()] == ["第 2 行「"] * 3 + ["第 4 行「"] * 2


def test_no_id_number_is_shown_in_full() -> None:
    wrong = "330226199002280011"
    assert wrong not in refused(a_row(1, 身份证号=wrong))


@pytest.mark.parametrize(
    "text", ["３３０２２６１９９００２２８００１０", "330226 19900228 0010", "330226199002280010\u3000"]
)
def test_full_width_digits_and_spaces_are_accepted(text: str) -> None:
    imported(a_row(身份证号=text))
    imported(a_row(身份证号="330226199002280010"))
    assert Person.objects.count() == 1


@pytest.mark.parametrize("text", ["2009-06-01", "2009/6/1", "2009.6.1", "2009年6月1日", "20090601", date(2009, 6, 1)])
def test_dates_are_accepted_in_several_forms(text: object) -> None:
    imported(a_row(到岗日期=text))
    assert Posting.objects.get().started_on == date(2009, 6, 1)


@pytest.mark.parametrize(
    ("word", "education"),
    [
        ("大学专科", "college"),
        ("大学本科", "bachelor"),
        ("硕士研究生", "postgraduate"),
        ("中专", "vocational"),
        (None, ""),
    ],
)
def test_education_is_read_in_its_usual_words(word: str | None, education: str) -> None:
    imported(a_row(学历=word))
    assert education_of(Person.objects.get()) == education


@pytest.mark.parametrize("word", ["村（居）协管员", " 村(居) 协管员", "村级协管员"])
def test_positions_go_by_their_label_and_by_the_county_s_name(word: str, settings: Any) -> None:
    settings.POSITION_NAMES = settings.POSITION_NAMES | {"village_coordinator": "村级协管员"}
    imported(a_row() | {"岗位类别": word, "村(社区)": "范家村委会"})
    assert Posting.objects.get().position == Position.VILLAGE_COORDINATOR


def test_platform_staff_need_no_id_number() -> None:
    row = a_row(岗位类别="平台工作人员", 身份证号=None)
    imported(row)
    assert imported(row).same == 1
    assert imported(row | {"离岗日期": date(2010, 1, 1)}).changed == 1
    assert Person.objects.get().national_id_index is None


def test_platform_staff_take_an_id_number_later() -> None:
    row = a_row(岗位类别="平台工作人员")
    imported(row | {"身份证号": None})
    assert imported(row).changed == 1
    assert imported(row).same == 1
    assert imported(row | {"身份证号": None}).same == 1
    assert Person.objects.get().national_id_index is not None


def test_blank_cells_of_a_new_row_are_unknown() -> None:
    blank = dict.fromkeys(("学历", "专职/兼职", "合同编号", "合同起始", "合同终止", "月工资", "单位社保", "联系电话"))
    imported(a_row() | blank)
    posting = Posting.objects.get()
    assert (works_full_time(posting), education_of(posting.person), posting.person.phone) == (None, "", "")
    assert not Contract.objects.exists()
    assert not Wage.objects.exists()


def test_sequence_000_is_noted_only() -> None:
    outcome = imported(a_row(身份证号="330226199002280002"))
    assert outcome.new == 1
    assert any("000" in note for note in outcome.notes)


def test_unknown_and_missing_columns_are_one_note_each() -> None:
    outcome = imported(a_row(1), a_row(2), header=(*HEADER, "籍贯"))
    assert len(outcome.notes) == 2
    assert "籍贯" in outcome.notes[0]
    assert "住房公积金" in outcome.notes[1]


@pytest.mark.parametrize("header", [HEADER[:3] + HEADER[4:], (*HEADER, "姓名"), ("甲", "乙")])
def test_a_missing_or_doubled_header_is_refused(header: tuple[str, ...]) -> None:
    assert refused(a_row(), header=header)


def test_a_roster_without_rows_is_refused() -> None:
    assert "没有内容" in refused()
