"""The page of a verb of personnel: a short form, what it means for the months, and what else can be done."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.idempotency import idempotent
from accounts.permissions import View, requires
from accounts.requests import UserRequest
from foundation.asked import own_path
from foundation.http import http_methods
from staffing.models import Contract, Posting, PostingQuerySet, Suspension
from staffing.verbs import Subject, Verb


def verb_page(verb: Verb) -> View[UserRequest, [int]]:
    """The view of a verb: its form for the row of that number; once it is done, back to where the reader came from."""

    @requires(verb.permission)
    @http_methods("GET", "POST")
    @idempotent
    def page(request: UserRequest, pk: int) -> HttpResponse:
        return _page(request, verb, _subject_or_404(request, verb.subject, pk))

    return page


def _page(request: UserRequest, verb: Verb, subject: Subject) -> HttpResponse:
    posting = subject if isinstance(subject, Posting) else _live_postings(request).get(pk=subject.posting_id)
    form = verb.filled(subject) if verb.filled else verb.form()
    back = own_path(request, reverse("home"))
    if request.method == "POST":
        form = verb.form(request.POST)
        if form.is_valid():
            try:
                verb.service(**{verb.subject_name: subject}, actor=request.user, **form.cleaned_data)
            except ValidationError as error:
                for message in error.messages:
                    form.add_error(None, message)
            else:
                messages.success(request, f"{posting.person.name}:{verb.done}{verb.effect}")
                return HttpResponseRedirect(back)
    context = {
        verb.subject_name: subject,
        "posting": posting,
        "form": form,
        "verb": verb,
        "back": back,
        "contracts": posting.contracts.order_by("-started_on"),
        "wages": posting.wages.order_by("-effective_from"),
        "stops": posting.suspensions.live().order_by("-started_on"),
    }
    return render(request, "staffing/posting_verb.html", context, status=400 if form.errors else 200)


def _subject_or_404(request: UserRequest, model: type[Subject], pk: int) -> Subject:
    """A live posting that the reader may see, or a contract or live suspension of one."""
    postings = _live_postings(request)
    if model is Posting:
        return get_object_or_404(postings, pk=pk)
    if model is Suspension:
        return get_object_or_404(Suspension.objects.live(), pk=pk, posting__in=postings.values("pk"))
    return get_object_or_404(Contract, pk=pk, posting__in=postings.values("pk"))


def _live_postings(request: UserRequest) -> PostingQuerySet:
    live = Posting.objects.visible_to(request.user).filter(withdrawn_at__isnull=True)
    return live.select_related("person", "township", "unit")
