"""Forms of a township's report: sent up, explained, decided."""

from django import forms

from foundation.fields import WordsField
from subsidies.enums import ReportAction, ReportState


class SubmitForm(forms.Form):
    """A month that is sent up: how often it was before, and a note."""

    submission = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    note = WordsField(label="说明", max_length=300, required=False)

    def clean_note(self) -> str:
        """One line, whatever was typed into the area."""
        return " ".join(str(self.cleaned_data["note"]).split())


class AcknowledgeForm(forms.Form):
    """One reason for the findings that are ticked."""

    reason = WordsField(label="情况说明", max_length=300)


class DecisionForm(forms.Form):
    """The bureau's word on a report as it was seen."""

    submission = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        choices=[(action.value, action.label) for action in (ReportAction.ACCEPT, ReportAction.RETURN)]
    )
    state = forms.ChoiceField(
        choices=[(state.value, state.label) for state in ReportState], required=False, widget=forms.HiddenInput
    )
    reason = WordsField(label="退回原因", max_length=500, required=False)
