"""Forms about who a person is: name, number and phone, merging records, deciding what was proposed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.fields import PersonalField, ReasonField
from staffing.models import Person
from staffing.national_id import NationalId, NationalIdError, check
from staffing.written_names import written_name
from townships.places import comparable

_DIGITS = "0123456789"


class NumberField(PersonalField):
    """An id number, as a NationalId; empty is None. What is wrong with another is said."""

    def __init__(self, **options: Any) -> None:  # Django's
        super().__init__(max_length=40, **options)

    def to_python(self, value: Any) -> Any:  # Django's signature
        text = super().to_python(value)
        if not text:
            return None
        try:
            return check(text, today=timezone.localdate())
        except NationalIdError as error:
            raise ValidationError(f"{error.message}。请与本人身份证核对。", code=error.code) from error

    def run_validators(self, value: Any) -> None:  # Django's signature
        """It was checked as it was read."""


class CorrectPersonForm(forms.Form):
    """Name, number and phone as they should be, and why; what is left empty stays."""

    name = PersonalField(label="姓名", max_length=60, error_messages={"required": "请填写姓名。"})
    national_id = NumberField(label="新的身份证号(不改的不填)", required=False)
    phone = PersonalField(label="新的联系电话(不改的不填)", max_length=30, required=False)
    reason = ReasonField(
        label="更正的原因", max_length=300, error_messages={"required": "请填写原因,例如“按本人身份证更正”。"}
    )

    @classmethod
    def of(cls, person: Person) -> "CorrectPersonForm":
        return cls(initial={"name": person.name})

    def clean_name(self) -> str:
        try:
            return written_name(self.cleaned_data["name"])
        except ValueError as error:
            message, _, advice = str(error).partition(";")
            raise ValidationError(f"{message}。{advice}。", code="name") from error

    def clean_phone(self) -> str:
        phone = comparable(self.cleaned_data["phone"])
        if phone and not set(phone) & set(_DIGITS):
            raise ValidationError("联系电话里没有数字,请核对。", code="phone")
        return phone


class OtherRecordForm(forms.Form):
    """The number by which the other record of a person is found, and why the two are one."""

    national_id = NumberField(
        label="另一条记录的身份证号", error_messages={"required": "请填写另一条记录的身份证号。"}
    )
    reason = ReasonField(
        label="合并的原因", max_length=300, error_messages={"required": "请填写原因,例如“同一人,身份证号录错”。"}
    )

    @property
    def number(self) -> NationalId:
        found: NationalId = self.cleaned_data["national_id"]
        return found


class MergeForm(forms.Form):
    """Why two records are one."""

    reason = ReasonField(
        label="合并的原因", max_length=300, error_messages={"required": "请填写原因,例如“同一人,身份证号录错”。"}
    )


class UnmergeForm(forms.Form):
    """Why they are two after all."""

    reason = ReasonField(
        label="取消合并的原因", max_length=300, error_messages={"required": "请填写原因,例如“不是同一人”。"}
    )


class RefuseProposalForm(forms.Form):
    """Why a proposal is not followed: its proposer reads it."""

    reason = ReasonField(
        label="不予采纳的原因(提出的镇街会看到)", max_length=300, error_messages={"required": "请填写不予采纳的原因。"}
    )
