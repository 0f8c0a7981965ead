"""The pages on which a unit 村(社区) ends, beside whoever is on post there: closed, merged, converted 村改居; and the
one on which it goes on after all."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.idempotency import idempotent
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.http import http_methods
from pages.registry.answers import answer
from pages.registry.unit_change_forms import (
    CloseUnitForm,
    ConvertUnitForm,
    MergeUnitForm,
    ReopenUnitForm,
    SettlingForm,
)
from staffing.labels import SETTLES_ITSELF
from staffing.units.closing import close_unit, reopen_unit
from staffing.units.following import convert_unit, merge_unit
from staffing.units.settling import going_on_at
from townships.enums import UnitKind
from townships.models import GrassrootsUnit

_COUNTS_TO_ENTER = "户籍户数请镇街在新的页面登记。"


@requires(Permission.KEEP_UNITS)
@http_methods("GET", "POST")
@idempotent
def close(request: UserRequest, code: str) -> HttpResponse:
    """Another day corrects one that was given before."""
    unit = unit_of(request, code)
    form = CloseUnitForm(request.POST if request.method == "POST" else None)

    def save() -> str:
        closed = close_unit(unit=unit, settled=form.settled, actor=request.user, **form.entered)
        return f"{unit.township}{unit.name}:{closed.closed_on} 撤销已登记。{SETTLES_ITSELF}"

    return _ending(request, unit, form, save, template="pages/registry/close_unit.html")


@requires(Permission.KEEP_UNITS)
@http_methods("GET", "POST")
@idempotent
def merge(request: UserRequest, code: str) -> HttpResponse:
    unit = unit_of(request, code)
    others = GrassrootsUnit.objects.filter(township=unit.township, closed_on=None).exclude(pk=unit.pk)
    form = MergeUnitForm(request.POST if request.method == "POST" else None, others=others)

    def save() -> str:
        change = merge_unit(unit=unit, settled=form.settled, actor=request.user, **form.entered)
        counted = _COUNTS_TO_ENTER if change.later.kind != UnitKind.COMMUNITY else ""
        return f"{unit.township}{unit.name}:{change.first_day} 起并入{change.later.name}。{counted}{SETTLES_ITSELF}"

    return _ending(request, unit, form, save, template="pages/registry/merge_unit.html")


@requires(Permission.KEEP_UNITS)
@http_methods("GET", "POST")
@idempotent
def convert(request: UserRequest, code: str) -> HttpResponse:
    unit = unit_of(request, code)
    form = ConvertUnitForm(request.POST if request.method == "POST" else None, kind=UnitKind(unit.kind))

    def save() -> str:
        change = convert_unit(unit=unit, settled=form.settled, actor=request.user, **form.entered)
        counted = _COUNTS_TO_ENTER if change.later.kind != UnitKind.COMMUNITY else ""
        made = f"{change.first_day} 起改设为{change.later.name}({change.later.get_kind_display()})"
        return f"{unit.township}{unit.name}:{made}。{counted}{SETTLES_ITSELF}"

    return _ending(request, unit, form, save, template="pages/registry/convert_unit.html")


@requires(Permission.KEEP_UNITS)
@http_methods("GET", "POST")
@idempotent
def reopen(request: UserRequest, code: str) -> HttpResponse:
    unit = unit_of(request, code)
    form = ReopenUnitForm(request.POST if request.method == "POST" else None)

    def save() -> str:
        reopen_unit(unit=unit, actor=request.user, **form.cleaned_data)
        return f"{unit.township}{unit.name}:撤销的登记已取消。{SETTLES_ITSELF}"

    facts = {"unit": unit, "followed": unit.followed_by.live().select_related("later"), "effect": SETTLES_ITSELF}
    back = reverse("unit", args=[unit.code])
    return answer(request, form, save, day=None, back=back, template="pages/registry/reopen_unit.html", facts=facts)


def unit_of(request: UserRequest, code: str) -> GrassrootsUnit:
    """The unit, where the user may see it."""
    visible = GrassrootsUnit.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("township"), code=code)


def _ending(
    request: UserRequest, unit: GrassrootsUnit, form: SettlingForm, save: Callable[[], str], *, template: str
) -> HttpResponse:
    """Beside the facts of the unit, and whoever goes on there after the last day that is entered, or after today."""
    staying = going_on_at(unit, form.unit_ends_on or timezone.localdate())
    form.offer(staying)
    facts = {"unit": unit, "staying": staying, "effect": SETTLES_ITSELF}
    back = reverse("unit", args=[unit.code])
    return answer(request, form, save, day=form.day_field, back=back, template=template, facts=facts)
