"""A roster with other heads: read as somebody says which column is which, and by its titles."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from foundation.excel.header import Column
from foundation.excel.mapping import HeadMapping, mapping_of
from staffing.imports.roster import preview_roster
from staffing.models import Posting
from tests.builders import TODAY, a_township, a_unit, a_workbook, an_id_number
from townships.entries import Outcome
from townships.models import Township

pytestmark = pytest.mark.django_db
HEADS = ("辖区", "人员", "证件", "岗位类别", "人员", "上班")


@pytest.fixture
def own() -> Township:
    township = a_township()
    a_unit(township=township, name="五丰社区", code="330226001001")
    return township


def office_file(*titles: str) -> bytes:
    row = ("五丰社区", "张三", an_id_number(1), "社区协管员", "不读的", "2009-03-01")
    return a_workbook(*([title] for title in titles), HEADS, row)


SAID = HeadMapping(
    {"辖区": "村(社区)", "人员(第2列)": "姓名", "证件": "身份证号", "人员(第5列)": "", "上班": "到岗日期"}
)


def looked_at(content: bytes, mapping: HeadMapping = SAID, *, only: Township | None = None) -> Outcome:
    only_township = None if only is None else only.pk
    return preview_roster(
        content, "a.xlsx", today=TODAY, facts_from=None, only_township=only_township, mapping=mapping
    )


def test_heads_are_what_was_said_and_the_clerks_township_needs_no_column(own: Township) -> None:
    outcome = looked_at(office_file(), only=own)
    assert (outcome.problems, outcome.new) == ([], 1)
    assert "文件没有「镇乡(街道)」这一列,每一行都按“跃龙街道”读入。" in outcome.notes


def test_a_title_names_the_township(own: Township) -> None:
    assert looked_at(office_file("宁海县跃龙街道花名册")).new == 1
    [problem] = looked_at(office_file("花名册")).problems
    assert problem.column == "镇乡(街道)"


def test_a_file_titled_for_another_township_is_not_taken_for_ones_own(own: Township) -> None:
    a_township(name="桃源街道", code="330226002")
    [problem] = looked_at(office_file("桃源街道花名册"), only=own).problems
    assert problem.message == "标题写的是桃源街道,不是您所在的跃龙街道"


def test_a_default_stands_for_a_column_that_the_file_lacks(own: Township) -> None:
    content = a_workbook(
        ("村(社区)", "姓名", "身份证号", "岗位类别"), ("五丰社区", "张三", an_id_number(1), "社区协管员")
    )
    assert [row.column for row in looked_at(content, HeadMapping(), only=own).problems] == ["到岗日期"]
    outcome = looked_at(content, HeadMapping(defaults={"到岗日期": "2009-03-01"}), only=own)
    assert (outcome.problems, outcome.new) == ([], 1)


def test_the_rows_of_the_head_can_be_said(own: Township) -> None:
    content = a_workbook(
        ("甲", "", "", "", ""),
        ("乙", "", "", "", ""),
        ("丙", "丁", "戊", "己", "庚"),
        ("五丰社区", "张三", an_id_number(1), "社区协管员", "2009-03-01"),
    )
    columns = {"丙": "村(社区)", "丁": "姓名", "戊": "身份证号", "己": "岗位类别", "庚": "到岗日期"}
    mapping = HeadMapping({f"甲乙{word}": name for word, name in columns.items()}, head_rows=(1, 2, 3))
    assert looked_at(content, mapping, only=own).new == 1


def test_the_command_takes_the_mapping_from_a_file(own: Township, tmp_path: Path) -> None:
    roster, said = tmp_path / "a.xlsx", tmp_path / "a.toml"
    roster.write_bytes(office_file("跃龙街道花名册"))
    lines = "\n".join(f'"{head}" = "{name}"' for head, name in SAID.columns.items())
    said.write_text(f"[columns]\n{lines}\n")
    call_command("import_roster", str(roster), map=said)
    assert Posting.objects.get().person.name == "张三"
    said.write_text('[columns]\n"证件" = "身份证"\n')
    with pytest.raises(CommandError, match=r"a.toml:没有这样的列:身份证;可用的列:"):
        call_command("import_roster", str(roster), map=said)


@pytest.mark.parametrize(
    "said", [{"columns": {"a": 1}}, {"defaults": []}, {"head_rows": [0]}, {"head_rows": ["1"]}, {"sheet": 1}, {"x": 1}]
)
def test_a_mapping_that_is_none_is_refused_in_words(said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="。"):
        mapping_of(said, [Column("姓名")])
