"""Qualifications, rounds of recruitment, secondments, full or part-time and near relatives: the verbs."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from staffing.enums import ComputerLevel, Education, Position, PostingSource, QualificationKind, SecondmentKind
from staffing.models import KinDeclaration, Posting, Qualification, RecruitmentRound
from staffing.postings.kin import declare_kin, withdraw_kin_declaration
from staffing.postings.services import appoint
from staffing.postings.source import set_source
from staffing.postings.working_time import set_working_time, withdraw_working_time
from staffing.qualifications import record_qualification, withdraw_qualification
from staffing.recruitment import correct_round, open_round, withdraw_round
from staffing.secondments import correct_secondment, record_secondment, withdraw_secondment
from tests.builders import a_national_id, a_person, a_posting, a_round, a_township
from townships.models import Township

DAY = date(2009, 1, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def township() -> Township:
    return a_township()


def degree(obtained_on: date | None = date(2009, 8, 1), level: Education = Education.COLLEGE) -> Qualification:
    person = a_person(name="李四", education=None, has_computer_skill=None)
    return record_qualification(
        person=person, kind=QualificationKind.EDUCATION, level=level, obtained_on=obtained_on, actor=None
    )


def staff(township: Township) -> Posting:
    return a_posting(township=township, position=Position.PLATFORM_STAFF, is_full_time=None)


def events() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_a_qualification_is_held_from_its_day_on_and_without_one_always() -> None:
    dated = degree()
    held = Qualification.objects.filter(person=dated.person).held_on
    assert [held(date(2009, 7, 31)).count(), held(date(2009, 8, 1)).count()] == [0, 1]
    withdraw_qualification(qualification=dated, reason="录错", actor=None)
    assert held(date(2009, 8, 1)).count() == 0
    again = degree(None)
    assert Qualification.objects.filter(person=again.person).held_on(date(1990, 1, 1)).count() == 1


def test_a_qualification_leaves_one_event_and_is_withdrawn_once_with_a_reason() -> None:
    qualification = degree()
    with pytest.raises(ValidationError, match="原因"):
        withdraw_qualification(qualification=qualification, reason=" ", actor=None)
    withdraw_qualification(qualification=qualification, reason="证书不实", actor=None)
    with pytest.raises(ValidationError, match="已经撤销"):
        withdraw_qualification(qualification=qualification, reason="再撤", actor=None)
    assert events() == ["record_qualification", "withdraw_qualification"]
    event = AuditEvent.objects.order_by("pk")[0]
    assert (event.after or {})["level"] == "college"


def test_a_level_is_of_its_kind_and_the_same_is_recorded_once() -> None:
    first = degree()
    same: dict[str, Any] = {"person": first.person, "obtained_on": date(2009, 8, 1), "actor": None}
    with pytest.raises(ValidationError, match="已经登记过"):
        record_qualification(kind=QualificationKind.EDUCATION, level=Education.COLLEGE, **same)
    with pytest.raises(ValidationError, match="须选择程度"):
        record_qualification(kind=QualificationKind.COMPUTER, level=Education.COLLEGE, **same)
    with pytest.raises(ValidationError, match="须填写名称"):
        record_qualification(kind=QualificationKind.CERTIFICATE, level=None, **same)
    assert record_qualification(kind=QualificationKind.COMPUTER, level=ComputerLevel.NONE, **same).pk


def test_nothing_is_obtained_before_birth() -> None:
    person = a_person(national_id=a_national_id(born_on=date(1985, 3, 7)), education=None)
    with pytest.raises(ValidationError, match="不能早于出生日期"):
        record_qualification(
            person=person,
            kind=QualificationKind.EDUCATION,
            level=Education.COLLEGE,
            obtained_on=date(1985, 3, 7),
            actor=None,
        )


def test_a_second_one_of_an_unknown_day_is_refused_with_what_to_do() -> None:
    first = degree(None)
    with pytest.raises(ValidationError, match="请先撤销那一条,或填写取得日期"):
        record_qualification(
            person=first.person,
            kind=QualificationKind.EDUCATION,
            level=Education.BACHELOR,
            obtained_on=None,
            actor=None,
        )


def test_a_round_is_opened_mended_and_withdrawn_while_nobody_came_by_it(township: Township) -> None:
    round_ = open_round(township=township, notice_title=" 招聘公告 ", notice_number="甬劳 1 号", actor=None)
    assert str(round_) == "招聘公告(甬劳 1 号)"
    with pytest.raises(ValidationError, match="已经登记过"):
        open_round(township=township, notice_title="招聘公告", notice_number="甬劳 1 号", actor=None)
    correct_round(round_=round_, stated={"approval": "批文 2 号"}, actor=None)
    correct_round(round_=round_, stated={"approval": "批文 2 号"}, actor=None)
    posting = a_posting(township=township)
    set_source(posting=posting, source=PostingSource.OPEN_RECRUITMENT, recruitment_round=round_, actor=None)
    with pytest.raises(ValidationError, match="已有 1 条在岗记录"):
        withdraw_round(round_=round_, reason="录错", actor=None)
    set_source(posting=posting, source=PostingSource.INTERNAL_TRANSFER, recruitment_round=None, actor=None)
    withdraw_round(round_=round_, reason="录错", actor=None)
    assert events() == ["open_round", "correct_round", "set_source", "set_source", "withdraw_round"]


def test_a_publication_does_not_come_before_the_notice(township: Township) -> None:
    with pytest.raises(ValidationError, match="拟聘公示不能更早"):
        open_round(
            township=township,
            notice_title="公告",
            noticed_on=date(2009, 6, 1),
            publicised_from=date(2009, 5, 31),
            actor=None,
        )


def test_an_assistant_openly_recruited_needs_a_round_of_the_own_township(township: Township) -> None:
    def appointed(round_: RecruitmentRound | None, position: Position = Position.ASSISTANT) -> Posting:
        return appoint(
            person=a_person(),
            township=township,
            unit=None,
            position=position,
            started_on=DAY,
            source=PostingSource.OPEN_RECRUITMENT,
            recruitment_round=round_,
            actor=None,
        )

    with pytest.raises(ValidationError, match="请选择是哪一次公开招聘"):
        appointed(None)
    with pytest.raises(ValidationError, match="别的镇乡"):
        appointed(a_round(township=a_township(name="桃源街道", code="330226002")))
    round_ = a_round(township=township)
    assert appointed(round_).recruitment_round == round_
    assert appointed(None, Position.PLATFORM_STAFF).pk
    withdrawn = a_round(township=township, notice_title="又一份")
    withdraw_round(round_=withdrawn, reason="录错", actor=None)
    withdrawn.refresh_from_db()
    with pytest.raises(ValidationError, match="已经撤销"):
        appointed(withdrawn)


def test_a_secondment_is_of_platform_staff_and_does_not_overlap_another(township: Township) -> None:
    def seconded(posting: Posting, since: date, until: date | None = None) -> Any:
        return record_secondment(
            posting=posting,
            home_unit="县财政局",
            kind=SecondmentKind.CIVIL_SERVANT,
            started_on=since,
            ended_on=until,
            actor=None,
        )

    with pytest.raises(ValidationError, match="只有平台工作人员"):
        seconded(a_posting(township=township), DAY)
    posting = staff(township)
    first = seconded(posting, DAY, date(2009, 12, 31))
    with pytest.raises(ValidationError, match="日期重叠"):
        seconded(posting, date(2009, 12, 31))
    assert seconded(posting, date(2010, 1, 1)).pk
    with pytest.raises(ValidationError, match="日期重叠"):
        correct_secondment(
            secondment=first,
            home_unit="县财政局",
            kind=SecondmentKind.OTHER,
            started_on=DAY,
            ended_on=None,
            actor=None,
        )
    withdraw_secondment(secondment=first, reason="录错", actor=None)
    assert events() == ["record_secondment", "record_secondment", "withdraw_secondment"]


def test_full_or_part_time_holds_from_a_day_on_post(township: Township) -> None:
    posting = a_posting(township=township, started_on=DAY, ended_on=date(2009, 12, 31), is_full_time=None)

    def since(day: date | None, *, is_full_time: bool = False) -> Any:
        return set_working_time(posting=posting, effective_from=day, is_full_time=is_full_time, actor=None)

    with pytest.raises(ValidationError, match="才到岗"):
        since(date(2008, 12, 31))
    with pytest.raises(ValidationError, match="已离岗"):
        since(date(2010, 1, 1))
    # From the first day on is the same as without a day, and the same day is corrected.
    assert since(DAY).pk == since(None, is_full_time=True).pk
    later = since(date(2009, 7, 1))
    withdraw_working_time(working_time=later, reason="录错", actor=None)
    assert [row.is_full_time for row in posting.working_times.live()] == [True]
    assert events() == ["set_working_time"] * 3 + ["withdraw_working_time"]


def test_near_relatives_are_asked_for_by_the_installation_alone(township: Township, settings: LazySettings) -> None:
    posting = a_posting(township=township)
    with pytest.raises(ValidationError, match="没有启用"):
        declare_kin(posting=posting, kin="", signed_on=DAY, actor=None)
    settings.KIN_DECLARATION = True
    declared = declare_kin(posting=posting, kin="父亲张大任副镇长", signed_on=DAY, actor=None)
    stored = KinDeclaration.objects.get()
    assert stored.kin == "父亲张大任副镇长"
    assert "张大".encode() not in bytes(stored.declared_encrypted)
    assert "张大" not in str(AuditEvent.objects.get().after)
    with pytest.raises(ValidationError, match="已有近亲属关系声明"):
        declare_kin(posting=posting, kin="", signed_on=DAY, actor=None)
    withdraw_kin_declaration(declaration=declared, reason="录错", actor=None)
    assert declare_kin(posting=posting, kin=" ", signed_on=DAY, actor=None).kin == ""


@pytest.mark.parametrize(
    "withdraw",
    [
        lambda town: withdraw_round(round_=a_round(township=town), reason=" ", actor=None),
        lambda town: withdraw_secondment(
            secondment=record_secondment(
                posting=staff(town),
                home_unit="甲",
                kind=SecondmentKind.OTHER,
                started_on=DAY,
                ended_on=None,
                actor=None,
            ),
            reason="",
            actor=None,
        ),
        lambda town: withdraw_working_time(
            working_time=set_working_time(posting=staff(town), effective_from=None, is_full_time=True, actor=None),
            reason="",
            actor=None,
        ),
    ],
)
def test_nothing_is_withdrawn_without_a_reason(township: Township, withdraw: Callable[[Township], Any]) -> None:
    with pytest.raises(ValidationError, match="须写明原因"):
        withdraw(township)
