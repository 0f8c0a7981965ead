"""The form of the page of policy: which day's rules."""

from django import forms


class PolicyDayForm(forms.Form):
    """The day whose rules are looked up, and where a page of older versions begins."""

    on = forms.DateField(
        label="查看哪一天的规定",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期请写成 2009-06-15 的形式。"},
    )
    before = forms.DateField(required=False, widget=forms.HiddenInput)
