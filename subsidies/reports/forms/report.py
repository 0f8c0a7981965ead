"""Forms of a township's report: sent up, explained, decided."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from foundation.asked import number_of
from foundation.fields import ReasonField
from subsidies.enums import ReportAction, ReportState
from subsidies.reports.acknowledgements import AnsweredFinding


class SubmitForm(forms.Form):
    """A month that is sent up: how often it was before, and a note."""

    submission = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    note = ReasonField(label="说明", max_length=300, required=False)


class AcknowledgeForm(forms.Form):
    """One reason for the findings that are ticked, singly or by their check, or for the `whole` of those listed.

    Of what is ticked by its check, and of the whole, only what the page listed.
    """

    reason = ReasonField(label="情况说明", max_length=300)
    whole = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.listed = set(data.getlist("listed"))
        self.chosen = self.listed if data.get("whole") else set(data.getlist("finding"))
        self.checks = set(data.getlist("check"))

    def names(self, row: AnsweredFinding) -> bool:
        """Whether the finding is among those that were ticked."""
        return row.key in self.chosen or (row.key in self.listed and row.group in self.checks)

    def clean(self) -> dict[str, Any] | None:
        if not self.chosen and not self.checks:
            raise ValidationError("请勾选要说明的提示。", code="required")
        return super().clean()


class AcceptForm(forms.Form):
    """Reports that are ticked, each as `code:how often it was sent up`: `seen`, by the code of the township."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        pairs = (key.partition(":") for key in data.getlist("report"))
        self.seen = {code: number_of(submission, "report") for code, _, submission in pairs}

    def clean(self) -> dict[str, Any] | None:
        if not self.seen:
            raise ValidationError("还没有勾选月报:请先勾选要审核通过的,再点按钮。", code="required")
        return super().clean()


class DecisionForm(forms.Form):
    """The bureau's word on a report as it was seen.

    Beside the general reason, each field `reason-<posting id>` is why one person is given back.
    """

    PREFIX = "reason-"
    submission = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        choices=[(action.value, action.label) for action in (ReportAction.ACCEPT, ReportAction.RETURN)]
    )
    state = forms.ChoiceField(
        choices=[(state.value, state.label) for state in ReportState], required=False, widget=forms.HiddenInput
    )
    reason = ReasonField(label="退回原因", max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        """With `posting_reasons`: posting id -> reason, those that were left empty too."""
        fields = super().clean() or self.cleaned_data
        words = ReasonField(max_length=200, required=False)
        given = {name.removeprefix(self.PREFIX): name for name in self.data if name.startswith(self.PREFIX)}
        fields["posting_reasons"] = {
            number_of(posting, "reason"): words.clean(self.data[name]) for posting, name in given.items()
        }
        return fields
