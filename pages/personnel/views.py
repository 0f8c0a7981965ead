"""The page of a verb of personnel: a short form beside the facts that it changes, and what else can be done."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.idempotency import idempotent
from accounts.permissions import View, requires
from accounts.requests import UserRequest
from foundation.asked import own_path
from foundation.asking_back import AskingBack, asking_back
from foundation.http import http_methods
from pages.personnel.facts import facts_beside
from pages.personnel.rows import Subject, person_of, posting_of, row_or_404
from pages.personnel.verbs import Verb
from staffing.models import Posting


def verb_page(verb: Verb) -> View[UserRequest, [int]]:
    """The view of a verb: its form for the row of that number; once it is done, back to where the reader came from."""

    @requires(verb.permission)
    @http_methods("GET", "POST")
    @idempotent
    def page(request: UserRequest, pk: int) -> HttpResponse:
        return _page(request, verb, row_or_404(request.user, verb.subject, pk))

    return page


def _page(request: UserRequest, verb: Verb, row: Subject) -> HttpResponse:
    person, posting = person_of(row), posting_of(row)
    form = verb.filled(row) if verb.filled else verb.form()
    back = own_path(request, reverse("person", args=[person.merged_into_id or person.pk]))
    asking = AskingBack()
    if request.method == "POST":
        form = verb.form(request.POST)
        if form.is_valid():
            fields = form.cleaned_data
            asking = asking_back(verb.doubts(row, fields, timezone.localdate()), request.POST)
            if not asking.is_needed:
                try:
                    made = verb.service(**{verb.subject_name: row}, actor=request.user, **fields)
                except ValidationError as error:
                    for message in error.messages:
                        form.add_error(None, message)
                else:
                    messages.success(request, f"{person.name}:{verb.done(made, fields)}{verb.effect}")
                    return HttpResponseRedirect(back)
    context = {
        "title": verb.title,
        "effect": verb.effect,
        "person": person,
        "posting": posting,
        "form": form,
        "asking": asking,
        "back": back,
        "facts": facts_beside(person, posting, timezone.localdate(), Posting.objects.visible_to(request.user)),
    }
    # Nothing is saved where something is asked, nor remembered as the answer to this form.
    return render(
        request, "pages/personnel/form_page.html", context, status=400 if form.errors or asking.doubts else 200
    )
