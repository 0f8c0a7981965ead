"""The columns of an election's table, and what their cells may hold."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from foundation.cells import CellColumn
from foundation.excel.problems import shortened
from foundation.excel.values import date_of, money_of, text_of
from foundation.pasted import PastedColumn
from staffing.enums import Education
from staffing.imports.roster_layout import EDUCATIONS, FULL_TIMES
from staffing.national_id import NationalId, NationalIdError, check
from staffing.written_names import written_name
from townships.places import comparable

Value = TypeVar("Value")
UNIT, INCUMBENT = "unit", "incumbent"
LAST_DAY, STAYS, NAME, NATIONAL_ID = "last_day", "stays", "name", "number"
FIRST_DAY, EDUCATION, FULL_TIME, WAGE = "first_day", "education", "full_time", "wage"
MOST_WAGE = Decimal("999999.99")
_STAYS = dict.fromkeys(("是", "连任", "留任", "√", "对", "Y", "y", "1"), True) | dict.fromkeys(
    ("否", "不", "离任", "×", "N", "n", "0"), False
)
# Only in a pasted block: they say which row of the table is meant.
_ROW = (
    PastedColumn(UNIT, "村(社区)", ("村社区", "村(居)", "村居", "村名", "村", "社区", "行政村", "单位")),
    PastedColumn(INCUMBENT, "现任", ("现任姓名", "现任协管员", "原任", "原任姓名", "原协管员", "离任人员")),
)


def election_columns(today: date) -> tuple[CellColumn, ...]:
    """What is typed into a row; nobody is born after `today`."""

    def number(text: str) -> NationalId:
        try:
            return check(text_of(text), today=today)
        except NationalIdError as error:
            raise ValueError(f"{error.message};请与本人身份证核对") from error

    return (
        CellColumn(LAST_DAY, "离任日期", date_of, ("离岗日期", "最后一天", "卸任日期"), size=9),
        CellColumn(STAYS, "连任", _word(_STAYS), ("是否连任", "留任"), ("是",), size=4),
        CellColumn(NAME, "新任姓名", _name, ("姓名", "新任", "当选人", "当选人姓名", "新任协管员"), size=7),
        CellColumn(NATIONAL_ID, "身份证号", number, ("身份证号码", "公民身份号码", "身份证"), size=19),
        CellColumn(FIRST_DAY, "到任日期", date_of, ("到岗日期", "上任日期", "任职日期", "任职时间"), size=9),
        CellColumn(
            EDUCATION, "学历", _word(EDUCATIONS), ("文化程度",), [education.label for education in Education], size=6
        ),
        CellColumn(
            FULL_TIME, "专职/兼职", _word(FULL_TIMES), ("专兼职", "专(兼)职", "专/兼"), ("专职", "兼职"), size=5
        ),
        CellColumn(WAGE, "月工资", _wage, ("月工资(元)", "工资", "应发工资", "月报酬"), size=8),
    )


def pasted_columns(columns: Sequence[CellColumn]) -> tuple[PastedColumn, ...]:
    """In the order of the table as it is seen, so that a block without header is read like it."""
    return (*_ROW, *(column.pasted for column in columns))


def _name(text: str) -> str:
    return written_name(text_of(text))


def _wage(text: str) -> Decimal | None:
    amount = money_of(text)
    if amount is not None and amount > MOST_WAGE:
        raise ValueError(f"“{shortened(text)}”太大;月工资以元为单位,请核对")
    return amount


def _word(words: Mapping[str, Value]) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        value = words.get(comparable(text_of(text)))
        if value is None:
            raise ValueError(f"“{shortened(text)}”无法识别;请填写 {'、'.join(list(words)[:7])} 之一")
        return value

    return read
