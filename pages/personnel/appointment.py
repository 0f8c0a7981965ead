"""The form of an appointment: who takes which post of a township from when, with wage and contract."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField

from accounts.models import User
from foundation.fields import DayField, PersonalField, ReasonField, WordsField, YuanField
from pages.personnel import doubts
from pages.personnel.forms import NO_SUCH_CHOICE
from staffing.entries import ContractEntry, WageEntry
from staffing.enums import ContractKind, Education, EndKind, Position, PostingSource
from staffing.identity import identify, name_person
from staffing.labels import position_name
from staffing.models import Person, Posting, RecruitmentRound
from staffing.national_id import NationalId, NationalIdError, check
from staffing.people.correcting import different
from staffing.people.facts import LABELS, Fact, fact, in_words
from staffing.positions import POSITIONS_OF_KIND
from staffing.postings.taking_on import Leaving, NewPerson
from staffing.written_names import is_same_name, written_name
from subsidies.posts.places import places_on
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, Township

_TOWNSHIP_POSTS = (Position.PLATFORM_STAFF, Position.ASSISTANT)
_UNKNOWN = ("", "不清楚")


def _yes_no(label: str, yes: str, no: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[_UNKNOWN, ("yes", yes), ("no", no)],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        error_messages=NO_SUCH_CHOICE,
    )


class AppointmentForm(forms.Form):
    """What is asked of an appointment in one township.

    `person`: somebody who is on record, and is not asked for name and number again. `known` is whoever has the number
    that was typed; the clerk says whether it is them. `predecessors` are on the chosen post on the first day.
    """

    name = PersonalField(label="姓名", max_length=60, error_messages={"required": "请填写姓名。"})
    national_id = PersonalField(label="身份证号", max_length=40, required=False)
    is_known = forms.BooleanField(label="就是此人", required=False)
    phone = PersonalField(label="联系电话", max_length=30, required=False)
    education = forms.TypedChoiceField(
        label="学历",
        choices=[_UNKNOWN, *Education.choices()],
        coerce=Education,
        empty_value=None,
        required=False,
        error_messages=NO_SUCH_CHOICE,
    )
    has_computer_skill = _yes_no("计算机操作", "熟悉", "不熟悉")
    place = forms.ChoiceField(
        label="岗位", error_messages={"required": "请选择岗位。", "invalid_choice": "没有这个岗位,请从列表中选择。"}
    )
    started_on = DayField(label="到岗日期(第一天)", error_messages={"required": "请填写到岗日期。"})
    is_full_time = _yes_no("专职/兼职", "专职", "兼职")
    source = forms.TypedChoiceField(
        label="人员来源",
        choices=[_UNKNOWN, *PostingSource.choices()],
        coerce=PostingSource,
        empty_value=None,
        required=False,
        error_messages=NO_SUCH_CHOICE,
    )
    recruitment_round = forms.ModelChoiceField(
        RecruitmentRound.objects.none(),
        label="哪一次公开招聘",
        empty_label="没有",
        required=False,
        error_messages=NO_SUCH_CHOICE,
    )
    monthly_wage = YuanField(label="月工资(元)", required=False, min_value=0)
    employer_insurance = YuanField(label="单位社保(元)", required=False, min_value=0)
    housing_fund = YuanField(label="住房公积金(元)", required=False, min_value=0)
    contract_number = WordsField(label="合同编号", max_length=80, required=False)
    contract_started_on = DayField(label="合同起始(不填即到岗日)", required=False)
    contract_ended_on = DayField(label="合同终止(无固定期限的不填)", required=False)
    contract_kind = forms.TypedChoiceField(
        label="合同类型",
        choices=[("", "还没有签合同"), *ContractKind.choices()],
        coerce=ContractKind,
        empty_value=None,
        required=False,
        error_messages=NO_SUCH_CHOICE,
    )
    kin = WordsField(label="近亲属关系(没有的写“无”)", max_length=200, required=False)
    kin_signed_on = DayField(label="声明签字日期", required=False)
    predecessor = forms.TypedChoiceField(label="前任", required=False, coerce=int, empty_value=None, choices=[])
    predecessor_kind = forms.TypedChoiceField(
        label="前任离岗原因",
        choices=[("", "请选择"), *EndKind.choices()],
        coerce=EndKind,
        empty_value=None,
        required=False,
        error_messages=NO_SUCH_CHOICE,
    )
    predecessor_words = ReasonField(label="前任离岗说明(选“其他”的必填)", max_length=200, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        township: Township,
        user: User,
        today: date,
        person: Person | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.township, self.user, self.today, self.person = township, user, today, person
        self.known: Person | None = None
        self.number: NationalId | None = None
        self.units = {unit.code: unit for unit in GrassrootsUnit.objects.filter(township=township)}
        self._choice_field("place").choices = [("", "请选择"), *self._places()]
        rounds = self.fields["recruitment_round"]
        if isinstance(rounds, forms.ModelChoiceField):
            rounds.queryset = RecruitmentRound.objects.live().filter(township=township).order_by("-noticed_on", "-pk")
        self.predecessors = self._found_predecessors()
        self._choice_field("predecessor").choices = [
            ("", "不办前任离岗"),
            *((row.pk, f"{row.person.name}({row.started_on} 到岗)前一天离岗") for row in self.predecessors),
        ]
        if not self.predecessors:
            for name in ("predecessor", "predecessor_kind", "predecessor_words"):
                del self.fields[name]
        if not settings.KIN_DECLARATION:
            del self.fields["kin"], self.fields["kin_signed_on"]
        if person is not None:
            for name in ("name", "national_id", "is_known", "phone", "education", "has_computer_skill"):
                del self.fields[name]
        elif not self._has_known_number():
            del self.fields["is_known"]

    # What the page shows together.

    @property
    def of_person(self) -> Iterable[BoundField]:
        return self._those("name", "national_id", "is_known", "phone", "education", "has_computer_skill")

    @property
    def of_post(self) -> Iterable[BoundField]:
        return self._those(
            "place", "started_on", "is_full_time", "source", "recruitment_round", "kin", "kin_signed_on"
        )

    @property
    def of_predecessor(self) -> Iterable[BoundField]:
        return self._those("predecessor", "predecessor_kind", "predecessor_words")

    @property
    def of_terms(self) -> Iterable[BoundField]:
        return self._those(
            *("monthly_wage", "employer_insurance", "housing_fund"),
            *("contract_kind", "contract_number", "contract_started_on", "contract_ended_on"),
        )

    # What was entered, once it is valid.

    @property
    def who(self) -> Person | NewPerson:
        fields = self.cleaned_data
        return (
            self.person
            or self.known
            or NewPerson(
                name=fields["name"],
                national_id=self.number,
                education=fields["education"],
                has_computer_skill=fields["has_computer_skill"],
                phone=fields["phone"],
            )
        )

    @property
    def stated(self) -> dict[str, Fact]:
        """What the form says of somebody who is on record and found by the number; nothing of others."""
        if self.known is None:
            return {}
        fields = self.cleaned_data
        education = fields["education"]
        return {
            "phone": fields["phone"],
            "education": education.value if education else "",
            "has_computer_skill": fields["has_computer_skill"],
        }

    @property
    def unit(self) -> GrassrootsUnit | None:
        return self.units.get(self.cleaned_data["place"])

    @property
    def position(self) -> Position:
        return _position_of(self.cleaned_data["place"], self.units)

    @property
    def wage(self) -> WageEntry | None:
        parts = [self.cleaned_data[name] for name in ("monthly_wage", "employer_insurance", "housing_fund")]
        return None if all(part is None for part in parts) else WageEntry(*parts)

    @property
    def contract(self) -> ContractEntry | None:
        fields = self.cleaned_data
        number, kind = fields["contract_number"], fields["contract_kind"]
        first, last = fields["contract_started_on"], fields["contract_ended_on"]
        if not (number or first or last or kind):
            return None
        return ContractEntry(number, first or fields["started_on"], last, last is None, kind, "")

    @property
    def leaving(self) -> Leaving | None:
        fields = self.cleaned_data
        chosen = next((row for row in self.predecessors if row.pk == fields.get("predecessor")), None)
        if chosen is None:
            return None
        return Leaving(chosen, fields["predecessor_kind"], fields["predecessor_words"])

    def doubts(self) -> Iterator[str]:
        """What of the valid form is improbable."""
        fields = self.cleaned_data
        first = fields["started_on"]
        who = self.who
        if isinstance(who, NewPerson):
            yield from doubts.of_name(who.name)
            newcomer = name_person(Person(), who.name)
            if who.national_id is not None:
                identify(newcomer, who.national_id)
            yield from doubts.of_first_day(newcomer, first, self.today, position=self.position)
        else:
            name = self.shown_name(who)
            yield from doubts.of_first_day(who, first, self.today, position=self.position, name=name)
            yield from self._doubts_of_other_posts(who)
            yield from self._doubts_of_facts(who)
        if fields["monthly_wage"] is not None:
            yield from doubts.of_monthly_wage(fields["monthly_wage"], first)
        if self.contract is not None:
            terms = {"started_on": self.contract.started_on, "ended_on": self.contract.ended_on}
            yield from doubts.of_contract(None, terms, self.today)
        yield from self._doubts_of_place()

    def shown_name(self, person: Person) -> str:
        """The name as this user may read it: of people of other townships only the first character."""
        return person.name if self.sees(person) else f"{person.name[:1]}{'*' * (len(person.name) - 1)}"

    def sees(self, person: Person) -> bool:
        return Person.objects.visible_to(self.user).filter(pk=person.pk).exists()

    def clean_name(self) -> str:
        try:
            return written_name(self.cleaned_data["name"])
        except ValueError as error:
            problem, _, advice = str(error).partition(";")
            raise ValidationError(f"{problem};{advice}。" if advice else f"{problem}。") from error

    def clean_national_id(self) -> str:
        text: str = self.cleaned_data["national_id"]
        if not text:
            return ""
        try:
            self.number = check(text, today=self.today)
        except NationalIdError as error:
            raise ValidationError(f"{error.message}。") from error
        return text

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        if self.number is not None:
            self.known = Person.objects.with_national_id(self.number.number).first()
        if self.known is not None and not fields.get("is_known"):
            self.add_error("national_id", self._about_known(self.known, fields.get("name", "")))
        self._check_number(fields)
        self._check_contract(fields)
        self._check_kin(fields)
        if fields.get("predecessor") and not fields.get("predecessor_kind"):
            self.add_error("predecessor_kind", "请选择前任离岗的原因。")
        if fields.get("predecessor_kind") is EndKind.OTHER and not fields.get("predecessor_words"):
            self.add_error("predecessor_words", "离岗原因选了“其他”,请写明是什么原因。")
        return fields

    def _check_number(self, fields: dict[str, Any]) -> None:
        if "national_id" not in self.fields or fields.get("national_id") or "national_id" in self.errors:
            return
        if fields.get("place") and fields["place"] != Position.PLATFORM_STAFF:
            self.add_error("national_id", "请填写身份证号;只有平台工作人员可以不填。")

    def _check_contract(self, fields: dict[str, Any]) -> None:
        first = fields.get("contract_started_on") or fields.get("started_on")
        last = fields.get("contract_ended_on")
        if first and last and last < first:
            self.add_error("contract_ended_on", f"合同终止不能早于合同起始({first})。")

    def _check_kin(self, fields: dict[str, Any]) -> None:
        if "kin" in self.fields and fields.get("kin") and not fields.get("kin_signed_on"):
            self.add_error("kin_signed_on", "请填写声明的签字日期。")

    def _about_known(self, known: Person, name: str) -> str:
        told = f"这个身份证号已有人员记录:{self.shown_name(known)}({known.national_id_masked})。"
        if name and self.sees(known) and not is_same_name(name, known.name):
            told += f"登记的姓名与您填的“{name}”不同,办理后仍用登记的姓名。"
        return told + "请核对,就是此人的,勾选“就是此人”;不是的,请改正身份证号。"

    def _doubts_of_other_posts(self, who: Person) -> Iterator[str]:
        """Where the person is on post on the first day already: only the first of several is subsidised."""
        others = Posting.objects.of_person(who.merged_into_id or who.pk).in_service_on(self.cleaned_data["started_on"])
        mine = set(Posting.objects.visible_to(self.user).values_list("pk", flat=True).filter(pk__in=others))
        leaving = self.leaving
        for row in others.select_related("township", "unit"):
            if leaving is not None and row.pk == leaving.posting.pk:
                continue
            where = f"{row.township.name}{row.unit.name if row.unit else ''}" if row.pk in mine else "其他镇乡(街道)"
            yield f"{self.shown_name(who)}这一天还在{where}任职;一人多岗的,只补先到岗的一个。"

    def _doubts_of_facts(self, who: Person) -> Iterator[str]:
        """Facts on record that the form says otherwise. Whoever does not see the person is told of all that the form
        says, and not whether it is on record so."""
        sees = self.sees(who)
        stated = {name: value for name, value in self.stated.items() if value not in (None, "")}
        for name, value in (different(who, stated) if sees else stated).items():
            before = f"已登记的是{in_words(name, fact(who, name))}," if sees else ""
            yield (
                f"{LABELS[name]}{before}您填的是{in_words(name, value)}:由本镇乡(街道)登记的人员,保存后更正;"
                "由其他镇乡(街道)登记的,与登记不同时作为更正申请报县局,审核以前不变。"
            )

    def _doubts_of_place(self) -> Iterator[str]:
        """Where the place is taken on the first day: whoever comes after is not subsidised."""
        first, leaving = self.cleaned_data["started_on"], self.leaving
        staying = [row for row in self.predecessors if leaving is None or row.pk != leaving.posting.pk]
        if self.unit is not None and staying:
            names = "、".join(f"{row.person.name}({row.started_on} 到岗)" for row in staying)
            yield (
                f"{self.unit.name}这一天已有{names},只有一个补助名额:"
                "他(她)离岗的,请先在“前任”一栏选上;不离岗的,后到岗的不享受补助。"
            )
        if self.position is Position.ASSISTANT:
            [places] = places_on(first, Township.objects.filter(pk=self.township.pk))
            staffing = places.staffing.get(Position.ASSISTANT)
            if staffing is not None and not staffing.vacant:
                name = position_name(Position.ASSISTANT)
                yield f"{first} {self.township.name}的{name}应配 {staffing.norm} 人,名额已满;多出的人不享受补助。"

    def _places(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Those of the township itself and of its units; closed units too, for what is entered late."""
        own = [(str(position), position_name(position)) for position in _TOWNSHIP_POSTS]
        units = [
            (
                unit.code,
                f"{unit.name}{'' if unit.exists_on(self.today) else '(已撤销或未设立)'} {position_name(position)}",
            )
            for unit in self.units.values()
            if (position := POSITIONS_OF_KIND[UnitKind(unit.kind)]) is not None
        ]
        return [(self.township.name, own), *([("村(社区)", units)] if units else [])]

    def _found_predecessors(self) -> list[Posting]:
        """Whoever is at the unit that was chosen on the first day, or today where none was entered yet."""
        unit = self.units.get(self.entered("place"))
        if unit is None:
            return []
        try:
            first = self.fields["started_on"].clean(self.entered("started_on"))
        except ValidationError:
            first = self.today
        rows = Posting.objects.filter(unit=unit).in_service_on(first).select_related("person", "township", "unit")
        return list(rows.order_by("started_on", "pk"))

    def _has_known_number(self) -> bool:
        try:
            number = check(self.entered("national_id"), today=self.today)
        except NationalIdError:
            return False
        return Person.objects.with_national_id(number.number).exists()

    def entered(self, name: str) -> str:
        """What stands in the field now, typed or filled in."""
        value = self.data.get(name) if self.is_bound else self.initial.get(name)
        return "" if value is None else str(value)

    def _choice_field(self, name: str) -> forms.ChoiceField:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)  # noqa: S101
        return found

    def _those(self, *names: str) -> list[BoundField]:
        return [self[name] for name in names if name in self.fields]


def _position_of(place: str, units: dict[str, GrassrootsUnit]) -> Position:
    unit = units.get(place)
    found = Position(place) if unit is None else POSITIONS_OF_KIND[UnitKind(unit.kind)]
    if found is None:
        raise ValueError(f"no post at {place}")
    return found
