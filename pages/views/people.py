"""The pages of people: the list with its filters, its export, the searches for somebody, a person's page."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from accounts.permissions import Permission, may, requires
from accounts.requests import UserRequest
from foundation.asked import LAST_ID, whole_number
from foundation.dates import LAST_DAY
from foundation.http import http_methods
from foundation.lists.address import ListAddress, list_address
from foundation.lists.paging import Cursor
from foundation.lists.shown import plain_list, shown_list
from pages.days import day_choice
from pages.filters import PostingFilter
from pages.forms.people import FindForm, NumberTailForm, RevealForm
from pages.people import RosterRow, ShownPeople, all_rows, people_named, people_with_number_tail, roster_page
from pages.people_columns import FINDING, PEOPLE_COLUMNS
from pages.person import person_page
from pages.saved_lists import PEOPLE, list_tools
from pages.views.list_files import list_file
from staffing.models import Person, Posting
from staffing.people.registering import reveal_national_id
from subsidies.models import AdjustmentLine, AllocationLine, OldDifference
from subsidies.posts.retiring import retirement_in_words

MOST_ROWS = 20_000


@requires(Permission.VIEW_PEOPLE)
@http_methods("GET")
def people(request: UserRequest) -> HttpResponse:
    return _list(request, NumberTailForm())


@requires(Permission.EXPORT_SHEET)
@requires(Permission.VIEW_PEOPLE)
@http_methods("GET")
def export(request: UserRequest) -> HttpResponse:
    """Exactly the rows and columns that the list shows for the same address, on one sheet."""
    asked = PostingFilter(request.GET, user=request.user, today=timezone.localdate())
    found, address = asked.found, _address(request, asked)
    rows = all_rows(found, asked.choice.day, asked.findings, most=MOST_ROWS, sorting=address.sorting)
    is_wrong = bool(asked.problems or address.problems)
    if is_wrong or len(rows) > MOST_ROWS:
        too_many = "" if is_wrong else f"超过 {MOST_ROWS} 条,一张表放不下;请先用筛选缩小范围,再导出。"
        return _list(request, NumberTailForm(), problem=too_many, status=400)
    return list_file("人员", address.columns, rows, asked.words())


@sensitive_post_parameters("who")
@requires(Permission.VIEW_PEOPLE)
@http_methods("GET", "POST")
def find(request: UserRequest) -> HttpResponse:
    """By name or by the tail of the id number: whoever is the only one, else the list of them."""
    if request.method != "POST":
        return redirect("people")
    form = FindForm(request.POST)
    if not form.is_valid():
        return render(request, "pages/find_again.html", {"form": form}, status=400)
    if form.tail:
        return _with_number_tail(request, form.tail)
    name, choice = form.cleaned_data["who"], day_choice(None, timezone.localdate())
    page = people_named(name, Posting.objects.visible_to(request.user), choice.day)
    if page.only_person is not None:
        return redirect("person", page.only_person)
    return redirect(f"{reverse('people')}?{urlencode({'q': name})}")


@sensitive_post_parameters("tail")
@requires(Permission.VIEW_PEOPLE)
@http_methods("GET", "POST")
def by_number(request: UserRequest) -> HttpResponse:
    """Whoever has an id number with this tail; a POST that only reads, so that the tail stands in no address."""
    if request.method != "POST":
        return redirect("people")
    form = NumberTailForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=400)
    return _with_number_tail(request, form.cleaned_data["tail"])


@requires(Permission.VIEW_PEOPLE)
@http_methods("GET")
def person(request: UserRequest, pk: int) -> HttpResponse:
    records = _records(request, pk)
    if records[0].merged_into_id is not None:
        return redirect("person", records[0].merged_into_id)
    return _person(request, records, RevealForm())


@requires(Permission.VIEW_PEOPLE)
@http_methods("GET", "POST")
def national_id(request: UserRequest, pk: int) -> HttpResponse:
    """The whole id number, in the answer to a POST only, with the reason in the audit log."""
    if request.method != "POST":
        return redirect("person", pk)
    records, form = _records(request, pk), RevealForm(request.POST)
    if records[0].national_id_encrypted is None:
        raise Http404
    if not form.is_valid():
        return _person(request, records, form, status=400)
    number = reveal_national_id(person=records[0], reason=form.cleaned_data["reason"], actor=request.user)
    return _person(request, records, RevealForm(), national_id=number)


def _records(request: UserRequest, pk: int) -> list[Person]:
    """The record and those that are merged into it, as far as the reader may see them; 404 without the first."""
    if pk > LAST_ID:
        raise Http404
    visible = Person.objects.visible_to(request.user).filter(Q(pk=pk) | Q(merged_into=pk)).order_by("pk")
    records = sorted(visible, key=lambda record: record.pk != pk)
    if not records or records[0].pk != pk:
        raise Http404
    return records


def _with_number_tail(request: UserRequest, tail: str) -> HttpResponse:
    """The page of the only one, else a list."""
    choice = day_choice(None, timezone.localdate())
    page = people_with_number_tail(tail, Posting.objects.visible_to(request.user), choice.day)
    if page.only_person is not None:
        return redirect("person", page.only_person)
    context = {"page": page, "tail": NumberTailForm(), "list": plain_list(PEOPLE_COLUMNS, without=(FINDING,))}
    return render(request, "pages/people_by_number.html", context)


def _list(request: UserRequest, tail: NumberTailForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    asked = PostingFilter(request.GET, user=request.user, today=timezone.localdate())
    visible = Posting.objects.visible_to(request.user)
    found, day, address = asked.found, asked.choice.day, _address(request, asked)
    if address.problems:
        found = found.none()
    cursor = Cursor(after=whole_number(request.GET, "after"), before=whole_number(request.GET, "before"))
    page = roster_page(found, day, asked.findings, cursor=cursor, anchors=visible, sorting=address.sorting)
    query = address.query
    here = f"{reverse('people')}?{query.urlencode()}"
    problems = [*asked.problems, *address.problems]
    context = {
        "filter": asked,
        "choice": asked.choice,
        "page": page,
        "words": asked.words(),
        "problems": [problem] if problem else problems,
        "tools": list_tools(request.user, PEOPLE),
        "list": shown_list(address, number=page.postings, previous=page.previous, following=page.next),
        "all_query": asked.query_of(ShownPeople.ALL, query),
        "left_query": asked.query_of(ShownPeople.LEFT, query),
        "tail": tail,
        "has_people": bool(page.postings) or visible.exists(),
        "may_import": may(request.user, Permission.IMPORT_ROSTER),
        "may_edit": may(request.user, Permission.EDIT_PERSONNEL),
        "many_query": _of_all(query, here),
        "here": here,
        "election_code": _one_township(request, asked),
        "may_export": may(request.user, Permission.EXPORT_SHEET),
    }
    return render(request, "pages/people.html", context, status=400 if problems else status)


def _address(request: UserRequest, asked: PostingFilter) -> ListAddress[RosterRow]:
    """Ask after `found`: a column tells the findings that were looked for."""
    return list_address(request.GET, PEOPLE_COLUMNS, without=() if asked.findings else (FINDING,))


def _of_all(query: QueryDict, here: str) -> str:
    """For a verb for many with everybody whom the filter shows, and the way back."""
    wider = query.copy()
    wider["all"], wider["next"] = "1", here
    return wider.urlencode()


def _one_township(request: UserRequest, asked: PostingFilter) -> str:
    """The code of the township that the list is of: a clerk's own, or the one that was filtered for."""
    township = request.user.township or asked.only_township
    return township.code if township is not None else ""


def _person(
    request: UserRequest, records: Sequence[Person], form: RevealForm, *, national_id: str = "", status: int = 200
) -> HttpResponse:
    """The page of the first of the records, into which the others are merged."""
    found, *merged = records
    choice = day_choice(None, timezone.localdate())
    page = person_page(
        found,
        choice.day,
        postings=Posting.objects.visible_to(request.user),
        lines=AllocationLine.objects.visible_to(request.user),
        adjustments=AdjustmentLine.objects.visible_to(request.user),
        differences=OldDifference.objects.visible_to(request.user),
        year=whole_number(request.GET, "year", most=LAST_DAY.year),
    )
    positions = [history.posting.position for history in page.current]
    context = {
        "page": page,
        "choice": choice,
        "form": form,
        "national_id": national_id,
        # It tells the month of birth, which stands beside a whole number only.
        "retirement": retirement_in_words(found, positions, choice.day) if national_id else "",
        "may_edit": may(request.user, Permission.EDIT_PERSONNEL),
        "may_correct": may(request.user, Permission.CORRECT_PERSON),
        "merged_records": merged,
        "may_unmerge": may(request.user, Permission.DECIDE_PROPOSALS),
        "back": reverse("person", args=[found.pk]),
    }
    return render(request, "pages/person.html", context, status=status)
