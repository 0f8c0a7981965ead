"""Short forms of what a person is qualified for, of working time, source and secondment."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from foundation.fields import DayField, ReasonField, WordsField
from staffing.enums import ComputerLevel, Education, PostingSource, QualificationKind, SecondmentKind
from staffing.models import Posting, RecruitmentRound, Secondment

NO_SUCH_CHOICE = {"invalid_choice": "没有这个选项,请从列表中选择。"}
_SECONDMENT = ("home_unit", "kind", "started_on", "ended_on", "document")
_LEVELS: dict[QualificationKind, type[Education | ComputerLevel]] = {
    QualificationKind.EDUCATION: Education,
    QualificationKind.COMPUTER: ComputerLevel,
}


def _qualifications() -> list[tuple[str, Any]]:
    """Kind and level in one choice; the highest education first."""
    return [
        ("", "请选择"),
        *(
            (kind.label, [(f"{kind}:{level}", level.label) for level in reversed(list(levels))])
            for kind, levels in _LEVELS.items()
        ),
        (QualificationKind.CERTIFICATE.label, [(f"{QualificationKind.CERTIFICATE}:", "证书(在下面写名称)")]),
    ]


class QualificationForm(forms.Form):
    """What a person is qualified for, and since when."""

    qualification = forms.ChoiceField(
        label="资格", choices=_qualifications, error_messages={"required": "请选择资格。", **NO_SUCH_CHOICE}
    )
    name = WordsField(label="证书名称(登记证书的填)", max_length=100, required=False)
    obtained_on = DayField(label="取得日期(从这一天起算;不清楚的不填,一直算有)", required=False)
    paper = WordsField(label="证明材料(如毕业证书编号)", max_length=200, required=False)

    def clean_obtained_on(self) -> date | None:
        day: date | None = self.cleaned_data["obtained_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("取得日期还没有到,取得以后再登记。")
        return day

    def clean(self) -> dict[str, Any]:
        """What the service takes: kind, level, name, day and paper."""
        fields = dict(super().clean() or self.cleaned_data)
        chosen = fields.pop("qualification", "")
        if not chosen:
            return fields
        kind_value, _, level = chosen.partition(":")
        kind = QualificationKind(kind_value)
        if kind is QualificationKind.CERTIFICATE and not fields.get("name"):
            self.add_error("name", "请填写证书名称。")
        if kind is not QualificationKind.CERTIFICATE and fields.get("name"):
            self.add_error("name", "登记学历、计算机操作的不填证书名称,请清空或改选证书。")
        return {**fields, "kind": kind, "level": _LEVELS[kind](level) if level else None}


class WorkingTimeForm(forms.Form):
    """Full or part-time from a day on."""

    is_full_time = forms.TypedChoiceField(
        label="专职/兼职",
        choices=[("", "请选择"), ("yes", "专职"), ("no", "兼职")],
        coerce=lambda value: value == "yes",
        error_messages={"required": "请选择专职或兼职。", **NO_SUCH_CHOICE},
    )
    effective_from = DayField(label="执行日期(从这一天起;到岗时就是的不填)", required=False)
    document = WordsField(label="依据文件(没有的不填)", max_length=200, required=False)


class SourceForm(forms.Form):
    """Where somebody on a post came from."""

    source = forms.TypedChoiceField(
        label="人员来源",
        choices=[("", "请选择"), *PostingSource.choices()],
        coerce=PostingSource,
        error_messages={"required": "请选择人员来源。", **NO_SUCH_CHOICE},
    )
    recruitment_round = forms.ModelChoiceField(
        RecruitmentRound.objects.none(),
        label="哪一次公开招聘(来源是公开招聘的选)",
        empty_label="没有",
        required=False,
        error_messages=NO_SUCH_CHOICE,
    )
    reason = ReasonField(label="说明(没有的不填)", max_length=300, required=False)

    @classmethod
    def of(cls, posting: Posting) -> "SourceForm":
        return cls(initial={"source": posting.source, "recruitment_round": posting.recruitment_round_id})

    @staticmethod
    def fit(posting: Posting, form: forms.Form) -> None:
        """The rounds of the posting's township, the latest first."""
        rounds = form.fields["recruitment_round"]
        if isinstance(rounds, forms.ModelChoiceField):
            rounds.queryset = rounds_of(posting)


def rounds_of(posting: Posting) -> Any:  # a query set of rounds
    of_township = RecruitmentRound.objects.live().filter(township=posting.township_id)
    return of_township.order_by("is_historical", "-noticed_on", "-pk")


class SecondmentForm(forms.Form):
    """From which unit somebody is on loan, and until when."""

    home_unit = WordsField(label="原单位", max_length=100, error_messages={"required": "请填写原单位。"})
    kind = forms.TypedChoiceField(
        label="编制性质",
        choices=[("", "请选择"), *SecondmentKind.choices()],
        coerce=SecondmentKind,
        error_messages={"required": "请选择编制性质。", **NO_SUCH_CHOICE},
    )
    started_on = DayField(label="借调起始(第一天)")
    ended_on = DayField(label="借调终止(最后一天,未定的不填)", required=False)
    document = WordsField(label="依据文件(没有的不填)", max_length=200, required=False)


class CorrectSecondmentForm(SecondmentForm):
    """A secondment as it should stand: ended, prolonged or put right."""

    reason = ReasonField(
        label="更正或办理的原因", max_length=300, error_messages={"required": "请填写原因,例如“续借一年”。"}
    )

    @classmethod
    def of(cls, secondment: Secondment) -> "CorrectSecondmentForm":
        return cls(initial={name: getattr(secondment, name) for name in _SECONDMENT})
