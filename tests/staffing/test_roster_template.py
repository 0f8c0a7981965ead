"""The template says what the importer takes, and is itself taken: empty, and with its example filled in."""

import io

import openpyxl
import pytest

from foundation.excel.reader import read_any
from staffing.imports.roster import header_of, preview_roster
from staffing.imports.roster_layout import COLUMNS
from staffing.imports.roster_template import EXAMPLE_TOWNSHIP, EXAMPLE_UNIT, column_guides, roster_template
from tests.builders import TODAY, a_township, a_unit, a_workbook
from townships.enums import TownshipKind, UnitKind

pytestmark = pytest.mark.django_db


def test_every_column_is_explained_in_the_order_of_the_layout() -> None:
    guides = [(guide.name, not guide.is_optional) for guide in column_guides()]
    assert guides == [(column.name, column.required) for column in COLUMNS]


def test_the_template_has_every_column_and_no_person() -> None:
    content = roster_template(a_township(), ["五丰社区"])
    header = header_of(read_any(content, "模板.xlsx"))
    assert (header.problems, header.unknown, header.missing_optional) == ([], [], [])
    outcome = preview_roster(content, "模板.xlsx", today=TODAY, facts_from=None)
    assert [problem.message for problem in outcome.problems] == ["表头下面没有内容"]


def test_the_example_is_a_good_row() -> None:
    township = a_township(name=EXAMPLE_TOWNSHIP, kind=TownshipKind.TOWN)
    a_unit(township=township, name=EXAMPLE_UNIT, kind=UnitKind.VILLAGE)
    guides = column_guides()
    content = a_workbook([guide.name for guide in guides], [guide.example or None for guide in guides])
    outcome = preview_roster(content, "a.xlsx", today=TODAY, facts_from=None)
    assert (outcome.problems, outcome.warnings, outcome.new) == ([], [], 1)


def test_id_numbers_are_text_and_units_can_be_chosen() -> None:
    township = a_township()
    units = [f"很长名字的第{number}村村民委员会" for number in range(60)]
    book = openpyxl.load_workbook(io.BytesIO(roster_template(township, units)))
    sheet = book.worksheets[0]
    letters = {str(cell.value).partition("(选填)")[0]: cell.coordinate.removesuffix("1") for cell in sheet[1]}
    assert sheet.column_dimensions[letters["身份证号"]].number_format == "@"
    offered = {str(rule.sqref)[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert offered[letters["村(社区)"]] == "'村(社区)名单'!$A$2:$A$61"
    assert offered[letters["镇乡(街道)"]] == f'"{township.name}"'
    assert book["村(社区)名单"]["A61"].value == units[-1]


def test_a_township_without_units_offers_none() -> None:
    book = openpyxl.load_workbook(io.BytesIO(roster_template(a_township(), [])))
    assert not [rule for rule in book.worksheets[0].data_validations.dataValidation if "名单" in rule.formula1]
