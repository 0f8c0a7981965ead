"""Rounds of open recruitment 公开招聘: the list, one with who came by it, opening, mending and withdrawing it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.idempotency import idempotent
from accounts.permissions import Permission, may, requires
from accounts.requests import UserRequest
from foundation.asked import whole_number
from foundation.http import http_methods
from foundation.seen import SEEN, changed_since, seen_token
from pages.personnel.forms import WithdrawForm
from pages.personnel.round_forms import RoundForm
from staffing.models import Posting, RecruitmentRound
from staffing.recruitment import FACTS, correct_round, locked_round, open_round, withdraw_round
from townships.models import Township

PAGE_SIZE = 50
_SHOWN_PEOPLE = 200


@requires(Permission.VIEW_PEOPLE)
@http_methods("GET")
def rounds(request: UserRequest) -> HttpResponse:
    """The rounds that the reader may see, the latest entered first."""
    came = Count("postings", filter=Q(postings__withdrawn_at=None))
    found = RecruitmentRound.objects.visible_to(request.user).live().annotate(came=came).order_by("-pk")
    before = whole_number(request.GET, "before")
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.select_related("township")[: PAGE_SIZE + 1])
    context = {
        "rounds": rows[:PAGE_SIZE],
        "next_before": rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None,
        "is_first": before is None,
        "may_keep": may(request.user, Permission.KEEP_ROUNDS),
    }
    return render(request, "pages/personnel/rounds.html", context)


@requires(Permission.KEEP_ROUNDS)
@http_methods("GET", "POST")
@idempotent
def new_round(request: UserRequest) -> HttpResponse:
    """A clerk's is of the own township, the officer chooses one."""
    townships = Township.objects.visible_to(request.user).order_by("code")
    form = RoundForm(request.POST if request.method == "POST" else None, townships=townships)
    if request.user.township_id is not None:
        form.fields["township"].initial = request.user.township_id
    if form.is_valid():
        try:
            made = open_round(township=form.cleaned_data["township"], actor=request.user, **form.stated)  # type: ignore[arg-type]  # named as the form's fields
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"公开招聘已登记:{made}。登记到岗时可以选它。")
            return redirect("round", made.pk)
    context = {"form": form, "is_new": True}
    return render(request, "pages/personnel/round_form.html", context, status=400 if form.errors else 200)


@requires(Permission.VIEW_PEOPLE)
@http_methods("GET")
def one_round(request: UserRequest, pk: int) -> HttpResponse:
    return _round(request, _visible(request, pk), WithdrawForm())


@requires(Permission.KEEP_ROUNDS)
@http_methods("GET", "POST")
@idempotent
def mend_round(request: UserRequest, pk: int) -> HttpResponse:
    """What has come since, such as the approval, is added; what is wrong is put right."""
    round_, changed = _visible(request, pk), []
    form = RoundForm.of(round_)
    if request.method == "POST":
        # Nobody changes the round between the look at what others changed and the saving.
        round_ = locked_round(round_)
        form = RoundForm(request.POST)
        changed = [str(one) for one in changed_since(request.POST.get(SEEN, ""), _key(round_), _shown(round_))]
    if round_.withdrawn_at is not None:
        return redirect("round", pk)
    if form.is_valid() and not changed:
        try:
            correct_round(round_=round_, stated=form.stated, reason=form.cleaned_data["reason"], actor=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"公开招聘已保存:{form.cleaned_data['notice_title']}。")
            return redirect("round", pk)
    context = {
        "form": form,
        "round": round_,
        "is_new": False,
        "changed": changed,
        "seen": seen_token(_key(round_), _shown(round_)),
    }
    status = 409 if changed else 400 if form.errors else 200
    return render(request, "pages/personnel/round_form.html", context, status=status)


@requires(Permission.KEEP_ROUNDS)
@http_methods("GET", "POST")
@idempotent
def withdraw(request: UserRequest, pk: int) -> HttpResponse:
    """One that was opened by mistake, and nobody came by."""
    round_ = _visible(request, pk)
    if request.method != "POST":
        return redirect("round", pk)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            withdraw_round(round_=round_, reason=form.cleaned_data["reason"], actor=request.user)
        except ValidationError as error:
            form.add_error("reason", error.messages)
        else:
            messages.success(request, f"公开招聘已撤销:{round_}。")
            return redirect("rounds")
    return _round(request, round_, form, status=400)


def _visible(request: UserRequest, pk: int) -> RecruitmentRound:
    return get_object_or_404(RecruitmentRound.objects.visible_to(request.user).select_related("township"), pk=pk)


def _key(round_: RecruitmentRound) -> str:
    return f"recruitmentround {round_.pk}"


def _shown(round_: RecruitmentRound) -> dict[str, str]:
    """What the form tells of the round, as others may have changed it meanwhile."""
    labels = {name: str(RecruitmentRound._meta.get_field(name).verbose_name) for name in FACTS}  # type: ignore[union-attr]  # they are columns
    return {labels[name]: str(getattr(round_, name) or "") for name in FACTS}


def _round(request: UserRequest, round_: RecruitmentRound, form: WithdrawForm, *, status: int = 200) -> HttpResponse:
    came = Posting.objects.visible_to(request.user).filter(recruitment_round=round_, withdrawn_at=None)
    people = list(came.select_related("person", "unit").order_by("started_on", "pk")[: _SHOWN_PEOPLE + 1])
    context = {
        "round": round_,
        "people": people[:_SHOWN_PEOPLE],
        "are_more": len(people) > _SHOWN_PEOPLE,
        "form": form,
        "may_keep": may(request.user, Permission.KEEP_ROUNDS) and round_.withdrawn_at is None,
    }
    return render(request, "pages/personnel/round.html", context, status=status)
