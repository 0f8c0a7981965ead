"""The pages on which a unit 村(社区) is opened and renamed."""

from django.http import HttpResponse
from django.urls import reverse

from accounts.idempotency import idempotent
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.http import http_methods
from pages.registry.answers import answer
from pages.registry.unit_change_views import unit_of
from pages.registry.unit_forms import OpenUnitForm, RenameUnitForm
from townships.models import Township
from townships.units import open_unit, rename_unit


@requires(Permission.KEEP_UNITS)
@http_methods("GET", "POST")
@idempotent
def open_new(request: UserRequest) -> HttpResponse:
    """`township` in the address chooses one beforehand."""
    form = OpenUnitForm(
        request.POST if request.method == "POST" else None,
        townships=Township.objects.visible_to(request.user),
        initial={"township": request.GET.get("township", "")},
    )

    def save() -> str:
        unit = open_unit(actor=request.user, **form.cleaned_data)
        return f"{unit.township}{unit.name}({unit.get_kind_display()}):{unit.opened_on} 设立已登记。"

    back = reverse("units")
    return answer(request, form, save, day="opened_on", back=back, template="pages/registry/open_unit.html", facts={})


@requires(Permission.KEEP_UNITS)
@http_methods("GET", "POST")
@idempotent
def rename(request: UserRequest, code: str) -> HttpResponse:
    """The day of the last renaming corrects the name given then."""
    unit = unit_of(request, code)
    form = RenameUnitForm(request.POST if request.method == "POST" else None)

    def save() -> str:
        renamed = rename_unit(unit=unit, actor=request.user, **form.cleaned_data)
        return f"{unit.township}{unit.name}:{form.cleaned_data['first_day']} 起改名为{renamed.name}。"

    facts = {"unit": unit, "earlier": unit.earlier_names.all()}
    back = reverse("unit", args=[unit.code])
    return answer(
        request, form, save, day="first_day", back=back, template="pages/registry/rename_unit.html", facts=facts
    )
