"""A person's facts are written by one township: whoever else says something different proposes, an officer decides."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEvent, User
from staffing.imports.roster import UnacceptedWarningsError, import_roster
from staffing.imports.roster_undoing import undo_roster_import
from staffing.models import ImportBatch, Person, PersonProposal
from staffing.people.correcting import correct_person
from staffing.people.merging import merge_people
from staffing.people.owning import Spell, owner_among
from staffing.people.proposals import accept_proposal, propose_merging, refuse_proposal
from tests.builders import (
    TODAY,
    a_national_id,
    a_person,
    a_posting,
    a_township,
    an_id_number,
    education_of,
)
from tests.staffing.rosters import a_roster, a_row
from tests.users import MakeUser
from townships.entries import Outcome
from townships.models import Township

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)


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
def clerk(make_user: MakeUser, own: Township) -> User:
    return make_user(Role.TOWNSHIP_CLERK, username="own", township=own)


@pytest.fixture
def stranger(make_user: MakeUser, other: Township) -> User:
    return make_user(Role.TOWNSHIP_CLERK, username="other", township=other)


@pytest.fixture
def officer(make_user: MakeUser) -> User:
    return make_user(Role.BUREAU_OFFICER)


def corrected(person: Person, actor: User | None, **facts: Any) -> Person | PersonProposal:
    stated = {"name": "", "national_id": None, "phone": "", "reason": "核对身份证"} | facts
    return correct_person(person=person, today=DAY, actor=actor, **stated)


def proposed(person: Person, actor: User, **facts: Any) -> PersonProposal:
    found = corrected(person, actor, **facts)
    assert isinstance(found, PersonProposal)
    return found


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(ValidationError) as error:
        work()
    return "".join(error.value.messages)


def now(person: Person) -> tuple[str, str, str]:
    person = Person.objects.get(pk=person.pk)
    return person.name, person.national_id, person.phone


# Whose facts they are


@pytest.mark.parametrize(
    ("spells", "township"),
    [
        ([], None),
        ([(1, 2, None)], 1),
        ([(1, 2, None), (2, 1, None)], 1),
        ([(1, 2, None), (2, 1, 9)], 1),
        ([(1, 1, 9), (2, 2, 8)], 1),
        ([(1, 1, 5), (2, 6, 8)], 2),
        ([(1, 20, None)], 1),
        ([(1, 1, 9), (2, 20, None)], 1),
        ([(1, 20, None), (2, 12, 15)], 2),
        ([(1, 1, 10), (2, 10, None)], 1),
    ],
)
def test_facts_belong_to_the_township_where_the_person_is_on_post_else_was_last(
    spells: list[tuple[int, int, int | None]], township: int | None
) -> None:
    """On the tenth of a month; township, first and last day."""
    found = [
        Spell(where, date(2026, 11, first), None if last is None else date(2026, 11, last), key)
        for key, (where, first, last) in enumerate(spells)
    ]
    assert owner_among(found, date(2026, 11, 10)) == township


def test_the_own_clerk_and_the_officer_write_at_once(person: Person, clerk: User, officer: User) -> None:
    assert corrected(person, clerk, name="张珊", phone="13911112222") == person
    assert now(person) == ("张珊", an_id_number(1), "13911112222")
    corrected(person, officer, national_id=a_national_id(2))
    assert now(person) == ("张珊", an_id_number(2), "13911112222")
    first, second = AuditEvent.objects.filter(action="correct_person").order_by("pk")
    assert (first.before, first.after) == (
        {"name": "张三", "phone": ""},
        {"name": "张珊", "phone": "139****2222"},
    )
    assert an_id_number(2) not in f"{second.before}{second.after}"
    assert Person.objects.with_national_id(an_id_number(2)).get().initials == person.initials != ""


def test_facts_follow_the_person_to_the_township_of_the_present_post(
    person: Person, other: Township, clerk: User, stranger: User
) -> None:
    person.postings.update(ended_on=DAY - timedelta(days=1))
    corrected(person, clerk, phone="13900000001")
    a_posting(person=person, township=other, started_on=DAY)
    assert corrected(person, stranger, phone="13900000002") == person
    assert isinstance(corrected(person, clerk, phone="13900000003"), PersonProposal)


def test_anybody_elses_entry_changes_nothing_before_the_officer_accepts_it(
    person: Person, stranger: User, officer: User
) -> None:
    before = now(person)
    proposal = proposed(person, stranger, name="张珊", national_id=a_national_id(2))
    assert now(person) == before
    accept_proposal(proposal=proposal, actor=officer)
    assert now(person) == ("张珊", an_id_number(2), "")
    event = AuditEvent.objects.get(action="accept_proposal")
    assert (event.actor, event.on_behalf_of, event.subject_id) == (officer, stranger, person.pk)
    told = "".join(f"{event.before}{event.after}" for event in AuditEvent.objects.all())
    assert an_id_number(1) not in told
    assert an_id_number(2) not in told


def test_a_refused_proposal_changes_nothing_and_keeps_its_reason(
    person: Person, stranger: User, officer: User
) -> None:
    proposal = proposed(person, stranger, name="张珊")
    assert "须写明原因" in refused(lambda: refuse_proposal(proposal=proposal, reason=" ", actor=officer))
    refuse_proposal(proposal=proposal, reason="户口本是张三", actor=officer)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decision_reason, now(person)[0]) == ("refused", "户口本是张三", "张三")
    assert "已处理:不予采纳" in refused(lambda: accept_proposal(proposal=proposal, actor=officer))


def test_what_is_proposed_is_stored_encrypted(person: Person, stranger: User) -> None:
    proposal = proposed(person, stranger, name="张珊", national_id=a_national_id(2))
    kept = bytes(proposal.before_encrypted) + bytes(proposal.after_encrypted)
    assert not [word for word in ("张珊", an_id_number(1), an_id_number(2)) if word.encode() in kept]


# What stands against it


def test_nobody_decides_what_they_proposed(person: Person, stranger: User) -> None:
    proposal = proposed(person, stranger, name="张珊")
    stranger.role, stranger.township = Role.BUREAU_OFFICER.value, None
    stranger.save()
    with pytest.raises(PermissionDenied, match="另一位县局经办"):
        accept_proposal(proposal=proposal, actor=stranger)


@pytest.mark.parametrize("role", [Role.TOWNSHIP_CLERK, Role.BUREAU_APPROVER, Role.AUDITOR, Role.FINANCE_OFFICER])
def test_only_the_officer_decides(person: Person, stranger: User, make_user: MakeUser, role: Role) -> None:
    proposal = proposed(person, stranger, name="张珊")
    with pytest.raises(PermissionDenied):
        accept_proposal(proposal=proposal, actor=make_user(role))


def test_a_fact_that_changed_meanwhile_is_told(person: Person, clerk: User, stranger: User, officer: User) -> None:
    proposal = proposed(person, stranger, name="张珊")
    corrected(person, clerk, name="张山")
    assert "姓名已由 张三 改为 张山" in refused(lambda: accept_proposal(proposal=proposal, actor=officer))
    assert now(person)[0] == "张山"


def test_a_person_merged_meanwhile_is_told(person: Person, own: Township, stranger: User, officer: User) -> None:
    proposal = proposed(person, stranger, name="张珊")
    merge_people(duplicate=person, into=a_person(name="张叁"), reason="同一人", actor=officer)
    assert "已合并到另一条记录" in refused(lambda: accept_proposal(proposal=proposal, actor=officer))


def test_the_same_is_not_proposed_twice(person: Person, stranger: User, officer: User) -> None:
    first = proposed(person, stranger, name="张珊")
    assert "正在等待县局审核" in refused(lambda: proposed(person, stranger, name="张珊"))
    proposed(person, stranger, name="张山")
    refuse_proposal(proposal=first, reason="不对", actor=officer)
    proposed(person, stranger, name="张珊")


def test_a_number_that_somebody_has_is_told(person: Person, clerk: User, stranger: User, officer: User) -> None:
    proposal = proposed(person, stranger, national_id=a_national_id(2))
    a_person(name="李四", national_id=a_national_id(2))
    with pytest.raises(ValidationError) as error:
        corrected(person, clerk, national_id=a_national_id(2))
    assert error.value.code == "number_taken"
    assert "另一条人员记录" in refused(lambda: accept_proposal(proposal=proposal, actor=officer))
    assert now(person)[1] == an_id_number(1)


def test_nothing_different_and_no_reason_are_told(person: Person, clerk: User) -> None:
    assert "没有要更正的内容" in refused(lambda: corrected(person, clerk, name="张三", national_id=a_national_id(1)))
    assert "须写明原因" in refused(lambda: corrected(person, clerk, name="张珊", reason=" "))


# Merging


def test_a_merging_that_was_proposed_is_done_when_it_is_accepted(person: Person, clerk: User, officer: User) -> None:
    into = a_person(name="张三", national_id=a_national_id(2))
    at = timezone.now()
    proposal = propose_merging(duplicate=person, into=into, reason="同一人", actor=clerk, now=at)
    assert Person.objects.get(pk=person.pk).merged_into_id is None
    again = lambda: propose_merging(duplicate=person, into=into, reason="还是同一人", actor=clerk, now=at)  # noqa: E731
    assert "正在等待县局审核" in refused(again)
    accept_proposal(proposal=proposal, actor=officer)
    assert Person.objects.get(pk=person.pk).merged_into == into
    event = AuditEvent.objects.get(action="accept_proposal")
    assert event.after == {"merged_into": into.pk, "proposal": proposal.pk}


# By file


def by_file(clerk: User, *rows: dict[str, Any], accept_warnings: bool = False) -> Outcome:
    return import_roster(
        a_roster(*rows),
        "roster.xlsx",
        actor=clerk,
        today=TODAY,
        facts_from=None,
        only_township=clerk.township_id,
        accept_warnings=accept_warnings,
    )


AT_OTHER: dict[str, Any] = {"镇乡(街道)": "桃源街道", "岗位类别": "平台工作人员"}


def test_a_file_that_names_another_townships_person_changes_nothing_until_the_bureau_accepts(
    person: Person, stranger: User, officer: User
) -> None:
    row = a_row(1, 学历="初中", **AT_OTHER)
    outcome = by_file(stranger, row)
    assert (outcome.new, outcome.changed) == (1, 1)
    assert outcome.rows[0].changes == (
        "学历 改为 初中,将作为更正申请报县局",
        "联系电话 改为 138****0000,将作为更正申请报县局",
    )
    assert education_of(Person.objects.get()) == "college"
    proposal = PersonProposal.objects.get()
    assert proposal.after == {"education": "junior_secondary", "phone": "13800000000"}
    assert (proposal.township, proposal.proposed_by) == (stranger.township, stranger)
    accept_proposal(proposal=proposal, actor=officer)
    assert (education_of(Person.objects.get()), Person.objects.get().phone) == ("junior_secondary", "13800000000")


def test_nobody_comes_by_the_facts_of_others_by_a_post_with_an_earlier_first_day(
    person: Person, stranger: User
) -> None:
    began = person.postings.get().started_on
    outcome = by_file(stranger, a_row(1, 学历="初中", 到岗日期=began - timedelta(days=365), **AT_OTHER))
    assert "学历 改为 初中,将作为更正申请报县局" in outcome.rows[0].changes
    assert education_of(Person.objects.get()) == "college"
    assert isinstance(corrected(person, stranger, name="张珊"), PersonProposal)


def test_a_file_says_the_same_again_only_once(person: Person, stranger: User, officer: User) -> None:
    row = a_row(1, 学历="初中", **AT_OTHER)
    by_file(stranger, row)
    assert by_file(stranger, row).same == 1
    refuse_proposal(proposal=PersonProposal.objects.get(), reason="毕业证是大专", actor=officer)
    assert by_file(stranger, row).same == 1
    assert by_file(stranger, row | {"学历": "中专"}).changed == 1
    assert PersonProposal.objects.count() == 2


def test_another_name_of_somebody_who_left_for_another_township_is_proposed(
    person: Person, other: Township, clerk: User
) -> None:
    person.postings.update(ended_on=date(2009, 6, 30))
    a_posting(person=person, township=other)
    row = a_row(1, 姓名="张珊", 离岗日期=date(2009, 6, 30), 联系电话=None)
    with pytest.raises(UnacceptedWarningsError) as error:
        by_file(clerk, row)
    assert "审核以前沿用系统中的姓名" in str(error.value.outcome.warnings)
    outcome = by_file(clerk, row, accept_warnings=True)
    assert "姓名 张三 → 张珊,将作为更正申请报县局" in outcome.rows[0].changes
    assert now(person)[0] == "张三"


def test_whoever_comes_from_another_township_for_good_is_written_by_the_new_one(
    person: Person, stranger: User
) -> None:
    person.postings.update(ended_on=date(2009, 6, 30))
    outcome = by_file(stranger, a_row(1, 学历="本科", 到岗日期=date(2009, 7, 1), 联系电话=None, **AT_OTHER))
    assert outcome.rows[0].changes == ("学历 改为 本科",)
    assert education_of(Person.objects.get()) == "bachelor"


def test_undoing_an_import_takes_back_what_it_proposed(person: Person, stranger: User, officer: User) -> None:
    by_file(stranger, a_row(1, 学历="初中", **AT_OTHER))
    batch = ImportBatch.objects.get()
    undo_roster_import(batch=batch, reason="导错", settled=0, actor=stranger, now=timezone.now())
    assert PersonProposal.objects.get().state == "withdrawn"
    assert "已处理:已撤回" in refused(lambda: accept_proposal(proposal=PersonProposal.objects.get(), actor=officer))
