"""Small builders shared by tests: plain functions that save one thing, with a default for everything."""

import io
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone
from openpyxl import Workbook

from foundation.personal import check_character
from staffing.enums import ComputerLevel, Education, Position, QualificationKind, SuspensionKind
from staffing.identity import identify, name_person
from staffing.models import (
    Contract,
    EstablishmentGrant,
    Person,
    Posting,
    Qualification,
    RecruitmentRound,
    Secondment,
    Suspension,
    Transfer,
    Wage,
    WorkingTime,
)
from staffing.national_id import NationalId, check
from staffing.people.registering import stated_qualifications
from staffing.people.stated import Stated, stated
from townships.enums import TownshipKind, UnitChangeKind, UnitKind
from townships.models import County, GrassrootsUnit, HouseholdCount, Township, TownshipStatus, UnitChange

TODAY = date(2026, 11, 1)
_serial = count(1)


def a_county(*, code: str = "330226", name: str = "宁海县") -> County:
    """The county, made once."""
    return County.objects.get_or_create(code=code, defaults={"name": name})[0]


def a_township(
    *,
    name: str = "跃龙街道",
    code: str = "330226001",
    kind: TownshipKind = TownshipKind.SUBDISTRICT,
    is_central_town: bool = False,
    effective_from: date = date(1949, 10, 1),
) -> Township:
    """A township with its first status."""
    township = Township.objects.create(county=a_county(), code=code, name=name)
    TownshipStatus.objects.create(
        township=township,
        effective_from=effective_from,
        code=code,
        name=name,
        kind=kind.value,
        is_central_town=is_central_town,
    )
    return township


def a_unit(
    *,
    township: Township,
    name: str = "五丰社区",
    code: str = "",
    kind: UnitKind = UnitKind.COMMUNITY,
    opened_on: date | None = None,
    closed_on: date | None = None,
) -> GrassrootsUnit:
    return GrassrootsUnit.objects.create(
        township=township,
        code=code or f"{township.code}{next(_serial) % 1000:03d}",
        name=name,
        kind=kind.value,
        opened_on=opened_on,
        closed_on=closed_on,
    )


def a_unit_change(earlier: GrassrootsUnit, later: GrassrootsUnit, first_day: date = date(2009, 6, 1)) -> UnitChange:
    kind = UnitChangeKind.CONVERTED.value
    return UnitChange.objects.create(earlier=earlier, later=later, kind=kind, first_day=first_day)


def a_household_count(
    *, unit: GrassrootsUnit, households: int = 150, effective_from: date = date(2009, 1, 1), approved: bool = True
) -> HouseholdCount:
    return HouseholdCount.objects.create(
        unit=unit,
        households=households,
        counted_on=effective_from,
        effective_from=effective_from,
        approved_at=timezone.now() if approved else None,
    )


def an_id_number(serial: int = 1, *, born_on: date = date(1985, 3, 7)) -> str:
    """A correct id number with the unassigned prefix 339900; another one for each serial from 1 to 999."""
    body = f"339900{born_on:%Y%m%d}{serial:03d}"
    return body + check_character(body)


def a_national_id(serial: int = 1, *, born_on: date = date(1985, 3, 7)) -> NationalId:
    return check(an_id_number(serial, born_on=born_on), today=TODAY)


def a_national_id_like(number: str) -> NationalId:
    """Another one that ends with the same four characters."""
    others = (an_id_number(int(number[-4:-1]), born_on=date(1985, 1, 1) + timedelta(days=days)) for days in range(365))
    return check(next(other for other in others if other != number and other[-4:] == number[-4:]), today=TODAY)


def a_person(
    *,
    name: str = "张三",
    national_id: NationalId | None = None,
    education: Education | None = Education.COLLEGE,
    has_computer_skill: bool | None = True,
) -> Person:
    """A person with what is always held."""
    person = name_person(Person(), name)
    if national_id is not None:
        identify(person, national_id)
    person.save()
    Qualification.objects.bulk_create(stated_qualifications(person, education, has_computer_skill))
    return person


def a_qualification(
    *, person: Person, level: Education | ComputerLevel = Education.BACHELOR, obtained_on: date | None = None
) -> Qualification:
    kind = QualificationKind.EDUCATION if isinstance(level, Education) else QualificationKind.COMPUTER
    return Qualification.objects.create(person=person, kind=kind.value, level=level.value, obtained_on=obtained_on)


def educate(level: Education, *names: str) -> None:
    """Let what is always held by the people of these names, or by everybody, be another education."""
    of_people = Qualification.objects.filter(kind=QualificationKind.EDUCATION.value, obtained_on=None)
    (of_people.filter(person__name__in=names) if names else of_people).update(level=level.value)


def unskill(*names: str) -> None:
    """Let the people of these names, or everybody, have no computer skill."""
    of_people = Qualification.objects.filter(kind=QualificationKind.COMPUTER.value)
    (of_people.filter(person__name__in=names) if names else of_people).update(level=ComputerLevel.NONE.value)


def education_of(person: Person) -> str:
    """What is stated of it without a day; empty where nothing is."""
    return str(stated(Person.objects.get(pk=person.pk), "education"))


def has_skill(person: Person) -> Stated:
    """The same of the computer skill."""
    return stated(Person.objects.get(pk=person.pk), "has_computer_skill")


def a_posting(
    *,
    township: Township,
    person: Person | None = None,
    unit: GrassrootsUnit | None = None,
    position: Position = Position.ASSISTANT,
    started_on: date = date(2009, 1, 1),
    ended_on: date | None = None,
    is_full_time: bool | None = True,
) -> Posting:
    posting = Posting.objects.create(
        person=person or a_person(),
        township=township,
        unit=unit,
        position=position.value,
        started_on=started_on,
        ended_on=ended_on,
    )
    if is_full_time is not None:
        a_working_time(posting=posting, is_full_time=is_full_time)
    return posting


def works_full_time(posting: Posting) -> bool | None:
    """What stands without a day."""
    return posting.working_times.live().filter(effective_from=None).values_list("is_full_time", flat=True).first()


def a_working_time(*, posting: Posting, is_full_time: bool = False, effective_from: date | None = None) -> WorkingTime:
    return WorkingTime.objects.create(posting=posting, is_full_time=is_full_time, effective_from=effective_from)


def a_contract(
    *, posting: Posting, number: str = "", started_on: date = date(2009, 1, 1), ended_on: date | None = None
) -> Contract:
    return Contract.objects.create(
        posting=posting, number=number, started_on=started_on, ended_on=ended_on, kind="township"
    )


def a_wage(
    *,
    posting: Posting,
    effective_from: date = date(2009, 1, 1),
    monthly_wage: Decimal | None = Decimal("1500.00"),
    employer_insurance: Decimal | None = Decimal("400.00"),
    housing_fund: Decimal | None = None,
) -> Wage:
    return Wage.objects.create(
        posting=posting,
        effective_from=effective_from,
        monthly_wage=monthly_wage,
        employer_insurance=employer_insurance,
        housing_fund=housing_fund,
    )


def a_suspension(
    *,
    posting: Posting,
    kind: SuspensionKind = SuspensionKind.UNPAID_LEAVE,
    started_on: date = date(2009, 1, 1),
    ended_on: date | None = None,
) -> Suspension:
    return Suspension.objects.create(posting=posting, kind=kind.value, started_on=started_on, ended_on=ended_on)


def a_round(
    *, township: Township, notice_title: str = "招聘劳动保障专职协理员公告", is_historical: bool = False
) -> RecruitmentRound:
    return RecruitmentRound.objects.create(township=township, notice_title=notice_title, is_historical=is_historical)


def a_transfer(*, posting: Posting, to_township: Township, last_day: date = date(2009, 6, 10)) -> Transfer:
    """One that waits to be received."""
    return Transfer.objects.create(
        posting=posting, to_township=to_township, last_day=last_day, document="调令", asked_at=timezone.now()
    )


def a_secondment(*, posting: Posting, started_on: date = date(2009, 1, 1), ended_on: date | None = None) -> Secondment:
    return Secondment.objects.create(
        posting=posting, home_unit="县财政局", kind="civil_servant", started_on=started_on, ended_on=ended_on
    )


def a_grant(
    *,
    township: Township,
    extra: int = 1,
    effective_from: date = date(2009, 1, 1),
    ended_on: date | None = None,
    approved: bool = True,
) -> EstablishmentGrant:
    return EstablishmentGrant.objects.create(
        township=township,
        extra=extra,
        effective_from=effective_from,
        ended_on=ended_on,
        document="批复",
        approved_at=timezone.now() if approved else None,
    )


def a_workbook(header: Sequence[str], *rows: Sequence[object]) -> bytes:
    """An .xlsx with one sheet."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()
