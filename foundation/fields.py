"""Fields of forms that know no county."""

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from foundation.dates import FIRST_DAY, FIRST_MONTH, LAST_DAY, LAST_MONTH, Month
from foundation.excel.values import DATE, NUMBER
from foundation.personal import holds_id_number
from foundation.unseen import refused_at, without_unseen


class DayField(forms.DateField):
    """A day as offices write it: 2009-06-15, 2009-6-15, 2009.6.15, 2009/6/15, 2009年6月15日, 20090615, in digits of
    either width.

    A text field: a browser's own date field takes none of these from paper or from a sheet, shows the day as the
    machine is set, and throws away what it cannot read, so that nobody could see what was wrong.
    """

    widget = forms.DateInput({"placeholder": "2009-06-15", "size": 12, "autocomplete": "off"}, format="%Y-%m-%d")
    default_validators = [
        MinValueValidator(FIRST_DAY, f"日期不能早于 {FIRST_DAY}。"),
        MaxValueValidator(LAST_DAY, f"日期不能晚于 {LAST_DAY}。"),
    ]
    default_error_messages = {
        "invalid": "日期请写成 2009-06-15 的形式。",
        "required": "请填写日期。",
        "no_such_day": "没有这一天,请核对年、月、日。",
    }

    def to_python(self, value: Any) -> Any:  # Django's signature
        if value in self.empty_values or not isinstance(value, str):
            return super().to_python(value)
        text = half_width(value)
        if not text:
            return None
        written = DATE.fullmatch(text)
        if written is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return date(*(int(part) for part in written.groups() if part is not None))
        except ValueError as error:
            raise ValidationError(self.error_messages["no_such_day"], code="no_such_day") from error


class DayPicker(forms.DateInput):
    """The browser's own date field, where a day is only chosen to look at."""

    def __init__(self) -> None:
        super().__init__({"type": "date"}, format="%Y-%m-%d")


class WordsField(forms.CharField):
    """A text as people read it: what has no width is left out, control characters and marks of direction refused, and
    id numbers, which are stored encrypted and shown masked in a place of their own."""

    takes_id_number = False

    def to_python(self, value: Any) -> Any:  # Django's signature
        text = super().to_python(value)
        if not isinstance(text, str):
            return text
        place = refused_at(text)
        if place is not None:
            raise ValidationError(f"含看不见的字符(第 {place} 个字),请重新输入。", code="unseen")
        if not self.takes_id_number and holds_id_number(text):
            raise ValidationError("这里不要写身份证号,请删去号码;要说明是谁的,写姓名就可以。", code="id_number")
        seen = without_unseen(text).strip() if self.strip else without_unseen(text)
        return seen or self.empty_value


class MonthField(forms.CharField):
    """A month written YYYY-MM, as a Month."""

    widget = forms.TextInput({"type": "month", "placeholder": "2009-06"})
    default_error_messages = {"required": "请填写月份。"}
    default_validators = [
        MinValueValidator(FIRST_MONTH, f"月份不能早于 {FIRST_MONTH}。"),
        MaxValueValidator(LAST_MONTH, f"月份不能晚于 {LAST_MONTH}。"),
    ]

    def to_python(self, value: Any) -> Any:  # Django's signature
        if isinstance(value, Month):
            return value
        text = super().to_python(value)
        try:
            return Month.parse(text) if text else None
        except ValueError as error:
            raise ValidationError("月份请写成 2009-06 的形式。", code="invalid") from error


class YuanField(forms.DecimalField):
    """Yuan with two decimals, as pages print them: 1,800.00, also ¥1800 and 1,800 元, in digits of either width."""

    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "required": "请填写金额。",
        "invalid": "请填写金额,例如 1500.00。",
        "max_decimal_places": "金额最多两位小数。",
        "min_value": "金额不能小于零。",
    }

    def __init__(self, **options: Any) -> None:  # Django's
        super().__init__(max_digits=11, decimal_places=2, **options)

    def to_python(self, value: Any) -> Any:  # Django's signature
        if value in self.empty_values or not isinstance(value, str):
            return super().to_python(value)
        text = half_width(value).removeprefix("¥").removesuffix("元").strip()
        sign = "-" if text.startswith(("-", "\N{MINUS SIGN}")) else ""
        digits = text[len(sign) :]
        if text and NUMBER.fullmatch(digits) is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(sign + digits.replace(",", ""))


def half_width(text: str) -> str:
    """With digits and signs of half width, and without what nobody sees; what is refused in a cell stays as it is."""
    return unicodedata.normalize("NFKC", without_unseen(text)).strip()


class ReasonField(WordsField):
    """Why something is done, in one line whatever was typed; Enter in the area sends nothing, and the browser offers
    it to nobody who sits there next."""

    widget = forms.Textarea({"rows": 1, "cols": 40, "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:  # Django's signature
        text = super().to_python(value)
        return " ".join(text.split()) if isinstance(text, str) else text


class PersonalField(WordsField):
    """Text that tells of a person: the browser offers it to nobody who sits there next."""

    widget = forms.TextInput({"autocomplete": "off"})
    takes_id_number = True
