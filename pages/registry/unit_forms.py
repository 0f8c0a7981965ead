"""The forms in which a new unit 村(社区), or another name of one, is entered."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from foundation.fields import DayField, ReasonField, WordsField, half_width
from townships.enums import UnitKind
from townships.models import Township, TownshipQuerySet

LONGEST_NAME = 60


class CodeField(forms.CharField):
    """The code of a place, in digits of either width."""

    default_validators = [RegexValidator(r"\A[0-9]{1,12}\Z", "区划代码请写 12 位以内的数字。")]

    def to_python(self, value: Any) -> Any:  # Django's signature
        text = super().to_python(value)
        return half_width(text) if isinstance(text, str) else text


class OpenUnitForm(forms.Form):
    """In which township, what it is called and is, from which day on, on which document."""

    township = forms.ModelChoiceField(
        queryset=Township.objects.none(),
        label="镇乡(街道)",
        to_field_name="code",
        empty_label="请选择",
        error_messages={
            "required": "请选择镇乡(街道)。",
            "invalid_choice": "没有这个镇乡(街道),请从列表中选择。",
        },
    )
    name = WordsField(label="名称", max_length=LONGEST_NAME, error_messages={"required": "请填写村(社区)的名称。"})
    kind = forms.TypedChoiceField(
        label="类别",
        choices=[("", "请选择"), *UnitKind.choices()],
        coerce=UnitKind,
        error_messages={
            "required": "请选择类别。",
            "invalid_choice": "没有这个类别,请从列表中选择。",
        },
    )
    code = CodeField(
        label="区划代码",
        widget=forms.TextInput({"inputmode": "numeric", "size": 14, "autocomplete": "off"}),
        error_messages={"required": "请填写区划代码。"},
    )
    opened_on = DayField(label="设立日期(第一天)")
    reason = ReasonField(
        label="依据文件或原因", max_length=200, error_messages={"required": "请填写设立所依据的文件或原因。"}
    )

    def __init__(self, *args: Any, townships: TownshipQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships  # type: ignore[attr-defined]  # a ModelChoiceField's


class RenameUnitForm(forms.Form):
    """What a unit is called, from which day on, on which document."""

    name = WordsField(label="新名称", max_length=LONGEST_NAME, error_messages={"required": "请填写新的名称。"})
    first_day = DayField(label="从哪一天起(当天算新名称)")
    reason = ReasonField(
        label="依据文件或原因", max_length=200, error_messages={"required": "请填写改名所依据的文件或原因。"}
    )
