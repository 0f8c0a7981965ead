"""Budgets: a list page of 50 at any depth, and a sheet of 700 rows on the screen; beside them a township's sheet."""

import time
from collections.abc import Callable, Mapping
from functools import partial

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from django.urls import reverse
from django.utils.html import escape

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import Permission, requires
from accounts.requests import UserRequest
from benchmarks.county import MONTH
from benchmarks.measure import Comparison, compare, statements_of
from benchmarks.results import Result
from foundation.http import http_methods
from staffing.models import Posting
from subsidies.models import Allocation, AllocationLine, SubsidyRun
from subsidies.revisions.line_pages import LineRow, township_sheet

_PAGE = 50
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def _people(posting: int) -> str:
    return f"{reverse('people')}?after={posting}"


def _sheet(posting: int) -> str:
    line = AllocationLine.objects.select_related("allocation").filter(posting=posting, for_month=MONTH.first)
    return reverse("township_sheet", args=(MONTH, 1, line[0].allocation.township_code))


# What is listed, the address of its page at a posting, and its budget: the sheet of a township has none of its own.
LISTS: tuple[tuple[str, Callable[[int], str], Mapping[str, int]], ...] = (
    ("list of people, 50 a page", _people, {"budget": 6, "budget_statements": 8}),
    ("sheet of one township among them", _sheet, {}),
)


@requires(Permission.VIEW_MONTH)
@http_methods("GET")
def keyset_and_nothing(request: UserRequest, after: int) -> HttpResponse:
    """The floor: 50 postings with their people and places, found by the key, and an empty answer."""
    list(Posting.objects.filter(pk__gt=after).select_related("person", "township", "unit").order_by("pk")[:_PAGE])
    return HttpResponse()


def list_pages() -> list[Result]:
    """Each list at its beginning, in the middle and at the end; the worst of the three counts. Floor and candidate go
    through the same client, middleware and session."""
    lines = Posting.objects.count()
    keys = Posting.objects.order_by("pk").values_list("pk", flat=True)
    depths = [keys[0], keys[lines // 2], keys[lines - lines // 100]]
    with override_settings(ROOT_URLCONF="benchmarks.urls"):
        client = _client()
        found = []
        for what, address, budgets in LISTS:
            pairs = [(reverse("floor", args=(posting,)), address(posting)) for posting in depths]
            worst = max((_compared(client, *pair) for pair in pairs), key=lambda compared: compared.ratio)
            statements = max(statements_of(partial(client.get, page)) for _, page in pairs)
            found.append(Result.of(what, lines, worst, statements=statements, **budgets))
        return found


def _compared(client: Client, floor: str, page: str) -> Comparison:
    for address in (floor, page):
        if client.get(address).status_code != 200:
            raise RuntimeError(f"{address} does not answer")
    return compare(floor=partial(client.get, floor), candidate=partial(client.get, page), times=9)


def sheet() -> list[Result]:
    """A township's sheet with as many rows as a county: its rendering, without reading the rows.

    The floor: the same cells of the same rows by format strings, with the same words, amounts and escaping.
    """
    run = SubsidyRun.objects.select_related("current_revision", "county").get(month=MONTH.first)
    revision = run.current_revision
    page = None if revision is None else township_sheet(run, revision, Allocation.objects.all())
    if page is None:
        raise RuntimeError("the sheet is of a county with one township")
    request = RequestFactory(SERVER_NAME="localhost").get("/")
    request.user = _user()
    rows = [row for group in (*page.groups, page.settled, page.unpaid) for row in group.rows]
    found = compare(
        floor=lambda: "".join([_formatted(row) for row in rows]),
        candidate=lambda: render_to_string("subsidies/runs/township_sheet.html", {"page": page}, request=request),
        times=25,
        clock=time.process_time,
    )
    return [Result.of("county sheet on screen", len(rows), found, budget=8)]


def _formatted(row: LineRow) -> str:
    line = row.line
    rate = "" if line.rate is None else f"{line.rate:,.2f}"
    share = "" if line.township_share is None else f"{line.township_share:,.2f}"
    surplus = "" if line.surplus is None else f"{line.surplus:,.2f}"
    return (
        f'<tr><td class="number">{row.number}</td><td class="place">{escape(line.unit_name)}</td>'
        f'<th scope="row" class="place">{escape(line.person_name)}</th><td class="number">{rate}</td>'
        f'<td class="number">{line.counted_days}/{line.month_days}</td>'
        f'<td class="number"><a href="/lines/{line.pk}/">{line.amount:,.2f}</a></td>'
        f'<td class="number">{share}</td><td class="number">{surplus}</td>'
        f"<td>{escape(';'.join(row.remarks))}</td></tr>\n"
    )


def _client() -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(_user(), backend=_BACKEND)
    return client


def _user() -> User:
    """Somebody who may see everything."""
    found = User.objects.filter(role=Role.AUDITOR).first()
    return found or User.objects.create(username="auditor", role=Role.AUDITOR.value, display_name="审计员")
