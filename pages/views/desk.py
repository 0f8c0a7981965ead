"""The desk: what waits for the user today, and the county or township at a glance."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.permissions import Permission, may, requires
from accounts.requests import UserRequest
from foundation.http import http_methods
from pages.desk import desk_facts
from pages.forms.people import FindForm
from pages.glance import ages, places_chart
from pages.tasks import tasks_of
from subsidies.runs.pages import preparation


@requires(Permission.VIEW_DESK)
@http_methods("GET")
def desk(request: UserRequest) -> HttpResponse:
    facts = desk_facts(request.user, timezone.localdate())
    context: dict[str, object] = {
        "choice": facts.choice,
        "tasks": tasks_of(facts),
        "months": facts.months,
        "places": places_chart(facts.places),
        "ages": ages(facts.county, facts.scope),
        "links": may(request.user, Permission.VIEW_PLACES),
        "may_edit": may(request.user, Permission.EDIT_PERSONNEL),
        "own_code": next((row.code for row in facts.places if row.id == request.user.township_id), None),
    }
    if may(request.user, Permission.VIEW_PEOPLE):
        context["find"] = FindForm()
    if facts.months is None and may(request.user, Permission.CALCULATE_MONTH):
        context["preparation"] = preparation()
    return render(request, "pages/desk.html", context)
