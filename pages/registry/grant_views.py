"""The pages of grants 增配批复: entering one for a township, and ending one that was approved (一.2)."""

from collections.abc import Callable

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.idempotency import idempotent
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.http import http_methods
from pages.registry.answers import answer
from pages.registry.grant_forms import EndGrantForm, GrantForm, told
from staffing import grants
from staffing.enums import Position
from staffing.models import EstablishmentGrant
from subsidies.posts.places import places_on
from townships.models import Township

WAITS = "等待县局审核人员审核(待审核),审核以前不计入名额。"
END_WAITS = "等待县局审核人员审核(待审核),审核以前名额不变。"


@requires(Permission.ENTER_GRANTS)
@http_methods("GET", "POST")
@idempotent
def enter_grant(request: UserRequest, code: str) -> HttpResponse:
    township = get_object_or_404(Township.objects.visible_to(request.user), code=code)
    form = GrantForm(request.POST if request.method == "POST" else None)

    def save() -> str:
        made = grants.grant_places(township=township, actor=request.user, **form.cleaned_data)
        return f"{township}:{told(made)}已登记,{WAITS}"

    return _answer(request, township, form, "effective_from", save, title="登记增配批复", effect=WAITS)


@requires(Permission.ENTER_GRANTS)
@http_methods("GET", "POST")
@idempotent
def end_grant(request: UserRequest, pk: int) -> HttpResponse:
    visible = EstablishmentGrant.objects.filter(township__in=Township.objects.visible_to(request.user))
    grant = get_object_or_404(visible.exclude(approved_at=None).select_related("township"), pk=pk)
    form = EndGrantForm(request.POST if request.method == "POST" else None)
    form.offer(grants.may_lose_place(grant, form.entered_day or timezone.localdate()))

    def save() -> str:
        fields = {"still_on_post": [], **form.cleaned_data}
        made = grants.end_grant(grant=grant, actor=request.user, **fields)
        return f"{grant.township}:{told(grant)},终止于 {made.last_day} 已登记,{END_WAITS}"

    return _answer(request, grant.township, form, "last_day", save, title="终止增配", effect=END_WAITS, grant=grant)


def _answer(
    request: UserRequest,
    township: Township,
    form: forms.Form,
    day: str,
    save: Callable[[], str],
    *,
    title: str,
    effect: str,
    grant: EstablishmentGrant | None = None,
) -> HttpResponse:
    """Beside the places of assistants today and the grants of the township."""
    today = timezone.localdate()
    [places] = places_on(today, Township.objects.filter(pk=township.pk))
    facts = {
        "title": title,
        "township": township,
        "effect": effect,
        "day": today,
        "places": places,
        "staffing": places.staffing.get(Position.ASSISTANT),
        "grant": grant,
        "grants": EstablishmentGrant.objects.filter(township=township).order_by("-effective_from", "-pk"),
    }
    back = f"{reverse('township', args=[township.code])}#grants"
    return answer(request, form, save, day=day, back=back, template="pages/registry/grant.html", facts=facts)
