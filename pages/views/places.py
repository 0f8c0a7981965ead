"""The pages of townships and of their units, on a day that the reader chooses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.idempotency import idempotent
from accounts.permissions import Permission, may, requires
from accounts.requests import UserRequest
from foundation.dates import Month
from foundation.http import http_methods
from foundation.lists.address import ListAddress, list_address
from foundation.lists.paging import Cursor
from foundation.lists.shown import plain_list, shown_list
from pages.days import DayChoice, day_choice
from pages.forms.places import DayForm, HouseholdsForm, UnitFilterForm
from pages.saved_lists import UNITS, list_tools
from pages.townships import township_list, township_page
from pages.unit_columns import TOWNSHIP, UNIT_COLUMNS
from pages.units import Shown, unit_list, unit_page
from pages.views.list_files import list_file
from subsidies.models import Allocation
from subsidies.posts.units import UnitOnDay
from townships.households import enter_household_count
from townships.models import GrassrootsUnit, Township


@requires(Permission.VIEW_PLACES)
@http_methods("GET")
def townships(request: UserRequest) -> HttpResponse:
    form = DayForm(request.GET)
    choice = _day(form)
    visible = Township.objects.visible_to(request.user)
    page = township_list(choice.day, list(visible.values_list("pk", flat=True)))
    return _page(request, "pages/townships.html", form, choice, page=page)


@requires(Permission.VIEW_PLACES)
@http_methods("GET")
def township(request: UserRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Township.objects.visible_to(request.user), code=code)
    form = DayForm(request.GET)
    choice = _day(form)
    page = township_page(choice.day, found, Allocation.objects.filter(township=found))
    listed = plain_list(UNIT_COLUMNS, without=(TOWNSHIP,))
    may_grant, may_keep = (may(request.user, duty) for duty in (Permission.ENTER_GRANTS, Permission.KEEP_UNITS))
    more = {"may_grant": may_grant, "may_keep": may_keep, "unit_list": listed}
    return _page(request, "pages/township.html", form, choice, page=page, **more)


@requires(Permission.VIEW_PLACES)
@http_methods("GET")
def units(request: UserRequest) -> HttpResponse:
    return _units(request, _asked_units(request))


@requires(Permission.VIEW_PLACES)
@requires(Permission.EXPORT_SHEET)
@http_methods("GET")
def export_units(request: UserRequest) -> HttpResponse:
    """Exactly the rows and columns that the list shows for the same address, on one sheet."""
    asked = _asked_units(request)
    if asked.address.problems or not asked.form.is_valid():
        return _units(request, asked)
    page = unit_list(asked.choice.day, asked.townships, shown=asked.shown, sorting=asked.address.sorting)
    where = [str(asked.township)] if asked.township else []
    words = [*where, f"{asked.choice.day} {asked.shown.label}"]
    return list_file("村(社区)", asked.address.columns, page.chosen, words)


@dataclass(frozen=True, slots=True)
class _AskedUnits:
    """What an address asks of the list of units; `townships` are those that it looks at, by id."""

    form: UnitFilterForm
    choice: DayChoice
    township: Township | None
    townships: Sequence[int]
    shown: Shown
    address: ListAddress[UnitOnDay]


def _asked_units(request: UserRequest) -> _AskedUnits:
    visible = Township.objects.visible_to(request.user)
    form = UnitFilterForm(request.GET, townships=visible)
    choice = _day(form)
    asked = form.cleaned_data.get("township") if "township" in form.fields else visible.first()
    return _AskedUnits(
        form=form,
        choice=choice,
        township=asked,
        townships=list((visible.filter(pk=asked.pk) if asked else visible).values_list("pk", flat=True)),
        shown=Shown(form.cleaned_data.get("show") or Shown.OPEN),
        address=list_address(request.GET, UNIT_COLUMNS, without=(TOWNSHIP,) if asked else ()),
    )


def _units(request: UserRequest, asked: _AskedUnits) -> HttpResponse:
    cursor = Cursor(after=request.GET.get("after"), before=request.GET.get("before"))
    page = unit_list(
        asked.choice.day, asked.townships, shown=asked.shown, sorting=asked.address.sorting, cursor=cursor
    )
    pages = page.page
    answer = _page(
        request,
        "pages/units.html",
        asked.form,
        asked.choice,
        page=page,
        list=shown_list(asked.address, number=len(page.chosen), previous=pages.previous, following=pages.next),
        tools=list_tools(request.user, UNITS),
        shown=asked.shown,
        township=asked.township,
        problems=asked.address.problems,
        may_export=may(request.user, Permission.EXPORT_SHEET),
        may_keep=may(request.user, Permission.KEEP_UNITS),
    )
    if asked.address.problems:
        answer.status_code = 400
    return answer


@requires(Permission.VIEW_PLACES)
@http_methods("GET")
def unit(request: UserRequest, code: str) -> HttpResponse:
    readable = GrassrootsUnit.objects.visible_to(request.user)
    found = get_object_or_404(readable.select_related("township"), code=code)
    return _unit(request, found, DayForm(request.GET), HouseholdsForm(initial=_from_next_month()))


@requires(Permission.ENTER_HOUSEHOLDS)
@http_methods("POST")
@idempotent
def enter_households(request: UserRequest, code: str) -> HttpResponse:
    """A count that waits for the bureau's approval."""
    readable = GrassrootsUnit.objects.visible_to(request.user)
    found = get_object_or_404(readable.select_related("township"), code=code)
    form = HouseholdsForm(request.POST)
    if not form.is_valid():
        return _unit(request, found, DayForm({}), form, status=400)
    enter_household_count(unit=found, actor=request.user, **form.cleaned_data)
    messages.success(request, "户籍户数已登记,等待县局审核;审核以前不参加核算。")
    return redirect("unit", code)


def _from_next_month() -> dict[str, date]:
    today = timezone.localdate()
    return {"counted_on": today, "effective_from": (Month.of(today) + 1).first}


def _unit(
    request: UserRequest, found: GrassrootsUnit, form: DayForm, entry: HouseholdsForm, *, status: int = 200
) -> HttpResponse:
    choice = _day(form)
    page = unit_page(choice.day, found, GrassrootsUnit.objects.visible_to(request.user))
    answer = _page(
        request,
        "pages/unit.html",
        form,
        choice,
        page=page,
        found=found,
        entry=entry if may(request.user, Permission.ENTER_HOUSEHOLDS) else None,
        may_keep=may(request.user, Permission.KEEP_UNITS),
    )
    answer.status_code = max(answer.status_code, status)
    return answer


def _day(form: forms.Form) -> DayChoice:
    """The day asked for, or the usual one where it is missing or wrong."""
    form.is_valid()
    return day_choice(form.cleaned_data.get("on"), timezone.localdate())


def _page(request: UserRequest, template: str, form: forms.Form, choice: DayChoice, **context: object) -> HttpResponse:
    """The page; 400 with what is wrong at the field where the address asks for something that cannot be."""
    status = 200 if form.is_valid() else 400
    may_edit = may(request.user, Permission.EDIT_PERSONNEL)
    return render(request, template, {"form": form, "choice": choice, "may_edit": may_edit, **context}, status=status)
