"""What the database refuses of people and postings, and who sees whom."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from staffing.enums import Position
from staffing.models import (
    EstablishmentGrant,
    GrantEnding,
    ImportBatch,
    ImportedChange,
    KinDeclaration,
    PendingImport,
    Person,
    Posting,
    Qualification,
    RecruitmentRound,
    Secondment,
    Suspension,
    WorkingTime,
)
from tests.builders import (
    TODAY,
    a_contract,
    a_grant,
    a_person,
    a_posting,
    a_round,
    a_suspension,
    a_township,
    a_unit,
    a_wage,
)
from tests.users import MakeUser
from townships.models import Township

NOW: datetime = timezone.now()

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def township() -> Township:
    return a_township()


def refuses(name: str, act: Callable[[], Any], *, on_sqlite: str = "") -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    assert name in str(error.value) or (on_sqlite and on_sqlite in str(error.value))


def test_a_posting_ends_after_it_starts(township: Township) -> None:
    refuses("posting_ends_after_it_starts", lambda: a_posting(township=township, ended_on=date(2008, 12, 31)))


def test_a_posting_has_the_place_of_its_position(township: Township) -> None:
    name = "posting_has_the_place_of_its_position"
    unit = a_unit(township=township)
    refuses(name, lambda: a_posting(township=township, unit=unit))
    refuses(name, lambda: a_posting(township=township, position=Position.VILLAGE_COORDINATOR))


def test_a_suspension_is_withdrawn_with_a_reason(township: Township) -> None:
    stop = a_suspension(posting=a_posting(township=township))
    refuses(
        "suspension_withdrawn_with_a_reason",
        lambda: Suspension.objects.filter(pk=stop.pk).update(withdrawn_at=NOW),
    )


def test_a_posting_is_withdrawn_with_a_reason(township: Township) -> None:
    posting = a_posting(township=township)
    refuses(
        "posting_withdrawn_with_a_reason",
        lambda: Posting.objects.filter(pk=posting.pk).update(withdrawn_at=NOW),
    )


def test_an_import_is_undone_with_a_reason() -> None:
    batch = ImportBatch.objects.create(kind="roster", sha256="0" * 64)
    refuses("import_undone_with_a_reason", lambda: ImportBatch.objects.filter(pk=batch.pk).update(undone_at=NOW))


def test_a_change_is_told_once_an_import(township: Township) -> None:
    batch, posting = ImportBatch.objects.create(kind="roster", sha256="0" * 64), a_posting(township=township)

    def told() -> ImportedChange:
        return ImportedChange.objects.create(batch=batch, posting=posting, words="月工资")

    told()
    refuses("imported_change_once", told, on_sqlite="staffing_importedchange.batch_id")


def test_a_confirmed_import_keeps_no_file(make_user: MakeUser) -> None:
    pending = PendingImport.objects.create(
        owner=make_user(Role.TOWNSHIP_CLERK),
        kind="roster",
        uploaded_at=NOW,
        expires_at=NOW,
        file_encrypted=b"x",
        result_encrypted=b"x",
    )
    rows = PendingImport.objects.filter(pk=pending.pk)
    refuses("pending_import_is_emptied_by_confirming", lambda: rows.update(confirmed_at=NOW))


def test_a_person_is_not_merged_into_itself() -> None:
    person = a_person()
    refuses("person_not_merged_into_itself", lambda: Person.objects.filter(pk=person.pk).update(merged_into=person.pk))


def test_a_contract_and_a_suspension_end_after_they_start(township: Township) -> None:
    posting, before = a_posting(township=township), date(2008, 12, 31)
    refuses("contract_ends_after_it_starts", lambda: a_contract(posting=posting, ended_on=before))
    refuses(
        "suspension_ends_after_it_starts",
        lambda: Suspension.objects.create(
            posting=posting, kind="sick_leave", started_on=date(2009, 1, 1), ended_on=before
        ),
    )


def test_a_wage_stands_once_a_day(township: Township) -> None:
    posting = a_posting(township=township)
    a_wage(posting=posting)
    refuses(
        "wage_once_a_day",
        lambda: a_wage(posting=posting, monthly_wage=Decimal("1")),
        on_sqlite="staffing_wage.posting_id, staffing_wage.effective_from",
    )


def test_a_grant_is_positive_and_ends_after_it_starts(township: Township) -> None:
    def grant(**fields: Any) -> EstablishmentGrant:
        start = {"effective_from": date(2009, 7, 1), "extra": 1, "document": "甲"}
        return EstablishmentGrant.objects.create(township=township, **(start | fields))

    refuses("grant_is_positive", lambda: grant(extra=0))
    refuses("grant_ends_after_it_starts", lambda: grant(ended_on=date(2009, 6, 30)))


def test_of_a_grant_one_end_waits_at_a_time(township: Township) -> None:
    grant = a_grant(township=township)

    def ending(approved_at: datetime | None) -> GrantEnding:
        return GrantEnding.objects.create(
            grant=grant, last_day=TODAY, document="乙", reason="丙", approved_at=approved_at
        )

    ending(NOW)
    ending(None)
    refuses("grant_ending_waits_once", lambda: ending(None), on_sqlite="staffing_grantending.grant_id")


def test_a_qualification_has_a_level_of_its_kind_or_a_name(township: Township) -> None:
    name = "qualification_level_is_of_its_kind"
    person = a_person()
    refuses(name, lambda: Qualification.objects.create(person=person, kind="education", level="skilled"))
    refuses(name, lambda: Qualification.objects.create(person=person, kind="computer", level="college"))
    refuses(name, lambda: Qualification.objects.create(person=person, kind="certificate"))
    refuses(name, lambda: Qualification.objects.create(person=person, kind="certificate", level="none", name="甲"))
    assert Qualification.objects.create(person=person, kind="certificate", name="职业指导员").pk


def test_a_qualification_stands_once_a_day_and_once_of_an_unknown_day() -> None:
    person = a_person(name="李四", education=None)

    def obtained(level: str, on: date | None) -> Qualification:
        return Qualification.objects.create(person=person, kind="education", level=level, obtained_on=on)

    first = obtained("college", TODAY)
    refuses(
        "qualification_once_a_day",
        lambda: obtained("college", TODAY),
        on_sqlite="staffing_qualification.person_id, staffing_qualification.kind, staffing_qualification.level",
    )
    unknown = obtained("college", None)
    refuses(
        "qualification_of_unknown_day_once",
        lambda: obtained("bachelor", None),
        on_sqlite="staffing_qualification.person_id, staffing_qualification.kind, staffing_qualification.name",
    )
    Qualification.objects.filter(pk__in=[first.pk, unknown.pk]).update(withdrawn_at=NOW, withdrawn_reason="录错")
    assert obtained("college", TODAY).pk
    assert obtained("bachelor", None).pk


def test_full_or_part_time_stands_once_a_day_and_once_from_the_first(township: Township) -> None:
    posting = a_posting(township=township, is_full_time=None)

    def since(day: date | None) -> WorkingTime:
        return WorkingTime.objects.create(posting=posting, effective_from=day, is_full_time=True)

    rows = since(TODAY), since(None)
    refuses("working_time_once_a_day", lambda: since(TODAY), on_sqlite="staffing_workingtime.posting_id")
    refuses("working_time_from_the_first_day_once", lambda: since(None), on_sqlite="staffing_workingtime.posting_id")
    WorkingTime.objects.filter(pk__in=[row.pk for row in rows]).update(withdrawn_at=NOW, withdrawn_reason="录错")
    assert [since(TODAY).effective_from, since(None).effective_from] == [TODAY, None]


def test_a_round_goes_with_open_recruitment_only(township: Township) -> None:
    posting, round_ = a_posting(township=township), a_round(township=township)
    rows = Posting.objects.filter(pk=posting.pk)
    refuses("posting_of_a_round_is_openly_recruited", lambda: rows.update(source="other", recruitment_round=round_))
    rows.update(source="open_recruitment", recruitment_round=round_)


def test_a_notice_is_registered_once_in_a_township(township: Township) -> None:
    first = a_round(township=township)
    refuses(
        "recruitment_notice_once",
        lambda: a_round(township=township),
        on_sqlite="staffing_recruitmentround.township_id",
    )
    # What the roster said before may name one notice with several sources.
    assert [a_round(township=township, is_historical=True).pk for _ in range(2)]
    assert a_round(township=a_township(name="桃源街道", code="330226002")).pk
    RecruitmentRound.objects.filter(pk=first.pk).update(withdrawn_at=NOW, withdrawn_reason="录错")
    assert a_round(township=township).pk


def test_a_publication_ends_after_it_starts(township: Township) -> None:
    round_ = a_round(township=township)
    rows = RecruitmentRound.objects.filter(pk=round_.pk)
    name = "recruitment_publication_ends_after_it_starts"
    refuses(name, lambda: rows.update(publicised_until=TODAY))
    refuses(name, lambda: rows.update(publicised_from=TODAY, publicised_until=date(2009, 1, 1)))


def test_a_secondment_ends_after_it_starts(township: Township) -> None:
    posting = a_posting(township=township, position=Position.PLATFORM_STAFF)
    refuses(
        "secondment_ends_after_it_starts",
        lambda: Secondment.objects.create(
            posting=posting, home_unit="甲", kind="other", started_on=TODAY, ended_on=date(2009, 1, 1)
        ),
    )


def test_near_relatives_are_declared_once(township: Township) -> None:
    posting = a_posting(township=township)

    def declared() -> KinDeclaration:
        return KinDeclaration.objects.create(posting=posting, declared_encrypted=b"x", signed_on=TODAY)

    first = declared()
    refuses("kin_declared_once", declared, on_sqlite="staffing_kindeclaration.posting_id")
    KinDeclaration.objects.filter(pk=first.pk).update(withdrawn_at=NOW, withdrawn_reason="录错")
    assert declared().pk


def test_what_belongs_to_a_person_is_withdrawn_with_a_reason(township: Township) -> None:
    person = a_person(education=None, has_computer_skill=None)
    posting = a_posting(township=township, person=person, position=Position.PLATFORM_STAFF, is_full_time=None)
    rows: dict[str, Model] = {
        "qualification": Qualification.objects.create(person=person, kind="computer", level="none"),
        "working_time": WorkingTime.objects.create(posting=posting, is_full_time=True),
        "secondment": Secondment.objects.create(posting=posting, home_unit="甲", kind="other", started_on=TODAY),
        "recruitment": a_round(township=township),
        "kin_declaration": KinDeclaration.objects.create(posting=posting, declared_encrypted=b"x", signed_on=TODAY),
    }
    for name, row in rows.items():
        stored = type(row)._default_manager.filter(pk=row.pk)
        refuses(f"{name}_withdrawn_with_a_reason", partial(stored.update, withdrawn_at=NOW))


@pytest.mark.postgres
def test_postgresql_refuses_overlapping_secondments(township: Township) -> None:
    posting = a_posting(township=township, position=Position.PLATFORM_STAFF)

    def seconded(since: date) -> Secondment:
        return Secondment.objects.create(posting=posting, home_unit="甲", kind="other", started_on=since)

    first = seconded(date(2009, 1, 1))
    refuses("secondments_of_a_posting_do_not_overlap", lambda: seconded(TODAY))
    Secondment.objects.filter(pk=first.pk).update(withdrawn_at=NOW, withdrawn_reason="录错")
    assert seconded(TODAY).pk


@pytest.mark.postgres
def test_postgresql_refuses_two_postings_at_once(township: Township) -> None:
    person = a_person()
    a_posting(person=person, township=township, ended_on=date(2009, 6, 30))
    refuses(
        "posting_not_twice_at_once",
        lambda: a_posting(person=person, township=township, started_on=date(2009, 6, 30)),
    )
    assert a_posting(person=person, township=township, started_on=date(2009, 7, 1)).pk


@pytest.mark.postgres
def test_postgresql_refuses_overlapping_contracts(township: Township) -> None:
    posting = a_posting(township=township)
    a_contract(posting=posting)
    refuses("contracts_of_a_posting_do_not_overlap", lambda: a_contract(posting=posting, started_on=date(2030, 1, 1)))


def test_a_clerk_sees_the_own_township_only(make_user: Callable[..., User], township: Township) -> None:
    elsewhere = a_township(name="桃源街道", code="330226002")
    own, other = a_posting(township=township), a_posting(township=elsewhere)
    clerk = make_user(Role.TOWNSHIP_CLERK, township=township)

    assert list(Posting.objects.visible_to(clerk)) == [own]
    assert list(Person.objects.visible_to(clerk)) == [own.person]
    assert set(Posting.objects.visible_to(make_user(Role.AUDITOR))) == {own, other}
    assert not Person.objects.visible_to(make_user(Role.SYSTEM_ADMIN)).exists()
