"""Fields of forms that know no county."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from foundation.dates import FIRST_DAY, FIRST_MONTH, LAST_DAY, LAST_MONTH, Month
from foundation.unseen import refused_at, without_unseen


class DayField(forms.DateField):
    """A day as an HTML date field writes it."""

    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    input_formats = ["%Y-%m-%d"]
    default_validators = [
        MinValueValidator(FIRST_DAY, f"日期不能早于 {FIRST_DAY}。"),
        MaxValueValidator(LAST_DAY, f"日期不能晚于 {LAST_DAY}。"),
    ]
    default_error_messages = {"invalid": "日期请写成 2009-06-15 的形式。", "required": "请填写日期。"}


class WordsField(forms.CharField):
    """A text as people read it: what has no width is left out, control characters and marks of direction refused."""

    def to_python(self, value: Any) -> Any:  # Django's signature
        text = super().to_python(value)
        if not isinstance(text, str):
            return text
        place = refused_at(text)
        if place is not None:
            raise ValidationError(f"含看不见的字符(第 {place} 个字),请重新输入。", code="unseen")
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
    """Yuan with two decimals."""

    widget = forms.TextInput({"inputmode": "decimal"})
    default_error_messages = {
        "required": "请填写金额。",
        "invalid": "请填写金额,例如 1500.00。",
        "max_decimal_places": "金额最多两位小数。",
        "min_value": "金额不能小于零。",
    }

    def __init__(self, **options: Any) -> None:  # Django's
        super().__init__(max_digits=11, decimal_places=2, **options)


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
