"""The API: who may read what, the same figures as everywhere, refusals in one shape."""

import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.dates import Month
from subsidies.demo.county import DemoCounty
from subsidies.models import Allocation, AllocationLine, SheetFile, SubsidyRun
from subsidies.runs.services import calculate, send_back
from subsidies.sheets.month_json import month_as_json
from tests.builders import a_posting, a_township
from tests.subsidies.api.api_client import Program
from tests.subsidies.months import without_triggers
from tests.subsidies.policies import NOW, a_policy
from tests.users import MakeUser, demo_user

pytestmark = pytest.mark.django_db
CLERKS = ("clerk_changjie", "clerk_yuelong")
CHANGJIE = "330226101"


def addresses(run: SubsidyRun, line: AllocationLine) -> list[str]:
    revision = run.current_revision_id
    return [
        "months/",
        "runs/",
        f"runs/{run.pk}/",
        f"runs/{run.pk}/issued-sheets/",
        f"runs/{run.pk}/sheets/T1/",
        f"revisions/{revision}/",
        f"revisions/{revision}/lines/",
        f"lines/{line.pk}/",
        "reports/?month=2010-05",
        "establishment/?on=2010-04-30",
    ]


@pytest.fixture
def line(waiting: SubsidyRun) -> AllocationLine:
    """A line of the waiting run, of 长街镇."""
    return AllocationLine.objects.filter(
        allocation__revision=waiting.current_revision_id, allocation__township_code=CHANGJIE
    ).latest("pk")


def test_a_null_character_is_refused_in_our_own_words(waiting: SubsidyRun) -> None:
    path = f"/api/revisions/{waiting.current_revision_id}/lines/?township=33%00"
    response = Program("auditor").client.get(path)
    assert response.status_code == 400
    assert response.json()["code"] == "bad_request"
    assert "无法保存的字符" in response.json()["detail"]


@pytest.mark.parametrize("query", ["", "month=", "month=2009-13", "month=2999-12", "month=1949-12", "month=%20"])
def test_reports_of_a_blank_or_odd_month_are_a_400_by_field(waiting: SubsidyRun, query: str) -> None:
    response = Program("auditor").client.get(f"/api/reports/?{query}")
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == ["month"]


def test_clerk_cannot_see_other_township(waiting: SubsidyRun, line: AllocationLine) -> None:
    program = Program("clerk_yuelong")
    assert program.status(f"lines/{line.pk}/") == 404
    revision = waiting.current_revision_id
    assert program.get(f"revisions/{revision}/lines/", township=CHANGJIE)["results"] == []
    assert {row["township"] for row in program.all_lines(revision or 0)} == {"330226001"}
    shown = program.get(f"revisions/{revision}/")
    own = Allocation.objects.get(revision=revision, township_code="330226001")
    assert ([row["code"] for row in shown["townships"]], shown["total"]) == (["330226001"], str(own.total))
    assert program.get(f"runs/{waiting.pk}/")["total"] == str(own.total)
    assert {row["name"] for row in program.get("reports/", month="2010-05")["reports"]} == {"跃龙街道"}


def test_whoever_reaches_no_township_of_a_run_finds_no_run(waiting: SubsidyRun) -> None:
    without_triggers()
    AllocationLine.objects.filter(allocation__township_code="330226001").delete()
    Allocation.objects.filter(township_code="330226001").delete()
    program = Program("clerk_yuelong")
    revision = waiting.current_revision_id
    paths = [f"runs/{waiting.pk}/", f"revisions/{revision}/", f"revisions/{revision}/lines/"]
    assert [program.status(path) for path in (*paths, f"runs/{waiting.pk}/sheets/T1/")] == [404] * 4
    step = program.post(f"runs/{waiting.pk}/transitions/", {"action": "send", "revision": 1})
    assert (step.status_code, step.json()["code"]) == (404, "not_found")


def test_api_page_sheet_and_calculation_say_the_same(demo: DemoCounty, waiting: SubsidyRun) -> None:
    program, revision = Program("auditor"), waiting.current_revision
    assert revision is not None
    shown = program.get(f"revisions/{revision.pk}/")
    lines = program.all_lines(revision.pk)
    total = Decimal(shown["total"])
    assert total == revision.total == sum(Decimal(row["amount"]) for row in lines)
    assert program.get("runs/", month="2010-04")["results"][0]["total"] == shown["total"]
    page = program.client.get("/months/2010-04/1/").content.decode()
    assert f"{total:,.2f} 元" in page
    for row in shown["townships"]:
        assert f"<strong>{Decimal(row['total']):,.2f}</strong>" in page
    sheet = load_workbook(io.BytesIO(program.client.get(f"/api/runs/{waiting.pk}/sheets/T1/").content), data_only=True)
    cells = [cell for line in sheet.worksheets[0].iter_rows(values_only=True) for cell in line]
    assert [cell for cell in cells if isinstance(cell, int | float) and Decimal(str(cell)) == total]


def test_lines_say_what_calculate_json_says(waiting: SubsidyRun) -> None:
    """Returned and calculated anew, the month gives the revision that is stored."""
    send_back(run=waiting, actor=demo_user("approver"), reason="核对", now=NOW)
    told = month_as_json(calculate(month=Month(2010, 4), actor=demo_user("officer")).month)
    program = Program("officer")
    shown = program.get(f"revisions/{waiting.current_revision_id}/")
    assert (shown["month"], shown["total"]) == (told["month"], told["total"])
    lines = program.all_lines(waiting.current_revision_id or 0)
    for township, row in zip(told["townships"], shown["townships"], strict=True):
        assert {name: row[name] for name in ("code", "name", "total")} == {
            name: township[name] for name in ("code", "name", "total")
        }
        stored = [line for line in lines if line["township"] == township["code"]]
        keys = township["lines"][0].keys() if township["lines"] else ()
        assert [{key: line[key] for key in keys} for line in stored] == township["lines"]


def test_the_months_of_a_year_add_up_as_on_their_page(waiting: SubsidyRun) -> None:
    shown = Program("auditor").get("months/", year="2010")
    approved = SubsidyRun.objects.filter(state="approved").values_list("current_revision__total", flat=True)
    assert [row["month"] for row in shown["months"]] == ["2010-04", "2010-03", "2010-02"]
    assert Decimal(shown["approved"]) == sum(approved)
    assert f"{Decimal(shown['approved']):,.2f}" in Program("auditor").client.get("/months/").content.decode()
    own = Allocation.objects.get(revision=waiting.current_revision_id, township_code="330226001").total
    assert Program("clerk_yuelong").get("months/")["months"][0]["total"] == str(own)
    assert Program("auditor").status("months/?year=x") == Program("auditor").status("months/?year=0000") == 400


def test_issued_sheets_are_listed_with_their_sums(waiting: SubsidyRun) -> None:
    march = SubsidyRun.objects.get(month="2010-03-01")
    Program("finance").client.post("/months/2010-03/1/issue/T1/")
    Program("finance").client.post(f"/months/2010-03/1/issue/T2/{CHANGJIE}/")
    kept = list(SheetFile.objects.order_by("pk"))
    shown = Program("auditor").get(f"runs/{march.pk}/issued-sheets/")
    assert [(row["number"], row["sha256"], row["township"], row["is_withdrawn"]) for row in shown] == [
        (kept[0].number, kept[0].sha256, None, False),
        (kept[1].number, kept[1].sha256, CHANGJIE, False),
    ]
    assert [row["id"] for row in Program("clerk_changjie").get(f"runs/{march.pk}/issued-sheets/")] == [kept[1].pk]
    assert Program("clerk_yuelong").get(f"runs/{march.pk}/issued-sheets/") == []


def test_a_sheet_has_the_bytes_of_its_page_and_leaves_an_event(waiting: SubsidyRun) -> None:
    program = Program("clerk_changjie")
    from_page = program.client.get("/months/2010-04/1/T2.xlsx")
    from_api = program.client.get(f"/api/runs/{waiting.pk}/sheets/T2/")
    assert from_api.content == from_page.content
    assert from_api.headers["Content-Disposition"] == from_page.headers["Content-Disposition"]
    downloads = AuditEvent.objects.filter(action="download").order_by("-pk")
    assert len({event.subject_label for event in downloads[:2]}) == 1
    assert downloads.count() == 2
    assert program.status(f"runs/{waiting.pk}/sheets/T99/") == 404


def test_a_line_tells_each_step_with_its_basis(waiting: SubsidyRun) -> None:
    line = AllocationLine.objects.get(amount=Decimal("49.35"))
    told = Program("auditor").get(f"lines/{line.pk}/")
    assert (told["line"]["amount"], told["line"]["due"], told["line"]["posted_before"]) == (
        "49.35",
        "1530.00",
        "1480.65",
    )
    assert told["settles_earlier_month"] is True
    assert any("850.00 × 180%" in step["value"] for step in told["steps"])
    assert told["line"]["explanation"] == line.explanation.sentence


def test_pages_of_lines_follow_each_other_without_gap_or_overlap(waiting: SubsidyRun) -> None:
    program, path = Program("officer"), f"revisions/{waiting.current_revision_id}/lines/"
    first = program.get(path)
    assert (len(first["results"]), first["next"]) == (50, first["results"][-1]["id"])
    rows = program.all_lines(waiting.current_revision_id or 0, limit=50)
    stored = AllocationLine.objects.filter(allocation__revision=waiting.current_revision_id).order_by("order")
    assert [row["id"] for row in rows] == list(stored.values_list("pk", flat=True))
    communities = program.get(path, position="community_coordinator", limit=200)["results"]
    assert {row["position"] for row in communities} == {"community_coordinator"}
    assert {row["for_month"] for row in program.get(path, for_month="2010-03")["results"]} == {"2010-03"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("lines/?limit=201", "limit"),
        ("lines/?limit=49", "limit"),
        ("lines/?after=x", "after"),
        ("lines/?after=99999999999999999999", "after"),
        ("lines/?for_month=2010-13", "for_month"),
        ("lines/?position=boss", "position"),
    ],
)
def test_a_wrong_parameter_is_named(waiting: SubsidyRun, query: str, field: str) -> None:
    response = Program("officer").client.get(f"/api/revisions/{waiting.current_revision_id}/{query}")
    assert response.status_code == 400
    assert (response.json()["code"], [row["field"] for row in response.json()["errors"]]) == ("invalid", [field])


def test_a_month_of_reports_has_to_be_named(demo: DemoCounty) -> None:
    for query in ("", "?month=", "?month=2010-5", "?month=9999-01"):
        response = Program("officer").client.get(f"/api/reports/{query}")
        assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "month")


def test_reports_tell_how_far_each_township_has_come(demo: DemoCounty) -> None:
    reports = {row["name"]: row for row in Program("officer").get("reports/", month="2010-05")["reports"]}
    assert len(reports) == 18
    assert (reports["跃龙街道"]["progress"], reports["跃龙街道"]["state"]) == ("returned", "returned")
    assert (reports["桑洲镇"]["state"], reports["桑洲镇"]["submission"]) == (None, 0)
    assert reports["长街镇"]["progress"] == "submitted"


def test_a_revision_that_was_replaced_before_it_was_sent_has_its_total_but_no_lines(make_user: MakeUser) -> None:
    a_policy()
    posting = a_posting(township=a_township())
    run = calculate(month=Month(2009, 6), actor=None).run
    replaced = run.current_revision_id
    a_posting(township=posting.township)
    calculate(month=Month(2009, 6), actor=None)
    make_user(Role.BUREAU_OFFICER, username="officer")
    program = Program("officer")
    told = [
        (row["number"], row["total"], row["has_lines"], row["is_current"])
        for row in program.get(f"runs/{run.pk}/")["revisions"]
    ]
    assert told == [(2, "3060.00", True, True), (1, "1530.00", False, False)]
    for path in (f"revisions/{replaced}/", f"revisions/{replaced}/lines/"):
        response = program.client.get(f"/api/{path}")
        assert (response.status_code, "只保留合计" in response.json()["detail"]) == (404, True)


def test_no_id_number_leaves_by_the_api(demo: DemoCounty, waiting: SubsidyRun, line: AllocationLine) -> None:
    program = Program("officer")
    texts = [
        program.client.get(f"/api/{path}").content.decode()
        for path in addresses(waiting, line)
        if "sheets" not in path
    ]
    assert not [person for person in demo.people if any(person.national_id in text for text in texts)]


def test_no_field_of_an_answer_is_a_number_with_decimals(waiting: SubsidyRun, line: AllocationLine) -> None:
    def floats(value: Any) -> list[float]:
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            return [found for item in value for found in floats(item)]
        return [value] if isinstance(value, float) else []

    program = Program("officer")
    for path in addresses(waiting, line):
        if "sheets" not in path:
            assert floats(program.client.get(f"/api/{path}").json()) == []


@pytest.mark.parametrize("path", ["runs/", "runs/{run}/", "revisions/{revision}/", "revisions/{revision}/lines/"])
def test_queries_do_not_grow_with_the_lines(waiting: SubsidyRun, path: str) -> None:
    program = Program("officer")
    address = "/api/" + path.format(run=waiting.pk, revision=waiting.current_revision_id)
    without_triggers()
    counts = []
    for kept in (30, 3):
        AllocationLine.objects.filter(allocation__revision=waiting.current_revision_id, order__gt=kept).delete()
        with CaptureQueriesContext(connection) as captured:
            assert program.client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 20


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "post"])
def test_another_method_is_refused_in_json(waiting: SubsidyRun, method: str) -> None:
    response = getattr(Program("officer").client, method)("/api/runs/")
    assert (response.status_code, response.json()["code"], response.headers["Allow"]) == (
        405,
        "method_not_allowed",
        "GET",
    )


def test_what_is_not_there_and_who_is_not_logged_in_are_told_in_json(waiting: SubsidyRun) -> None:
    for path in ("/api/", "/api/nothing/", "/api/runs/999999/", f"/api/runs/{10**30}/"):
        response = Program("officer").client.get(path)
        assert (response.status_code, sorted(response.json())) == (404, ["code", "detail", "errors"]), path
    anonymous = Client().get("/api/runs/")
    assert (anonymous.status_code, anonymous.json()["code"]) == (401, "not_logged_in")
    forbidden = Program("sysadmin").client.get("/api/runs/")
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "forbidden")
    assert "查看月度补助" in forbidden.json()["detail"]
    assert Client().get("/months/").headers["Location"].startswith("/login/")


def test_the_schema_is_valid_complete_and_without_warnings(demo: DemoCounty, tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", file=str(tmp_path / "it"))
    schema = Program("auditor").get("schema/")
    assert schema == json.loads((tmp_path / "it").read_text(encoding="utf-8"))
    paths = {re.sub(r"\{\w+\}", "*", path) for path in schema["paths"]}
    assert paths == {
        "/api/runs/",
        "/api/runs/*/",
        "/api/runs/*/sheets/*/",
        "/api/runs/*/transitions/",
        "/api/runs/*/issued-sheets/",
        "/api/months/",
        "/api/months/*/calculate/",
        "/api/revisions/*/",
        "/api/revisions/*/lines/",
        "/api/revisions/*/old-differences/",
        "/api/lines/*/",
        "/api/reports/",
        "/api/establishment/",
    }
    for path in schema["paths"].values():
        for operation in path.values():
            assert {"401", "403"} < set(operation["responses"])
