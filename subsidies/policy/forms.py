"""The form of the page of policy: which day's rules."""

from django import forms

from foundation.fields import DayField, DayPicker


class PolicyDayForm(forms.Form):
    """The day whose rules are looked up, and where a page of older versions begins."""

    on = DayField(label="查看哪一天的规定", required=False, widget=DayPicker)
    before = DayField(required=False, widget=forms.HiddenInput)
