"""Sheets of an approved run are kept as they were issued; those of a run that was returned say so. T0, T7, T8."""

import hashlib
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import AuditEvent, Seal
from staffing.models import Posting
from subsidies.calculation.adjusting import adjust
from subsidies.calculation.parameters import stop_requiring_reports
from subsidies.demo.county import DemoCounty
from subsidies.models import Allocation, Revision, SheetFile, SubsidyRun
from subsidies.refusals import RunRefused
from subsidies.revisions.figures import added_up, figures_by_township
from subsidies.runs.services import approve, calculate, send, send_back, void
from subsidies.sheets.issuing import issue_sheet
from subsidies.sheets.page_words import NOT_ISSUED_BANNER
from subsidies.sheets.register import SHEETS, sheet_bytes
from tests.reading import text_of
from tests.subsidies.months import an_approved_run
from tests.subsidies.sheets.sheet_files import read_sheet, sheet_file
from tests.users import demo_user, logged_in
from townships.models import Township

pytestmark = pytest.mark.django_db
MARCH = "/months/2010-03/1/"


@pytest.fixture
def march(demo: DemoCounty) -> SubsidyRun:
    return SubsidyRun.objects.select_related("current_revision__run__county").get(month="2010-03-01")


def issued(client_name: str, kind: str, code: str = "") -> SheetFile:
    response = logged_in(client_name).post(f"{MARCH}issue/{kind}/" + (f"{code}/" if code else ""))
    assert response.status_code == 302
    return SheetFile.objects.latest("pk")


def test_an_issued_sheet_is_the_same_bytes_ever_after(march: SubsidyRun) -> None:
    kept = issued("finance", "T2")
    assert kept.sha256 == hashlib.sha256(bytes(kept.content)).hexdigest()
    assert kept.issued_by is not None
    assert kept.number in text_of(logged_in("auditor"), MARCH)
    for _ in range(2):
        assert logged_in("auditor").get(f"/sheets/{kept.pk}/").content == bytes(kept.content)
    assert issued("finance", "T2").pk == kept.pk
    assert AuditEvent.objects.filter(action="issue_sheet").count() == 1
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        SheetFile.objects.update(filename="x")


def test_an_approved_sheet_names_its_seal(march: SubsidyRun) -> None:
    assert march.current_revision is not None
    seal = Seal.objects.get(subject_id=march.current_revision.pk)
    assert (
        f"封存:第 {seal.sequence} 号 {seal.digest[:16]}" in read_sheet(bytes(issued("finance", "T1").content)).text()
    )


def test_a_draft_is_not_issued(waiting: SubsidyRun) -> None:
    response = logged_in("finance").post("/months/2010-04/1/issue/T1/")
    assert (response.status_code, SheetFile.objects.count()) == (409, 0)


def test_nothing_is_issued_of_a_run_that_was_returned_meanwhile(march: SubsidyRun, waiting: SubsidyRun) -> None:
    revision = revision_of(march)
    void(run=waiting, actor=None, reason="先更正三月", now=timezone.now())
    send_back(run=SubsidyRun.objects.get(pk=march.pk), actor=None, reason="账户有误", now=timezone.now())
    with pytest.raises(RunRefused, match="没有审批"):
        issue_sheet(revision=revision, sheet="T1", township=None, make=sheet_bytes, actor=None, now=timezone.now())
    assert not SheetFile.objects.exists()


def test_a_clerk_issues_nothing_and_sees_the_own_township_only(march: SubsidyRun) -> None:
    of_county, of_other = issued("finance", "T1"), issued("officer", "T2", "330226001")
    mine = issued("approver", "T2", "330226101")
    clerk = logged_in("clerk_changjie")
    assert clerk.get(f"/sheets/{mine.pk}/").content == bytes(mine.content)
    assert [clerk.get(f"/sheets/{kept.pk}/").status_code for kept in (of_county, of_other)] == [404, 404]
    for who in ("clerk_changjie", "auditor"):
        assert logged_in(who).post(f"{MARCH}issue/T3/330226101/").status_code == 403
        assert "出具T3" not in logged_in(who).get(f"{MARCH}330226101/").content.decode().replace(" ", "")
    assert SheetFile.objects.count() == 3


def test_the_page_of_a_township_issues_its_sheets(march: SubsidyRun) -> None:
    finance, page = logged_in("finance"), f"{MARCH}330226101/"
    assert f'action="{MARCH}issue/T2/330226101/"' in finance.get(page).content.decode()
    assert finance.post(f"{MARCH}issue/T2/330226101/").headers["Location"] == page
    kept, of_county = SheetFile.objects.get(), issued("finance", "T2")
    assert kept.number in text_of(finance, page)
    assert of_county.number not in text_of(finance, page).split()


def test_the_sheet_of_a_returned_run_says_so(march: SubsidyRun, waiting: SubsidyRun) -> None:
    kept = issued("finance", "T1")
    void(run=waiting, actor=None, reason="先更正三月", now=timezone.now())
    send_back(run=march, actor=None, reason="账户有误", now=timezone.now())
    response = logged_in("finance").get(f"/sheets/{kept.pk}/")
    assert "已撤回" in read_sheet(response.content).text()
    assert response.content != bytes(kept.content)
    assert "已撤回" in text_of(logged_in("finance"), MARCH)


def test_the_sheets_of_a_withdrawn_approval_stay_withdrawn(march: SubsidyRun, waiting: SubsidyRun) -> None:
    kept = issued("finance", "T1")
    # As when March was approved.
    stop_requiring_reports(reason="系统切换期间", actor=None, now=timezone.now())
    void(run=waiting, actor=None, reason="先更正三月", now=timezone.now())
    send_back(run=march, actor=None, reason="账户有误", now=timezone.now())
    staff = Posting.objects.filter(position="platform_staff")  # in no digest
    staff.filter(pk=staff.earliest("pk").pk).update(withdrawn_at=timezone.now(), withdrawn_reason="录错")
    for state in ("calculated", "approved"):
        if state == "calculated":
            calculate(month=march.period, actor=None)
        else:
            send(run=march, actor=None, now=timezone.now())
            approve(run=march, actor=demo_user("approver"), now=timezone.now())
        assert SubsidyRun.objects.get(pk=march.pk).state == state
        assert "已撤回" in read_sheet(logged_in("finance").get(f"/sheets/{kept.pk}/").content).text()
    again = issued("finance", "T1")
    assert again.pk != kept.pk
    assert read_sheet(bytes(again.content)).text() != read_sheet(bytes(kept.content)).text()


def test_once_issued_every_download_is_that_file(march: SubsidyRun, settings: Settings, tmp_path: Path) -> None:
    of_county, of_township = issued("finance", "T2"), issued("finance", "T2", "330226101")
    settings.SHEET_SIGNATURES = ("别的签字",)
    finance = logged_in("finance")
    assert finance.get(f"{MARCH}T2.xlsx").content == bytes(of_county.content)
    assert finance.get(f"{MARCH}330226101/T2.xlsx").content == bytes(of_township.content)
    assert logged_in("clerk_changjie").get(f"{MARCH}T2.xlsx").content == bytes(of_township.content)
    assert finance.get(f"/api/runs/{march.pk}/sheets/T2/").content == bytes(of_county.content)
    out = tmp_path / "T2.xlsx"
    call_command("export", "2010-03", sheet="T2", township="330226101", out=out, verbosity=0)
    assert out.read_bytes() == bytes(of_township.content)
    assert finance.get(f"{MARCH}T3.xlsx").content != bytes(of_county.content)


@pytest.mark.parametrize("kind", SHEETS)
def test_only_an_issued_sheet_looks_official(march: SubsidyRun, kind: str) -> None:
    finance = logged_in("finance")
    for path in (f"{MARCH}{kind}.xlsx", f"{MARCH}330226101/{kind}.xlsx", f"/api/runs/{march.pk}/sheets/{kind}/"):
        response = finance.get(path)
        text = read_sheet(response.content).text()
        assert (NOT_ISSUED_BANNER in text, "封存" in text) == (True, False), path
        assert "未出具" in unquote(response.headers["Content-Disposition"])
    kept = issued("finance", kind)
    text = read_sheet(bytes(kept.content)).text()
    assert (NOT_ISSUED_BANNER in text, "封存" in text, "未出具" in kept.filename) == (False, True, False)
    assert finance.get(f"{MARCH}{kind}.xlsx").content == bytes(kept.content)


def test_every_worksheet_of_a_file_says_that_it_is_not_issued(ledger: SubsidyRun) -> None:
    month = ledger.period + 1
    adjust(
        month=month, township=Township.objects.get(), person=None, for_month=month, amount=Decimal("100.00"),
        document="批复", reason="例外", actor=None,
    )  # fmt: skip
    revision = revision_of(an_approved_run(month))
    for worksheet in (0, 1):
        assert NOT_ISSUED_BANNER in sheet_file(revision, "T1", worksheet=worksheet).text()


def test_the_sheet_of_changes_adds_up_to_the_difference(waiting: SubsidyRun) -> None:
    revision = revision_of(waiting)
    difference = added_up(figures_by_township(revision, Allocation.objects.all())).difference
    assert sheet_file(revision, "T7").total("比上月增减") == difference != Decimal(0)


def test_the_sheet_of_vacancies_is_kept_with_the_approval(march: SubsidyRun, waiting: SubsidyRun) -> None:
    before = {run.pk: sheet_file(revision_of(run), "T8").total_row for run in (march, waiting)}
    Posting.objects.filter(position="assistant").update(ended_on="2010-01-31", started_on="2009-01-01")
    assert sheet_file(revision_of(march), "T8").total_row == before[march.pk]
    assert sheet_file(revision_of(waiting), "T8").total_row != before[waiting.pk]


def test_a_township_prints_what_it_reported(demo: DemoCounty) -> None:
    clerk = logged_in("clerk_changjie")
    response = clerk.get("/reports/2010-05/330226101/T0.xlsx")
    text = read_sheet(response.content).text()
    assert "长街镇" in text
    assert "镇乡(街道)盖章" in text
    assert {"应发工资+单位社保+住房公积金", "单位:元"} <= set(text.split("\n"))
    assert not [person for person in demo.people if person.national_id in text]
    assert clerk.get("/reports/2010-05/330226001/T0.xlsx").status_code == 404
    assert logged_in("officer").get("/reports/2010-05/330226107/T0.xlsx").status_code == 404  # never sent up


def revision_of(run: SubsidyRun) -> Revision:
    revision = run.current_revision
    assert revision is not None
    revision.run = run
    return revision
