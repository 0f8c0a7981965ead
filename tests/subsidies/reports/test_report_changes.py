"""Who changed what of a report since it was sent up: told beside each change, where an event tells it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEvent, User
from foundation.dates import Month
from pages.approvals import approvals_for
from pages.approving import Seen, approve_entries
from staffing.enums import Education, Position, Settlement, SuspensionKind
from staffing.imports.roster_undoing import undo_roster_import
from staffing.models import ImportBatch, Posting, Suspension
from staffing.people.merging import merge_people
from staffing.postings.services import appoint, correct_dates, withdraw_posting
from staffing.terms.contracts import add_contract, correct_contract
from staffing.terms.suspensions import suspend, withdraw_suspension
from staffing.terms.wages import set_wage
from staffing.units.closing import close_unit
from subsidies.models import LedgerParameters, TownshipReport
from subsidies.reports.overview import reports_page
from subsidies.reports.pages import report_page
from subsidies.reports.services import submit_report
from tests.builders import (
    a_contract,
    a_household_count,
    a_person,
    a_posting,
    a_township,
    a_unit,
    an_id_number,
    educate,
)
from tests.reading import text_of, words
from tests.staffing.rosters import a_row, imported
from tests.subsidies.months import explain
from tests.subsidies.policies import a_policy
from tests.users import ClientOf, MakeUser
from townships.enums import UnitKind
from townships.households import enter_household_count
from townships.models import GrassrootsUnit, Township

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)
TODAY = date(2009, 6, 20)


@pytest.fixture
def town() -> Township:
    """An assistant and the coordinator of a village; reports are required."""
    a_policy()
    township = a_township()
    a_posting(township=township, person=a_person(name="甲"))
    village = a_unit(township=township, name="范家村", kind=UnitKind.VILLAGE)
    a_household_count(unit=village, households=150)
    a_posting(township=township, unit=village, position=Position.VILLAGE_COORDINATOR, person=a_person(name="乙"))
    LedgerParameters.objects.create(county=township.county, reports_required=True)
    return township


@pytest.fixture
def clerk(town: Township, make_user: MakeUser) -> User:
    clerk = make_user(Role.TOWNSHIP_CLERK, township=town)
    User.objects.filter(pk=clerk.pk).update(display_name="王某")
    clerk.refresh_from_db()
    return clerk


def reported(township: Township) -> TownshipReport:
    explain(township, JUNE)
    confirmed = set(Posting.objects.filter(township=township).values_list("pk", flat=True))
    return submit_report(township=township, month=JUNE, confirmed=confirmed, actor=None, now=timezone.now())


def changes(township: Township) -> list[str]:
    return report_page(township, JUNE, today=TODAY).status.changes


def when(action: str = "") -> str:
    """The time of the last event, or of the last one of a kind."""
    events = AuditEvent.objects.filter(action=action) if action else AuditEvent.objects.all()
    return f"{timezone.localtime(events.latest('pk').at):%Y-%m-%d %H:%M}"


def posting(name: str = "甲") -> Posting:
    return Posting.objects.get(person__name=name)


def leave(clerk: User, day: date = date(2009, 6, 10)) -> None:
    correct_dates(posting=posting(), started_on=date(2009, 1, 1), ended_on=day, reason="离岗", actor=clerk)


def a_stop(clerk: User) -> Suspension:
    return suspend(
        posting=posting(),
        kind=SuspensionKind.UNPAID_LEAVE,
        started_on=date(2009, 6, 3),
        ended_on=None,
        actor=clerk,
    )


def test_page_overview_and_program_say_who_and_when(town: Township, clerk: User, client_of: ClientOf) -> None:
    reported(town)
    leave(clerk)
    said = f"甲:离岗日期 无 → 2009-06-10(镇街经办 王某,{when()})"
    officer = client_of(Role.BUREAU_OFFICER)
    page = words(text_of(officer, f"/reports/2009-06/{town.code}/"))
    assert f"甲专职协理员2009-06-10离岗镇街经办王某,{when().replace(' ', '')}" in page
    assert "甲:离岗日期 无 → 2009-06-10" in text_of(officer, "/reports/2009-06/")
    [of_api] = officer.get("/api/reports/", {"month": "2009-06"}).json()["reports"]
    assert (of_api["is_stale"], of_api["changes"]) == (True, [said])


def _merge(clerk: User) -> None:
    other = a_posting(township=a_township(name="长街镇", code="330226101"), started_on=date(2008, 1, 1))
    merge_people(duplicate=posting().person, into=other.person, reason="同一人", actor=clerk)


def _appoint(clerk: User) -> None:
    appoint(
        person=a_person(name="丙"),
        township=posting().township,
        unit=None,
        position=Position.ASSISTANT,
        started_on=date(2009, 6, 2),
        actor=clerk,
    )


CHANGES: dict[str, tuple[Callable[[User], object], str]] = {
    "appoint": (_appoint, "丙:新增"),
    "withdraw": (lambda clerk: withdraw_posting(posting=posting(), reason="录错", actor=clerk), "甲:不再登记"),
    "wage": (
        lambda clerk: set_wage(
            posting=posting(), effective_from=date(2009, 6, 1), monthly_wage=Decimal("1600.00"), actor=clerk
        ),
        "甲:工资 无 → ",
    ),
    "contract": (
        lambda clerk: add_contract(posting=posting(), started_on=date(2009, 1, 1), ended_on=None, actor=clerk),
        "甲:合同 无 → ",
    ),
    "suspension": (a_stop, "甲:停发 无 → "),
    "merge": (_merge, "甲:合并记录 无 → "),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_step_is_told_with_its_change(town: Township, clerk: User, change: str) -> None:
    reported(town)
    act, said = CHANGES[change]
    act(clerk)
    [told] = changes(town)
    assert told.startswith(said)
    assert told.endswith(f"(镇街经办 王某,{when()})")


def test_a_unit_that_was_closed_is_told_by_who_closed_it(town: Township, make_user: MakeUser) -> None:
    reported(town)
    unit = GrassrootsUnit.objects.get()
    settled = dict.fromkeys(unit.postings.values_list("pk", flat=True), Settlement.STAYS)
    officer = make_user(Role.BUREAU_OFFICER)
    close_unit(unit=unit, last_day=date(2009, 6, 10), reason="并村", settled=settled, actor=officer)
    assert changes(town) == [f"范家村:撤销日期 无 → 2009-06-10(县局经办 县局经办,{when()})"]


def test_a_corrected_contract_is_told_by_who_corrected_it(town: Township, clerk: User) -> None:
    contract = a_contract(posting=posting(), started_on=date(2009, 2, 1))
    reported(town)
    correct_contract(contract=contract, started_on=date(2009, 1, 1), ended_on=None, reason="按原件更正", actor=clerk)
    told = changes(town)
    assert told[0].startswith("甲:合同 2009-02-01 至 无固定期限 → 2009-01-01 至 无固定期限")
    assert [row.endswith(f"(镇街经办 王某,{when()})") for row in told] == [True]


def test_a_withdrawn_suspension_is_told_by_who_withdrew_it(town: Township, clerk: User) -> None:
    stop = a_stop(clerk)
    reported(town)
    withdraw_suspension(suspension=stop, reason="录错", actor=None)
    [told] = changes(town)
    assert told.endswith(f" → 无(命令行,{when()})")


def test_two_people_are_told_each_with_the_own_change(town: Township, clerk: User) -> None:
    reported(town)
    leave(clerk)
    set_wage(posting=posting(), effective_from=date(2009, 6, 1), monthly_wage=Decimal("1600.00"), actor=None)
    [told] = changes(town)
    assert f"离岗日期 无 → 2009-06-10(镇街经办 王某,{when('correct_dates')})," in told
    assert told.endswith(f"起 1600.00+未登记+未登记(命令行,{when('set_wage')})")


def test_the_last_of_several_changes_is_told(town: Township, clerk: User, make_user: MakeUser) -> None:
    reported(town)
    leave(clerk)
    leave(make_user(Role.TOWNSHIP_CLERK, username="other", township=town), date(2009, 6, 12))
    assert changes(town) == [f"甲:离岗日期 无 → 2009-06-12(镇街经办 镇街经办,{when()})"]


def test_what_was_done_before_the_report_made_no_change_after_it(town: Township, clerk: User) -> None:
    leave(clerk)
    reported(town)
    Posting.objects.filter(pk=posting().pk).update(ended_on=date(2009, 6, 15))
    educate(Education.BACHELOR, "乙")
    assert changes(town) == ["甲:离岗日期 2009-06-10 → 2009-06-15", "乙:学历 大专 → 本科"]


def test_a_count_is_told_with_who_entered_and_who_approved_it(
    town: Township, clerk: User, make_user: MakeUser
) -> None:
    reported(town)
    approver = make_user(Role.BUREAU_APPROVER)
    day = date(2009, 6, 1)
    enter_household_count(
        unit=GrassrootsUnit.objects.get(), households=250, residents=None, counted_on=day, effective_from=day,
        actor=clerk,
    )  # fmt: skip
    assert changes(town) == []
    seen = [Seen.parse(key) for key in approvals_for(approver).keys]
    approve_entries(seen=seen, actor=approver, now=timezone.now())
    [told] = changes(town)
    assert told == (
        "范家村:户籍户数 150 户(2009-01-01 起) → 150 户(2009-01-01 起)、250 户(2009-06-01 起)"
        f"(镇街经办 王某,{when('enter_household_count')};县局审核 县局审核审核通过,{when('approve_counts')})"
    )


def test_an_import_is_told_where_it_changed_the_fact(town: Township) -> None:
    imported(a_row(1, 姓名="丙丙"), a_row(2, 姓名="丁丁"))
    reported(town)
    imported(a_row(1, 姓名="丙丙", 学历="本科", 月工资=1600), a_row(2, 姓名="丁丁"), a_row(3, 姓名="戊戊"))
    educate(Education.BACHELOR, "丁丁")
    of_new, of_other, added = sorted(changes(town), key=lambda told: "丙丁戊".index(told[0]))
    assert of_new.endswith(f"(命令行,{when()})")
    assert "学历 大专 → 本科," in of_new
    assert of_other == "丁丁:学历 大专 → 本科"
    assert added.startswith("戊戊:新增(")
    assert added.endswith(f"(命令行,{when()})")
    assert not [told for told in (of_new, of_other, added) if an_id_number(3) in told]


def test_an_import_that_was_undone_is_told(town: Township) -> None:
    imported(a_row(1, 姓名="丙丙"))
    reported(town)
    batch = ImportBatch.objects.get()
    undo_roster_import(batch=batch, reason="导错", settled=0, actor=None, now=timezone.now())
    [told] = changes(town)
    assert told.startswith("丙丙:不再登记")
    assert told.endswith(f"(命令行,{when()})")


def test_queries_do_not_grow_with_the_townships_and_their_changes() -> None:
    a_policy()

    def queries(serials: range) -> int:
        for serial in serials:
            township = a_township(name=f"镇{serial}", code=f"330226{serial:03d}")
            LedgerParameters.objects.get_or_create(county=township.county, reports_required=True)
            row = a_posting(township=township)
            reported(township)
            correct_dates(
                posting=row, started_on=row.started_on, ended_on=date(2009, 6, 10), reason="离岗", actor=None
            )
            set_wage(posting=row, effective_from=date(2009, 6, 1), monthly_wage=Decimal(1600), actor=None)
        with CaptureQueriesContext(connection) as captured:
            page = reports_page(JUNE, Township.objects.all(), today=TODAY)
        assert all("(命令行," in row.changes[0] for row in page.rows)
        assert len(page.rows) == serials.stop - 1
        return len(captured)

    assert queries(range(1, 4)) == queries(range(4, 31))
