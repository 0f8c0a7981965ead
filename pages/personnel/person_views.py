"""Who a person is: correcting name, number and phone in place, merging two records of one person, and undoing that."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from accounts.idempotency import idempotent
from accounts.permissions import Permission, may, requires
from accounts.requests import UserRequest
from foundation.asking_back import AskingBack, asking_back
from foundation.http import http_methods
from foundation.seen import SEEN, changed_since, seen_token
from pages.merging import merging_page
from pages.personnel.facts import facts_beside
from pages.personnel.person_forms import CorrectPersonForm, MergeForm, OtherRecordForm, UnmergeForm
from staffing.locking import lock_people
from staffing.models import Person, PersonProposal, Posting
from staffing.people.correcting import correct_person
from staffing.people.facts import BLANK, IDENTITY, LABELS, fact, in_words
from staffing.people.merging import merge_people, unmerge_person
from staffing.people.owning import writes_facts
from staffing.people.proposals import NUMBER_TAKEN, propose_merging
from staffing.written_names import doubts_about

NOT_FOUND = "没有登记这个身份证号的人员记录,请核对号码。"
PROPOSED = "{}申请已报县局,审核以前不变;结果在人员页面的“更正申请”里看。"


@sensitive_post_parameters("national_id", "phone")
@requires(Permission.CORRECT_PERSON)
@http_methods("GET", "POST")
@idempotent
def correct(request: UserRequest, pk: int) -> HttpResponse:
    """Name, number and phone of a person, beside what is on record."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    if request.method != "POST":
        return _correct_page(request, person, CorrectPersonForm.of(person))
    # Nobody changes the person between the look at what others changed and the saving.
    (person,) = lock_people(person.pk)
    form = CorrectPersonForm(request.POST)
    changed = [str(one) for one in changed_since(request.POST.get(SEEN, ""), _subject(person), _shown(person))]
    if not form.is_valid() or changed:
        return _correct_page(request, person, form, changed=changed)
    name, before = form.cleaned_data["name"], _shown(person)
    asking = asking_back(doubts_about(name) if name != person.name else (), request.POST)
    if asking.is_needed:
        return _correct_page(request, person, form, asking=asking)
    try:
        made = correct_person(person=person, today=timezone.localdate(), actor=request.user, **form.cleaned_data)
    except ValidationError as error:
        is_taken = getattr(error, "code", "") == NUMBER_TAKEN
        form.add_error("national_id" if is_taken else None, error.messages)
        return _correct_page(request, person, form, asking=asking, is_taken=is_taken)
    if isinstance(made, PersonProposal):
        messages.success(request, f"{person.name}:{PROPOSED.format('更正')}")
        return redirect("proposal", made.pk)
    told = [f"{label} {before[label] or BLANK} → {now}" for label, now in _shown(made).items() if now != before[label]]
    messages.success(request, f"{made.name}:{','.join(told)}。补助金额不因此变动,以后各月的表按更正后的打印。")
    return redirect("person", made.merged_into_id or made.pk)


@sensitive_post_parameters("national_id")
@requires(Permission.CORRECT_PERSON)
@http_methods("GET", "POST")
@idempotent
def find_other_record(request: UserRequest, pk: int) -> HttpResponse:
    """The other record of a person is named by its id number: seen, it is shown beside this one; else a clerk's word
    goes to the bureau as it is."""
    person = get_object_or_404(Person.objects.visible_to(request.user).filter(merged_into=None), pk=pk)
    form = OtherRecordForm(request.POST) if request.method == "POST" else OtherRecordForm()
    if not form.is_valid():
        return _find_page(request, person, form)
    other = Person.objects.with_national_id(form.number.number).first()
    into = other and (other.merged_into or other)
    if other is None or into is None or into.pk == person.pk:
        own = "这是这条记录自己的身份证号。" if other == person else "这个身份证号的记录已经合并到这条记录。"
        form.add_error("national_id", NOT_FOUND if other is None else own)
        return _find_page(request, person, form)
    if Person.objects.visible_to(request.user).filter(pk=into.pk).exists():
        return redirect("merge_people", person.pk, into.pk)
    try:
        propose_merging(
            duplicate=person, into=into, reason=form.cleaned_data["reason"], actor=request.user, now=timezone.now()
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _find_page(request, person, form)
    messages.success(request, f"{person.name}:{PROPOSED.format('合并')}")
    return redirect("proposals")


@requires(Permission.CORRECT_PERSON)
@http_methods("GET", "POST")
@idempotent
def merge(request: UserRequest, pk: int, into: int) -> HttpResponse:
    """Two records side by side with what merging them changes; the officer merges, a clerk proposes it."""
    people = Person.objects.visible_to(request.user).filter(merged_into=None)
    record, other = get_object_or_404(people, pk=pk), get_object_or_404(people.exclude(pk=pk), pk=into)
    form = MergeForm(request.POST) if request.method == "POST" else MergeForm()
    if not form.is_valid():
        return _merge_page(request, record, other, form)
    reason, may_decide = form.cleaned_data["reason"], may(request.user, Permission.DECIDE_PROPOSALS)
    try:
        if may_decide:
            merge_people(duplicate=record, into=other, reason=reason, actor=request.user)
        else:
            propose_merging(duplicate=record, into=other, reason=reason, actor=request.user, now=timezone.now())
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _merge_page(request, record, other, form)
    if may_decide:
        messages.success(request, f"{record.name}的两条记录已合并,差额在下一次核算中补发或扣回;在本页可以取消合并。")
        return redirect("person", other.pk)
    messages.success(request, f"{record.name}:{PROPOSED.format('合并')}")
    return redirect("proposals")


@requires(Permission.DECIDE_PROPOSALS)
@http_methods("GET", "POST")
@idempotent
def unmerge(request: UserRequest, pk: int) -> HttpResponse:
    """Take a merged record as a person of its own again."""
    record = get_object_or_404(Person.objects.visible_to(request.user).exclude(merged_into=None), pk=pk)
    form = UnmergeForm(request.POST) if request.method == "POST" else UnmergeForm()
    if not form.is_valid():
        return _unmerge_page(request, record, form)
    try:
        unmerge_person(person=record, reason=form.cleaned_data["reason"], actor=request.user)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _unmerge_page(request, record, form)
    messages.success(request, f"{record.name}:已取消合并,两条记录各自独立;差额在下一次核算中补发或扣回。")
    return redirect("person", record.pk)


def _correct_page(
    request: UserRequest,
    person: Person,
    form: CorrectPersonForm,
    *,
    changed: Sequence[str] = (),
    asking: AskingBack | None = None,
    is_taken: bool = False,
) -> HttpResponse:
    today = timezone.localdate()
    asking, is_own = asking or AskingBack(), writes_facts(request.user, person, today)
    context = {
        "person": person,
        "form": form,
        "button": "保存" if is_own else "报县局审核",
        "asking": asking,
        "changed": changed,
        "seen": seen_token(_subject(person), _shown(person)),
        "is_taken": is_taken,
        "is_own": is_own,
        "facts": facts_beside(person, None, today, Posting.objects.visible_to(request.user)),
        "back": _page_of(person),
    }
    status = 409 if changed else 400 if form.errors or asking.doubts else 200
    return render(request, "pages/personnel/correct_person.html", context, status=status)


def _find_page(request: UserRequest, person: Person, form: OtherRecordForm) -> HttpResponse:
    visible = Posting.objects.visible_to(request.user)
    context = {
        "person": person,
        "form": form,
        "facts": facts_beside(person, None, timezone.localdate(), visible),
        "may_decide": may(request.user, Permission.DECIDE_PROPOSALS),
        "back": _page_of(person),
    }
    return render(request, "pages/personnel/find_record.html", context, status=400 if form.errors else 200)


def _merge_page(request: UserRequest, record: Person, into: Person, form: MergeForm) -> HttpResponse:
    context = {
        "page": merging_page(record, into, day=timezone.localdate(), user=request.user),
        "form": form,
        "may_decide": may(request.user, Permission.DECIDE_PROPOSALS),
        "back": _page_of(record),
    }
    return render(request, "pages/personnel/merge_people.html", context, status=400 if form.errors else 200)


def _unmerge_page(request: UserRequest, record: Person, form: UnmergeForm) -> HttpResponse:
    into = record.merged_into or record
    context = {
        "page": merging_page(record, into, day=timezone.localdate(), user=request.user),
        "form": form,
        "back": _page_of(record),
    }
    return render(request, "pages/personnel/unmerge_person.html", context, status=400 if form.errors else 200)


def _page_of(person: Person) -> str:
    return reverse("person", args=[person.merged_into_id or person.pk])


def _shown(person: Person) -> dict[str, str]:
    """What the page tells of the person, as others may have changed it meanwhile."""
    return {LABELS[name]: in_words(name, fact(person, name), blank="") for name in IDENTITY}


def _subject(person: Person) -> str:
    return f"person {person.pk}"
