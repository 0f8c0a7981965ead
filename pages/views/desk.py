"""The desk: what waits for the user today, and the county or township at a glance."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.permissions import Permission, may, requires
from accounts.requests import UserRequest
from foundation.dates import Month
from foundation.http import http_methods
from pages.days import day_choice
from pages.glance import ages, months_at_a_glance, places_chart
from pages.tasks import DeskFacts, tasks_of
from subsidies.models import Allocation
from subsidies.posts.known_county import known_of_month
from subsidies.posts.on_post import county_on
from subsidies.posts.places import township_places
from subsidies.posts.units import units_on
from subsidies.runs.pages import preparation
from townships.models import Township


@requires(Permission.VIEW_DESK)
@http_methods("GET")
def desk(request: UserRequest) -> HttpResponse:
    townships = Township.objects.visible_to(request.user)
    today = timezone.localdate()
    choice = day_choice(None, today)
    known = known_of_month(Month.of(choice.day))
    county, scope = county_on(choice.day, known), [row.pk for row in townships]
    facts = DeskFacts(
        user=request.user,
        today=today,
        choice=choice,
        townships=townships,
        known=known,
        county=county,
        places=township_places(county, scope),
        units=units_on(county, scope),
        months=months_at_a_glance(Allocation.objects.visible_to(request.user)),
    )
    context: dict[str, object] = {
        "choice": choice,
        "tasks": tasks_of(facts),
        "months": facts.months,
        "places": places_chart(facts.places),
        "ages": ages(county, scope),
        "links": may(request.user, Permission.VIEW_PLACES),
    }
    if facts.months is None and may(request.user, Permission.CALCULATE_MONTH):
        context["preparation"] = preparation()
    return render(request, "pages/desk.html", context)
