"""The page of a verb of personnel: a short form beside the facts that it changes, and what else can be done."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.idempotency import idempotent
from accounts.permissions import Permission, View, may, requires
from accounts.requests import UserRequest
from foundation.asked import own_path
from foundation.asking_back import AskingBack, asking_back
from foundation.http import http_methods
from foundation.seen import SEEN, changed_since, seen_token
from pages.personnel.facts import facts_beside, shown_of
from pages.personnel.rows import Subject, is_withdrawn, person_of, posting_of, row_or_404
from pages.personnel.verbs import Verb
from staffing.locking import lock_people
from staffing.models import Posting


def verb_page(verb: Verb) -> View[UserRequest, [int]]:
    """The view of a verb: its form for the row of that number; once it is done, back to where the reader came from."""

    @requires(verb.permission)
    @http_methods("GET", "POST")
    @idempotent
    def page(request: UserRequest, pk: int) -> HttpResponse:
        row = row_or_404(request.user, verb.subject, pk)
        if request.method == "POST":
            return _sent(request, verb, row)
        if is_withdrawn(row):
            raise Http404
        return _page(request, verb, row, _fitted(verb, row, verb.filled(row) if verb.filled else verb.form()))

    return page


def _sent(request: UserRequest, verb: Verb, row: Subject) -> HttpResponse:
    """What is wrong, what others changed and what is doubtful is said with the form; else the verb is done."""
    # Nobody changes the row between the look at what others changed and the saving.
    lock_people(person_of(row).pk)
    row = row_or_404(request.user, verb.subject, row.pk)
    form, asking = _fitted(verb, row, verb.form(request.POST)), AskingBack()
    changed = changed_since(request.POST.get(SEEN, ""), _key(row), shown_of(row))
    if form.is_valid():
        fields = form.cleaned_data
        asking = asking_back(verb.doubts(row, fields, timezone.localdate()), request.POST)
        if not changed and not asking.is_needed:
            try:
                made = verb.service(**{verb.subject_name: row}, actor=request.user, **fields)
            except ValidationError as error:
                for message in error.messages:
                    form.add_error(None, message)
            else:
                messages.success(request, f"{person_of(row).name}:{verb.done(made, fields)}{verb.effect}")
                return HttpResponseRedirect(_back(request, row))
    # Nothing is saved, and this answer is not remembered as that to the form.
    status = 409 if changed else 400
    return _page(request, verb, row, form, asking=asking, changed=[str(one) for one in changed], status=status)


def _page(
    request: UserRequest,
    verb: Verb,
    row: Subject,
    form: forms.Form,
    *,
    asking: AskingBack | None = None,
    changed: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    person, posting = person_of(row), posting_of(row)
    context = {
        "title": verb.title,
        "effect": verb.effect,
        "person": person,
        "posting": posting,
        "form": form,
        "asking": asking or AskingBack(),
        "changed": changed or [],
        "seen": seen_token(_key(row), shown_of(row)),
        "may_edit": may(request.user, Permission.EDIT_PERSONNEL),
        "back": _back(request, row),
        "facts": facts_beside(person, posting, timezone.localdate(), Posting.objects.visible_to(request.user)),
    }
    return render(request, "pages/personnel/form_page.html", context, status=status)


def _back(request: UserRequest, row: Subject) -> str:
    person = person_of(row)
    return own_path(request, reverse("person", args=[person.merged_into_id or person.pk]))


def _key(row: Subject) -> str:
    return f"{row._meta.model_name} {row.pk}"


def _fitted(verb: Verb, row: Subject, form: forms.Form) -> forms.Form:
    if verb.fit is not None:
        verb.fit(row, form)
    return form
