"""The page on which a township's status 区划状态 is entered: its name, its kind, whether a central town (一.1)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.idempotency import idempotent
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.http import http_methods
from pages.registry.answers import answer
from pages.registry.status_form import StatusForm
from townships.models import Township
from townships.statuses import enter_status

WAITS = "等待县局审核人员审核(待审核),审核以前不变。"


@requires(Permission.KEEP_UNITS)
@http_methods("GET", "POST")
@idempotent
def enter(request: UserRequest, code: str) -> HttpResponse:
    """The form begins with what the township is now."""
    township = get_object_or_404(Township.objects.visible_to(request.user), code=code)
    statuses = list(township.statuses.select_related("document", "entry").order_by("-effective_from"))
    newest = statuses[0] if statuses else None
    initial: dict[str, object] = {"name": township.name}
    if newest is not None:
        initial |= {"kind": newest.kind, "is_central_town": newest.is_central_town}
    form = StatusForm(request.POST if request.method == "POST" else None, initial=initial)

    def save() -> str:
        entry = enter_status(township=township, actor=request.user, **form.cleaned_data)
        return f"{entry}已登记,{WAITS}"

    waiting = township.status_entries.filter(approved_at=None).first()
    facts = {"township": township, "statuses": statuses, "waiting": waiting, "effect": WAITS}
    back = f"{reverse('township', args=[township.code])}#statuses"
    return answer(
        request, form, save, day="effective_from", back=back, template="pages/registry/status.html", facts=facts
    )
