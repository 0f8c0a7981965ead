"""A township's status is entered by form, and in force from its day once somebody else has approved it."""

import html
from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent, User
from foundation.dates import Month
from pages.approvals import approvals_for
from pages.approving import Seen, approve_entries, reject_entries
from subsidies.models import AllocationLine
from subsidies.refusals import RunRefused
from subsidies.runs.services import calculate
from tests.builders import a_person, a_posting, a_township
from tests.reading import text_of
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import NOW, a_policy
from tests.users import MakeUser, browser
from townships.enums import TownshipKind
from townships.models import Township, TownshipStatus, TownshipStatusEntry

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)
NEW = {
    "name": "西店街道",
    "kind": "subdistrict",
    "effective_from": "2009.6.16",
    "document": "浙政函〔2009〕1号",
}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2009, 7, 3))


@pytest.fixture
def township() -> Township:
    """A town of class B, with three assistants, the third after the others."""
    a_policy()
    town = a_township(name="西店镇", code="330226111", kind=TownshipKind.TOWN)
    for day in (1, 2, 3):
        a_posting(township=town, person=a_person(name=f"第{day}"), started_on=date(2009, 1, day))
    return town


@pytest.fixture
def officer(make_user: MakeUser) -> User:
    return make_user(Role.BUREAU_OFFICER)


@pytest.fixture
def approver(make_user: MakeUser) -> User:
    return make_user(Role.BUREAU_APPROVER)


def path(township: Township) -> str:
    return f"/townships/{township.code}/status/"


def seen_by(user: User) -> list[Seen]:
    return [Seen.parse(key) for key in approvals_for(user).keys]


def entered(township: Township, officer: User, **more: str) -> TownshipStatusEntry:
    assert browser(officer).post(path(township), NEW | more).status_code == 302
    return TownshipStatusEntry.objects.get(approved_at=None)


def paid(month: Month) -> list[tuple[str, str, int, str]]:
    """Township and person, month paid for, counted days and amount of the lines of a month's run."""
    lines = AllocationLine.objects.filter(allocation__revision__run__month=month.first).order_by("order")
    return [
        (
            f"{line.allocation.township_name}{line.person_name}",
            f"{line.for_month.month}",
            line.counted_days,
            f"{line.amount}",
        )
        for line in lines.select_related("allocation")
    ]


def test_a_status_waits_and_then_gives_places_from_its_day(township: Township, officer: User, approver: User) -> None:
    an_approved_run(JUNE)
    client = browser(officer)
    assert f'href="{path(township)}"' in text_of(client, f"/townships/{township.code}/")
    said = html.unescape(client.post(path(township), NEW, follow=True).content.decode())
    assert "2009-06-16 起西店街道,街道,甲类已登记,等待县局审核人员审核" in said
    assert "等待审核:2009-06-16 起西店街道,街道,甲类(浙政函〔2009〕1号)" in said
    calculate(month=JUNE + 1, actor=None)
    assert paid(JUNE + 1)[-1] == ("西店镇第3", "7", 0, "0.00")
    page = text_of(browser(approver), "/approvals/")
    assert "西店镇,镇,乙类" in page
    assert approve_entries(seen=seen_by(approver), actor=approver, now=NOW) == 1
    calculate(month=JUNE + 1, actor=None)
    # The third place is there for fifteen of thirty days of 1,530.00, and months are called as they ended.
    assert paid(JUNE + 1)[-2:] == [("西店街道第3", "6", 15, "765.00"), ("西店街道第3", "7", 31, "1530.00")]
    township.refresh_from_db()
    assert (township.name, township.statuses.count()) == ("西店街道", 2)
    said_of = AuditEvent.objects.filter(subject_type="township").values_list("action", flat=True).order_by("pk")
    assert list(said_of) == ["enter_status", "approve_status"]


def test_a_month_is_called_as_the_township_was_on_its_last_day(
    township: Township, officer: User, approver: User
) -> None:
    entered(township, officer, effective_from="2009-07-01")
    approve_entries(seen=seen_by(approver), actor=approver, now=NOW)
    calculate(month=JUNE, actor=None)
    assert {place for place, *_ in paid(JUNE)} == {"西店镇第1", "西店镇第2", "西店镇第3"}


def test_what_is_rejected_never_was(township: Township, officer: User, approver: User) -> None:
    entered(township, officer)
    assert reject_entries(seen=seen_by(approver), actor=approver, reason="文号有误") == 1
    assert (township.statuses.count(), TownshipStatusEntry.objects.count()) == (1, 0)


def test_the_day_of_the_newest_status_corrects_it(township: Township, officer: User, approver: User) -> None:
    for more in ({}, {"kind": "town", "is_central_town": "on", "name": "西店镇"}):
        entered(township, officer, **more)
        approve_entries(seen=seen_by(approver), actor=approver, now=NOW)
    newest = township.statuses.last()
    assert newest is not None
    assert (newest.in_words, township.statuses.count()) == ("西店镇,镇(中心镇),甲类", 2)


def test_one_that_came_too_late_is_not_approved(township: Township, officer: User, approver: User) -> None:
    entered(township, officer)
    TownshipStatus.objects.create(
        township=township, effective_from=date(2009, 7, 1), code=township.code, name="西店镇", kind="town"
    )
    with pytest.raises(RunRefused, match="2009-07-01 起已有新的区划状态"):
        approve_entries(seen=seen_by(approver), actor=approver, now=NOW)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name": "西店镇", "kind": "town"}, "都没有变"),
        ({"name": "跃龙街道"}, "本县已有跃龙街道"),
        ({"is_central_town": "on"}, "只有镇可以是中心镇"),
        ({"kind": "city"}, "没有这个类别"),
        ({"document": ""}, "请填写依据文件"),
        ({"effective_from": "1990-02-30"}, "没有这一天"),
    ],
)
def test_what_cannot_be_is_answered_in_words(
    township: Township, officer: User, more: dict[str, str], said: str
) -> None:
    a_township()
    response = browser(officer).post(path(township), NEW | more)
    assert (response.status_code, said in html.unescape(response.content.decode())) == (400, True)
    assert TownshipStatusEntry.objects.count() == 0


def test_one_waits_at_a_time(township: Township, officer: User) -> None:
    entered(township, officer)
    response = browser(officer).post(path(township), NEW | {"effective_from": "2009-06-20"})
    assert (response.status_code, "在等待审核" in response.content.decode()) == (400, True)


@pytest.mark.parametrize("role", [Role.TOWNSHIP_CLERK, Role.BUREAU_APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR])
def test_nobody_else_enters_one(township: Township, make_user: MakeUser, role: Role) -> None:
    client: Client = browser(make_user(role, township=township if role is Role.TOWNSHIP_CLERK else None))
    assert client.post(path(township), NEW).status_code == 403
