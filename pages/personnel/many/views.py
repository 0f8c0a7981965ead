"""The page of a verb for many: one form above, everybody chosen below with before and after, then saved at once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.idempotency import idempotent
from accounts.permissions import Permission, View, requires
from accounts.requests import UserRequest
from foundation.asked import own_path
from foundation.http import http_methods
from pages.personnel.many.chosen import Chosen, as_field, chosen_by_address, chosen_by_form, stamp_of
from pages.personnel.many.verbs import ManyVerb
from pages.personnel.many.words import names_of
from staffing.many.batches import one_township
from staffing.models import Posting
from staffing.several import SeveralRefused

NOT_SAVED = "一个也没有登记。请看下面各人的提示:改好再办,或勾选“不办”。"


@dataclass(frozen=True, slots=True)
class ManyRow:
    """Somebody chosen: what is stored, what will be, and what stands in the way."""

    posting: Posting
    before: str
    after: str
    problem: str
    is_left_out: bool


@dataclass(slots=True)
class _Work:
    """What was sent, and what is wrong with it."""

    verb: ManyVerb
    chosen: Chosen
    form: forms.Form
    after: dict[int, str] = field(default_factory=dict)
    problems: dict[int, str] = field(default_factory=dict)
    problem: str = ""
    doubts: list[str] = field(default_factory=list)
    checked: str = ""

    @property
    def is_wrong(self) -> bool:
        return bool(self.form.errors or self.problems or self.problem)


def many_page(verb: ManyVerb) -> View[UserRequest, []]:
    """The view of a verb for many. The first answer to its form shows what each will have, the second one saves."""

    @requires(Permission.EDIT_PERSONNEL)
    @http_methods("GET", "POST")
    def page(request: UserRequest) -> HttpResponse:
        if request.method != "POST":
            chosen = chosen_by_address(request)
            return _answer(request, _Work(verb, chosen, _fitted(verb, chosen, verb.form()), problem=chosen.problem))
        work = _checked(request, verb)
        if not work.is_wrong and request.POST.get("checked") == work.checked:
            return _save(request, work)
        return _answer(request, work, status=400 if work.is_wrong else 200)

    return page


def _fitted(verb: ManyVerb, chosen: Chosen, form: forms.Form) -> forms.Form:
    if verb.fit is not None and chosen.postings:
        verb.fit(chosen.postings[0], form)
    return form


def _checked(request: UserRequest, verb: ManyVerb) -> _Work:
    """Everything that can be said before it is saved."""
    chosen = chosen_by_form(request)
    work = _Work(verb, chosen, _fitted(verb, chosen, verb.form(request.POST)))
    work.problem = chosen.problem
    if not chosen.problem and not chosen.kept:
        work.problem = "所有人都勾选了“不办”。"
    now = _stamps(verb, chosen)
    for posting in chosen.kept:
        if posting.withdrawn_at is not None:
            work.problems[posting.pk] = "这条在岗记录已经撤销,请勾选“不办”"
        elif chosen.stamps[posting.pk] != now[posting.pk]:
            work.problems[posting.pk] = "打开这一页以后有变动,请核对现在的情况,再点一次"
    if not work.form.is_valid() or work.problem:
        return work
    fields = work.form.cleaned_data
    known = verb.known(chosen.kept, fields)
    try:
        one_township(chosen.kept)
    except ValidationError as error:
        work.problem = " ".join(error.messages)
    for posting in chosen.kept:
        try:
            work.after[posting.pk] = verb.after(posting, known.get(posting.pk), fields)
        except ValidationError as error:
            work.problems.setdefault(posting.pk, " ".join(error.messages))
    if not work.is_wrong:
        rows = [(posting, known.get(posting.pk)) for posting in chosen.kept]
        work.doubts = list(verb.doubts(rows, fields, timezone.localdate()))
        work.checked = _digest(work)
    return work


@idempotent
def _save(request: UserRequest, work: _Work) -> HttpResponse:
    verb = work.verb
    try:
        batch, done = verb.service(work.chosen.kept, work.form.cleaned_data, request.user)
    except SeveralRefused as error:
        work.problems = {pk: " ".join(sentences) for pk, sentences in error.of_posting.items()}
        work.problem = NOT_SAVED
        return _answer(request, work, status=409)
    except ValidationError as error:
        work.problem = " ".join(error.messages)
        return _answer(request, work, status=409)
    names = names_of([posting.person.name for posting in done])
    messages.success(request, f"{verb.title}:已登记 {len(done)} 人({names})。{verb.effect}")
    return redirect("import_batch", batch.pk)


def _answer(request: UserRequest, work: _Work, *, status: int = 200) -> HttpResponse:
    verb, chosen = work.verb, work.chosen
    known = verb.known(chosen.postings, None)
    rows = [
        ManyRow(
            posting,
            verb.told(known.get(posting.pk)),
            work.after.get(posting.pk, ""),
            work.problems.get(posting.pk, ""),
            posting.pk in chosen.left_out,
        )
        for posting in chosen.postings
    ]
    problem = work.problem or (NOT_SAVED if work.problems else "")
    context = {
        "verb": verb,
        "form": work.form,
        "rows": rows,
        "number": len(chosen.kept),
        "chosen": as_field(_stamps(verb, chosen, known)),
        "checked": "" if work.is_wrong else work.checked,
        "doubts": work.doubts,
        "problem": problem,
        "back": own_path(request, reverse("people")),
    }
    return render(request, "pages/personnel/many.html", context, status=status)


def _stamps(verb: ManyVerb, chosen: Chosen, known: Mapping[int, object] | None = None) -> dict[int, str]:
    """What is shown of each now."""
    stored = verb.known(chosen.postings, None) if known is None else known
    return {
        posting.pk: stamp_of((posting.started_on, posting.ended_on, verb.told(stored.get(posting.pk))))
        for posting in chosen.postings
    }


def _digest(work: _Work) -> str:
    """What was shown for saving: another entry, or other people, are shown first."""
    said = [*sorted(work.after.items()), *sorted(work.doubts), *sorted(map(str, work.form.cleaned_data.items()))]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]
