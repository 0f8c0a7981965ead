"""The pages of transfers 调动: the list, the word of the sending township and of the receiving one, both at once."""

from collections.abc import Callable, Iterable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.idempotency import idempotent
from accounts.permissions import Permission, refusal, requires
from accounts.requests import UserRequest
from foundation.asked import own_path, whole_number
from foundation.asking_back import asked_and_saved
from foundation.http import http_methods
from pages.personnel.facts import education_held
from pages.personnel.verbs import Verb
from pages.personnel.views import verb_page
from pages.transfers import words
from pages.transfers.forms import AskForm, CallBackForm, MoveForm, RefuseForm, TermsForm
from pages.transfers.lists import transfer_list, visible_transfers
from pages.transfers.places import places_of
from staffing.enums import TransferAction
from staffing.models import Posting, PostingQuerySet, Transfer
from staffing.transfers import services
from staffing.transfers.steps import open_to
from townships.models import Township

ask = verb_page(
    Verb(
        "posting_transfer", Posting, "transfer/", "调动(调往其他镇街)",
        AskForm, services.ask_transfer, words.asked, words.doubts_of_asking, fit=AskForm.fit,
        effect=words.NOTHING_YET,
    )
)  # fmt: skip


@requires(Permission.VIEW_PEOPLE)
@http_methods("GET")
def transfers(request: UserRequest) -> HttpResponse:
    page = transfer_list(request.user, before=whole_number(request.GET, "before"))
    return render(request, "pages/transfers/list.html", {"page": page, "back": reverse("transfers")})


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET")
def start(request: UserRequest) -> HttpResponse:
    """To the form for whoever was chosen on the list."""
    posting = whole_number(request.GET, "posting")
    if posting is None:
        return redirect("transfers")
    found = get_object_or_404(_live_postings(request), pk=posting)
    return redirect(f"{reverse('posting_transfer', args=[found.pk])}?next={reverse('transfers')}")


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def receive(request: UserRequest, pk: int) -> HttpResponse:
    transfer = _open_or_404(request, pk, TransferAction.RECEIVE)
    first_day = words.next_day(transfer.last_day)
    form = TermsForm(request.POST) if request.method == "POST" else TermsForm.of(transfer)
    form.offer(places_of(transfer.to_township, first_day))

    def save() -> str:
        done = services.receive_transfer(
            transfer=transfer,
            place=form.chosen.place,
            first_day=form.cleaned_data["first_day"],
            terms=form.terms,
            actor=request.user,
        )
        return words.received(done)

    return _page(request, form, save, title="接收", posting=transfer.posting, transfer=transfer)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def move(request: UserRequest, pk: int) -> HttpResponse:
    """Both words at once: within the own township, in a small bureau to any other."""
    posting = get_object_or_404(_live_postings(request), pk=pk)
    township, townships = posting.township, Township.objects.none()
    if request.user.reads_county:
        townships = Township.objects.all()
        code = request.GET.get("township", "")
        township = get_object_or_404(townships, code=code) if code else township
    form = MoveForm(request.POST) if request.method == "POST" else MoveForm()
    form.offer(places_of(township, timezone.localdate()))

    def save() -> str:
        done = services.transfer_at_once(
            posting=posting,
            last_day=form.cleaned_data["last_day"],
            to_township=township,
            document=form.cleaned_data["document"],
            place=form.chosen.place,
            first_day=form.cleaned_data["first_day"],
            terms=form.terms,
            actor=request.user,
        )
        return words.received(done)

    more = {"township": township, "townships": townships}
    return _page(request, form, save, title="换岗位", posting=posting, **more)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def refuse(request: UserRequest, pk: int) -> HttpResponse:
    transfer = _open_or_404(request, pk, TransferAction.REFUSE)
    form = RefuseForm(request.POST or None)

    def save() -> str:
        reason = form.cleaned_data["reason"]
        return words.refused(services.refuse_transfer(transfer=transfer, reason=reason, actor=request.user))

    return _page(request, form, save, title="退回调动", posting=transfer.posting, transfer=transfer)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def call_back(request: UserRequest, pk: int) -> HttpResponse:
    transfer = _open_or_404(request, pk, TransferAction.WITHDRAW)
    form = CallBackForm(request.POST or None)

    def save() -> str:
        reason = form.cleaned_data["reason"]
        return words.called_back(services.withdraw_transfer(transfer=transfer, reason=reason, actor=request.user))

    return _page(request, form, save, title="撤回调动", posting=transfer.posting, transfer=transfer)


def _live_postings(request: UserRequest) -> PostingQuerySet:
    live = Posting.objects.visible_to(request.user).filter(withdrawn_at__isnull=True)
    return live.select_related("person", "township", "unit")


def _open_or_404(request: UserRequest, pk: int, action: TransferAction) -> Transfer:
    """One that the user may see; PermissionDenied where the step is the other township's. What was decided meanwhile
    is told by the service."""
    transfer = get_object_or_404(visible_transfers(request.user), pk=pk)
    if transfer.is_waiting and action not in open_to(request.user, transfer):
        raise PermissionDenied(refusal(Permission.EDIT_PERSONNEL))
    return transfer


def _page(
    request: UserRequest, form: forms.Form, save: Callable[[], str], *, title: str, posting: Posting, **more: object
) -> HttpResponse:
    """The form beside what is known of the person; once it is saved, back to where the reader came from."""
    back = own_path(request, reverse("transfers"))

    def doubts() -> Iterable[str]:
        if not isinstance(form, TermsForm):
            return ()
        transfer = more.get("transfer")
        last_day = transfer.last_day if isinstance(transfer, Transfer) else form.cleaned_data["last_day"]
        return words.doubts_of_receiving(form, posting.person, last_day, timezone.localdate())

    said, asking = asked_and_saved(form, doubts, request.POST, save)
    if said:
        messages.success(request, f"{posting.person.name}:{said}")
        return redirect(back)
    context = {
        "title": title,
        "posting": posting,
        "education": education_held(posting.person, timezone.localdate()),
        "form": form,
        "asking": asking,
        "back": back,
        "effect": words.EFFECT if isinstance(form, TermsForm) else "",
        "may_refuse": isinstance(form, TermsForm) and "transfer" in more,
        **more,
    }
    return render(
        request, "pages/transfers/form.html", context, status=400 if form.errors or asking.is_needed else 200
    )
