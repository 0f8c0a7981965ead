"""变更记录 of a person and of a posting: everything that was done with them is told, to whom it may be told."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEvent, User
from staffing.enums import Position, SuspensionKind
from staffing.imports.roster_undoing import undo_roster_import
from staffing.models import ImportBatch, Person, Posting
from staffing.people.merging import merge_people
from staffing.people.registering import register_person, reveal_national_id
from staffing.postings.services import appoint, correct_dates, withdraw_posting
from staffing.terms.contracts import add_contract, correct_contract
from staffing.terms.suspensions import suspend
from staffing.terms.wages import set_wage
from tests.builders import a_national_id, a_person, a_posting, a_township, an_id_number
from tests.reading import text_of
from tests.staffing.rosters import a_row, imported
from tests.users import a_user, browser
from townships.models import Township

pytestmark = pytest.mark.django_db
JANUARY, JUNE = date(2009, 1, 1), date(2009, 6, 1)


@pytest.fixture
def town() -> Township:
    return a_township()


@pytest.fixture
def other() -> Township:
    return a_township(code="330226102", name="西店镇")


@pytest.fixture
def clerk(town: Township) -> User:
    return a_user(Role.TOWNSHIP_CLERK, township=town)


def read(user: User, path: str) -> str:
    """What a page says, its cells a space apart."""
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(browser(user), path)).split())


def history_of(user: User, person: Person) -> str:
    return read(user, f"/people/{person.pk}/history/")


def an_assistant(town: Township, actor: User, name: str = "王五", serial: int = 1) -> Posting:
    person = register_person(name=name, national_id=a_national_id(serial), actor=actor)
    return appoint(
        person=person, township=town, unit=None, position=Position.ASSISTANT, started_on=JANUARY, actor=actor
    )


def test_everything_that_was_done_is_told_with_before_and_after(town: Township, clerk: User) -> None:
    posting = an_assistant(town, clerk)
    contract = add_contract(posting=posting, started_on=JANUARY, ended_on=date(2009, 12, 31), number="甲", actor=clerk)
    correct_contract(
        contract=contract, started_on=JANUARY, ended_on=None, number="甲", reason="补签无固定期限", actor=clerk
    )
    set_wage(posting=posting, effective_from=JUNE, monthly_wage=Decimal("1500.00"), actor=clerk)
    set_wage(posting=posting, effective_from=JUNE, monthly_wage=Decimal("1800.00"), reason="录错", actor=clerk)
    suspend(
        posting=posting, kind=SuspensionKind.SICK_LEAVE, started_on=JUNE, ended_on=None, reason="住院", actor=clerk
    )
    correct_dates(posting=posting, started_on=JANUARY, ended_on=date(2009, 8, 31), reason="辞职", actor=clerk)
    reveal_national_id(person=posting.person, reason="核对社保缴费", actor=clerk)
    duplicate = a_person(name="王伍")
    merge_people(duplicate=duplicate, into=posting.person, reason="同一个人", actor=clerk)
    withdraw_posting(posting=posting, reason="录错了人", actor=clerk)

    told = history_of(clerk, posting.person)
    for said in (
        "登记人员 王五 姓名 王五 身份证号 339900********001",
        "登记到岗 跃龙街道专职协理员,2009-01-01 到岗 镇乡(街道) 跃龙街道 岗位类别 专职协理员 到岗日期 2009-01-01",
        "合同终止 2009-12-31 → 空 补签无固定期限",
        "月工资 1,500.00 → 1,800.00",
        "录错",
        "种类 病假 停发起始 2009-06-01 住院",
        "离岗日期 空 → 2009-08-31",
        "查看完整身份证号",
        "核对社保缴费",
        "合并人员记录 王伍 合并到 王五 同一个人",
        "离岗日期 原为 2009-08-31 录错了人",
    ):
        assert said in told, said
    assert an_id_number(1) not in told
    assert told.count("镇街经办 镇街经办") == AuditEvent.objects.count()
    # Of the posting alone, without what is the person's.
    alone = read(clerk, f"/postings/{posting.pk}/history/")
    assert "月工资 1,500.00 → 1,800.00" in alone
    assert "登记人员" not in alone


def test_a_clerk_reads_what_was_done_in_the_own_township_and_to_the_person(
    town: Township, other: Township, clerk: User
) -> None:
    elsewhere = a_user(Role.TOWNSHIP_CLERK, township=other, username="elsewhere")
    officer = a_user(Role.BUREAU_OFFICER)
    theirs = an_assistant(other, elsewhere)
    set_wage(posting=theirs, effective_from=JUNE, monthly_wage=Decimal("7777.00"), actor=elsewhere)
    correct_dates(posting=theirs, started_on=JANUARY, ended_on=date(2009, 2, 28), reason="去了跃龙", actor=elsewhere)
    reveal_national_id(person=theirs.person, reason="别处看的", actor=elsewhere)
    reveal_national_id(person=theirs.person, reason="县里看的", actor=officer)
    a_posting(township=town, person=theirs.person, started_on=date(2009, 3, 1))

    mine, county = history_of(clerk, theirs.person), history_of(officer, theirs.person)
    assert ("县里看的" in mine, "登记人员" in mine) == (True, True)
    for said in ("7,777.00", "去了跃龙", "别处看的", "西店镇"):
        assert (said in mine, said in county) == (False, True), said
    assert browser(clerk).get(f"/postings/{theirs.pk}/history/").status_code == 404


def test_whoever_never_worked_here_has_no_history_here(other: Township, clerk: User) -> None:
    stranger = a_posting(township=other)
    assert browser(clerk).get(f"/people/{stranger.person_id}/history/").status_code == 404


def test_what_a_file_brought_and_changed_leads_to_the_file(town: Township, clerk: User) -> None:
    posting = an_assistant(town, clerk)
    imported(a_row(1, 姓名="王五", 月工资=1600), only_township=town.pk, accept_warnings=True)
    imported(a_row(2, 姓名="赵六"), only_township=town.pk)
    changing, bringing = ImportBatch.objects.order_by("pk")
    brought = Posting.objects.get(import_batch=bringing)

    changed = browser(clerk).get(f"/people/{posting.person_id}/history/").content.decode()
    assert f'href="/people/imports/{changing.pk}/"' in changed
    assert "月工资 空 → 1,600.00" in changed
    assert "新增 跃龙街道专职协理员" in history_of(clerk, brought.person)
    undo_roster_import(batch=bringing, reason="传错文件", settled=0, actor=clerk, now=timezone.now())
    assert "撤回:新增 跃龙街道专职协理员" in history_of(clerk, brought.person)
    assert "传错文件" in history_of(clerk, brought.person)


def test_a_merged_record_leads_to_the_history_of_the_person(town: Township, clerk: User) -> None:
    posting = an_assistant(town, clerk)
    duplicate = a_posting(
        township=town, person=a_person(name="王伍"), ended_on=date(2008, 12, 31), started_on=date(2008, 1, 1)
    )
    merge_people(duplicate=duplicate.person, into=posting.person, reason="同一个人", actor=clerk)
    answer = browser(clerk).get(f"/people/{duplicate.person_id}/history/")
    assert answer.headers["Location"] == f"/people/{posting.person_id}/history/"


def test_who_changed_this_and_when_stands_two_clicks_from_the_desk(town: Township, clerk: User) -> None:
    """人员, and in the row of the name that was typed its history; from the person's page it is one click."""
    posting = an_assistant(town, clerk)
    link = f'href="/people/{posting.person_id}/history/"'
    for path in ("/people/?q=王五&on=2009-06-01", f"/people/{posting.person_id}/"):
        assert link in text_of(browser(clerk), path)
    assert f'href="/postings/{posting.pk}/history/"' in text_of(browser(clerk), f"/people/{posting.person_id}/")


def statements_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_a_history_takes_as_many_statements_for_thirty_changes_as_for_three(town: Township, clerk: User) -> None:
    posting, client = an_assistant(town, clerk), browser(clerk)
    path = f"/people/{posting.person_id}/history/"

    def changed(days: range) -> int:
        for day in days:
            set_wage(posting=posting, effective_from=date(2009, 3, day), monthly_wage=Decimal(day), actor=clerk)
        return statements_of(client, path)

    assert changed(range(1, 4)) == changed(range(4, 31)) <= 10
    older = client.get(f"{path}?before={AuditEvent.objects.latest('pk').pk}")
    assert "回到最新" in older.content.decode()
    assert client.get(f"{path}?before=x").status_code == 400
