"""The form that gives an address of a list a name."""

from django import forms
from django.http import QueryDict

from foundation.fields import WordsField
from foundation.lists.address import AFTER, BEFORE
from pages.saved_lists import SAVED_LISTS


class SavedFilterForm(forms.Form):
    """`query` is the address of the page that the form stands on."""

    list = forms.ChoiceField(
        choices=[(name, listed.label) for name, listed in SAVED_LISTS.items()],
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "没有这张表。", "required": "没有这张表。"},
    )
    query = WordsField(
        required=False,
        max_length=1000,
        widget=forms.HiddenInput,
        error_messages={"max_length": "条件太长,请减少几个条件再保存。"},
    )
    name = WordsField(
        label="常用筛选的名称",
        max_length=30,
        error_messages={"required": "请给常用筛选起个名称。", "max_length": "名称最多 30 个字。"},
    )

    def clean_query(self) -> str:
        """Without the place of the page."""
        query = QueryDict(self.cleaned_data["query"], mutable=True)
        for name in (AFTER, BEFORE):
            query.pop(name, None)
        return query.urlencode(safe=",")
