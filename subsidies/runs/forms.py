"""Forms of the pages of months: what to calculate, a step, an amount beside the rules, reasons for old differences."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.models import User
from foundation.asked import whole_numbers
from foundation.fields import MonthField, PersonalField, ReasonField, WordsField, YuanField
from staffing.models import Person, Posting
from subsidies.calculation.adjustments import namesakes
from subsidies.enums import RunState
from townships.models import Township


class CalculateForm(forms.Form):
    """Which month to calculate."""

    month = MonthField(label="月份", error_messages={"required": "请填写要核算的月份。"})
    expected = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class StepForm(forms.Form):
    """A step with a run: the revision and the state that were seen, and the reason where one is asked for."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    state = forms.ChoiceField(choices=RunState.choices, required=False, widget=forms.HiddenInput)
    reason = ReasonField(label="原因", max_length=500, required=False)


class RevisionsForm(forms.Form):
    """Two revisions of a run, by their numbers."""

    to = forms.IntegerField(min_value=1)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["from"] = forms.IntegerField(min_value=1)  # no name that a class could have

    @property
    def pair(self) -> tuple[int, int]:
        return self.cleaned_data["from"], self.cleaned_data["to"]


class AdjustmentForm(forms.Form):
    """An amount beside what the rules give; `posting` is that of the old difference which it settles.

    A name that several people of the township have brings a further field, to choose from them.
    """

    township = forms.ModelChoiceField(Township.objects.none(), label="镇乡(街道)")
    person = PersonalField(label="人员姓名(针对某一人的才填)", max_length=60, required=False)
    for_month = MonthField(label="所属月份", error_messages={"required": "请填写所属月份。"})
    amount = YuanField(label="金额(元,减少的写负数)", error_messages={"invalid": "请填写金额,例如 -120.00。"})
    document = WordsField(label="依据文件", max_length=200)
    reason = ReasonField(label="原因", max_length=300)
    posting = forms.ModelChoiceField(Posting.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        postings = self.fields["posting"]
        if isinstance(postings, forms.ModelChoiceField):
            postings.queryset = Posting.objects.visible_to(user)
        townships = self.fields["township"]
        if isinstance(townships, forms.ModelChoiceField):
            townships.queryset = Township.objects.visible_to(user)
        if not self.is_bound and "namesake" in self.initial:
            self._offer(self._named(self.initial["person"], self.initial["township"]))

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        name, township = fields.get("person", ""), fields.get("township")
        fields["person"] = self._chosen(name, township) if name and township else None
        return fields

    def _chosen(self, name: str, township: Township) -> Person | None:
        """The one person of the name, or the one that was chosen of several."""
        found = self._named(name, township)
        if not found:
            self.add_error("person", f"{township.name}没有这个人,请核对姓名。")
            return None
        if len(found) == 1:
            return next(iter(found))
        self._offer(found)
        wanted = self.data.get("namesake", "")
        chosen = next((person for person in found if str(person.pk) == wanted), None)
        if chosen is None:
            self.add_error("namesake", f"{township.name}有 {len(found)} 个人叫“{name}”,请选择是哪一个。")
        return chosen

    def _named(self, name: str, township: Township) -> Mapping[Person, str]:
        return namesakes(name, township, Person.objects.visible_to(self.user))

    def _offer(self, found: Mapping[Person, str]) -> None:
        """A field to choose one of several, after the name."""
        if len(found) < 2:
            return
        choices = [("", "请选择"), *((str(person.pk), words) for person, words in found.items())]
        self.fields["namesake"] = forms.ChoiceField(label="同名的人中是哪一个", choices=choices, required=False)
        self.order_fields(["township", "person", "namesake"])


class AnswerForm(forms.Form):
    """One reason for what is ticked, or for the `whole` of what has none, of a revision."""

    BOXES: ClassVar[str]
    revision = forms.IntegerField(min_value=1)
    reason = ReasonField(label="情况说明", max_length=300)
    whole = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any] | None:
        if not self.data.get("whole") and not self.data.get(self.BOXES):
            raise ValidationError("请勾选要说明的各条。", code="required")
        return super().clean()


class OldDifferencesForm(AnswerForm):
    BOXES = "difference"

    @property
    def chosen(self) -> set[int] | None:
        """The ids that are ticked; None where the whole is meant."""
        if self.data.get("whole"):
            return None
        return whole_numbers(self.data, self.BOXES) if isinstance(self.data, QueryDict) else set()


class FindingsForm(AnswerForm):
    BOXES = "finding"

    @property
    def chosen(self) -> set[str] | None:
        """The keys that are ticked; None where the whole is meant."""
        if self.data.get("whole"):
            return None
        return set(self.data.getlist(self.BOXES)) if isinstance(self.data, QueryDict) else set()
