"""Correcting who a person is, merging and unmerging, and deciding proposals, on their pages."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from foundation.dates import Month
from staffing.enums import Position
from staffing.models import Person, PersonProposal, Posting
from staffing.people.correcting import correct_person
from staffing.people.merging import merge_people, unmerge_person
from staffing.people.proposals import accept_proposal, propose_correction
from subsidies.calculation.calculated import preview
from subsidies.demo.county import DemoCounty
from subsidies.models import AllocationLine, SubsidyRun
from subsidies.revisions.parties import is_editor
from tests.builders import a_national_id, a_person, a_posting, a_township, a_unit, an_id_number
from tests.page_forms import forms_of
from tests.subsidies.months import JUNE
from tests.subsidies.policies import a_policy
from tests.users import MakeUser, browser
from townships.models import Township

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Township:
    return a_township()


@pytest.fixture
def other(own: Township) -> Township:
    return a_township(name="桃源街道", code="330226002")


@pytest.fixture
def person(own: Township) -> Person:
    person = a_person(name="张三", national_id=a_national_id(1))
    a_posting(person=person, township=own)
    return person


@pytest.fixture
def clerk(make_user: MakeUser, own: Township) -> Client:
    return browser(make_user(Role.TOWNSHIP_CLERK, username="own", township=own))


@pytest.fixture
def officer(make_user: MakeUser) -> Client:
    return browser(make_user(Role.BUREAU_OFFICER))


@pytest.fixture
def proposal(person: Person, other: Township, make_user: MakeUser) -> PersonProposal:
    """Of the other township's clerk, where the person is also on post, but not first."""
    a_posting(person=person, township=other, position=Position.PLATFORM_STAFF, started_on=date(2010, 1, 1))
    client = browser(make_user(Role.TOWNSHIP_CLERK, username="other", township=other))
    sent(client, "correct_person", person, name="张珊")
    return PersonProposal.objects.get()


def page_of(client: Client, name: str, *keys: int) -> str:
    response = client.get(reverse(name, args=keys))
    assert response.status_code == 200
    return response.content.decode()


def sent(client: Client, route: str, row: Person, status: int = 302, page: str = "", **fields: str) -> str:
    """The form of the page as a browser sends it, with these fields filled in."""
    address = reverse(route, args=[row.pk])
    shown = page or client.get(address).content.decode()
    form = next(form for form in forms_of(shown) if "reason" in form.kinds and form.action == ".")
    data = {key: values[0] for key, values in form.sent.items() if values} | {"reason": "核对身份证"} | fields
    response = client.post(address, data)
    assert response.status_code == status
    text = response.content.decode()
    return text if status != 302 else client.get(response.headers["Location"]).content.decode()


# Correcting


def test_a_corrected_person_is_told_with_both_values(clerk: Client, person: Person) -> None:
    page = sent(clerk, "correct_person", person, name="张珊", national_id=an_id_number(2), phone="13911112222")
    assert "姓名 张三 → 张珊" in page
    assert "联系电话 空 → 139****2222" in page
    assert an_id_number(2) not in page
    person.refresh_from_db()
    assert (person.name, person.national_id, person.phone) == ("张珊", an_id_number(2), "13911112222")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"national_id": "33022619900228001×"}, "不是英文字母 X"),
        ({"national_id": "33022619900228O010"}, "字母 O 不是数字 0"),
        ({"national_id": "330226199002280011"}, "末位校验码不符"),
        ({"name": "三"}, "姓名只有一个字"),
        ({"name": ""}, "请填写姓名"),
        ({"phone": "没有"}, "联系电话里没有数字"),
        ({"reason": " "}, "请填写原因"),
        ({}, "没有要更正的内容"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    clerk: Client, person: Person, fields: dict[str, str], words: str
) -> None:
    page = sent(clerk, "correct_person", person, 400, **fields)
    assert words in page
    for value in fields.values():
        assert value.strip() in page
    person.refresh_from_db()
    assert person.name == "张三"


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "<img onerror=x>", "张{{7*7}}", "𠮷田𬭎", "買買提·艾力"])
def test_odd_names_are_asked_back_where_they_are_unlikely_and_shown_as_they_are(
    clerk: Client, person: Person, name: str
) -> None:
    address = reverse("correct_person", args=[person.pk])
    page = clerk.get(address).content.decode()
    for _ in range(2):
        form = next(form for form in forms_of(page) if "reason" in form.kinds)
        data = {key: values for key, values in form.sent.items() if values} | {"name": [name], "reason": ["更正"]}
        response = clerk.post(address, data, follow=True)
        page = response.content.decode()
        if response.redirect_chain:
            break
    person.refresh_from_db()
    assert person.name == name
    assert "<img onerror" not in page
    assert ">49<" not in page


def test_the_second_of_two_clerks_is_told_what_changed_and_keeps_what_was_typed(
    clerk: Client, officer: Client, person: Person
) -> None:
    opened = page_of(clerk, "correct_person", person.pk)
    sent(officer, "correct_person", person, name="张山")
    page = sent(clerk, "correct_person", person, 409, page=opened, name="张珊", phone="13911112222")
    assert "姓名 张三 → 张山" in page
    assert 'value="张珊"' in page
    assert 'value="13911112222"' in page
    assert Person.objects.get(pk=person.pk).name == "张山"
    sent(clerk, "correct_person", person, page=page)
    assert Person.objects.get(pk=person.pk).name == "张珊"


def test_the_same_form_twice_is_once(clerk: Client, person: Person) -> None:
    opened = page_of(clerk, "correct_person", person.pk)
    for _ in range(2):
        sent(clerk, "correct_person", person, page=opened, name="张珊")
    assert Person.objects.get(pk=person.pk).name == "张珊"


@pytest.mark.parametrize("name", ["correct_person", "find_other_record"])
def test_somebody_of_another_township_is_not_there(clerk: Client, other: Township, person: Person, name: str) -> None:
    stranger = a_person(name="李四")
    a_posting(person=stranger, township=other)
    address = reverse(name, args=[stranger.pk])
    assert clerk.get(address).status_code == 404
    data = {"name": "王五", "reason": "x", "national_id": an_id_number(3)}
    assert clerk.post(address, data).status_code == 404
    for keys in ([stranger.pk, person.pk], [person.pk, stranger.pk]):
        assert clerk.post(reverse("merge_people", args=keys), {"reason": "x"}).status_code == 404
    stranger.refresh_from_db()
    assert (stranger.name, PersonProposal.objects.count()) == ("李四", 0)


# Proposals


def test_an_entry_of_another_township_is_proposed_and_decided_on_the_page(
    officer: Client, proposal: PersonProposal, person: Person
) -> None:
    assert Person.objects.get(pk=person.pk).name == "张三"
    assert "1 份更正申请等待审核" in officer.get("/desk/").content.decode()
    assert "姓名 张三 → 张珊" in page_of(officer, "proposals")
    page = page_of(officer, "proposal", proposal.pk)
    addresses = {reverse(f"{step}_proposal", args=[proposal.pk]) for step in ("accept", "refuse")}
    assert {form.action for form in forms_of(page)} >= addresses
    response = officer.post(reverse("accept_proposal", args=[proposal.pk]), follow=True)
    assert "更正申请已采纳" in response.content.decode()
    assert Person.objects.get(pk=person.pk).name == "张珊"
    again = officer.post(reverse("accept_proposal", args=[proposal.pk]))
    assert again.status_code == 409
    assert "已处理:已采纳" in again.content.decode()


def test_the_proposer_reads_why_it_was_refused(officer: Client, proposal: PersonProposal, person: Person) -> None:
    address = reverse("refuse_proposal", args=[proposal.pk])
    assert officer.post(address, {"reason": " "}).status_code == 400
    officer.post(address, {"reason": "户口本上是张三"})
    assert proposal.proposed_by is not None
    proposer = browser(proposal.proposed_by)
    for page in (proposer.get("/desk/").content.decode(), page_of(proposer, "proposals")):
        assert "户口本上是张三" in page
    assert Person.objects.get(pk=person.pk).name == "张三"


def test_a_clerk_reads_the_own_townships_proposals_alone(clerk: Client, proposal: PersonProposal) -> None:
    assert clerk.get(reverse("proposal", args=[proposal.pk])).status_code == 404
    assert "张珊" not in page_of(clerk, "proposals")


# Merging


@pytest.fixture
def twice(own: Township) -> tuple[Person, Person]:
    """One person with two records on two subsidised posts: 1,530.00 yuan each, of which only the first is paid."""
    a_policy()
    into, record = (
        a_person(name="张三", national_id=a_national_id(1)),
        a_person(name="张叁", national_id=a_national_id(2)),
    )
    a_posting(person=into, township=own)
    unit = a_unit(township=own)
    later = date(2009, 2, 1)
    a_posting(person=record, township=own, unit=unit, position=Position.COMMUNITY_COORDINATOR, started_on=later)
    return record, into


def dues(month: Month = JUNE) -> dict[int, Decimal]:
    return {key: due.amount for key, due in preview(month).dues.items()}


def test_merging_shows_what_changes_in_yuan_before_anything_is_written(
    officer: Client, twice: tuple[Person, Person]
) -> None:
    record, into = twice
    page = page_of(officer, "merge_people", record.pk, into.pk)
    assert "1 处应补有变化,合计 -1,530.00 元" in page
    assert "一人多岗,只补先到岗的一个" in page
    assert not Person.objects.filter(merged_into__isnull=False).exists()


@pytest.mark.both
def test_what_merging_shows_is_what_it_does_and_unmerging_undoes_it(
    officer: Client, twice: tuple[Person, Person]
) -> None:
    record, into = twice
    before = dues()
    address = reverse("merge_people", args=[record.pk, into.pk])
    assert officer.post(address, {"reason": " "}).status_code == 400
    response = officer.post(address, {"reason": "同一人"}, follow=True)
    assert "可以取消合并" in response.content.decode()
    assert sum(dues().values()) == sum(before.values()) - Decimal("1530.00")
    assert "取消合并" in page_of(officer, "person", into.pk)
    sent(officer, "unmerge_person", record)
    assert dues() == before


def test_a_number_that_somebody_has_leads_to_merging(officer: Client, twice: tuple[Person, Person]) -> None:
    record, into = twice
    page = sent(officer, "correct_person", record, 400, national_id=an_id_number(1))
    assert "已登记在另一条人员记录上" in page
    form = next(form for form in forms_of(page) if form.action.endswith("/merge/"))
    data = {key: values[0] for key, values in form.sent.items()}
    response = officer.post(form.action, data)
    assert response.headers["Location"] == reverse("merge_people", args=[record.pk, into.pk])


def test_a_clerks_merging_is_proposed_whether_the_other_record_may_be_seen_or_not(
    clerk: Client, officer: Client, twice: tuple[Person, Person], other: Township
) -> None:
    record, into = twice
    assert "报县局审核" in page_of(clerk, "merge_people", record.pk, into.pk)
    Posting.objects.filter(person=into).update(township=other)
    address = reverse("find_other_record", args=[record.pk])
    page = clerk.post(address, {"national_id": an_id_number(1), "reason": "同一人"}, follow=True).content.decode()
    assert "张三" not in page
    assert not Person.objects.filter(merged_into__isnull=False).exists()
    proposal = PersonProposal.objects.get()
    assert "-1,530.00" in page_of(officer, "proposal", proposal.pk)
    officer.post(reverse("accept_proposal", args=[proposal.pk]))
    assert Person.objects.get(pk=record.pk).merged_into == into


def test_records_on_one_post_at_one_time_say_what_stands_in_the_way(
    officer: Client, twice: tuple[Person, Person], own: Township
) -> None:
    record, into = twice
    a_posting(person=record, township=own, started_on=date(2010, 1, 1))
    page = page_of(officer, "merge_people", record.pk, into.pk)
    assert "请先撤销重复的一条" in page
    assert not [form for form in forms_of(page) if "reason" in form.kinds]


def test_of_posts_that_overlap_in_another_township_a_clerk_reads_neither_place_nor_days(
    clerk: Client, twice: tuple[Person, Person], other: Township
) -> None:
    for record, first in zip(twice, (date(2011, 2, 3), date(2011, 4, 5)), strict=True):
        a_posting(person=record, township=other, started_on=first)
    page = page_of(clerk, "merge_people", *(record.pk for record in twice))
    assert "请由那里先撤销重复的一条" in page
    assert not [told for told in (other.name, "2011-02-03", "2011-04-05") if told in page]


def test_a_number_of_a_record_that_is_merged_already_is_told(officer: Client, twice: tuple[Person, Person]) -> None:
    record, into = twice
    merge_people(duplicate=into, into=record, reason="同一人", actor=None)
    address = reverse("find_other_record", args=[record.pk])
    response = officer.post(address, {"national_id": an_id_number(1), "reason": "同一人"})
    assert "已经合并到这条记录" in response.content.decode()


# No money follows


def amounts() -> list[tuple[object, ...]]:
    """Every stored line, and every due of the month that is being reported."""
    lines = AllocationLine.objects.order_by("pk").values_list("pk", "due", "amount", "posted_before")
    month = SubsidyRun.objects.latest("month").period + 1
    return [*lines, *sorted(dues(month).items())]


def _corrects(person: Person, other: Person, officer: User) -> None:
    stated = {"name": "张更正", "national_id": a_national_id(77), "phone": "13911112222", "reason": "更正"}
    correct_person(person=person, today=date(2010, 6, 1), actor=officer, **stated)  # type: ignore[arg-type]


def _merges_and_unmerges(person: Person, other: Person, officer: User) -> None:
    merge_people(duplicate=person, into=other, reason="同一人", actor=officer)
    unmerge_person(person=person, reason="不是同一人", actor=officer)


@pytest.mark.parametrize("act", [_corrects, _merges_and_unmerges])
def test_no_due_no_line_and_no_total_is_other_than_before(
    demo: DemoCounty, make_user: MakeUser, act: Callable[[Person, Person, User], None]
) -> None:
    before = amounts()
    coordinators = Posting.objects.filter(position=Position.VILLAGE_COORDINATOR).order_by("pk")
    person, other = (posting.person for posting in coordinators[:2])
    act(person, other, make_user(Role.BUREAU_OFFICER, username="one_more"))
    assert amounts() == before


def test_only_the_name_follows_in_months_to_come(demo: DemoCounty, make_user: MakeUser) -> None:
    line = AllocationLine.objects.filter(allocation__revision__current_for__state="approved").earliest("pk")
    _corrects(line.posting.person, line.posting.person, make_user(Role.BUREAU_OFFICER, username="one_more"))
    line.refresh_from_db()
    assert line.person_name != "张更正"
    due = preview(SubsidyRun.objects.latest("month").period + 1).dues[line.posting_id]
    assert due.posting.person_name == "张更正"


def test_whoever_proposed_what_was_accepted_is_an_editor(
    demo: DemoCounty, waiting: SubsidyRun, make_user: MakeUser
) -> None:
    person = AllocationLine.objects.filter(allocation__revision=waiting.current_revision).earliest("pk").posting.person
    township = Township.objects.latest("pk")
    proposer = make_user(Role.TOWNSHIP_CLERK, username="proposer", township=township)
    officer = make_user(Role.BUREAU_OFFICER, username="decider")
    proposal = propose_correction(
        person=person, after={"name": "张更正"}, reason="更正", actor=proposer, now=timezone.now()
    )
    assert not is_editor(proposer, waiting)
    accept_proposal(proposal=proposal, actor=officer)
    assert is_editor(proposer, waiting)
    assert not is_editor(officer, waiting)
