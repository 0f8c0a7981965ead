"""The scan of a stamped report: who attaches and sees it, what is refused, and that nothing of it is lost."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.dates import Month
from foundation.scans import MOST_BYTES
from staffing.models import Posting
from staffing.postings.services import correct_dates
from subsidies.models import LedgerParameters, ReportScan, TownshipReport
from subsidies.reports.services import accept_report, return_report
from tests.builders import a_posting, a_township
from tests.foundation.scan_files import JPEG, PDF, PNG, of_size
from tests.pages.uploading import Response, said
from tests.reading import HEAVIEST_PAGE
from tests.subsidies.months import a_submitted_report, an_approved_run
from tests.subsidies.policies import NOW, a_policy
from tests.users import ClientOf, MakeUser, browser
from townships.models import Township

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)
OWN, OTHER = "/reports/2009-06/330226001/", "/reports/2009-06/330226101/"


@pytest.fixture
def townships() -> tuple[Township, Township]:
    """Two townships that have sent June up; the first one is the clerk's."""
    a_policy()
    near, far = a_township(), a_township(name="长街镇", code="330226101")
    LedgerParameters.objects.create(county=near.county, reports_required=True)
    for township in (near, far):
        a_posting(township=township)
        a_submitted_report(township)
    return near, far


@pytest.fixture
def clerk(townships: tuple[Township, Township], make_user: MakeUser) -> Client:
    return browser(make_user(Role.TOWNSHIP_CLERK, username="clerk", township=townships[0]))


def sent_again(township: Township) -> TownshipReport:
    a_posting(township=township)
    return a_submitted_report(township)


def settled(township: Township, approver: Any) -> None:
    accept_report(report=township.reports.get(), actor=None, now=NOW)
    an_approved_run(JUNE, approver=approver)


def attach(
    client: Client, *contents: bytes, name: str = "盖章.pdf", path: str = OWN, more: Mapping[str, Any] | None = None
) -> Response:
    files = [SimpleUploadedFile(name, content, content_type="text/html") for content in contents]
    return client.post(f"{path}scans/", {"submission": "1", "scans": files, **(more or {})})


def a_scan(township: Township, content: bytes = PDF, *, submission: int = 1) -> ReportScan:
    scan = ReportScan(
        report=township.reports.get(),
        submission=submission,
        filename="盖章.pdf",
        content_type="application/pdf",
        size=len(content),
        sha256=f"{ReportScan.objects.count():064}",
        attached_at=NOW,
    )
    scan.content = content
    scan.save()
    return scan


def events(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action, result="done").order_by("pk"))


def text(client: Client, path: str = OWN) -> str:
    response = client.get(path)
    assert response.status_code == 200
    assert len(response.content) < HEAVIEST_PAGE
    return response.content.decode()


def test_whoever_sees_the_report_sees_the_scan(townships: tuple[Township, Township], client_of: ClientOf) -> None:
    scan = a_scan(townships[0])
    assert client_of(Role.FINANCE_OFFICER).get(f"{OWN}scans/{scan.pk}/").status_code == 200


def test_in_a_small_bureau_the_officer_attaches_the_townships_paper(
    townships: tuple[Township, Township], client_of: ClientOf, settings: Any
) -> None:
    settings.SEPARATION = "small"
    officer = client_of(Role.BUREAU_OFFICER)
    assert attach(officer, PDF).status_code == 302
    assert 'enctype="multipart/form-data"' in text(officer)


def test_another_townships_report_is_not_there(townships: tuple[Township, Township], clerk: Client) -> None:
    own, foreign = a_scan(townships[0]), a_scan(townships[1])
    paths = (f"{OTHER}scans/{foreign.pk}/", f"{OWN}scans/{foreign.pk}/", f"{OTHER}scans/{own.pk}/", f"{OWN}scans/0/")
    assert [clerk.get(path).status_code for path in paths] == [404] * 4
    assert [clerk.post(f"{path}withdraw/", {"reason": "x"}).status_code for path in paths] == [404] * 4
    assert attach(clerk, PNG, path=OTHER).status_code == 404
    assert clerk.get(f"/reports/2009-05/330226001/scans/{own.pk}/").status_code == 404
    assert attach(clerk, PNG, path="/reports/2009-05/330226001/").status_code == 404
    assert ReportScan.objects.offered().count() == 2


def test_several_pages_are_kept_and_given_back_byte_for_byte(clerk: Client) -> None:
    assert attach(clerk, PDF, JPEG, PNG).status_code == 302
    kinds = {"application/pdf": (PDF, ".pdf"), "image/jpeg": (JPEG, ".jpg"), "image/png": (PNG, ".png")}
    scans = list(ReportScan.objects.all())
    assert [scan.content_type for scan in scans] == list(kinds)
    for scan in scans:
        content, ending = kinds[scan.content_type]
        response = clerk.get(f"{OWN}scans/{scan.pk}/")
        assert response.content == content
        assert (scan.size, scan.submission) == (len(content), 1)
        assert response.headers["Content-Type"] == scan.content_type
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        disposition = response.headers["Content-Disposition"]
        assert disposition.startswith("attachment; ")
        assert disposition.endswith(ending)
    page = text(clerk)
    assert "第 1 次上报附有 3 份盖章的扫描件" in page
    assert page.count("盖章.pdf</td>") == 3


def test_the_events_say_what_was_attached_handed_out_and_withdrawn(clerk: Client) -> None:
    attach(clerk, PDF)
    scan = ReportScan.objects.get()
    clerk.get(f"{OWN}scans/{scan.pk}/")
    clerk.post(f"{OWN}scans/{scan.pk}/withdraw/", {"reason": "漏盖章"})
    attached, withdrawn = events("attach_scans"), events("withdraw_scan")
    assert [event.subject_label for event in attached] == ["跃龙街道2009年6月月报"]
    file = {"name": "盖章.pdf", "size": len(PDF), "type": "application/pdf", "sha256": scan.sha256}
    assert attached[0].after == {"month": "2009-06", "submission": 1, "files": [file]}
    before = {"month": "2009-06", "submission": 1, "name": "盖章.pdf", "sha256": scan.sha256}
    assert [(event.reason, event.before) for event in withdrawn] == [("漏盖章", before)]
    downloads = [event.subject_label for event in events("download")]
    assert downloads == [f"月报扫描件 跃龙街道2009年6月月报 第 1 次 {scan.pk}"]


def test_no_file_leaves_without_its_event(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    attach(clerk, PDF)
    clerk.raise_request_exception = False

    def broken(**options: object) -> None:
        raise RuntimeError("the audit is full")

    monkeypatch.setattr("accounts.middleware.record", broken)
    response = clerk.get(f"{OWN}scans/{ReportScan.objects.get().pk}/")
    assert response.status_code == 500
    assert PDF not in response.content


def test_what_is_stored_is_encrypted(clerk: Client) -> None:
    attach(clerk, PDF)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content_encrypted FROM subsidies_reportscan")
        stored = bytes(cursor.fetchone()[0])
    assert len(stored) > len(PDF)
    assert b"%PDF" not in stored
    assert b"Catalog" not in stored


WRONG: Sequence[tuple[str, bytes, str]] = (
    ("盖章.pdf", b"MZ\x90\0" + b"\0" * 60, "盖章.pdf:不是 PDF、JPG 或 PNG 文件"),
    ("盖章.pdf", b"<html><script>alert(1)</script></html>", "不是 PDF、JPG 或 PNG 文件"),
    ("盖章.png", b'<svg xmlns="x"><script>alert(1)</script></svg>', "不是 PDF、JPG 或 PNG 文件"),
    ("盖章.pdf", b"", "空的"),
    ("盖章.pdf", of_size(MOST_BYTES + 1), "超过 5 MB"),
    ("盖章.pdf", of_size(MOST_BYTES * 2), "超过 5 MB"),
    ("盖章.pdf", PDF[:-8], "文件不完整"),
    ("盖章.jpg", JPEG[:-1], "文件不完整"),
    ("盖章.png", PNG[:-1], "文件不完整"),
)


@pytest.mark.parametrize(("name", "content", "why"), WRONG, ids=lambda value: str(value)[:20])
def test_a_wrong_file_is_refused_in_words_and_nothing_is_kept(
    clerk: Client, name: str, content: bytes, why: str
) -> None:
    response = attach(clerk, content, name=name)
    assert (response.status_code, ReportScan.objects.count(), events("attach_scans")) == (400, 0, [])
    assert why in said(response)


def test_one_wrong_file_among_good_ones_keeps_all_of_them_out_and_each_is_named(clerk: Client) -> None:
    files = [SimpleUploadedFile(name, content) for name, content in (("1.pdf", PDF), ("2.pdf", b"x"), ("3.png", b""))]
    response = clerk.post(f"{OWN}scans/", {"submission": "1", "scans": files})
    assert (response.status_code, ReportScan.objects.count()) == (400, 0)
    assert ("2.pdf:" in said(response), "3.png:" in said(response), "1.pdf" in said(response)) == (True, True, False)


def test_files_that_are_too_much_together_and_no_file_at_all_are_told(clerk: Client) -> None:
    together = attach(clerk, of_size(4_000_000), of_size(4_000_001))
    assert "请分几次上传" in said(together)
    none = clerk.post(f"{OWN}scans/", {"submission": "1"})
    assert "还没有选择文件" in said(none)
    assert (together.status_code, none.status_code, ReportScan.objects.count()) == (400, 400, 0)


def test_more_than_ten_and_the_same_file_again_are_refused(clerk: Client) -> None:
    assert attach(clerk, *(PDF + b"%" * number for number in range(9))).status_code == 302
    again = attach(clerk, PDF)
    assert (again.status_code, "同样的文件已经上传过" in said(again)) == (400, True)
    assert "同样的文件已经上传过" in said(attach(clerk, PNG, PNG))
    assert attach(clerk, JPEG).status_code == 302
    assert "最多附 10 份" in said(attach(clerk, PNG))
    assert ReportScan.objects.count() == 10


def test_the_same_form_twice_is_once(clerk: Client) -> None:
    first, second = (attach(clerk, PDF, PNG, more={"token": "one"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert (ReportScan.objects.count(), len(events("attach_scans"))) == (2, 1)
    fields, path = {"reason": "漏盖章", "token": "two"}, f"{OWN}scans/{ReportScan.objects.all()[0].pk}/withdraw/"
    assert [clerk.post(path, fields).status_code for _ in range(2)] == [302, 302]
    assert len(events("withdraw_scan")) == 1
    assert clerk.post(path, {"reason": "漏盖章"}).status_code == 409


def test_a_withdrawn_one_stays_and_is_offered_no_more(clerk: Client) -> None:
    attach(clerk, PDF)
    scan = ReportScan.objects.get()
    path = f"{OWN}scans/{scan.pk}/"
    assert "请写明撤下扫描件的原因" in said(clerk.post(f"{path}withdraw/", {"reason": " "}))
    assert clerk.post(f"{path}withdraw/", {"reason": "漏盖章"}).status_code == 302
    assert clerk.get(path).status_code == 404
    page = text(clerk)
    assert f'href="{path}"' not in page
    assert "撤下:漏盖章" in page
    assert "第 1 次上报还没有附盖章的扫描件" in page
    assert attach(clerk, PDF).status_code == 302  # the same file may come back
    kept = ReportScan.objects.get(pk=scan.pk)
    assert (kept.content, kept.withdrawn_reason) == (PDF, "漏盖章")


def test_nothing_is_attached_to_what_was_not_sent_up_or_was_returned(
    townships: tuple[Township, Township], clerk: Client
) -> None:
    return_report(report=townships[0].reports.get(), reason="有误", actor=None, now=NOW)
    response = attach(clerk, PDF)
    assert (response.status_code, ReportScan.objects.count()) == (409, 0)
    assert "请先上报" in said(response)
    assert "multipart/form-data" not in text(clerk)


def test_who_saw_an_earlier_submission_is_told(townships: tuple[Township, Township], clerk: Client) -> None:
    sent_again(townships[0])
    response = attach(clerk, PDF)
    assert (response.status_code, ReportScan.objects.count()) == (409, 0)
    assert "刷新页面" in said(response)


def test_a_settled_month_takes_no_scan_and_gives_none_back(
    townships: tuple[Township, Township], clerk: Client, make_user: MakeUser
) -> None:
    scan = a_scan(townships[0])
    settled(townships[0], make_user(Role.BUREAU_APPROVER))
    refused = [attach(clerk, PNG), clerk.post(f"{OWN}scans/{scan.pk}/withdraw/", {"reason": "传错了"})]
    assert [response.status_code for response in refused] == [409, 409]
    assert all("已随核算审批" in said(response) for response in refused)
    assert ReportScan.objects.offered().count() == 1
    assert {event.action for event in AuditEvent.objects.filter(result="refused")} == {"attach_scans", "withdraw_scan"}
    page = text(clerk)
    assert ("multipart/form-data" in page, "/withdraw/" in page, f"scans/{scan.pk}/" in page) == (False, False, True)


def test_a_scan_of_an_earlier_submission_says_so(townships: tuple[Township, Township], clerk: Client) -> None:
    near, _ = townships
    attach(clerk, PDF)
    a_posting(township=near)
    assert "盖章.pdf" in text(clerk)  # stale: still to be seen beside what is sent up next
    a_submitted_report(near)
    page = text(clerk)
    assert "第 1 次上报的扫描件,之后又重新上报过" in page
    assert "第 2 次上报还没有附盖章的扫描件" in page
    assert attach(clerk, PDF, more={"submission": "2"}).status_code == 302
    assert "第 2 次上报附有 1 份盖章的扫描件" in text(clerk)


def test_the_bureau_sees_it_at_the_decision_and_in_the_list_of_the_month(
    townships: tuple[Township, Township], clerk: Client, client_of: ClientOf
) -> None:
    officer, states = client_of(Role.BUREAU_OFFICER), []

    def listed() -> str:
        page = text(officer, "/reports/2009-06/")
        return next(state for state in ("未附", "只有以前上报的", "已附") if f">{state}<" in page.split("长街镇")[0])

    states.append(listed())
    attach(clerk, PDF)
    states.append(listed())
    page = text(officer)
    assert page.index("附有 1 份盖章的扫描件") < page.index('value="accept"')
    assert "multipart/form-data" not in page
    sent_again(townships[0])
    states.append(listed())
    assert states == ["未附", "已附", "只有以前上报的"]


def test_an_id_number_in_a_files_name_is_not_kept(clerk: Client) -> None:
    attach(clerk, PDF, name="33990019850307001X张三.pdf")
    assert ReportScan.objects.get().filename == "339900********001X张三.pdf"


def test_a_name_is_text_on_the_page(clerk: Client) -> None:
    attach(clerk, PDF, name="<img src=x>.pdf")
    page = text(clerk)
    assert "&lt;img src=x&gt;.pdf" in page
    assert "<img src=x>" not in page


def test_queries_do_not_grow_with_scans_and_townships_and_no_list_reads_a_file(
    townships: tuple[Township, Township], client_of: ClientOf
) -> None:
    near, _ = townships
    officer, counts = client_of(Role.BUREAU_OFFICER), []
    for numbers in (range(3), range(3, 30)):
        for number in numbers:
            another = a_township(code=f"3302262{number:02d}", name=f"镇{number}")
            a_submitted_report(another)
            a_scan(another)
            a_scan(near)
        for path in (OWN, "/reports/2009-06/"):
            with CaptureQueriesContext(connection) as captured:
                assert officer.get(path).status_code == 200
            assert not [query for query in captured if "content_encrypted" in query["sql"]]
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


def test_the_database_keeps_a_scan_as_it_came(townships: tuple[Township, Township]) -> None:
    scan = a_scan(townships[0])
    rows = ReportScan.objects.filter(pk=scan.pk)
    for change in ({"content_encrypted": b"x"}, {"filename": "x"}, {"submission": 2}):
        with pytest.raises(IntegrityError, match="subsidies_reportscan is sealed"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError, match="subsidies_reportscan is sealed"), transaction.atomic():
        rows.delete()
    with pytest.raises(IntegrityError, match="scan_withdrawn_with_a_reason"), transaction.atomic():
        rows.update(withdrawn_at=NOW)
    rows.update(withdrawn_at=NOW, withdrawn_reason="漏盖章")
    with pytest.raises(IntegrityError, match="subsidies_reportscan is sealed"), transaction.atomic():
        rows.update(withdrawn_at=None, withdrawn_reason="")


def test_the_database_refuses_the_same_file_twice_and_one_of_no_submission(
    townships: tuple[Township, Township],
) -> None:
    scan = a_scan(townships[0])
    twin = a_scan(townships[0])
    for fields, name in (
        ({"sha256": scan.sha256}, "scan_once_a_submission|REPLACE refused"),
        ({"submission": 0}, "scan_is_of_a_submission_and_not_empty"),
        ({"size": 0}, "scan_is_of_a_submission_and_not_empty"),
    ):
        values = {"submission": 1, "size": 1, "sha256": "f" * 64, **fields}
        row = ReportScan(report=scan.report, filename="x", content_type="image/png", attached_at=NOW, **values)
        row.content = PNG
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            row.save()
    assert set(ReportScan.objects.all()) == {scan, twin}


def test_a_changed_fact_leaves_the_scan_with_its_submission(townships: tuple[Township, Township]) -> None:
    near, _ = townships
    scan = a_scan(near)
    posting = Posting.objects.get(township=near)
    correct_dates(posting=posting, started_on=JUNE.first, ended_on=None, reason="更正", actor=None)
    assert a_submitted_report(near).submission == 2
    assert ReportScan.objects.get(pk=scan.pk).submission == 1
