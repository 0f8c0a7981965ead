"""The filters of the list of people: each one a part of an address that can be sent to a colleague."""

from collections import defaultdict
from datetime import date
from functools import cached_property
from typing import Any, cast

import django_filters as filters
from django import forms
from django.http import QueryDict

from accounts.models import User
from foundation.dates import Month
from foundation.fields import DayField, PersonalField
from pages.days import DayChoice, day_choice
from pages.people import FindingsOf, ShownPeople, with_paid_ones
from staffing.enums import Check, Position
from staffing.labels import position_name
from staffing.models import Person, Posting, PostingQuerySet, Secondment
from subsidies.posts.findings import Finding, open_findings
from subsidies.posts.retiring import near_retirement
from subsidies.rules.retirement import MONTHS_AHEAD
from subsidies.rules.rulebook import MissingParameter
from townships.models import GrassrootsUnit, Township

ANY, NEAR, OVER = "any", "near", "over"
# A list of more townships is no help to anybody: then a code is typed.
MOST_LISTED = 300
_CHECKS = tuple(check for check in Check if check.is_of_posting)
_UNKNOWN = {"invalid_choice": "没有这个选项,请从列表中选择。"}
_NO_SUCH_DAYS = "请填写天数,如 90。"


class _DayFilter(filters.Filter):  # type: ignore[misc]  # the package has no types
    field_class = DayField


class _NameFilter(filters.CharFilter):  # type: ignore[misc]  # the package has no types
    field_class = PersonalField


class _DaysFilter(filters.Filter):  # type: ignore[misc]  # the package has no types
    field_class = forms.IntegerField


class PostingFilter(filters.FilterSet):  # type: ignore[misc]  # the package has no types
    """The postings that an address asks for, of those that the user may see; none while `problems` stand against it.

    Without a check the list is of those who serve on its day; a check is looked for in the whole month of that day.
    """

    q = _NameFilter(
        label="姓名或拼音首字母",
        method="named_like",
        max_length=60,
        error_messages={"max_length": "姓名最多 60 个字。"},
    )
    township = filters.ModelChoiceFilter(
        label="镇乡(街道)",
        to_field_name="code",
        queryset=Township.objects.none(),
        empty_label="全部",
        error_messages={"invalid_choice": "没有这个镇乡(街道),请从列表中选择。"},
    )
    unit = filters.ModelChoiceFilter(
        label="村(社区)",
        to_field_name="code",
        queryset=GrassrootsUnit.objects.none(),
        empty_label="全部",
        error_messages={"invalid_choice": "所选的镇乡(街道)没有这个村(社区),请从列表中选择。"},
    )
    position = filters.ChoiceFilter(label="岗位类别", empty_label="全部", error_messages=_UNKNOWN)
    show = filters.ChoiceFilter(
        label="显示", method="as_it_is", empty_label=None, choices=ShownPeople.choices(), error_messages=_UNKNOWN
    )
    on = _DayFilter(label="查看日期", method="as_it_is")
    contract_ending = _DaysFilter(
        label="合同几天内到期",
        method="with_contract_ending",
        min_value=1,
        max_value=3650,
        widget=forms.NumberInput({"min": 1, "max": 3650}),
        error_messages={"invalid": _NO_SUCH_DAYS, "min_value": _NO_SUCH_DAYS, "max_value": _NO_SUCH_DAYS},
    )
    retirement = filters.ChoiceFilter(
        label="退休",
        method="near_retirement",
        empty_label="不限",
        choices=[(NEAR, f"{MONTHS_AHEAD} 个月内到退休年龄")],
        error_messages=_UNKNOWN,
    )
    secondment = filters.ChoiceFilter(
        label="借调",
        method="on_loan",
        empty_label="不限",
        choices=[(OVER, "借调已到期")],
        error_messages=_UNKNOWN,
    )
    finding = filters.ChoiceFilter(
        label="异常提示",
        method="with_finding",
        empty_label="不限",
        choices=[(ANY, "有任何一项提示"), *((check.value, check.label) for check in _CHECKS)],
        error_messages=_UNKNOWN,
    )

    def __init__(self, asked: QueryDict, *, user: User, today: date) -> None:
        super().__init__(asked, queryset=with_paid_ones(Posting.objects.visible_to(user)))
        self.user, self.today = user, today
        self.townships = Township.objects.visible_to(user)
        self.findings: FindingsOf = {}
        self.refusal = ""
        units = GrassrootsUnit.objects.visible_to(user)
        code = asked.get("township", "")
        if user.reads_county:
            self.filters["township"].queryset = self.townships
            self.lists_units = bool(code or asked.get("unit"))
        else:
            del self.filters["township"]
            self.lists_units, code = True, ""
        self.filters["unit"].queryset = units.filter(township__code=code) if code else units
        self.filters["position"].extra["choices"] = [(row.value, position_name(row)) for row in Position]
        if user.reads_county:
            self._list_townships()

    @cached_property
    def choice(self) -> DayChoice:
        """The day that the list looks at, and why."""
        return day_choice(self._said("on"), self.today)

    @property
    def found(self) -> PostingQuerySet:
        """The postings that pass every filter; none where one of them is wrong."""
        return cast("PostingQuerySet", self.qs) if self.is_valid() else Posting.objects.none()

    @property
    def problems(self) -> list[str]:
        """What is wrong with the address, each with the name of its filter, and why a check could not be made.

        Ask after `found`.
        """
        wrong = [(self.form[name].label, message) for name, messages in self.errors.items() for message in messages]
        return [*(f"{label}:{message}" for label, message in wrong), *filter(None, [self.refusal])]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the day was asked for."""
        return any(self._said(name) for name in self.filters if name != "on")

    @property
    def day_was_chosen(self) -> bool:
        return self._said("on") is not None

    @property
    def only_township(self) -> Township | None:
        """The one that was filtered for."""
        found: Township | None = self._said("township")
        return found

    def query_of(self, shown: ShownPeople, query: QueryDict) -> str:
        """The same question put to other records; empty where it was not put to those who serve."""
        if self._shown is not ShownPeople.SERVING or self._said("finding"):
            return ""
        wider = query.copy()
        wider["show"] = shown.value
        return wider.urlencode()

    def words(self) -> list[str]:
        """What is shown, in words, for the page and for what is printed or exported of it."""
        day, check, name = self.choice.day, self._said("finding"), self._said("q")
        said = [str(self._said(name)) for name in ("township", "unit") if self._said(name)]
        if not said and not self.user.reads_county:
            said = [str(township) for township in self.townships]
        if self._said("position"):
            said.append(position_name(self._said("position")))
        if check:
            what = "" if check == ANY else f"“{Check(check).label}”"
            said.append(f"{Month.of(day).label}有异常提示{what}")
        elif self._shown is ShownPeople.ALL:
            said.append("全部记录(含已离岗、撤销前补过的)")
        else:
            on = f"{day} " if self.day_was_chosen or not name else ""
            said.append(f"{on}{'已离岗' if self._shown is ShownPeople.LEFT else '在岗'}")
        if self._said("contract_ending"):
            said.append(f"劳动合同在 {day} 以后 {self._said('contract_ending')} 天内到期")
        if self._said("retirement"):
            said.append(f"{MONTHS_AHEAD} 个月内到退休年龄")
        if self._said("secondment"):
            said.append("借调已到期")
        return [*said, f"姓名或拼音首字母是“{name}”"] if name else said

    def filter_queryset(self, queryset: PostingQuerySet) -> PostingQuerySet:
        postings = cast("PostingQuerySet", super().filter_queryset(queryset))
        day = self.choice.day
        if self._said("finding") or self._shown is ShownPeople.ALL:
            return postings
        left = postings.filter(ended_on__lt=day, withdrawn_at=None)
        return left if self._shown is ShownPeople.LEFT else postings.in_service_on(day)

    def as_it_is(self, queryset: PostingQuerySet, name: str, value: object) -> PostingQuerySet:
        """What is shown and the day belong together: see `filter_queryset`."""
        return queryset

    def named_like(self, queryset: PostingQuerySet, name: str, value: str) -> PostingQuerySet:
        return queryset.filter(person__in=Person.objects.named_like(value))

    def with_contract_ending(self, queryset: PostingQuerySet, name: str, value: int) -> PostingQuerySet:
        return queryset.contract_ending_within(value, self.choice.day)

    def near_retirement(self, queryset: PostingQuerySet, name: str, value: str) -> PostingQuerySet:
        """As of the usual day only: by another one after the other somebody's month of birth could be read off."""
        if self.choice.day != day_choice(None, self.today).day:
            self.refusal = "到退休年龄的只按现在的日期列出,请清空“查看日期”。"
            return queryset.none()
        return near_retirement(queryset.in_service_on(self.choice.day), self.choice.day)

    def on_loan(self, queryset: PostingQuerySet, name: str, value: str) -> PostingQuerySet:
        """Platform staff whose loan is over by its papers and who are on post all the same."""
        return queryset.filter(pk__in=Secondment.objects.over_on(self.choice.day).values("posting"))

    def with_finding(self, queryset: PostingQuerySet, name: str, value: str) -> PostingQuerySet:
        """The only filter that looks at the whole county's month, because some checks compete over all of it."""
        try:
            checks = _CHECKS if value == ANY else (Check(value),)
            found = open_findings(Month.of(self.choice.day), self.townships, checks=checks)
        except MissingParameter as error:
            self.refusal = str(error)
            return queryset.none()
        of_posting: dict[int, list[Finding]] = defaultdict(list)
        for finding in found:
            of_posting[finding.posting_id or 0].append(finding)
        self.findings = of_posting
        return queryset.filter(pk__in=list(of_posting))

    def _list_townships(self) -> None:
        """What the townships' field offers, read once."""
        field = self.form.fields["township"]
        listed = list(self.townships.values_list("code", "name")[: MOST_LISTED + 1])
        if len(listed) > MOST_LISTED:
            field.label, field.widget = "镇乡(街道)区划代码", forms.TextInput()
            field.error_messages["invalid_choice"] = "没有这个镇乡(街道),请核对区划代码。"
        else:
            field.widget.choices = [("", "全部"), *listed]

    @property
    def _shown(self) -> ShownPeople:
        return ShownPeople(self._said("show") or ShownPeople.SERVING)

    def _said(self, name: str) -> Any:  # a date, a model's row, a number or a text
        """What the address says for one filter, None where that is wrong or missing."""
        return self.form.cleaned_data.get(name) if self.errors is not None else None
