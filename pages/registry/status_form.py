"""The form in which a township's status 区划状态 is entered."""

from typing import Any

from django import forms

from foundation.fields import DayField, WordsField
from pages.registry.unit_forms import LONGEST_NAME
from townships.enums import TownshipKind


class StatusForm(forms.Form):
    """What the township is called and is, from which day on, on which document."""

    name = WordsField(label="名称", max_length=LONGEST_NAME, error_messages={"required": "请填写镇乡(街道)的名称。"})
    kind = forms.TypedChoiceField(
        label="类别",
        choices=TownshipKind.choices(),
        coerce=TownshipKind,
        error_messages={"required": "请选择类别。", "invalid_choice": "没有这个类别,请从列表中选择。"},
    )
    is_central_town = forms.BooleanField(label="是中心镇", required=False)
    effective_from = DayField(label="执行日期(第一天)")
    document = WordsField(
        label="依据文件",
        max_length=200,
        widget=forms.TextInput({"size": 40}),
        error_messages={"required": "请填写依据文件的文号或标题。"},
    )

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        if fields.get("is_central_town") and fields.get("kind") not in (None, TownshipKind.TOWN):
            self.add_error("is_central_town", "只有镇可以是中心镇。")
        return fields
