"""The page on which a unit 村(社区) is closed, beside whoever is on post there."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.idempotency import idempotent
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.http import http_methods
from pages.registry.answers import answer
from pages.registry.forms import CloseUnitForm
from staffing.labels import SETTLES_ITSELF
from staffing.units import close_unit, going_on_at
from townships.models import GrassrootsUnit


@requires(Permission.KEEP_UNITS)
@http_methods("GET", "POST")
@idempotent
def close(request: UserRequest, code: str) -> HttpResponse:
    """Another day corrects one that was given before."""
    visible = GrassrootsUnit.objects.visible_to(request.user)
    unit = get_object_or_404(visible.select_related("township"), code=code)
    form = CloseUnitForm(request.POST if request.method == "POST" else None)
    staying = going_on_at(unit, form.entered_day or timezone.localdate())
    form.offer(staying)

    def save() -> str:
        fields = {"still_on_post": [], **form.cleaned_data}
        closed = close_unit(unit=unit, actor=request.user, **fields)
        return f"{unit.township}{unit.name}:{closed.closed_on} 撤销已登记。{SETTLES_ITSELF}"

    facts = {"unit": unit, "staying": staying, "effect": SETTLES_ITSELF}
    back = reverse("unit", args=[unit.code])
    return answer(
        request, form, save, day="last_day", back=back, template="pages/registry/close_unit.html", facts=facts
    )
