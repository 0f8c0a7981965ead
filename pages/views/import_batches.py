"""The imports and verbs for many of a township: what each brought and changed, and undoing one."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.audit import as_refusal
from accounts.permissions import Permission, may, requires
from accounts.requests import UserRequest
from foundation.asked import whole_number
from foundation.http import http_methods
from pages.forms.imports import UndoImportForm
from pages.proposals import proposals_of_batch
from staffing.events import StaffingEvent
from staffing.imports import roster_undoing
from staffing.imports.batch_pages import batch_page, batches_page
from staffing.many import undoing
from staffing.models import ImportBatch, PersonProposal
from subsidies.known_runs import settled_postings_of


@requires(Permission.VIEW_PEOPLE)
@http_methods("GET")
def imports(request: UserRequest) -> HttpResponse:
    before = whole_number(request.GET, "before")
    page = batches_page(ImportBatch.objects.visible_to(request.user), before=before)
    may_import = may(request.user, Permission.IMPORT_ROSTER)
    return render(request, "pages/imports.html", {"page": page, "may_import": may_import})


@requires(Permission.VIEW_PEOPLE)
@http_methods("GET")
def import_batch(request: UserRequest, pk: int) -> HttpResponse:
    return _batch_page(request, _visible(request, pk), UndoImportForm())


@requires(Permission.IMPORT_ROSTER)
@http_methods("POST")
def undo_import(request: UserRequest, pk: int) -> HttpResponse:
    """Withdraws what an import of the own township brought."""
    batch = _visible(request, pk)
    if batch.undone_at is not None:
        messages.info(request, f"这次{batch.kind_label}已经撤销,没有重复撤销。")
        return redirect("import_batch", pk)
    form = UndoImportForm(request.POST)
    if not form.is_valid():
        return _batch_page(request, batch, form, status=400)
    reason = form.cleaned_data["reason"]
    way, settled = _undoing(batch), settled_postings_of(batch)
    try:
        way.undo(batch=batch, reason=reason, settled=settled, actor=request.user, now=timezone.now())
    except ValidationError as error:
        page = _batch_page(request, batch, form, status=409)
        return as_refusal(page, way.event, subject=batch, reason=";".join(error.messages)[:500])
    messages.success(request, f"已撤销:这次{batch.kind_label}新增的在岗记录不再有效,变更过的已改回。")
    return redirect("import_batch", pk)


class Undoing(NamedTuple):
    """`obstacles` says why a batch of this kind cannot be undone, `undo` does it, `event` is that of a refusal."""

    obstacles: Callable[..., Sequence[str]]
    undo: Callable[..., ImportBatch]
    event: StaffingEvent


_OF_FILE = Undoing(roster_undoing.obstacles, roster_undoing.undo_roster_import, StaffingEvent.UNDO_IMPORT)
_OF_MANY = Undoing(undoing.obstacles, undoing.undo_batch, StaffingEvent.UNDO_BATCH)


def _undoing(batch: ImportBatch) -> Undoing:
    return _OF_FILE if batch.is_of_file else _OF_MANY


def _visible(request: UserRequest, pk: int) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)


def _batch_page(request: UserRequest, batch: ImportBatch, form: UndoImportForm, *, status: int = 200) -> HttpResponse:
    context = {
        "page": batch_page(batch, obstacles=_undoing(batch).obstacles(batch, settled=settled_postings_of(batch))),
        "proposals": proposals_of_batch(PersonProposal.objects.filter(import_batch=batch), user=request.user),
        "form": form,
        "may_undo": may(request.user, Permission.IMPORT_ROSTER),
    }
    return render(request, "pages/import_batch.html", context, status=status)
