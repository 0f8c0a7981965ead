"""The page of an appointment: from a vacancy, a unit, a person, the list of people."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from accounts.idempotency import idempotent
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.asked import own_path, whole_number
from foundation.asking_back import AskingBack, asking_back
from foundation.http import http_methods
from pages.personnel.appointment import AppointmentForm
from pages.personnel.facts import facts_beside
from pages.personnel.words import appointed
from staffing.enums import Position
from staffing.models import Person, Posting
from staffing.people.correcting import different, state_facts
from staffing.people.facts import LABELS
from staffing.postings.kin import declare_kin
from staffing.postings.taking_on import take_on
from townships.models import GrassrootsUnit, Township


@sensitive_post_parameters("national_id", "phone")
@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def appoint(request: UserRequest) -> HttpResponse:
    """`unit`, or `township` and `position`, are where somebody is wanted; `person` who is appointed."""
    person, township = _person(request), _township(request)
    if township is None:
        return _which_township(request, person)

    def form_of(data: QueryDict | None = None, initial: Mapping[str, object] | None = None) -> AppointmentForm:
        today = timezone.localdate()
        return AppointmentForm(data, township=township, user=request.user, today=today, person=person, initial=initial)

    if request.method != "POST":
        return _page(request, form_of(initial=_wanted(request)))
    # Whoever is appointed to the unit at the same moment waits, and then finds who is there.
    code = request.POST.get("place", "")
    list(GrassrootsUnit.objects.select_for_update().filter(township=township, code=code))
    form = form_of(request.POST)
    asking = AskingBack()
    if form.is_valid():
        asking = asking_back(form.doubts(), request.POST)
        if not asking.is_needed:
            try:
                (posting, said), leaving = _done(request, form), form.leaving
            except ValidationError as error:
                _tell(form, error)
            else:
                messages.success(request, appointed(posting, leaving.posting if leaving else None) + said)
                return HttpResponseRedirect(own_path(request, reverse("person", args=[_root(posting.person)])))
    return _page(request, form, asking=asking, status=400)


def _done(request: UserRequest, form: AppointmentForm) -> tuple[Posting, str]:
    """The posting, and what became of other facts of somebody who was on record."""
    fields = form.cleaned_data
    posting = take_on(
        who=form.who,
        township=form.township,
        unit=form.unit,
        position=form.position,
        started_on=fields["started_on"],
        is_full_time=fields["is_full_time"],
        source=fields["source"],
        recruitment_round=fields["recruitment_round"],
        wage=form.wage,
        contract=form.contract,
        leaving=form.leaving,
        actor=request.user,
    )
    if fields.get("kin"):
        kin = "" if fields["kin"] == "无" else fields["kin"]
        declare_kin(posting=posting, kin=kin, signed_on=fields["kin_signed_on"], actor=request.user)
    return posting, _stated(request, form, posting)


def _stated(request: UserRequest, form: AppointmentForm, posting: Posting) -> str:
    names = "、".join(LABELS[name] for name in different(posting.person, form.stated))
    if not names:
        return ""
    is_written = state_facts(
        person=posting.person,
        facts=form.stated,
        reason=f"登记到岗 {posting.started_on}",
        today=form.today,
        actor=request.user,
    )
    return f"{names}已更正。" if is_written else f"{names}已作为更正申请报县局,审核以前不变。"


def _tell(form: AppointmentForm, error: ValidationError) -> None:
    """At its field where the form has it, else above."""
    if hasattr(error, "error_dict"):
        for name, told in error.message_dict.items():
            for message in told:
                form.add_error(name if name in form.fields else None, message)
    else:
        for message in error.messages:
            form.add_error(None, message)


def _person(request: UserRequest) -> Person | None:
    """Whose appointment it is where that is known; 404 for somebody whom the reader does not see."""
    pk = whole_number(request.POST if request.method == "POST" else request.GET, "person")
    if pk is None:
        return None
    found = get_object_or_404(Person.objects.visible_to(request.user).select_related("merged_into"), pk=pk)
    return found.merged_into or found


def _township(request: UserRequest) -> Township | None:
    """The one that is named, that of the unit, or the only one that the reader has; 404 for one of others."""
    asked = request.POST if request.method == "POST" else request.GET
    visible = Township.objects.visible_to(request.user)
    if unit := asked.get("unit"):
        found = GrassrootsUnit.objects.visible_to(request.user).select_related("township").filter(code=unit).first()
        if found is None:
            raise Http404
        return found.township
    if code := asked.get("township"):
        return get_object_or_404(visible, code=code)
    mine = list(visible[:2])
    return mine[0] if len(mine) == 1 else None


def _wanted(request: UserRequest) -> dict[str, object]:
    """What the address fills in."""
    unit, position = request.GET.get("unit", ""), request.GET.get("position", "")
    place = unit or (position if position in (Position.PLATFORM_STAFF, Position.ASSISTANT) else "")
    return {"place": place}


def _which_township(request: UserRequest, person: Person | None) -> HttpResponse:
    context = {
        "townships": Township.objects.visible_to(request.user).order_by("code"),
        "person": person,
        "position": request.GET.get("position", ""),
        "back": own_path(request, reverse("people")),
    }
    return render(request, "pages/personnel/appoint_where.html", context)


def _page(
    request: UserRequest, form: AppointmentForm, *, asking: AskingBack | None = None, status: int = 200
) -> HttpResponse:
    shown = form.person
    if shown is None and form.known is not None and form.sees(form.known):
        shown = form.known
    visible = Posting.objects.visible_to(request.user)
    context = {
        "form": form,
        "township": form.township,
        "person": form.person,
        "asking": asking or AskingBack(),
        "facts": facts_beside(shown, None, form.today, visible) if shown else None,
        "predecessors": form.predecessors,
        "back": own_path(request, reverse("person", args=[form.person.pk]) if form.person else reverse("people")),
    }
    return render(request, "pages/personnel/appoint.html", context, status=status)


def _root(person: Person) -> int:
    return person.merged_into_id or person.pk
