"""Other adjustments: entered, held by the run and in every total, taken back, refused when it is too late."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.chain import write_down_heads
from accounts.enums import Role
from foundation.dates import Month
from staffing.enums import Position
from staffing.models import Person, Posting
from subsidies.calculation.adjusting import adjust, withdraw_adjustment
from subsidies.calculation.adjustments import namesakes
from subsidies.demo.county import DemoCounty
from subsidies.models import Adjustment, Allocation, SubsidyRun
from subsidies.refusals import RunRefused
from subsidies.revisions.figures import added_up, amounts_by_run, figures_by_township
from subsidies.runs.services import calculate
from subsidies.verification import verify
from tests.builders import a_person, a_posting, a_township, a_unit
from tests.pages.uploading import said
from tests.reading import text_of
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import NOW, a_policy
from tests.users import ClientOf, MakeUser, logged_in
from townships.enums import UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)


@pytest.fixture
def township() -> Township:
    a_policy()
    township = a_township()
    a_posting(township=township)
    return township


def an_adjustment(township: Township, amount: str = "-120.00", **fields: object) -> Adjustment:
    values: dict[str, object] = {
        "month": JUNE,
        "person": None,
        "for_month": JUNE,
        "document": "县财〔2009〕1 号",
        "reason": "审计整改",
        "actor": None,
    }
    return adjust(township=township, amount=Decimal(amount), **{**values, **fields})  # type: ignore[arg-type]  # any field


def test_a_run_holds_it_in_every_total(township: Township) -> None:
    an_adjustment(township, person=Posting.objects.get().person)
    result = calculate(month=JUNE, actor=None)
    revision = result.revision
    figures = added_up(figures_by_township(revision, Allocation.objects.all()))
    assert amounts_by_run([result.run], Allocation.objects.all())[result.run.pk].total == figures.total
    assert (revision.total, Allocation.objects.get().total, figures.total, figures.adjustment) == (
        Decimal("1410.00"),
        Decimal("1410.00"),
        Decimal("1410.00"),
        Decimal("-120.00"),
    )


def test_it_is_paid_once(township: Township) -> None:
    an_adjustment(township)
    an_approved_run(JUNE)
    assert calculate(month=JUNE + 1, actor=None).revision.total == Decimal("1530.00")


def test_one_more_makes_another_revision_and_one_less_brings_the_total_back(township: Township) -> None:
    assert calculate(month=JUNE, actor=None).revision.total == Decimal("1530.00")
    row = an_adjustment(township)
    assert calculate(month=JUNE, actor=None).revision.total == Decimal("1410.00")
    withdraw_adjustment(adjustment=row, actor=None)
    again = calculate(month=JUNE, actor=None).revision
    assert (again.number, again.total) == (3, Decimal("1530.00"))


def test_what_is_approved_is_not_withdrawn_and_not_entered_for_the_past(township: Township) -> None:
    row = an_adjustment(township)
    an_approved_run(JUNE)
    with pytest.raises(RunRefused, match="已随核算审批"):
        withdraw_adjustment(adjustment=row, actor=None)
    an_approved_run(JUNE + 1)
    with pytest.raises(RunRefused, match="只能列入以后的核算"):
        an_adjustment(township)


def test_only_the_officer_enters_one(township: Township, make_user: MakeUser) -> None:
    with pytest.raises(PermissionDenied):
        an_adjustment(township, actor=make_user(Role.BUREAU_APPROVER))
    assert an_adjustment(township, actor=make_user(Role.BUREAU_OFFICER)).amount == Decimal("-120.00")


@pytest.mark.parametrize(
    "fields", [{"document": " "}, {"reason": ""}, {"amount": "0.00"}, {"for_month": JUNE + 1}], ids=str
)
def test_it_needs_an_amount_a_document_a_reason_and_a_month_that_has_been(
    township: Township, fields: dict[str, object]
) -> None:
    with pytest.raises(ValidationError):
        an_adjustment(township, **fields)  # type: ignore[arg-type]  # any field


def test_it_is_for_somebody_of_the_township(township: Township) -> None:
    with pytest.raises(ValidationError, match="没有在"):
        an_adjustment(township, person=a_person(name="李四"))


def test_the_database_refuses_one_of_nothing(township: Township) -> None:
    row = an_adjustment(township)
    with pytest.raises(IntegrityError, match="adjustment_is_an_amount"), transaction.atomic():
        Adjustment.objects.filter(pk=row.pk).update(amount=Decimal("0.00"))
    with pytest.raises(IntegrityError, match="adjustment_months_are_firsts"), transaction.atomic():
        Adjustment.objects.filter(pk=row.pk).update(for_month="2009-07-01")


def test_the_month_leads_to_its_adjustments_and_only_an_officer_is_given_the_form(waiting: SubsidyRun) -> None:
    officer, finance = logged_in("officer"), logged_in("finance")
    for client in (officer, finance):
        assert 'href="/months/2010-04/adjustments/"' in text_of(client, "/months/2010-04/1/")
    assert 'name="document"' in text_of(officer, "/months/2010-05/adjustments/")
    assert 'name="document"' not in text_of(finance, "/months/2010-05/adjustments/")
    assert finance.post("/months/2010-05/adjustments/add/").status_code == 403


def test_the_trail_leads_to_the_month_once_that_is_calculated(township: Township, client_of: ClientOf) -> None:
    officer, page = client_of(Role.BUREAU_OFFICER), "/months/2009-06/adjustments/"
    assert 'href="/months/2009-06/"' not in text_of(officer, page)
    calculate(month=Month(2009, 6), actor=None)
    assert '› <a href="/months/2009-06/">2009年6月</a> › 其他调整' in text_of(officer, page)


def test_an_officer_enters_one_in_the_browser_and_takes_it_back(waiting: SubsidyRun) -> None:
    officer, page = logged_in("officer"), "/months/2010-05/adjustments/"
    fields = {
        "township": str(Township.objects.get(name="长街镇").pk), "person": "", "for_month": "2010-05",
        "amount": "-120.00", "document": "县财〔2010〕1 号", "reason": "审计整改",
    }  # fmt: skip
    wrong = officer.post(f"{page}add/", {**fields, "amount": "一百", "person": "查无此人"})
    assert wrong.status_code == 400
    assert "请填写金额,例如 -120.00。" in wrong.content.decode()
    assert "长街镇没有这个人" in wrong.content.decode()
    assert officer.post(f"{page}add/", fields).status_code == 302
    assert "-120.00" in text_of(officer, page)
    row = Adjustment.objects.get()
    assert officer.post(f"{page}{row.pk}/withdraw/").status_code == 302
    assert officer.post(f"{page}{row.pk}/withdraw/").status_code == 409
    assert "已撤销" in text_of(officer, page)


def test_a_clerk_sees_the_adjustments_of_the_own_township(demo: DemoCounty) -> None:
    for name, amount in (("长街镇", "-11.11"), ("跃龙街道", "22.22")):
        an_adjustment(Township.objects.get(name=name), amount, month=Month(2010, 5), for_month=Month(2010, 5))
    page = text_of(logged_in("clerk_changjie"), "/months/2010-05/adjustments/")
    assert ("-11.11" in page, "22.22" in page) == (True, False)


def test_of_two_people_of_one_name_the_officer_chooses(township: Township, client_of: ClientOf) -> None:
    unit = a_unit(township=township, name="五丰社区", kind=UnitKind.COMMUNITY)
    one = a_posting(township=township, person=a_person(name="王五"), started_on=date(2009, 3, 1)).person
    other = a_posting(
        township=township, unit=unit, position=Position.COMMUNITY_COORDINATOR, person=a_person(name="王五")
    ).person
    far = a_posting(township=a_township(name="长街镇", code="330226101"), person=a_person(name="王五")).person
    fields = {
        "township": str(township.pk), "person": "王五", "for_month": "2009-06", "amount": "-120.00", "document": "文",
        "reason": "审计整改",
    }  # fmt: skip
    officer, address = client_of(Role.BUREAU_OFFICER), "/months/2009-06/adjustments/add/"
    for chosen in ({}, {"namesake": ""}, {"namesake": str(far.pk)}, {"namesake": "x"}):
        asked = officer.post(address, {**fields, **chosen})
        assert (asked.status_code, said(asked)) == (400, "跃龙街道有 2 个人叫“王五”,请选择是哪一个。")
    page = asked.content.decode()
    assert f'value="{one.pk}">王五,专职协理员 2009-03-01 到岗,身份证号 {one.national_id_masked or "未登记"}<' in page
    assert f'value="{other.pk}">王五,五丰社区社区协管员 2009-01-01 到岗' in page
    assert not Adjustment.objects.exists()
    assert officer.post(address, {**fields, "namesake": str(other.pk)}).status_code == 302
    assert Adjustment.objects.get().person == other


def test_a_merged_record_is_no_namesake(township: Township) -> None:
    one = a_posting(township=township, person=a_person(name="王五")).person
    other = a_posting(township=township, person=a_person(name="王五"), started_on=date(2008, 1, 1)).person
    assert len(namesakes("王五", township, Person.objects.all())) == 2
    Person.objects.filter(pk=other.pk).update(merged_into=one)
    assert list(namesakes("王五", township, Person.objects.all())) == [one]


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Decimal("999.00")},
        {"document": "假文"},
        {"reason": "另一个原因"},
        {"for_month": date(2009, 5, 1)},
        {"withdrawn_at": NOW},
    ],
)
def test_what_becomes_of_an_approved_one_is_named(township: Township, change: dict[str, Any]) -> None:
    row = an_adjustment(township)
    an_approved_run(JUNE)
    write_down_heads()
    assert list(verify()) == []
    Adjustment.objects.filter(pk=row.pk).update(**change)
    assert {(found.kind, found.table, found.row) for found in verify()} == {
        ("content", "subsidies_adjustment", row.pk)
    }
