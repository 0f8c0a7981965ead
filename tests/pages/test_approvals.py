"""待审核: what is entered after the first approved month counts only once others have approved it."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import AuditEvent, User
from foundation.dates import Month
from pages import approvals as selectors
from pages.approvals import approvals_for, numbers_waiting
from pages.approving import Seen, approve_entries, reject_entries
from staffing.enums import Position
from staffing.grants import end_grant, grant_places
from staffing.imports.grants import import_grants
from staffing.models import EstablishmentGrant, GrantEnding
from staffing.people.registering import reveal_national_id
from staffing.terms.wages import set_wage
from subsidies.enums import EntryKind
from subsidies.known_runs import changes_since
from subsidies.models import AllocationLine, MinimumWage, SubsidyStandard
from subsidies.refusals import ReasonMissing, RunChanged, RunRefused
from subsidies.revisions.parties import is_editor
from subsidies.runs.services import calculate
from tests.builders import a_grant, a_household_count, a_national_id, a_person, a_posting, a_township, a_unit
from tests.page_forms import forms_of
from tests.reading import text_of
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import NOW, POLICY, a_minimum_wage, a_policy
from tests.users import ClientOf, MakeUser
from townships.enums import UnitKind
from townships.imports.households import import_households
from townships.models import GrassrootsUnit, HouseholdCount

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)


@pytest.fixture
def village() -> GrassrootsUnit:
    """A village with 150 households and its coordinator, and an assistant; June is approved."""
    a_policy()
    township = a_township()
    unit = a_unit(township=township, name="范家村", kind=UnitKind.VILLAGE)
    a_household_count(unit=unit, households=150)
    a_posting(township=township, unit=unit, position=Position.VILLAGE_COORDINATOR, person=a_person(name="甲"))
    a_posting(township=township, person=a_person(name="乙"))
    an_approved_run(JUNE)
    return unit


@pytest.fixture
def approver(make_user: MakeUser) -> User:
    return make_user(Role.BUREAU_APPROVER)


@pytest.fixture
def finance(make_user: MakeUser) -> User:
    return make_user(Role.FINANCE_OFFICER)


def a_waiting_count(unit: GrassrootsUnit, households: int = 250, **more: Any) -> HouseholdCount:
    day = more.pop("effective_from", date(2009, 7, 1))
    count = a_household_count(unit=unit, households=households, effective_from=day, approved=False)
    for name, value in more.items():
        setattr(count, name, value)
    count.save()
    return count


def seen_by(user: User) -> list[Seen]:
    """Everything that the user's page offers to decide on."""
    return [Seen.parse(key) for key in approvals_for(user).keys]


def approve(user: User) -> int:
    return approve_entries(seen=seen_by(user), actor=user, now=NOW)


def amounts() -> dict[str, str]:
    """Of the lines of July, calculated now."""
    run = calculate(month=JUNE + 1, actor=None).run
    lines = AllocationLine.objects.filter(allocation__revision=run.current_revision_id)
    return {f"{line.person_name}{line.for_month:%m}": str(line.amount) for line in lines}


def test_a_count_counts_once_it_is_approved_and_settles_what_was_paid(village: GrassrootsUnit, approver: User) -> None:
    a_waiting_count(village, effective_from=date(2009, 6, 1))
    assert amounts() == {"甲07": "240.00", "乙07": "1530.00"}
    assert approve(approver) == 1
    assert amounts() == {"甲07": "280.00", "乙07": "1530.00", "甲06": "40.00"}
    event = AuditEvent.objects.get(action="approve_counts")
    assert (event.actor, (event.after or {})["counts"][0]["households"]) == (approver, 250)


def test_the_page_shows_what_is_in_force_beside_what_is_new(
    village: GrassrootsUnit, client_of: ClientOf, approver: User
) -> None:
    a_waiting_count(village)
    client = Client()
    client.force_login(approver, backend="django.contrib.auth.backends.ModelBackend")
    page = text_of(client, "/approvals/")
    row = re.sub(r"<[^>]+>|\s+", " ", page.partition("范家村</a>")[2].partition("</tr>")[0]).split()
    assert row[:6] == ["2009-07-01", "2009-07-01", "150", "250", "240.00", "280.00"]
    assert 'href="/approvals/"' in text_of(client, "/desk/")
    assert '<input type="checkbox"' not in text_of(client_of(Role.BUREAU_OFFICER), "/approvals/")


def test_a_form_approves_what_is_ticked_and_no_more(village: GrassrootsUnit, client_of: ClientOf) -> None:
    other = a_unit(township=village.township, name="王家村", kind=UnitKind.VILLAGE)
    a_waiting_count(village)
    a_waiting_count(other)
    client = client_of(Role.BUREAU_APPROVER)
    page = text_of(client, "/approvals/")
    keys = re.findall(r'name="entry" value="([^"]+)"', page)
    assert (len(keys), " checked" in page) == (2, False)
    response = client.post("/approvals/approve/", {"entry": keys[:1]}, follow=True)
    assert "已审核通过 1 项" in response.content.decode()
    done, waits = (HouseholdCount.objects.get(pk=key.split(":")[1]) for key in keys)
    assert (done.approved_by, done.approved_at is not None) == (User.objects.get(role=Role.BUREAU_APPROVER), True)
    assert (waits.approved_by, waits.approved_at) == (None, None)


def test_one_tick_is_for_all_of_a_kind_as_the_page_shows_them(village: GrassrootsUnit, client_of: ClientOf) -> None:
    other = a_unit(township=village.township, name="王家村", kind=UnitKind.VILLAGE)
    a_waiting_count(village)
    a_waiting_count(other)
    grant = a_grant(township=village.township, approved=False)
    client = client_of(Role.BUREAU_APPROVER)
    [*_, whole] = re.findall(r'name="whole" data-tick-whole value="([^"]+)"', text_of(client, "/approvals/"))
    a_waiting_count(other, 260, effective_from=date(2009, 8, 1))
    one_more = client.post("/approvals/approve/", {"whole": whole})
    assert (one_more.status_code, "已被别人办理或改动过" in one_more.content.decode()) == (400, True)
    [*_, whole] = re.findall(r'name="whole" data-tick-whole value="([^"]+)"', text_of(client, "/approvals/"))
    assert "已审核通过 3 项" in client.post("/approvals/approve/", {"whole": whole}, follow=True).content.decode()
    assert not HouseholdCount.objects.filter(approved_at=None).exists()
    grant.refresh_from_db()
    assert grant.approved_at is None


def test_what_is_given_back_is_chosen_on_a_page_of_its_own(village: GrassrootsUnit, client_of: ClientOf) -> None:
    a_waiting_count(village)
    client = client_of(Role.BUREAU_APPROVER)
    page = text_of(client, "/approvals/")
    assert ("退回所勾选的" in page, 'href="/approvals/reject/"' in page) == (False, True)
    assert [form.action for form in forms_of(text_of(client, "/approvals/reject/"))][1:] == ["/approvals/reject/"]


def test_nobody_approves_what_he_entered(village: GrassrootsUnit, approver: User) -> None:
    count = a_waiting_count(village, entered_by=approver)
    assert seen_by(approver) == []
    assert approvals_for(approver).counts[0].refusal == "您录入的,由另一名人员审核"
    key = Seen.parse(approvals_for(approver).counts[0].key)
    with pytest.raises(RunRefused, match="您录入的"):
        approve_entries(seen=[key], actor=approver, now=NOW)
    with pytest.raises(RunRefused, match="您录入的"):
        reject_entries(seen=[key], actor=approver, reason="不对")
    count.refresh_from_db()
    assert count.approved_at is None


def test_whoever_approves_a_count_may_approve_the_month(village: GrassrootsUnit, approver: User) -> None:
    a_waiting_count(village)
    approve(approver)
    assert not is_editor(approver, calculate(month=JUNE + 1, actor=None).run)


def test_finance_decides_on_no_count_and_no_grant(village: GrassrootsUnit, approver: User, finance: User) -> None:
    a_waiting_count(village)
    a_grant(township=village.township, approved=False)
    keys = seen_by(approver)
    assert (len(keys), seen_by(finance)) == (2, [])
    for key in keys:
        with pytest.raises(PermissionDenied):
            approve_entries(seen=[key], actor=finance, now=NOW)
        with pytest.raises(PermissionDenied):
            reject_entries(seen=[key], actor=finance, reason="不对")


def test_a_grant_adds_its_places_once_it_is_approved(village: GrassrootsUnit, approver: User) -> None:
    for name in "丙丁戊":
        a_posting(township=village.township, person=a_person(name=name), started_on=date(2009, 7, 1))
    a_grant(township=village.township, approved=False, effective_from=date(2009, 7, 1))
    assert amounts()["戊07"] == "0.00"
    approve(approver)
    assert amounts()["戊07"] == "1530.00"
    assert EstablishmentGrant.objects.get().approved_by == approver


def test_a_grant_ends_within_an_approved_month_once_that_is_approved(
    village: GrassrootsUnit, approver: User, make_user: MakeUser
) -> None:
    grant = a_grant(township=village.township, effective_from=date(2009, 1, 1))
    last = [a_posting(township=village.township, person=a_person(name=name)) for name in "丙丁戊"][-1]
    an_approved_run(JUNE + 1)
    run = calculate(month=JUNE + 2, actor=None).run
    end_grant(
        grant=grant,
        last_day=date(2009, 7, 10),
        document="宁人社〔2009〕9号",
        reason="任务完成",
        still_on_post={last.pk},
        actor=make_user(Role.BUREAU_OFFICER),
    )
    assert changes_since(run) == 0
    assert numbers_waiting(approver).entries == {EntryKind.GRANT_ENDING: 1}
    client = Client()
    client.force_login(approver, backend="django.contrib.auth.backends.ModelBackend")
    row = text_of(client, "/approvals/").partition("<h2>增配终止(1)")[2].partition("</tbody>")[0]
    assert " ".join(re.sub(r"<[^>]+>", " ", row).split()).endswith(
        "1 2009-01-01 长期 2009-07-10 宁人社〔2009〕9号 任务完成 县局经办"
    )
    assert approve(approver) == 1
    grant.refresh_from_db()
    assert (grant.ended_on, changes_since(run)) == (date(2009, 7, 10), 1)
    calculate(month=JUNE + 2, actor=None)
    lines = AllocationLine.objects.filter(posting=last, allocation__revision__run__month=(JUNE + 2).first)
    # 1,530.00 for ten of 31 days are due of July.
    assert [(line.for_month.month, str(line.amount), line.reason) for line in lines.order_by("for_month")] == [
        (7, "-1036.45", ""),
        (8, "0.00", "over_quota"),
    ]


def test_whoever_ends_a_grant_does_not_approve_it(village: GrassrootsUnit, approver: User) -> None:
    grant = a_grant(township=village.township)
    assistants = set(village.township.postings.values_list("pk", flat=True))
    given: dict[str, Any] = {"last_day": date(2009, 7, 10), "document": "九号", "still_on_post": assistants}
    ending = end_grant(grant=grant, **given, reason="任务完成", actor=None)
    GrantEnding.objects.update(entered_by=approver)
    assert seen_by(approver) == []
    key = Seen.parse(approvals_for(approver).endings[0].key)
    with pytest.raises(RunRefused, match="您录入的"):
        approve_entries(seen=[key], actor=approver, now=NOW)
    GrantEnding.objects.update(entered_by=None)
    grant.ended_on = date(2009, 8, 31)
    grant.save()
    with pytest.raises(RunChanged):
        approve_entries(seen=[key], actor=approver, now=NOW)
    assert reject_entries(seen=seen_by(approver), actor=approver, reason="不终止") == 1
    assert not GrantEnding.objects.filter(pk=ending.pk).exists()


@pytest.mark.parametrize("finance_first", [False, True])
def test_a_version_of_the_policy_counts_once_both_sides_have_approved_it(
    village: GrassrootsUnit, approver: User, finance: User, *, finance_first: bool
) -> None:
    a_minimum_wage("2009-07-01", "900.00")
    first, second = (finance, approver) if finance_first else (approver, finance)
    assert approve(first) == 1
    assert amounts()["乙07"] == "1530.00"
    assert seen_by(first) == []
    [waiting] = approvals_for(first).versions
    assert waiting.refusal == ("等待县局审核" if finance_first else "等待财政审核")
    assert len(waiting.version.approvers) == 1
    assert approve(second) == 1
    wage = MinimumWage.objects.get(amount=Decimal("900.00"))
    assert (wage.approved_by, wage.finance_approved_by, wage.approved_at) == (approver, finance, NOW)
    assert amounts()["乙07"] == "1620.00"


def test_one_person_does_not_approve_for_both_sides(village: GrassrootsUnit, approver: User) -> None:
    a_minimum_wage("2009-07-01", "900.00")
    approve(approver)
    User.objects.filter(pk=approver.pk).update(role=Role.FINANCE_OFFICER.value)
    approver.refresh_from_db()
    assert seen_by(approver) == []
    key = Seen.parse(approvals_for(approver).versions[0].key)
    with pytest.raises(RunRefused, match="另一名人员"):
        approve_entries(seen=[key], actor=approver, now=NOW)


def test_a_version_that_is_changed_waits_for_both_anew(village: GrassrootsUnit, approver: User, finance: User) -> None:
    a_minimum_wage("2010-01-01", "900.00")
    before = seen_by(finance)
    approve(approver)
    a_minimum_wage("2010-01-01", "910.00")
    with pytest.raises(RunChanged):
        approve_entries(seen=before, actor=finance, now=NOW)
    approve(finance)
    approve(approver)
    assert MinimumWage.objects.get(amount=Decimal("910.00")).approved_at == NOW
    a_minimum_wage("2010-01-01", "920.00")
    wage = MinimumWage.objects.get(amount=Decimal("920.00"))
    assert (wage.approved_at, wage.approved_by, wage.finance_approved_by) == (None, None, None)


def test_a_standard_that_is_changed_waits_for_both_anew(
    village: GrassrootsUnit, approver: User, finance: User
) -> None:
    later = POLICY.replace("2009-01-01", "2010-01-01")
    a_policy(later)
    approve(approver)
    approve(finance)
    assert SubsidyStandard.objects.get(effective_from=date(2010, 1, 1)).approved_at == NOW
    a_policy(later.replace('assistant_percent = "180"', 'assistant_percent = "190"'))
    standard = SubsidyStandard.objects.get(effective_from=date(2010, 1, 1))
    assert (standard.approved_at, standard.approved_by, standard.finance_approved_by) == (None, None, None)
    assert {row.kind.value for row in approvals_for(approver).versions} == {"standard"}


@pytest.mark.parametrize("is_standard", [False, True])
def test_a_version_is_not_given_back_before_the_one_that_replaces_it(
    village: GrassrootsUnit, client_of: ClientOf, *, is_standard: bool
) -> None:
    if is_standard:
        later = POLICY.replace("2009-01-01", "2010-01-01")
        a_policy(later)
        a_policy(later.replace('assistant_percent = "180"', 'assistant_percent = "190"\nreplaces = true'))
    else:
        a_minimum_wage("2010-01-01", "900.00")
        a_minimum_wage("2010-01-01", "910.00", more="replaces = true")
    client = client_of(Role.BUREAU_APPROVER)
    keys = re.findall(r'name="entry" value="([^"]+)"', text_of(client, "/approvals/"))
    first, correction = sorted(keys, key=lambda key: int(key.split(":")[1]))
    refused = client.post("/approvals/reject/", {"entry": [first], "reason": "错"})
    assert (refused.status_code, "替换它的更正" in refused.content.decode()) == (409, True)
    assert sorted(re.findall(r'name="entry" value="([^"]+)"', text_of(client, "/approvals/"))) == sorted(keys)
    both = client.post("/approvals/reject/", {"entry": [first, correction], "reason": "错"}, follow=True)
    assert "已退回 2 项" in both.content.decode()


def test_a_version_whose_correction_counts_already_is_not_given_back(
    village: GrassrootsUnit, approver: User, finance: User
) -> None:
    a_minimum_wage("2010-01-01", "900.00")
    a_minimum_wage("2010-01-01", "910.00", more="replaces = true")
    first, correction = sorted(seen_by(finance), key=lambda seen: seen.pk)
    for user in (finance, approver):
        approve_entries(seen=[correction], actor=user, now=NOW)
    with pytest.raises(RunRefused, match="只能审核通过"):
        reject_entries(seen=[first], actor=approver, reason="错")
    assert MinimumWage.objects.filter(effective_from=date(2010, 1, 1)).count() == 2


def test_what_changed_since_it_was_seen_is_not_approved(village: GrassrootsUnit, client_of: ClientOf) -> None:
    count = a_waiting_count(village)
    client = client_of(Role.BUREAU_APPROVER)
    [key] = re.findall(r'name="entry" value="([^"]+)"', text_of(client, "/approvals/"))
    HouseholdCount.objects.filter(pk=count.pk).update(households=350)
    response = client.post("/approvals/approve/", {"entry": [key]})
    assert response.status_code == 400
    assert "已被别人办理或改动过" in response.content.decode()
    with pytest.raises(RunChanged):
        approve_entries(seen=[Seen.parse(key)], actor=User.objects.get(role=Role.BUREAU_APPROVER), now=NOW)
    count.refresh_from_db()
    assert count.approved_at is None


def test_what_is_given_back_is_gone_and_told(village: GrassrootsUnit, approver: User) -> None:
    a_waiting_count(village)
    a_grant(township=village.township, approved=False)
    a_minimum_wage("2009-07-01", "900.00")
    with pytest.raises(ReasonMissing):
        reject_entries(seen=seen_by(approver), actor=approver, reason=" ")
    run = calculate(month=JUNE + 1, actor=None).run
    assert reject_entries(seen=seen_by(approver), actor=approver, reason="户数与派出所不符") == 3
    assert approvals_for(approver).number == 0
    assert HouseholdCount.objects.count() == 1
    assert MinimumWage.objects.count() == 1
    event = AuditEvent.objects.get(action="reject_entries")
    assert event.reason == "户数与派出所不符"
    assert [row["figures"].get("households") for row in (event.after or {})["rejected"]] == [250, None, None]
    assert changes_since(run) == 0


def test_the_page_asks_for_a_tick_and_for_a_reason_and_keeps_what_was_entered(
    village: GrassrootsUnit, client_of: ClientOf
) -> None:
    a_waiting_count(village)
    client = client_of(Role.BUREAU_APPROVER)
    nothing = client.post("/approvals/reject/", {"reason": "留着"})
    assert (nothing.status_code, "还没有勾选" in nothing.content.decode()) == (400, True)
    assert ">留着</textarea>" in nothing.content.decode()
    [key] = re.findall(r'name="entry" value="([^"]+)"', nothing.content.decode())
    without = client.post("/approvals/reject/", {"entry": [key]})
    assert (without.status_code, "退回须写明原因" in without.content.decode()) == (400, True)
    assert re.search(f'value="{key}"[^>]* checked', without.content.decode())
    assert (
        "已退回 1 项"
        in client.post("/approvals/reject/", {"entry": [key], "reason": "错"}, follow=True).content.decode()
    )


def test_an_approval_is_a_change_after_the_calculation(village: GrassrootsUnit, approver: User, finance: User) -> None:
    run = calculate(month=JUNE + 1, actor=None).run
    a_waiting_count(village)
    assert changes_since(run) == 0
    approve(approver)
    assert changes_since(run) == 1
    a_minimum_wage("2009-07-01", "900.00")
    assert changes_since(run) == 1
    approve(finance)
    approve(approver)
    assert changes_since(run) == 3
    a_minimum_wage("2009-07-01", "910.00")
    assert changes_since(run) == 4


def test_what_is_only_seen_or_waits_is_no_change(village: GrassrootsUnit) -> None:
    posting = a_posting(township=village.township, person=a_person(national_id=a_national_id()))
    run = calculate(month=JUNE + 1, actor=None).run
    reveal_national_id(person=posting.person, reason="核对社保", actor=None)
    grant_places(
        township=village.township, extra=1, effective_from=JUNE.first, ended_on=None, document="批复", actor=None
    )
    assert changes_since(run) == 0
    set_wage(posting=posting, effective_from=JUNE.first, monthly_wage=Decimal(1500), actor=None)
    assert changes_since(run) == 1


def test_what_a_command_brings_after_an_approval_waits_and_is_no_change(village: GrassrootsUnit) -> None:
    run = calculate(month=JUNE + 1, actor=None).run
    code, township = village.code, village.township
    households = f"区划代码,镇乡(街道),村(社区),户籍户数,户籍人口,统计日期\n{code},{township},范家村,250,,2009-07-01\n"
    import_households(households.encode(), "households.csv", actor=None, approved=False)
    grants = f"township_code,extra,effective_from,ended_on,document\n{township.code},1,2009-07-01,,批复\n"
    import_grants(grants.encode(), actor=None, approved=False)
    assert HouseholdCount.objects.filter(approved_at=None).count() == 1
    assert EstablishmentGrant.objects.filter(approved_at=None).count() == 1
    assert changes_since(run) == 0


def test_queries_do_not_grow_with_what_waits(village: GrassrootsUnit, client_of: ClientOf) -> None:
    client = client_of(Role.BUREAU_APPROVER)

    def queries(serials: range) -> int:
        for serial in serials:
            unit = a_unit(township=village.township, kind=UnitKind.VILLAGE)
            a_household_count(unit=unit)
            a_waiting_count(unit)
            a_grant(township=village.township, approved=False, effective_from=date(2010, 1, serial))
            a_minimum_wage(f"2010-01-{serial:02d}", "900.00")
        client.get("/approvals/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/approvals/").status_code == 200
        return len(captured)

    assert queries(range(1, 4)) == queries(range(4, 31))


def test_of_very_many_counts_the_first_are_listed(
    village: GrassrootsUnit, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "MOST_COUNTS", 1)
    other = a_unit(township=village.township, name="王家村", kind=UnitKind.VILLAGE)
    for unit in (village, other):
        a_waiting_count(unit)
    page = approvals_for(approver)
    assert (len(page.counts), page.more_counts, page.number) == (1, 1, 2)
    assert approve(approver) == 1
    assert approve(approver) == 1
    assert approvals_for(approver).number == 0
