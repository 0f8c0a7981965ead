"""Importing the roster in the browser: who may, what is said, and that nothing is saved before it is confirmed."""

import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEvent, User
from foundation.excel.table import Limits
from staffing.models import ImportBatch, PendingImport, Posting
from staffing.postings.services import correct_dates
from subsidies.demo.county import DemoCounty
from subsidies.known_runs import settled_postings_of
from tests.builders import a_township, a_unit, an_id_number
from tests.pages.uploading import UPLOAD, Response, page_of, said, upload
from tests.reading import text_of
from tests.staffing.rosters import HEADER, a_name, a_roster, a_row
from tests.users import MakeUser, browser
from townships.models import Township

pytestmark = pytest.mark.django_db
TEMPLATE, IMPORTS = "/people/import/template/", "/people/imports/"


@pytest.fixture
def own() -> Township:
    township = a_township()
    a_unit(township=township, name="五丰社区", code="330226001001")
    return township


@pytest.fixture
def clerk(make_user: MakeUser, own: Township) -> User:
    return make_user(Role.TOWNSHIP_CLERK, username="clerk", township=own)


@pytest.fixture
def client(clerk: User) -> Client:
    return browser(clerk)


def test_nobody_reaches_the_upload_of_another(client: Client, make_user: MakeUser, own: Township) -> None:
    path, _ = page_of(client, a_row(1, 岗位类别="保安"))
    colleague = browser(make_user(Role.TOWNSHIP_CLERK, username="colleague", township=own))
    for method, address in (("get", path), ("post", path), ("get", f"{path}marked/")):
        assert getattr(colleague, method)(address).status_code == 404
    assert client.get(f"{path}marked/").status_code == 200


def test_a_clerk_sees_no_import_of_another_township(client: Client, make_user: MakeUser) -> None:
    other = a_township(name="桃源街道", code="330226002")
    neighbour = browser(make_user(Role.TOWNSHIP_CLERK, username="neighbour", township=other))
    neighbour.post(page_of(neighbour, a_row(1, **{"镇乡(街道)": "桃源街道"}))[0])
    batch = ImportBatch.objects.get()
    assert client.get(reverse("import_batch", args=[batch.pk])).status_code == 404
    assert client.post(reverse("undo_import", args=[batch.pk]), {"reason": "x"}).status_code == 404
    assert "还没有导入过" in text_of(client, IMPORTS)


def test_a_form_from_elsewhere_is_refused_and_ours_is_not(clerk: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert upload(strict, a_roster(a_row(1))).status_code == 403

    def posted(path: str, **fields: Any) -> Response:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', strict.get(path).content.decode())
        assert token is not None
        return strict.post(fields.pop("to", path), {"csrfmiddlewaretoken": token[1], **fields})

    pending = posted(UPLOAD, file=SimpleUploadedFile("a.xlsx", a_roster(a_row(1)))).headers["Location"]
    batch = posted(pending).headers["Location"]
    assert posted(batch, to=f"{batch}undo/", reason="导错").status_code == 302
    assert ImportBatch.objects.get().undone_at is not None


# What is said


def test_the_upload_page_says_what_to_bring(client: Client) -> None:
    page = text_of(client, UPLOAD)
    for words in (f"不超过 5 MB、{Limits().rows} 行", "跃龙街道", "下载模板", "离岗原因", "选填,可以没有"):
        assert words in page


def test_the_template_is_a_file_with_an_event(client: Client) -> None:
    response = client.get(TEMPLATE)
    assert "filename*=utf-8''" in response.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book["村(社区)名单"]["A2"].value == "五丰社区"
    assert AuditEvent.objects.get(action="download").subject_label == "花名册模板"


def test_all_problems_at_once_and_nothing_saved(client: Client) -> None:
    _, page = page_of(client, a_row(1, 岗位类别="保安"), a_row(2, 到岗日期="2009-02-31"), a_row(3))
    assert "共 2 处问题,涉及 2 行;什么也没有保存" in page
    assert "“保安”无法识别" in page
    assert "没有这一天" in page
    assert "确认导入" not in page
    assert not Posting.objects.exists()


def test_a_preview_names_who_is_new_changed_and_the_same(client: Client) -> None:
    client.post(page_of(client, a_row(1, 姓名="甲甲"), a_row(2, 姓名="乙乙"))[0])
    rows = [a_row(1, 姓名="甲甲"), a_row(2, 姓名="乙乙", 月工资=1600), a_row(3, 姓名="丙丙")]
    _, page = page_of(client, *rows, header=[*HEADER, "星座"])
    parts = dict(re.findall(r'<h2 id="(\w+)">[^<]*</h2>(.*?)</table>', page, re.DOTALL))
    assert {name: [n for n in ("甲甲", "乙乙", "丙丙") if n in part] for name, part in parts.items()} == {
        "changed": ["乙乙"],
        "new": ["丙丙"],
        "same": ["甲甲"],
    }
    assert "月工资 1,500.00 → 1,600.00" in parts["changed"]
    assert page.count("文件没有这些可选的列") == 1
    assert "未识别的列已忽略:星座" in page
    assert Posting.objects.count() == 2


def test_a_file_of_another_township_is_refused_in_words(client: Client) -> None:
    a_township(name="桃源街道", code="330226002")
    _, page = page_of(client, a_row(1, **{"镇乡(街道)": "桃源街道"}))
    assert "桃源街道不是您所在的跃龙街道" in page


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.xlsx", "空的"),
        (b"x" * (5 * 1024 * 1024 + 1), "a.xlsx", "超过 5 MB"),
        (b"x" * (9 * 1024 * 1024), "a.xlsx", "超过 5 MB"),
        (b"x", "a.docx", "只能上传"),
        (b"%PDF-1.7", "a.xlsx", "PDF"),
    ],
    ids=["empty", "large", "larger", "suffix", "kind"],
)
def test_a_file_that_is_none_is_refused_where_it_was_chosen(
    client: Client, content: bytes, name: str, words: str
) -> None:
    response = upload(client, content, name)
    assert (response.status_code, PendingImport.objects.count()) == (400, 0)
    assert words in said(response)


def test_no_file_at_all_is_said_so(client: Client) -> None:
    response = client.post(UPLOAD)
    assert response.status_code == 400
    assert "还没有选择文件" in response.content.decode()


# Confirming


def test_confirming_saves_it_and_says_so(client: Client) -> None:
    path, _ = page_of(client, a_row(1), a_row(2, 姓名="李四"))
    response = client.post(path, follow=True)
    assert "导入完成:新增 2,变更 0,相同 0。" in response.content.decode()
    assert Posting.objects.count() == 2
    event = AuditEvent.objects.get(action="import_roster")
    assert an_id_number(1) not in f"{event.after}{event.subject_label}"


def test_a_second_submit_does_no_harm_and_says_it_is_done(client: Client) -> None:
    path, _ = page_of(client, a_row(1))
    client.post(path)
    for response in (client.post(path, follow=True), client.get(path, follow=True)):
        assert "没有重复导入" in response.content.decode()
    assert client.get(f"{path}marked/", follow=True).status_code == 200
    assert (Posting.objects.count(), ImportBatch.objects.count()) == (1, 1)
    assert AuditEvent.objects.filter(action="import_roster").count() == 1


def test_a_second_submit_of_what_changed_nothing_says_so_too(client: Client) -> None:
    client.post(page_of(client, a_row(1))[0])
    path, _ = page_of(client, a_row(1))
    assert "新增 0,变更 0,相同 1" in client.post(path, follow=True).content.decode()
    assert "没有重复导入" in client.post(path, follow=True).content.decode()


def test_warnings_need_a_tick(client: Client) -> None:
    client.post(page_of(client, a_row(1))[0])
    path, page = page_of(client, a_row(1, 姓名="张山"))
    assert "下面 1 处须核对的情况" in page
    refused = client.post(path)
    assert (refused.status_code, Posting.objects.get().person.name) == (400, "张三")
    assert "打勾" in said(refused)
    client.post(path, {"accept_warnings": "on"})
    assert Posting.objects.get().person.name == "张山"


def test_a_refused_file_cannot_be_confirmed(client: Client) -> None:
    path, _ = page_of(client, a_row(1, 岗位类别="保安"), a_row(2))
    response = client.post(path, {"accept_warnings": "on"})
    assert response.status_code == 409
    assert not Posting.objects.exists()


def test_what_changed_since_the_preview_is_shown_and_asked_again(client: Client) -> None:
    path, _ = page_of(client, a_row(1))
    client.post(page_of(client, a_row(1))[0])
    response = client.post(path, follow=True)
    assert "预览时新增 1,变更 0,相同 0,现在新增 0,变更 0,相同 1" in response.content.decode()
    assert AuditEvent.objects.filter(action="import_roster", result="refused").count() == 1
    assert "导入完成" in client.post(path, follow=True).content.decode()


def test_an_expired_upload_is_said_to_be(client: Client) -> None:
    path, _ = page_of(client, a_row(1))
    PendingImport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for response in (client.get(path), client.post(path), client.get(f"{path}marked/")):
        assert response.status_code == 410
        assert "已超过 1 小时" in said(response)
    assert not Posting.objects.exists()
    page_of(client, a_row(1))
    assert client.get(path).status_code == 404


# Long lists


def test_every_problem_of_a_long_list_is_on_some_page_and_in_the_marked_copy(client: Client) -> None:
    rows = [a_row(1, 岗位类别="保安", 到岗日期="2009-02-31") for _ in range(450)]
    path, page = page_of(client, *rows)
    assert "共 900 处问题,涉及 450 行" in page
    found: list[str] = []
    address: str | None = "?show=problems"
    while address:
        listed = text_of(client, path + address)
        found += re.findall(r'<th scope="row" class="number">(\d+)</th>', listed)
        step = re.search(r'href="(\?[^"]*)">下一页', listed)
        address = step[1].replace("&amp;", "&") if step else None
    assert found == [str(row) for row in range(2, 452) for _ in range(2)]
    column = text_of(client, f"{path}?show=problems&column=到岗日期&from=400")
    assert "这里是第 401–450 条,共 450 条" in column
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{path}marked/").content))
    words = [str(row[-1]) for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert (len(words), sum(word.count("「") for word in words)) == (450, 900)


@pytest.mark.parametrize("query", ["?show=new&from=", "?show=new&from=99999999", "?show=x", "?column=x"])
def test_odd_addresses_show_something(client: Client, query: str) -> None:
    path, _ = page_of(client, a_row(1))
    assert client.get(path + query).status_code == 200


def test_a_preview_of_many_stays_light(client: Client) -> None:
    path, page = page_of(client, *[a_row(serial, 姓名=a_name(serial)) for serial in range(1, 401)])
    assert "看全部 400 条" in page
    assert a_name(400) in text_of(client, f"{path}?show=new&from=200")


def test_queries_do_not_grow_with_the_rows(client: Client) -> None:
    def queries(path: str, method: str = "get") -> int:
        with CaptureQueriesContext(connection) as captured:
            getattr(client, method)(path)
        return len(captured)

    counts = []
    for serials in (range(1, 4), range(100, 130)):
        rows = [a_row(serial, 姓名=a_name(serial)) for serial in serials]
        path, _ = page_of(client, *rows)
        of_steps = [queries(path), queries(f"{path}marked/"), queries(path, "post")]
        batch = reverse("import_batch", args=[ImportBatch.objects.latest("pk").pk])
        counts.append([*of_steps, queries(batch), queries(IMPORTS)])
    assert counts[0] == counts[1]


# Past imports


def test_an_import_is_undone_with_a_reason(client: Client) -> None:
    batch = client.post(page_of(client, a_row(1))[0]).headers["Location"]
    assert "撤销这次导入花名册" in text_of(client, batch)
    assert client.post(f"{batch}undo/", {"reason": " "}).status_code == 400
    response = client.post(f"{batch}undo/", {"reason": "导错文件"}, follow=True)
    assert "原因:导错文件" in response.content.decode()
    assert Posting.objects.get().withdrawn_reason == "导错文件"
    assert "已经撤销,没有重复撤销" in client.post(f"{batch}undo/", {"reason": "x"}, follow=True).content.decode()
    assert "已撤销" in text_of(client, IMPORTS)


def test_an_import_that_was_built_upon_says_why_it_stays(client: Client) -> None:
    batch = client.post(page_of(client, a_row(1))[0]).headers["Location"]
    posting = Posting.objects.get()
    correct_dates(posting=posting, started_on=posting.started_on, ended_on=None, reason="核对", actor=None)
    assert "撤销这次导入花名册" not in text_of(client, batch)
    response = client.post(f"{batch}undo/", {"reason": "导错"})
    assert response.status_code == 409
    assert "后来又办理过" in response.content.decode()
    assert AuditEvent.objects.filter(action="undo_import", result="refused").count() == 1
    assert Posting.objects.get().withdrawn_at is None


def test_imports_are_listed_by_the_page(client: Client, own: Township) -> None:
    for _ in range(60):
        ImportBatch.objects.create(kind="roster", sha256="0" * 64, township=own)
    first = text_of(client, IMPORTS)
    assert first.count('<th scope="row"') == 50
    step = re.search(r"\?before=\d+", first)
    assert step is not None
    assert text_of(client, IMPORTS + step[0]).count('<th scope="row"') == 10


def test_what_an_approved_month_settled_is_counted(demo: DemoCounty) -> None:
    assert settled_postings_of(ImportBatch.objects.order_by("-created_count")[0]) > 100
