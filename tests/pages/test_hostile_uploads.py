"""Whatever somebody uploads: the right words soon, nothing saved, nothing run, and the next request is answered."""

import io
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import openpyxl
import pytest
from django.test import Client

from accounts.enums import Role
from foundation.excel.reader import read_table
from staffing.imports import roster_rows
from staffing.models import ImportBatch, PendingImport, Person, Posting
from tests.builders import a_township, a_unit, an_id_number
from tests.foundation.excel.files import by_hand, text_row
from tests.pages.hostile import GOOD, REFUSED, flipped, head
from tests.pages.uploading import UPLOAD, Response, page_of, said, upload
from tests.reading import text_of
from tests.staffing.rosters import HEADER, a_name, a_roster, a_roster_csv, a_row
from tests.users import MakeUser, browser

pytestmark = pytest.mark.django_db
SECONDS = 2.0
NASTY = ['=HYPERLINK("http://x","点")', "{{7*7}}{% now %}", "<img src=x onerror=alert(1)>", "𠮷𡘙𪚥", "+1+cmd|'/c'!A1"]


@pytest.fixture
def client(make_user: MakeUser) -> Client:
    township = a_township()
    a_unit(township=township, name="五丰社区", code="330226001001")
    return browser(make_user(Role.TOWNSHIP_CLERK, township=township))


@contextmanager
def soon(seconds: float = SECONDS) -> Iterator[None]:
    """Processor time of this process and of its children, which a busy machine does not stretch."""

    def spent() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + children.ru_utime + children.ru_stime

    before = spent()
    yield
    assert spent() - before < seconds


def answered(client: Client, content: bytes, name: str = "名册.xlsx") -> Response:
    """The answer to an upload, which came soon, and after which the next request was answered."""
    with soon():
        response = upload(client, content, name)
    assert response.status_code in (302, 400)
    assert client.get(UPLOAD).status_code == 200
    assert not Posting.objects.exists()
    return response


@pytest.mark.parametrize(("name", "words", "content"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_a_hostile_file_gets_the_right_words(client: Client, name: str, words: str, content: bytes) -> None:
    response = answered(client, content, name)
    assert response.status_code == 400
    assert words in said(response)
    assert not PendingImport.objects.exists()


def test_a_workbook_that_ends_anywhere_is_refused(client: Client) -> None:
    for length in range(4, len(GOOD), len(GOOD) // 12):
        assert "。" in said(answered(client, GOOD[:length]))


def test_flipped_bytes_lead_to_a_page_or_to_words(client: Client) -> None:
    for seed in range(25):
        response = answered(client, flipped(seed))
        if response.status_code == 302:
            text_of(client, response.headers["Location"])
        else:
            assert "。" in said(response)


def test_more_rows_than_allowed_below_the_header_are_refused(client: Client) -> None:
    rows = "".join(text_row(number, "跃龙街道", "", "专职协理员", f"张{number}") for number in range(2, 20_003))
    response = upload(client, by_hand(head() + rows))
    page = text_of(client, response.headers["Location"])
    assert "表头下面有 20001 行,一次最多 20000 行" in page


def test_what_a_merged_area_gives_to_its_rows_is_told(client: Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(a_roster(a_row(1), a_row(2, 姓名="李四"))))
    book.worksheets[0].merge_cells("A2:A3")
    file = io.BytesIO()
    book.save(file)
    page = text_of(client, answered(client, file.getvalue()).headers["Location"])
    assert "向下合并的单元格(第 2–3 行)" in page
    assert "请填写镇乡(街道)的名称或代码" not in page


def test_a_formula_counts_with_its_value_and_one_without_is_named(client: Client) -> None:
    cells = "".join(
        f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        for value in ("跃龙街道", "", "专职协理员", "张三", an_id_number(1))
    )
    start = '<c t="str"><f>"2009-01-"&amp;"01"</f><v>2009-01-01</v></c>'
    rest = "".join('<c t="inlineStr"><is><t></t></is></c>' for _ in range(2))
    row = f'<row r="2">{cells}{rest}%s</row>'
    good = text_of(client, answered(client, by_hand(head() + row % start)).headers["Location"])
    assert "确认后新增 1 条" in good
    bad = text_of(client, answered(client, by_hand(head() + row % "<c><f>TODAY()</f></c>")).headers["Location"])
    assert "公式没有保存计算结果,读不出来" in bad
    assert "到岗日期" in bad


def test_sixty_columns_are_read_and_the_unknown_ones_named_once(client: Client) -> None:
    more = tuple(f"多余的列{number}" for number in range(60 - len(HEADER)))
    _, page = page_of(client, a_row(1), header=HEADER + more)
    assert page.count("多余的列43") == 1


def test_ten_thousand_wrong_rows_are_all_told_soon(client: Client) -> None:
    rows = [a_row(1, 姓名=a_name(number), 岗位类别="保安") for number in range(10_000)]
    content = a_roster(*rows)
    with soon(8):
        response = upload(client, content)
    path = response.headers["Location"]
    page = text_of(client, path)
    assert "共 10000 处问题,涉及 10000 行" in page
    assert "这里是第 1–200 条,共 10000 条" in page
    assert '<th scope="row" class="number">10001</th>' in text_of(client, f"{path}?show=problems&from=9800")
    with soon(8):
        marked = read_table(client.get(f"{path}marked/").content)
    told = [row[-1] for row in marked.rows[1:]]
    assert len(told) == 10_000
    assert all("保安" in str(words) for words in told)


def test_a_file_that_is_wrong_all_over_says_how_far_it_was_looked_at(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_rows, "MOST_PROBLEMS", 10)
    _, page = page_of(client, *[a_row(1, 岗位类别="保安", 到岗日期="无") for _ in range(20)])
    assert "问题太多:已有 10 处,从第 7 行起没有再核对" in page


# Names and notes that would like to be more than text


@pytest.mark.parametrize("nasty", NASTY)
def test_a_nasty_name_is_text_wherever_it_is_shown(client: Client, nasty: str) -> None:
    escaped = nasty.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    escaped = escaped.replace("'", "&#x27;")

    def page_of(*rows: dict[str, Any], header: tuple[str, ...] = HEADER) -> tuple[str, str]:
        path = upload(client, a_roster_csv(*rows, header=header), "名册.csv").headers["Location"]
        return path, text_of(client, path)

    path, preview = page_of(a_row(1, 姓名=nasty, 备注=nasty), header=(*HEADER, nasty))
    assert f'<th scope="row" class="place">{escaped}</th>' in preview
    assert f"未识别的列已忽略:{escaped}" in preview
    batch = text_of(client, client.post(path, {"accept_warnings": "on"}).headers["Location"])
    assert escaped in batch
    posting = Posting.objects.select_related("person").get()
    assert (posting.person.name, posting.note) == (nasty, nasty)
    _, changed = page_of(a_row(1, 姓名=nasty, 备注=f"又{nasty}"))
    assert f"备注 {escaped} → 又{escaped}" in changed
    wrong, problems = page_of(a_row(2, 姓名=nasty, 岗位类别=nasty, 备注=nasty))
    assert f"“{escaped}”无法识别" in problems
    for page in (preview, batch, changed, problems):
        assert "<img src=x" not in page
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{wrong}marked/").content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if nasty in str(cell.value)]
    assert len(cells) == 4
    assert {cell.data_type for cell in cells} == {"s"}


def test_names_beyond_the_basic_plane_are_stored_and_sorted(client: Client) -> None:
    names = ["𠮷一", "张三", "𪚥龙", "阿文"]
    path, page = page_of(client, *[a_row(serial, 姓名=name) for serial, name in enumerate(names, 1)])
    assert all(name in page for name in names)
    client.post(path)
    assert sorted(Person.objects.order_by("name").values_list("name", flat=True)) == sorted(names)
    response = upload(client, a_roster_csv(a_row(1, 姓名="𠮷一")), "名册.csv")
    assert "与系统相同的人员(1)" in text_of(client, response.headers["Location"])


@pytest.mark.parametrize(
    "name", ['"><img src=x onerror=alert(1)>.xlsx', "../../etc/passwd.xlsx", f"{an_id_number(5)}.xlsx"]
)
def test_the_name_of_a_file_is_text_without_a_path_and_without_a_number(client: Client, name: str) -> None:
    response = upload(client, a_roster(a_row(1, 岗位类别="保安")), name)
    path = response.headers["Location"]
    page = text_of(client, path)
    assert "<img" not in page
    assert "../" not in page
    assert an_id_number(5) not in page
    marked = client.get(f"{path}marked/")
    assert marked.headers["Content-Disposition"].startswith("attachment; ")
    assert an_id_number(5) not in marked.headers["Content-Disposition"]
    assert not ImportBatch.objects.exists()
