"""Every door says who may open it and is closed to everybody else: found by walking the URLconf."""

from collections import defaultdict

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.permissions import Permission, is_declared, may
from accounts.routes import routes, walk
from staffing.models import ImportBatch, Posting
from subsidies.models import AllocationLine, SubsidyRun, SubsidyStandard
from tests.addresses import address
from tests.builders import (
    a_contract,
    a_grant,
    a_posting,
    a_qualification,
    a_round,
    a_secondment,
    a_suspension,
    a_township,
    a_transfer,
    a_unit,
    a_wage,
    a_working_time,
)
from tests.ledgers import small_ledger
from tests.subsidies.months import JUNE
from tests.subsidies.snapshot import lay_down
from tests.users import a_user, browser

pytestmark = pytest.mark.both

# Written out once more: another permission at a door is a change of this promise.
DOORS = {
    None: {"login", "healthz", "readyz"},
    "any": {"home", "logout", "api_schema", "save_filter", "delete_filter"},
    "view_desk": {"desk"},
    "view_people": {
        *(
            "people",
            "find_person",
            "people_by_number",
            "person",
            "person_national_id",
            "person_history",
            "posting_history",
        ),
        *("imports", "import_batch", "transfers", "proposals", "proposal", "rounds", "round"),
    },
    "view_places": {"townships", "township", "units", "units_export", "unit", "establishment", "api_establishment"},
    "correct_person": {
        *("correct_person", "find_other_record", "merge_people"),
        *("record_qualification", "withdraw_qualification", "retirement_group"),
    },
    "keep_rounds": {"open_round", "mend_round", "withdraw_round"},
    "decide_proposals": {"unmerge_person", "accept_proposal", "refuse_proposal"},
    "enter_households": {"enter_households"},
    "enter_grants": {"enter_grant", "end_grant"},
    "keep_units": {
        "enter_status",
        "open_unit",
        "rename_unit",
        "close_unit",
        "merge_unit",
        "convert_unit",
        "reopen_unit",
    },
    "import_roster": {"import_roster", "roster_template", "pending_import", "marked_import", "undo_import"},
    "edit_personnel": {
        *("end_posting", "posting_dates", "posting_contract", "posting_wage", "suspend_posting", "withdraw_posting"),
        *("appoint", "withdraw_contract", "correct_wage", "withdraw_wage"),
        *("election", "hold_election", "drop_election", "wages_of_many", "contracts_of_many", "suspensions_of_many"),
        "sources_of_many",
        *("correct_contract", "correct_suspension", "withdraw_suspension", "register_leave", "register_suspension"),
        *("posting_transfer", "move_posting", "start_transfer"),
        *("receive_transfer", "refuse_transfer", "withdraw_transfer"),
        *("posting_working_time", "posting_source", "posting_secondment"),
        *("withdraw_working_time", "correct_secondment", "withdraw_secondment"),
    },
    "view_report": {"reports", "report", "report_history", "report_scan", "api_reports"},
    "submit_report": {"my_month", "submit_report", "off_post", "attach_report_scans", "withdraw_report_scan"},
    "acknowledge": {"acknowledge"},
    "review_report": {"decide_report", "accept_reports"},
    "view_policy": {"policy", "standard"},
    "view_approvals": {"approvals"},
    "approve_policy": {"approve_entries", "reject_entries"},
    "view_month": {
        *("months", "month", "township_sheet", "line", "revisions", "adjustments", "step"),
        *("api_months", "api_runs", "api_run", "api_issued_sheets", "api_transitions"),
        *("api_revision", "api_lines", "api_line", "api_old_differences"),
    },
    "export_sheet": {
        *("sheet", "township_file", "issued_sheet", "report_sheet", "people_export", "api_sheet"),
        "establishment_export",
    },
    "issue_sheet": {"issue_sheet", "issue_township_sheet"},
    "calculate_month": {"calculate", "api_calculate"},
    "adjust_run": {"add_adjustment", "withdraw_adjustment"},
    "send_run": {"old_differences", "run_findings"},
    "approve_run": {"approve"},
}
ROUTES = routes()
API = [route for route in ROUTES if route.path.startswith("/api/")]
PAGES = [route for route in ROUTES if route not in API and route.permission is not None]
CODE = "330226001"
"""Of the township in which something is, and of its unit."""
METHODS = ["get", "head", "post", "put", "patch", "delete", "options"]


def test_every_view_says_its_methods_and_who_may_use_it() -> None:
    for name, path, view in walk():
        assert is_declared(view), f"{path} does not say who may use it"
        assert getattr(view, "http_methods", ()), f"{path} ({name}) does not say its methods"


def test_every_route_has_a_name_that_means_one_view() -> None:
    views: dict[str, set[object]] = {}
    for name, _, view in walk():
        views.setdefault(name, set()).add(view)
    assert "" not in views
    assert [name for name, found in views.items() if len(found) > 1] == []


def test_every_door_asks_for_the_permission_that_was_promised() -> None:
    """Only the login is open, and what watches the server asks."""
    found = defaultdict(set)
    for route in ROUTES:
        found[route.permission].add(route.name)
        assert route.scope
    assert found == DOORS


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
def test_an_anonymous_visitor_is_sent_to_the_login(method: str) -> None:
    for route in PAGES:
        response = getattr(Client(), method)(address(route))
        assert response.status_code == 302, route
        assert response.headers["Location"].startswith("/login/?next="), route


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
def test_a_program_that_has_not_logged_in_is_told_so(method: str) -> None:
    for route in API:
        response = getattr(Client(), method)(address(route))
        assert response.status_code == 401, route
        assert response.headers["Content-Type"] == "application/json", route


def test_no_view_of_the_api_lets_the_anonymous_in_or_forgoes_the_csrf_token() -> None:
    """The REST framework would do both."""
    views = [view for _, path, view in walk() if path.startswith("/api/")]
    assert views
    assert all(view.login_required and not view.csrf_exempt for view in views)


@pytest.fixture
def keys(db: None) -> dict[str, object]:
    """By route the key of something behind its door, in a small ledger of the clerk's own township."""
    lay_down(small_ledger)
    posting, run = Posting.objects.earliest("pk"), SubsidyRun.objects.earliest("month")
    a_unit(township=posting.township, code=CODE)
    contract, stop = a_contract(posting=posting), a_suspension(posting=posting, started_on=JUNE.first)
    batch = ImportBatch.objects.create(kind="roster", sha256="", township=posting.township)
    line = AllocationLine.objects.earliest("pk")
    far = a_township(name="长街镇", code="330226101")
    coming = a_transfer(posting=a_posting(township=far), to_township=posting.township)
    behind = [
        (posting.pk, "posting_transfer move_posting"),
        (coming.pk, "receive_transfer refuse_transfer"),
        (a_transfer(posting=posting, to_township=far).pk, "withdraw_transfer"),
        (posting.pk, "end_posting posting_dates posting_contract posting_wage suspend_posting withdraw_posting"),
        (posting.pk, "posting_history"),
        (posting.person_id, "person person_national_id person_history correct_person find_other_record"),
        (posting.person_id, "retirement_group"),
        (contract.pk, "correct_contract withdraw_contract"),
        (a_wage(posting=posting, effective_from=JUNE.last).pk, "correct_wage withdraw_wage"),
        (stop.pk, "correct_suspension withdraw_suspension"),
        (posting.pk, "posting_working_time posting_source posting_secondment"),
        (posting.person_id, "record_qualification"),
        (a_qualification(person=posting.person, obtained_on=JUNE.first).pk, "withdraw_qualification"),
        (a_working_time(posting=posting, effective_from=JUNE.first).pk, "withdraw_working_time"),
        (a_secondment(posting=posting).pk, "correct_secondment withdraw_secondment"),
        (a_round(township=posting.township).pk, "round mend_round withdraw_round"),
        (batch.pk, "import_batch"),
        (a_grant(township=posting.township).pk, "end_grant"),
        (run.pk, "api_run api_issued_sheets api_sheet"),
        (run.current_revision_id, "api_revision api_lines api_old_differences"),
        (line.pk, "line api_line"),
        (SubsidyStandard.objects.get().pk, "standard"),
    ]
    return {name: key for key, names in behind for name in names.split()}


# What a door that opens answers where that is no page: a way to one, what was not asked for, what is not there.
ELSEWHERE = {
    **dict.fromkeys(
        ("my_month", "off_post", "start_transfer", "find_person", "people_by_number", "person_national_id"), 302
    ),
    "withdraw_round": 302,
    **dict.fromkeys(("api_reports", "api_establishment"), 400),
    **dict.fromkeys(
        ("report_sheet", "report_history", "report_scan", "issued_sheet", "pending_import", "marked_import"), 404
    ),
    **dict.fromkeys(("merge_people", "unmerge_person", "proposal"), 404),
}
# Behind the door somebody asks for a second permission.
AND_ALSO = {
    "people_export": Permission.VIEW_PEOPLE,
    "units_export": Permission.EXPORT_SHEET,
    "establishment_export": Permission.VIEW_PLACES,
}


@pytest.mark.parametrize("role", Role)
def test_a_door_opens_to_whom_the_table_names_and_to_nobody_else(keys: dict[str, object], role: Role) -> None:
    """Whoever may not is refused whatever the method; whoever may sees the page."""
    user = a_user(role, username="visitor")
    client, wrong = browser(user), []
    for route in ROUTES:
        if route.permission is None or route.name == "home":  # which leads on
            continue
        asked = {route.permission or "", AND_ALSO.get(route.name, "")} - {"", "any"}
        is_open = all(may(user, Permission(permission)) for permission in asked)
        for method in {"GET"} & {*route.methods} if is_open else route.methods:
            status = client.generic(method, address(route, pk=keys.get(route.name, 1), code=CODE)).status_code
            if status != (ELSEWHERE.get(route.name, 200) if is_open else 403):
                wrong.append(f"{method} {route.path} answers {status}")
    assert wrong == []
