"""The forms in which a unit 村(社区) ends, each with what becomes of whoever is on post there."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from foundation.fields import DayField, ReasonField, WordsField
from pages.registry.unit_forms import LONGEST_NAME, CodeField
from staffing.enums import Settlement
from staffing.models import Posting
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, GrassrootsUnitQuerySet

_SETTLED = "posting_"
_LEAVES_OR_STAYS = (Settlement.LEAVES, Settlement.STAYS)


class SettlingForm(forms.Form):
    """A day, and a choice for everybody who goes on at the unit after it; `day_field` names it, `last_day` of the unit
    follows from it."""

    day_field = "last_day"
    choices: Sequence[Settlement] = _LEAVES_OR_STAYS
    first_choice: Settlement | None = None

    @property
    def unit_ends_on(self) -> date | None:
        """The last day of the unit as far as it can be read."""
        try:
            found: date | None = self.fields[self.day_field].clean(self.data.get(self.day_field, ""))
        except forms.ValidationError:
            return None
        return found

    def offer(self, staying: Sequence[Posting]) -> None:
        """Ask of each of those what becomes of them."""
        for posting in staying:
            until = f",{posting.ended_on} 离岗" if posting.ended_on else ""
            self.fields[f"{_SETTLED}{posting.pk}"] = forms.TypedChoiceField(
                label=f"{posting.person.name}({posting.started_on} 到岗{until})",
                choices=[(choice.value, choice.label) for choice in self.choices],
                coerce=Settlement,
                initial=self.first_choice,
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"请选择{posting.person.name}以后怎么办。",
                    "invalid_choice": "没有这个选项,请重新选择。",
                },
            )

    @property
    def settled(self) -> dict[int, Settlement]:
        """By posting, of a valid form."""
        return {
            int(name.removeprefix(_SETTLED)): choice
            for name, choice in self.cleaned_data.items()
            if name.startswith(_SETTLED)
        }

    @property
    def entered(self) -> Mapping[str, Any]:  # what a service takes
        """The fields of a valid form but for those of postings."""
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith(_SETTLED)}


class CloseUnitForm(SettlingForm):
    """The last day of a unit, on which document."""

    last_day = DayField(label="最后一天")
    reason = ReasonField(
        label="依据文件或原因", max_length=200, error_messages={"required": "请填写撤销所依据的文件或原因。"}
    )


class FollowedForm(SettlingForm):
    """The unit ends the day before the first one of what follows it."""

    day_field = "first_day"
    choices = (Settlement.MOVES, Settlement.LEAVES, Settlement.STAYS)

    @property
    def unit_ends_on(self) -> date | None:
        first_day = super().unit_ends_on
        return None if first_day is None else first_day - timedelta(days=1)


class MergeUnitForm(FollowedForm):
    """Into which unit of the township, from which day on, on which document."""

    into = forms.ModelChoiceField(
        queryset=GrassrootsUnit.objects.none(),
        label="并入哪个村(社区)",
        to_field_name="code",
        empty_label="请选择",
        error_messages={
            "required": "请选择并入哪个村(社区)。",
            "invalid_choice": "没有这个村(社区),请从列表中选择。",
        },
    )
    first_day = DayField(label="从哪一天起合并(当天算新的)")
    reason = ReasonField(
        label="依据文件或原因", max_length=200, error_messages={"required": "请填写合并所依据的文件或原因。"}
    )

    def __init__(self, *args: Any, others: GrassrootsUnitQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]  # a ModelChoiceField's


class ConvertUnitForm(FollowedForm):
    """What the unit becomes, under which code, from which day on, on which document."""

    first_choice = Settlement.MOVES
    kind = forms.TypedChoiceField(
        label="改设为",
        coerce=UnitKind,
        error_messages={"required": "请选择改设为什么。", "invalid_choice": "没有这个类别,请从列表中选择。"},
    )
    name = WordsField(label="新的名称", max_length=LONGEST_NAME, error_messages={"required": "请填写新的名称。"})
    code = CodeField(
        label="新的区划代码",
        widget=forms.TextInput({"inputmode": "numeric", "size": 14, "autocomplete": "off"}),
        error_messages={"required": "请填写新的区划代码。"},
    )
    first_day = DayField(label="从哪一天起(当天算新的)")
    reason = ReasonField(
        label="依据文件或原因", max_length=200, error_messages={"required": "请填写改设所依据的文件或原因。"}
    )

    def __init__(self, *args: Any, kind: UnitKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [choice for choice in UnitKind.choices() if choice[0] != kind.value]
        self.fields["kind"].choices = [("", "请选择"), *others]  # type: ignore[attr-defined]  # a ChoiceField's


class ReopenUnitForm(forms.Form):
    """Why what was closed goes on."""

    reason = ReasonField(label="恢复的原因", max_length=200, error_messages={"required": "请填写恢复的原因。"})
