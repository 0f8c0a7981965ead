"""The establishment on the day that the reader chooses: the page for the county's leaders, and the same as a sheet."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header

from accounts.audit import as_download
from accounts.permissions import Permission, may, requires
from accounts.requests import UserRequest
from foundation.http import http_methods
from pages.establishment.page import EstablishmentPage, establishment_page
from pages.establishment.sheet import establishment_workbook
from pages.forms.places import TownshipDayForm
from subsidies.sheets.register import XLSX
from townships.models import Township


@requires(Permission.VIEW_PLACES)
@http_methods("GET")
def establishment(request: UserRequest) -> HttpResponse:
    form, page = _asked(request)
    return _page(request, form, page)


@requires(Permission.EXPORT_SHEET)
@requires(Permission.VIEW_PLACES)
@http_methods("GET")
def export(request: UserRequest) -> HttpResponse:
    """What the page shows for the same address."""
    form, page = _asked(request)
    if not form.is_valid():
        return _page(request, form, page)
    content = establishment_workbook(page.establishment, page.whose, made_at=timezone.now())
    disposition = content_disposition_header(as_attachment=True, filename="编制与配备.xlsx")
    response = HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})
    return as_download(response, f"编制与配备 {page.whose or '全县'} {page.choice.day}")


def _asked(request: UserRequest) -> tuple[TownshipDayForm, EstablishmentPage]:
    """Where the address asks for what cannot be, the usual day and everything that the reader may see."""
    visible = Township.objects.visible_to(request.user)
    form = TownshipDayForm(request.GET, townships=visible)
    asked = form.cleaned_data if form.is_valid() else {}
    return form, establishment_page(visible, asked.get("on"), asked.get("township"), timezone.localdate())


def _page(request: UserRequest, form: TownshipDayForm, page: EstablishmentPage) -> HttpResponse:
    context = {
        "form": form,
        "page": page,
        "choice": page.choice,
        "query": request.GET.urlencode(),
        "may_export": may(request.user, Permission.EXPORT_SHEET),
    }
    return render(request, "pages/establishment.html", context, status=200 if form.is_valid() else 400)
