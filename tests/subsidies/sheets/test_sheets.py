"""Sheets T1–T4 and T6: they agree with each other and with everything else, and keep what was known then."""

import io
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from foundation.dates import Month
from foundation.rmb import in_capitals
from staffing.enums import SUBSIDISED, Education
from staffing.models import Contract, Person
from subsidies.calculation.adjusting import adjust
from subsidies.demo.county import DemoCounty
from subsidies.line_details import LineDetails
from subsidies.models import Allocation, AllocationLine, Revision, SubsidyRun
from subsidies.revisions.figures import added_up, figures_by_township
from subsidies.runs import services as runs
from subsidies.sheets.register import SHEETS, workbook
from tests.builders import educate
from tests.reading import text_of
from tests.subsidies.policies import NOW
from tests.subsidies.sheets.sheet_files import SheetFile, read_sheet, sheet_file
from tests.users import logged_in
from townships.models import Township

pytestmark = pytest.mark.django_db
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
POSITIONS = dict(zip(("T2", "T3", "T4"), SUBSIDISED, strict=True))
PEOPLE_SHEETS = tuple(POSITIONS)


@pytest.fixture
def revision(waiting: SubsidyRun) -> Revision:
    """The month in review: with back-pay, lines at zero and a new minimum wage."""
    revision = waiting.current_revision
    assert revision is not None
    revision.run = waiting
    return revision


SCOPES = {"county": "", "township": "330226101"}


@pytest.mark.parametrize("code", SCOPES.values(), ids=SCOPES)
def test_people_sheets_add_up_to_the_summary_and_to_the_database(revision: Revision, code: str) -> None:
    allocations = Allocation.objects.filter(township_code=code) if code else Allocation.objects.all()
    figures = added_up(figures_by_township(revision, allocations))
    sheets = {number: sheet_file(revision, number, allocations) for number in ("T1", *PEOPLE_SHEETS)}

    def together(name: str) -> Decimal:
        return sum((sheets[number].total(name) for number in PEOPLE_SHEETS), Decimal(0))

    assert together("实补") == sheets["T1"].total("合计") == figures.total
    assert together("本月补助") == sheets["T1"].total("本月应补") == figures.regular
    assert together("补发/扣回") == figures.back_pay + figures.clawback
    assert sheets["T1"].total("补发") + sheets["T1"].total("扣回") == together("补发/扣回")
    assert together("镇街承担") == sheets["T1"].total("镇街承担") == figures.township_share
    assert together("结余") == sheets["T1"].total("结余") == figures.surplus
    stored = sum(allocations.filter(revision=revision).values_list("total", flat=True), Decimal(0))
    assert figures.total == stored == sheet_file(revision, "T6", allocations).total("金额")
    assert in_capitals(figures.total) in sheets["T1"].text()


@pytest.fixture
def adjusted(waiting: SubsidyRun) -> Revision:
    """The month sent back and calculated again with two adjustments: of a person and of a township."""
    runs.send_back(run=waiting, actor=None, now=NOW, reason="补列其他调整")
    township, month = Township.objects.get(code="330226101"), Month(2010, 4)
    person = Person.objects.get(pk=a_paid_line(waiting).person_id)
    cases = ((person, "-120.00", "审计整改"), (None, "4120.00", "以前年度差额"))
    for whose, amount, reason in cases:
        adjust(
            month=month, township=township, person=whose, for_month=month, amount=Decimal(amount),
            document="县财〔2010〕1 号", reason=reason, actor=None,
        )  # fmt: skip
    return runs.calculate(month=month, actor=None).revision


def a_paid_line(run: SubsidyRun) -> AllocationLine:
    """Of a community coordinator of 长街镇."""
    lines = AllocationLine.objects.filter(allocation__revision=run.current_revision_id, for_month=run.month)
    found = lines.filter(position="community_coordinator", amount__gt=0, allocation__township_code="330226101")
    return found.order_by("order")[0]


@pytest.mark.parametrize("code", SCOPES.values(), ids=SCOPES)
def test_every_sheet_page_and_the_api_agree_where_there_are_adjustments(adjusted: Revision, code: str) -> None:
    allocations = Allocation.objects.filter(township_code=code) if code else Allocation.objects.all()
    figures = added_up(figures_by_township(adjusted, allocations))
    sheets = {number: sheet_file(adjusted, number, allocations) for number in ("T1", *PEOPLE_SHEETS, "T6")}
    listed = sheet_file(adjusted, "T1", allocations, worksheet=1)
    assert figures.adjustment == Decimal("4000.00")
    assert sheets["T1"].total("其他调整") == listed.total("金额") == figures.adjustment
    people = sum((sheets[number].total("实补") for number in PEOPLE_SHEETS), Decimal(0))
    assert people + listed.total("金额") == sheets["T1"].total("合计") == sheets["T6"].total("金额") == figures.total
    assert all(in_capitals(figures.total) in sheets[number].text() for number in ("T1", "T6"))
    officer = logged_in("officer")
    page = text_of(officer, f"/months/2010-04/1/{f'{code}/' if code else ''}")
    assert f"合计 {figures.total:,.2f} 元" in page
    if not code:
        assert officer.get(f"/api/runs/{adjusted.run_id}/").json()["total"] == str(figures.total)


def test_the_notice_names_each_adjustment_after_the_people_of_its_township(adjusted: Revision) -> None:
    line, sheet = a_paid_line(adjusted.run), sheet_file(adjusted, "T6")
    named, unnamed = [row[1:] for row in sheet.people() if row[sheet.column("备注")] == "其他调整"]
    assert named[:2] == [line.person_name, f"长街镇{line.unit_name}"]
    assert [unnamed[0], unnamed[1], unnamed[3]] == ["长街镇", "长街镇", 4120]
    places = [row[sheet.column("单位")].startswith("长街镇") for row in sheet.people()]
    assert places[places.index(True) :].index(False) == sum(places)


def test_the_summary_lists_adjustments_by_person_document_and_reason(adjusted: Revision, revision: Revision) -> None:
    line, listed = a_paid_line(adjusted.run), sheet_file(adjusted, "T1", worksheet=1)
    assert listed.people()[0][1:] == [
        "长街镇", line.unit_name, line.person_name, "2010年4月", -120, "县财〔2010〕1 号", "审计整改",
    ]  # fmt: skip
    assert len(load_workbook(io.BytesIO(workbook(revision, "T1", Allocation.objects.all()))).worksheets) == 1


def test_the_page_of_a_township_adds_up_with_its_adjustments(adjusted: Revision) -> None:
    page = text_of(logged_in("officer"), "/months/2010-04/1/330226101/")
    assert '<div class="wide" role="region" aria-label="其他调整" tabindex="0">' in page
    sums = re.findall(r'<th scope="row" colspan="\d">合计</th>.*?<td class="number">([-+\d,.]+)</td>', page, re.DOTALL)
    stored = Allocation.objects.get(revision=adjusted, township_code="330226101").total
    assert sum(Decimal(text.replace(",", "")) for text in sums) == stored
    assert "以前年度差额" in page


def test_every_posting_has_a_row_in_the_order_of_the_county(revision: Revision) -> None:
    for number, position in zip(
        PEOPLE_SHEETS, ("assistant", "community_coordinator", "village_coordinator"), strict=True
    ):
        sheet = sheet_file(revision, number)
        lines = AllocationLine.objects.filter(allocation__revision=revision, position=position)
        assert len(sheet.people()) == lines.values("posting").distinct().count()
        assert [row[0] for row in sheet.people()] == list(range(1, len(sheet.people()) + 1))
    places = [row[1] for row in sheet.people()]
    codes = dict(Allocation.objects.filter(revision=revision).values_list("township_name", "township_code"))
    assert [codes[name] for name in places] == sorted(codes[name] for name in places)


def test_back_pay_names_its_month_and_cause_in_its_row(revision: Revision) -> None:
    sheet = sheet_file(revision, "T2")
    line = AllocationLine.objects.get(amount=Decimal("49.35"), allocation__revision=revision)
    row = next(row for row in sheet.people() if row[2] == line.person_name and row[sheet.column("补发/扣回")])
    assert row[sheet.column("所属月份、原因")] == "2010年3月 +49.35 起止日期更正"
    assert Decimal(str(row[sheet.column("实补")])) == Decimal("1764.00") + Decimal("49.35")
    assert row[sheet.column("计发/当月天数")] == "30/30"


@pytest.mark.parametrize("number", PEOPLE_SHEETS)
def test_the_share_of_a_township_is_worked_out_from_the_columns(revision: Revision, number: str) -> None:
    """工资 + 社保 + 公积金 - 本月补助 = 镇街承担 - 结余 of whoever served all month and has no other line."""
    sheet, parts = sheet_file(revision, number), ("应发工资", "单位社保", "住房公积金")
    lines = AllocationLine.objects.filter(allocation__revision=revision)
    settled = {line.posting_id: line.person_name for line in lines if line.settles_earlier_month and line.changes}
    compared = funds = 0
    for row in sheet.people():
        if row[sheet.column("姓名")] in settled.values():
            continue
        wage, insurance, fund, due, share, surplus = (
            Decimal(str(row[sheet.column(name)] or 0)) for name in (*parts, "本月补助", "镇街承担", "结余")
        )
        if wage and row[sheet.column("计发/当月天数")] == "30/30" and row[sheet.column("镇街承担")] is not None:
            assert wage + insurance + fund - due == share - surplus, row
            compared, funds = compared + 1, funds + bool(fund)
    whole = lines.filter(for_month=revision.run.month, counted_days=30, cost__isnull=False)
    others = whole.exclude(person_name__in=settled.values())
    assert compared == others.filter(position=POSITIONS[number].value).count()
    assert compared
    assert bool(funds) is (number == "T2")


def test_the_village_sheet_has_what_the_others_have(revision: Revision) -> None:
    of_communities, of_villages = sheet_file(revision, "T3"), sheet_file(revision, "T4")
    for name in of_communities.rows[of_communities.header_row]:
        assert of_villages.column(name) >= 0


@pytest.mark.parametrize("number", ["T1", *PEOPLE_SHEETS])
def test_a_sheet_is_read_when_it_is_printed_and_no_number_overflows(revision: Revision, number: str) -> None:
    """On A4 across, at least 7 points, even where 宋体 is replaced by a font whose digits are 6.4 points wide."""
    book = load_workbook(io.BytesIO(workbook(revision, number, Allocation.objects.all())), data_only=True)
    sheet = book.worksheets[0]
    margins = sheet.page_margins
    room = (297 / 25.4 - margins.left - margins.right) * 72
    widths = [column.width for column in sheet.column_dimensions.values()]
    assert 10 * room / (sum(widths) * 6.4) >= 7
    for row in sheet.iter_rows():
        for cell, width in zip(row, widths, strict=True):
            if isinstance(cell.value, int | float):
                text = f"{cell.value:,.2f}" if cell.number_format.endswith(".00") else str(cell.value)
                assert len(text) < width, cell.coordinate


def test_a_line_from_before_the_housing_fund_was_kept_is_read(waiting: SubsidyRun) -> None:
    stored = a_paid_line(waiting).details
    assert (len(stored), LineDetails.from_list(stored).as_list()) == (12, stored)
    older = LineDetails.from_list(stored[:11])
    assert (older.as_list()[:11], older.housing_fund) == (stored[:11], None)


def test_the_page_of_a_line_splits_the_cost_into_its_parts(waiting: SubsidyRun) -> None:
    lines = AllocationLine.objects.filter(allocation__revision=waiting.current_revision_id, for_month=waiting.month)
    whole = lines.filter(position="assistant", counted_days=30, township_share__gt=0)[0]
    page = text_of(logged_in("officer"), f"/lines/{whole.pk}/")
    parts = LineDetails.from_list(whole.details)
    assert None not in (parts.monthly_wage, parts.employer_insurance, parts.housing_fund)
    assert (
        f"{whole.cost:,.2f} 元(应发工资 {parts.monthly_wage:,.2f} + 单位社保 {parts.employer_insurance:,.2f}"
        f" + 住房公积金 {parts.housing_fund:,.2f}),镇街承担 {whole.township_share:,.2f} 元"
    ) in page


def test_zero_lines_say_why(revision: Revision) -> None:
    sheet = sheet_file(revision, "T2")
    unpaid = [row for row in sheet.people() if not row[sheet.column("实补")]]
    assert {"未签劳动合同"} <= {row[sheet.column("备注")].split(";")[0] for row in unpaid}
    assert all(row[sheet.column("备注")] for row in unpaid)


def test_id_numbers_are_masked_and_the_notice_has_none(revision: Revision, demo: DemoCounty) -> None:
    texts = {number: sheet_file(revision, number).text() for number in SHEETS}
    numbers = [person.national_id for person in demo.people]
    assert not [number for number in numbers if any(number in text for text in texts.values())]
    assert re.search(r"339900\*{8}\d{3}[\dX]", texts["T2"])
    assert not re.search(r"3399|\*\*|20\d\d-\d\d-\d\d", texts["T6"])


def test_the_village_sheet_names_count_band_and_kind(revision: Revision) -> None:
    sheet = sheet_file(revision, "T4")
    row = next(row for row in sheet.people() if row[sheet.column("户籍户数")] == 101)
    wanted = ("专/兼", "统计日期", "档次", "补助标准")
    assert [str(row[sheet.column(name)])[:10] for name in wanted] == ["兼职", "2009-01-01", "101–200 户", "240.0"]


def test_a_sheet_says_what_was_known_when_it_was_calculated(revision: Revision) -> None:
    before = {number: workbook(revision, number, Allocation.objects.all()) for number in SHEETS}
    educate(Education.PRIMARY)
    Person.objects.update(name="改名", national_id_masked="x")
    Contract.objects.update(ended_on="2030-01-01")
    assert {number: workbook(revision, number, Allocation.objects.all()) for number in SHEETS} == before


def test_subtotals_and_totals_are_formulas_over_their_rows(revision: Revision) -> None:
    content = workbook(revision, "T2", Allocation.objects.all())
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if str(row[1]).endswith(("小计", "合计"))]
    assert len(rows) == 18 + 1
    assert all(sum(str(cell).startswith("=SUM(") for cell in row) == 5 for row in rows)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "{{7*7}}", "<img onerror=alert(1)>", "𠮷野"])
def test_a_name_is_text_whatever_it_looks_like(revision: Revision, text: str) -> None:
    from tests.subsidies.months import without_triggers

    without_triggers()
    AllocationLine.objects.filter(allocation__revision=revision).update(person_name=text)
    for number in ("T2", "T6"):
        content = workbook(revision, number, Allocation.objects.all())
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
        assert cells
        assert {cell.data_type for cell in cells} == {"s"}


def test_pages_offer_every_sheet_and_a_clerk_gets_the_own_township(waiting: SubsidyRun) -> None:
    officer, clerk = logged_in("officer"), logged_in("clerk_changjie")
    month, township = text_of(officer, "/months/2010-04/1/"), text_of(officer, "/months/2010-04/1/330226101/")
    for number in SHEETS:
        assert f'href="/months/2010-04/1/{number}.xlsx"' in month
        assert f'href="/months/2010-04/1/330226101/{number}.xlsx"' in township
        of_clerk = clerk.get(f"/months/2010-04/1/{number}.xlsx")
        of_township = officer.get(f"/months/2010-04/1/330226101/{number}.xlsx")
        assert of_clerk.content == of_township.content
        assert "长街镇" in read_sheet(of_clerk.content).text()
    assert clerk.get("/months/2010-04/1/330226001/T2.xlsx").status_code == 404
    assert logged_in("sysadmin").get("/months/2010-04/1/T2.xlsx").status_code == 403


def test_the_command_exports_every_sheet_of_one_township(waiting: SubsidyRun, tmp_path: Path) -> None:
    for number in SHEETS:
        path = tmp_path / f"{number}.xlsx"
        call_command("export", "2010-04", sheet=number, township="330226101", out=path)
        assert "长街镇" in read_sheet(path.read_bytes()).text()
    with pytest.raises(CommandError, match="没有区划代码为 330226999 的镇乡"):
        call_command("export", "2010-04", sheet="T1", township="330226999", out=tmp_path / "x.xlsx")


def test_libreoffice_opens_every_sheet_and_adds_up_the_same(revision: Revision, tmp_path: Path) -> None:
    """The cached totals are taken out first, so that the sums can only be LibreOffice's own."""
    if SOFFICE is None:
        pytest.skip("no LibreOffice on this machine")
    wanted: dict[str, SheetFile] = {}
    for number in SHEETS:
        content = workbook(revision, number, Allocation.objects.all())
        wanted[number] = read_sheet(content)
        (tmp_path / f"{number}.xlsx").write_bytes(without_totals(content))
        assert numbers_of(read_sheet((tmp_path / f"{number}.xlsx").read_bytes()).total_row) == []
    profile, files = (tmp_path / "profile").as_uri(), [str(tmp_path / f"{number}.xlsx") for number in SHEETS]
    subprocess.run(  # a fixed program
        [
            SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx",
            "--outdir", str(tmp_path / "back"), *files,
        ],
        check=True,
        capture_output=True,
        timeout=150,
    )  # fmt: skip
    for number, expected in wanted.items():
        found = read_sheet((tmp_path / "back" / f"{number}.xlsx").read_bytes())
        assert numbers_of(found.total_row) == numbers_of(expected.total_row), number
        assert found.people() == expected.people(), number


def numbers_of(row: list[object]) -> list[Decimal]:
    return [Decimal(str(cell)).quantize(Decimal("0.01")) for cell in row if isinstance(cell, int | float)]


def without_totals(content: bytes) -> bytes:
    """The workbook with no cached value for any formula."""
    bare = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(bare, "w") as copy:
        for member in archive.infolist():
            text = archive.read(member)
            if member.filename.startswith("xl/worksheets/"):
                text = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", text)
            copy.writestr(member, text)
    return bare.getvalue()
