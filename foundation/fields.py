"""Fields of forms that know no county."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.dates import Month


class MonthField(forms.CharField):
    """A month written YYYY-MM, as a Month."""

    widget = forms.TextInput({"type": "month", "placeholder": "2009-06"})

    def to_python(self, value: Any) -> Any:  # Django's signature
        text = super().to_python(value)
        if not text or isinstance(value, Month):
            return value or None
        try:
            return Month.parse(text)
        except ValueError as error:
            raise ValidationError("月份请写成 2009-06 的形式。", code="invalid") from error
