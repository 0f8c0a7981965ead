"""Short forms of a transfer 调动: what the sending township says, what the receiving one says, why it is refused."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms

from foundation.fields import DayField, ReasonField, WordsField, YuanField
from pages.transfers.places import PlaceChoice
from staffing.models import Posting, Transfer
from staffing.transfers.services import Terms
from townships.models import Township

_DOCUMENT = "请写明调动的原因或依据文件,例如“调令〔2010〕3号”。"
_PLACE = {"required": "请选择调入的岗位。", "invalid_choice": "没有这个岗位,请从列表中选择。"}


class AskForm(forms.Form):
    """The last day and where somebody goes."""

    to_township = forms.ModelChoiceField(
        label="调往哪个镇乡(街道)",
        queryset=Township.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择调往哪个镇乡(街道)。", "invalid_choice": "没有这个镇乡(街道),请重新选择。"},
    )
    last_day = DayField(label="在原岗位的最后一天")
    document = ReasonField(label="调动原因或依据文件", max_length=200, error_messages={"required": _DOCUMENT})

    @staticmethod
    def fit(posting: Posting, form: forms.Form) -> None:
        field = form.fields["to_township"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = Township.objects.exclude(pk=posting.township_id)
        if posting.ended_on is not None:
            form.fields["last_day"].initial = posting.ended_on


class TermsForm(forms.Form):
    """Where and from when somebody goes on; wage and contract where they are settled already."""

    place = forms.ChoiceField(label="调入的岗位", error_messages=_PLACE)
    first_day = DayField(label="在新岗位的第一天")
    monthly_wage = YuanField(label="月工资(元,还没有定的不填)", required=False, min_value=0)
    employer_insurance = YuanField(label="单位社保(元,不清楚的不填)", required=False, min_value=0)
    housing_fund = YuanField(label="住房公积金(元,没有或不清楚的不填)", required=False, min_value=0)
    contract_from = DayField(label="劳动合同起始(还没有签的不填)", required=False)
    contract_until = DayField(label="劳动合同终止(无固定期限的不填)", required=False)
    contract_number = WordsField(label="合同编号(没有的不填)", max_length=80, required=False)

    def offer(self, places: Sequence[PlaceChoice]) -> None:
        """The places that may be chosen; the only ones that are taken."""
        self.places = {choice.key: choice for choice in places}
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", "请选择"), *((choice.key, choice.label) for choice in places)]

    @property
    def chosen(self) -> PlaceChoice:
        return self.places[self.cleaned_data["place"]]

    @property
    def terms(self) -> Terms:
        said = self.cleaned_data
        names = ("monthly_wage", "employer_insurance", "housing_fund", "contract_from", "contract_until")
        return Terms(**{name: said[name] for name in names}, contract_number=said["contract_number"])

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        if fields.get("monthly_wage") is None and (fields.get("employer_insurance") or fields.get("housing_fund")):
            self.add_error("monthly_wage", "填了社保或公积金的,请同时填写月工资。")
        if not fields.get("contract_from") and (fields.get("contract_until") or fields.get("contract_number")):
            self.add_error("contract_from", "填了合同终止或编号的,请同时填写合同起始。")
        return fields

    @classmethod
    def of(cls, transfer: Transfer) -> "TermsForm":
        """From the day after the last one, and at the township as before where it was no unit's post."""
        place = "" if transfer.posting.unit_id else transfer.posting.position
        return cls(initial={"first_day": transfer.last_day + timedelta(days=1), "place": place})


class MoveForm(TermsForm):
    """Both words at once."""

    last_day = DayField(label="在原岗位的最后一天")
    document = ReasonField(label="调动原因或依据文件", max_length=200, error_messages={"required": _DOCUMENT})

    field_order = ("last_day", "place", "first_day", "document")


class RefuseForm(forms.Form):
    """Why nobody is taken up."""

    reason = ReasonField(label="退回的原因", max_length=200, error_messages={"required": "请填写退回的原因。"})


class CallBackForm(forms.Form):
    """Why the own word is taken back."""

    reason = ReasonField(label="撤回的原因", max_length=200, error_messages={"required": "请填写撤回的原因。"})
