"""Which of the waiting entries are approved, or given back with a reason."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from foundation.fields import ReasonField
from pages.approvals import Approvals, kind_of_key

_CHANGED = {"invalid_choice": "所选的有的已被别人办理或改动过,一条也没有办理。请看下面最新的内容,重新勾选。"}


class EntriesForm(forms.Form):
    """The entries that are ticked one by one, by the keys that the page has shown, and the `whole` of some kinds."""

    entry = forms.MultipleChoiceField(required=False, error_messages=_CHANGED)
    whole = forms.MultipleChoiceField(required=False, error_messages=_CHANGED)
    reason = ReasonField(label="退回原因", max_length=300, required=False)

    def __init__(self, waiting: Approvals, data: QueryDict) -> None:
        """`waiting` is what waits now."""
        super().__init__(data)
        self.waiting = waiting
        for name, values in (("entry", waiting.keys), ("whole", waiting.whole.values())):
            self.fields[name].choices = [(value, value) for value in values]  # type: ignore[attr-defined]  # choices

    def clean(self) -> dict[str, Any]:
        """With the keys of all that is meant under `entry`."""
        fields = super().clean() or self.cleaned_data
        kinds = {kind_of_key(value) for value in fields.get("whole", ())}
        of_kinds = {key for key in self.waiting.keys if kind_of_key(key) in kinds}
        fields["entry"] = sorted(of_kinds.union(fields.get("entry", ())))
        if not fields["entry"] and not self.errors:
            raise ValidationError("还没有勾选。请先勾选要办理的事项。", code="required")
        return fields
