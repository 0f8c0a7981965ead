"""Forms for those who are no longer on post in the month that is reported: what happened to all of them."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from foundation.dates import Month
from staffing.forms import DaysOffForm, LeavingForm


class LeaveForm(LeavingForm):
    """They left, all for the same reason."""

    prefix = "leave"
    # They stand in the form of the report, which is sent up without them.
    use_required_attribute = False

    def __init__(self, month: Month, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.month = month

    def clean_ended_on(self) -> date:
        return _not_after(self.cleaned_data["ended_on"], self.month, "离岗")


class SuspensionForm(DaysOffForm):
    """They are off their posts for a time."""

    prefix = "suspension"
    use_required_attribute = False

    def __init__(self, month: Month, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.month = month

    def clean_started_on(self) -> date:
        return _not_after(self.cleaned_data["started_on"], self.month, "停发")

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        first, last = fields.get("started_on"), fields.get("ended_on")
        if first and last and last < first:
            self.add_error("ended_on", "停发终止不能早于停发起始。")
        return fields


def _not_after(day: date, month: Month, what: str) -> date:
    if day > month.last:
        raise ValidationError(f"{day} 在{month.label}以后:这个月还在岗的请去掉“不在岗”的勾,到那个月再登记{what}。")
    return day
