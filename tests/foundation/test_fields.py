"""Fields of forms: days, months and amounts as they are typed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.forms import Field, Form

from foundation.dates import Month
from foundation.fields import DayField, MonthField, PersonalField, ReasonField, WordsField, YuanField
from tests.builders import an_id_number

UNREADABLE = "日期请写成 2009-06-15 的形式。"
# As papers, sheets and pages write them.
WRITTEN_DAYS = (
    *("2010-05-06", "2010-5-6", "2010.5.6", "2010/5/6", "2010年5月6日", "2010年05月06日", "20100506"),
    *("2010-5-6", " 2010-05-06\u200b", "2010/5/6 0:00"),
)
WRITTEN_AMOUNTS = ("1800", "1800.0", "1,800.00", "1,800.00", "¥1,800", "¥1800", "1800元", "1,800.00 元")


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (DayField, "1949-10-01", date(1949, 10, 1)),
        (DayField, "2199-12-31", date(2199, 12, 31)),
        *((DayField, text, date(2010, 5, 6)) for text in WRITTEN_DAYS),
        (MonthField, "1950-01", Month(1950, 1)),
        (MonthField, "2199-12", Month(2199, 12)),
        (YuanField, "-120.5", Decimal("-120.50")),
        *((YuanField, text, Decimal("1800.00")) for text in WRITTEN_AMOUNTS),
    ],
)
def test_what_can_be_typed(field: Callable[[], Field], text: str, value: object) -> None:
    assert field().clean(text) == value


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        (DayField, "", "请填写日期。"),
        (DayField, "六月十日", UNREADABLE),
        (DayField, "06/10/2009", UNREADABLE),
        (DayField, "2010-5.6", UNREADABLE),
        (DayField, "201056", UNREADABLE),
        (DayField, "٢٠١٠-٠٥-٠٦", UNREADABLE),
        (DayField, "2010-02-30", "没有这一天,请核对年、月、日。"),
        (DayField, "2010年13月6日", "没有这一天,请核对年、月、日。"),
        (DayField, "1949-09-30", "日期不能早于 1949-10-01。"),
        (DayField, "0001-01-01", "日期不能早于 1949-10-01。"),
        (DayField, "2200-01-01", "日期不能晚于 2199-12-31。"),
        (DayField, "9999-12-31", "日期不能晚于 2199-12-31。"),
        (MonthField, "", "请填写月份。"),
        (MonthField, " ", "请填写月份。"),
        (MonthField, "2009-13", "月份请写成 2009-06 的形式。"),
        (MonthField, "1949-12", "月份不能早于 1950-01。"),
        (MonthField, "2200-01", "月份不能晚于 2199-12。"),
        (YuanField, "", "请填写金额。"),
        (YuanField, "两千", "请填写金额,例如 1500.00。"),
        (YuanField, "0.005", "金额最多两位小数。"),
        (YuanField, "1,80", "请填写金额,例如 1500.00。"),
        (YuanField, "1e5", "请填写金额,例如 1500.00。"),
        (YuanField, "NaN", "请填写金额,例如 1500.00。"),
        (YuanField, "=1800", "请填写金额,例如 1500.00。"),
    ],
)
def test_what_cannot_is_said_in_words(field: Callable[[], Field], text: str, problem: str) -> None:
    with pytest.raises(ValidationError) as refused:
        field().clean(text)
    assert refused.value.messages == [problem]


def test_a_browser_keeps_no_text_about_people() -> None:
    class Named(Form):
        name = PersonalField(max_length=60)

    assert 'autocomplete="off"' in str(Named()["name"])


@pytest.mark.parametrize(("field", "text"), [(DayField, "2010年2月30日"), (YuanField, "一千八")])
def test_what_was_typed_stands_in_the_field_when_it_is_refused(field: Callable[[], Field], text: str) -> None:
    class Asked(Form):
        value = field()

    form = Asked({"value": text})
    assert not form.is_valid()
    assert f'value="{text}"' in str(form["value"])


@pytest.mark.parametrize("field", [WordsField, ReasonField])
def test_an_id_number_stands_in_no_free_text(field: Callable[[], Field]) -> None:
    number = an_id_number(7)
    full_width = "".join(chr(ord(character) + 0xFEE0) for character in number)
    for text in (number, f"按{number}的证件更正", full_width):
        with pytest.raises(ValidationError, match="这里不要写身份证号"):
            field().clean(text)
    # A contract may have a number as long.
    another = f"{number[:17]}{'1' if number[17] == '0' else '0'}"
    for text in (another, f"{number}1", f"1{number}"):
        assert field().clean(text) == text
    assert PersonalField().clean(number) == number
