"""Which of the waiting entries are approved, or given back with a reason."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict

from foundation.fields import WordsField


class EntriesForm(forms.Form):
    """The ticked entries, by the keys that the page has shown; `keys` are those that wait now."""

    entry = forms.MultipleChoiceField(
        error_messages={
            "required": "还没有勾选。请先勾选要办理的事项。",
            "invalid_choice": "所选的有的已被别人办理或改动过,一条也没有办理。请看下面最新的内容,重新勾选。",
        }
    )
    reason = WordsField(label="退回原因", max_length=300, required=False)

    def __init__(self, keys: Iterable[str], data: QueryDict) -> None:
        super().__init__(data)
        self.fields["entry"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]  # a choice field
