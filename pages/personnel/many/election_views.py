"""The page of an election 换届: typed or pasted, kept for as long as it takes, carried out by one button."""

import re

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.idempotency import idempotent
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from foundation.asked import whole_number
from foundation.asking_back import AskingBack, asking_back
from foundation.cells import Typed, typed_cells
from foundation.http import http_methods
from foundation.pasted import PasteError
from pages.personnel.many.election_page import election_doubts, election_page, other_rows
from pages.personnel.many.forms import ElectionForm
from pages.personnel.many.words import names_of
from staffing.labels import SETTLES_ITSELF
from staffing.many.election_columns import election_columns
from staffing.many.election_holding import hold_election
from staffing.many.election_plan import ElectionPlan
from staffing.many.election_seats import seats_of
from staffing.many.elections import (
    TypedTable,
    drop_election,
    prepared_election,
    save_election,
    typed_table,
    with_pasted,
)
from staffing.models import Election
from townships.models import GrassrootsUnit, Township

_ROW = re.compile(r"(u(\d{1,18})(?:p\d{1,18})?)-\w+", re.ASCII)
# What is pasted and cannot be read stands in its area again, unless it is as long as this.
_MOST_KEPT = 20_000


@requires(Permission.EDIT_PERSONNEL)
@http_methods("GET", "POST")
@idempotent
def election(request: UserRequest, code: str) -> HttpResponse:
    """The table; POST keeps it as it is typed, with what was pasted written into it."""
    township = _township_or_404(request, code)
    return _saved(request, township) if request.method == "POST" else _answer(request, township)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("POST")
@idempotent
def hold(request: UserRequest, code: str) -> HttpResponse:
    """Carry out what was saved."""
    township, today = _township_or_404(request, code), timezone.localdate()
    prepared = _prepared_or_404(township)
    page = election_page(township, prepared, typed_table(prepared), elected_on=prepared.elected_on, today=today)
    asking = asking_back(election_doubts(page.plan, today), request.POST)
    if asking.is_needed:
        return _answer(request, township, asking=asking, status=400)
    try:
        held = hold_election(
            election=prepared, seen=whole_number(request.POST, "saved") or 0, actor=request.user, today=today
        )
    except ValidationError as error:
        return _answer(request, township, problem=" ".join(error.messages), status=409)
    messages.success(request, f"{township.name}换届已办理:{_done(held.plan)}。{SETTLES_ITSELF}")
    return redirect("import_batch", held.batch.pk)


@requires(Permission.EDIT_PERSONNEL)
@http_methods("POST")
def drop(request: UserRequest, code: str) -> HttpResponse:
    """Throw away what was typed."""
    township = _township_or_404(request, code)
    try:
        drop_election(election=_prepared_or_404(township), actor=request.user)
    except ValidationError as error:  # carried out at the same moment
        return _answer(request, township, problem=" ".join(error.messages), status=409)
    messages.success(request, "填写的换届已清空,人员没有变动。")
    return redirect("election", township.code)


def _township_or_404(request: UserRequest, code: str) -> Township:
    return get_object_or_404(Township.objects.visible_to(request.user), code=code)


def _prepared_or_404(township: Township) -> Election:
    found = prepared_election(township)
    if found is None:
        raise Http404
    return found


def _saved(request: UserRequest, township: Township) -> HttpResponse:
    today, form = timezone.localdate(), ElectionForm(request.POST)
    cells, pasted = _typed_or_404(request.POST, township), request.POST.get("pasted", "")
    table = TypedTable(cells, pasted if len(pasted) <= _MOST_KEPT else "")
    if not form.is_valid():
        return _answer(request, township, form=form, typed=table, status=400)
    elected_on, document = form.cleaned_data["elected_on"], form.cleaned_data["document"]
    try:
        if pasted.strip():
            seats = seats_of(township, elected_on or today)
            table = with_pasted(pasted, cells, seats, township=township, today=today)
    except PasteError as error:
        return _answer(request, township, form=form, typed=table, paste_problem=str(error), status=400)
    try:
        kept = save_election(
            township=township,
            elected_on=elected_on,
            document=document,
            table=table,
            seen=whole_number(request.POST, "saved") or 0,
            actor=request.user,
            now=timezone.now(),
        )
    except ValidationError as error:
        return _answer(request, township, form=form, typed=table, problem=" ".join(error.messages), status=409)
    messages.success(request, f"已保存,还没有办理:填了 {len(table.cells)} 行。{_still_to_do(kept)}")
    return redirect("election", township.code)


def _typed_or_404(fields: QueryDict, township: Township) -> Typed:
    """The rows that were sent; none of them is of another township."""
    sent = [row for name in fields if (row := _ROW.fullmatch(name)) is not None]
    units = {int(row[2]) for row in sent}
    if GrassrootsUnit.objects.filter(township=township, pk__in=units).count() != len(units):
        raise Http404
    return typed_cells(fields, dict.fromkeys(row[1] for row in sent), election_columns(timezone.localdate()))


def _still_to_do(kept: Election) -> str:
    return "" if kept.document and kept.elected_on else "到岗日期和依据文件可以以后再补。"


def _answer(
    request: UserRequest,
    township: Township,
    *,
    form: ElectionForm | None = None,
    typed: TypedTable | None = None,
    asking: AskingBack | None = None,
    problem: str = "",
    paste_problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page with what is stored, or with what was sent and turned down."""
    prepared, today = prepared_election(township), timezone.localdate()
    stored = typed_table(prepared)
    elected_on = prepared.elected_on if prepared is not None else None
    if form is not None:
        elected_on = form.cleaned_data.get("elected_on")
    page = election_page(township, prepared, typed or stored, elected_on=elected_on, today=today)
    if status == 409 and typed is not None:
        names = other_rows(typed.cells, stored.cells, page.table)
        problem += f"与已保存的不同的行:{'、'.join(names[:20])}。" if names else ""
    context = {
        "page": page,
        "form": form or ElectionForm.of(prepared),
        "asking": asking or AskingBack(),
        "problem": problem,
        "paste_problem": paste_problem,
        "is_as_saved": typed is None,
    }
    return render(request, "pages/personnel/election.html", context, status=status)


def _done(plan: ElectionPlan) -> str:
    left = [step.seat.incumbent.person.name for step in plan.leaving if step.seat.incumbent is not None]
    came = [step.newcomer.name for step in plan.coming if step.newcomer is not None]
    said = [
        f"{len(left)} 人离任({names_of(left)})" if left else "",
        f"{len(came)} 人到任({names_of(came)})" if came else "",
    ]
    said.append(f"{len(plan.staying)} 人连任" if plan.staying else "")
    return ",".join(filter(None, said))
