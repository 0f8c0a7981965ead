"""变更记录: who changed what of a person, or of one posting, and when."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.asked import whole_number
from foundation.http import http_methods
from staffing.models import Person, Posting
from staffing.people import history


@requires(Permission.VIEW_PEOPLE)
@http_methods("GET")
def person_history(request: UserRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    if found.merged_into_id is not None:
        return redirect("person_history", found.merged_into_id)
    told = history.person_history(found, reader=request.user, before=whole_number(request.GET, "before"))
    context = {"person": found, "history": told, "sees_all": request.user.reads_county}
    return render(request, "pages/person_history.html", context)


@requires(Permission.VIEW_PEOPLE)
@http_methods("GET")
def posting_history(request: UserRequest, pk: int) -> HttpResponse:
    visible = Posting.objects.visible_to(request.user).select_related("person", "township", "unit")
    posting = get_object_or_404(visible, pk=pk)
    told = history.posting_history(posting, reader=request.user, before=whole_number(request.GET, "before"))
    return render(request, "pages/posting_history.html", {"posting": posting, "history": told})
