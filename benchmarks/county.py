"""A county of a given number of lines in an empty database, written in bulk, with the months before approved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

from django.db import connection, transaction

from benchmarks.divisions import Place, places
from benchmarks.rows import insert
from foundation.bulk import next_ids
from foundation.dates import Month, months_between
from staffing.enums import Position
from staffing.models import Contract, Person, Posting, Qualification, Suspension, Wage, WorkingTime
from subsidies.calculation.calculated import preview
from subsidies.enums import RunState
from subsidies.models import LedgerParameters, SubsidyRun
from subsidies.policy.file import read_policy
from subsidies.policy.services import import_policy
from subsidies.revisions.revisions import digest_of, write_revision
from subsidies.runs.steps import move
from townships.enums import TownshipKind, UnitKind
from townships.models import FIRST_STATUS_FROM, County, GrassrootsUnit, HouseholdCount, Township, TownshipStatus

MONTH = Month(2010, 4)
"""The month that is calculated."""
POLICY = Path(__file__).parent.parent / "subsidies" / "demo" / "policy.toml"
NOW = datetime(2010, 4, 30, 4, 0, tzinfo=UTC)
_STARTED = date(2009, 3, 1)
_POSITIONS = {
    UnitKind.COMMUNITY: Position.COMMUNITY_COORDINATOR,
    UnitKind.VILLAGE: Position.VILLAGE_COORDINATOR,
    UnitKind.RESIDENTS_COMMITTEE: Position.VILLAGE_COORDINATOR,
}
_WAGES = (Decimal("1400.00"), Decimal("1500.00"), Decimal("1650.00"), None)
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗葛娄鲍应尤邬潘储童叶"


@dataclass(frozen=True, slots=True)
class _Post:
    """A posting to be: its place and, from a serial number, everything that makes it differ from others."""

    serial: int
    township: int
    unit: int | None
    position: Position

    @property
    def started_on(self) -> date:
        """Three in a hundred begin within a month of the ledger."""
        return _STARTED if self.serial % 33 else _STARTED + timedelta(days=self.serial % 390)

    @property
    def ended_on(self) -> date | None:
        """One in a hundred leaves within the last months."""
        leaves = self.serial % 97 == 5 and self.started_on == _STARTED
        return date(2010, 1, 1) + timedelta(days=self.serial % 110) if leaves else None

    @property
    def is_second(self) -> bool:
        """One coordinator in two hundred is the person of the posting before: on two posts, paid once."""
        return self.unit is not None and self.serial % 200 == 3


def build(lines: int, *, folder: Path | None, months_back: int, one_township: bool = False) -> None:
    """A county with `lines` subsidised postings, and `months_back` approved months before MONTH.

    Real places where `folder` names the package. After the last approval one posting in a hundred is corrected, so
    that MONTH settles differences.
    """
    with transaction.atomic():
        county = County.objects.create(code="330226", name="测算县", is_demonstration=True)
        posts = _places(county, _enough(places(folder), lines, one_township=one_township), lines)
        _people(posts)
        import_policy(policy=read_policy(POLICY.read_bytes()), actor=None, now=NOW)
    with transaction.atomic():
        first = MONTH - months_back
        LedgerParameters.objects.create(county=county, first_month=first.first if months_back else None)
        for month in months_between(first, MONTH - 1):
            _approved(county, month)
        if months_back:
            _correct()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _enough(found: Iterator[Place], lines: int, *, one_township: bool) -> list[Place]:
    """As many places as hold the lines, or all in one; two assistants a township."""
    taken: list[Place] = []
    count = 0
    for place in found:
        taken.append(place)
        count += 2 + sum(unit.kind in _POSITIONS for unit in place.units)
        if count >= lines:
            break
    if not one_township:
        return taken
    first = taken[0]
    return [Place(first.code, first.name, first.kind, tuple(unit for place in taken for unit in place.units))]


def _places(county: County, taken: Sequence[Place], lines: int) -> list[_Post]:
    """Write townships, units and household counts; the posts at them."""
    township_ids = next_ids(Township, len(taken))
    insert(
        Township,
        ("id", "county", "code", "name"),
        ((pk, county.pk, place.code, place.name) for pk, place in zip(township_ids, taken, strict=True)),
    )
    insert(
        TownshipStatus,
        ("township", "effective_from", "code", "name", "kind", "is_central_town"),
        (
            (pk, FIRST_STATUS_FROM, place.code, place.name, place.kind.value, False)
            for pk, place in zip(township_ids, taken, strict=True)
        ),
    )
    units = [(pk, unit) for pk, place in zip(township_ids, taken, strict=True) for unit in place.units]
    unit_ids = next_ids(GrassrootsUnit, len(units))
    insert(
        GrassrootsUnit,
        ("id", "township", "code", "name", "kind"),
        (
            (pk, township, unit.code, unit.name, unit.kind.value)
            for pk, (township, unit) in zip(unit_ids, units, strict=True)
        ),
    )
    insert(
        HouseholdCount,
        ("unit", "households", "counted_on", "effective_from", "entered_at", "approved_at"),
        (
            (pk, 40 + pk * 37 % 580, date(2009, 1, 1), date(2009, 1, 1), NOW, NOW)
            for pk, (_, unit) in zip(unit_ids, units, strict=True)
            # One village in five hundred has no count.
            if _POSITIONS.get(unit.kind) is Position.VILLAGE_COORDINATOR and pk % 500
        ),
    )
    found = [
        (township, None, Position.ASSISTANT)
        for township, place in zip(township_ids, taken, strict=True)
        for _ in range(3 if place.kind is TownshipKind.SUBDISTRICT else 2)
    ] + [
        (township, pk, _POSITIONS[unit.kind])
        for pk, (township, unit) in zip(unit_ids, units, strict=True)
        if unit.kind in _POSITIONS
    ]
    # More lines than places: assistants beyond the quota, who are listed at 0.00.
    found += [(township_ids[number % len(taken)], None, Position.ASSISTANT) for number in range(lines - len(found))]
    return [_Post(serial, *place) for serial, place in enumerate(islice(found, lines))]


def _people(posts: Sequence[_Post]) -> None:
    """Write persons, postings, contracts, wages and suspensions."""
    person_ids = next_ids(Person, len(posts))
    insert(
        Person,
        ("id", "name"),
        ((pk, _name(post.serial)) for pk, post in zip(person_ids, posts, strict=True)),
    )
    insert(
        Qualification,
        ("person", "kind", "level"),
        (
            (pk, kind, level)
            for pk, post in zip(person_ids, posts, strict=True)
            for kind, level in (
                ("education", "college" if post.serial % 4 else "senior_secondary"),
                ("computer", "skilled"),
            )
        ),
    )
    posting_ids = next_ids(Posting, len(posts))
    insert(
        Posting,
        ("id", "person", "township", "unit", "position", "started_on", "ended_on"),
        (
            (
                *(pk, person - post.is_second, post.township, post.unit, post.position.value),
                *(post.started_on, post.ended_on),
            )
            for pk, person, post in zip(posting_ids, person_ids, posts, strict=True)
        ),
    )
    insert(WorkingTime, ("posting", "is_full_time"), ((pk, True) for pk in posting_ids))
    insert(
        Contract,
        ("posting", "number", "started_on", "ended_on", "kind"),
        (
            (pk, f"HT-{post.serial}", _STARTED, date(2012, 2, 29), "township")
            for pk, post in zip(posting_ids, posts, strict=True)
            if post.position is Position.ASSISTANT
        ),
    )
    insert(
        Wage,
        ("posting", "effective_from", "monthly_wage", "employer_insurance"),
        (
            (pk, post.started_on, _WAGES[post.serial % len(_WAGES)], Decimal("400.00"))
            for pk, post in zip(posting_ids, posts, strict=True)
        ),
    )
    insert(
        Suspension,
        ("posting", "kind", "started_on", "ended_on"),
        (
            (pk, "unpaid_leave", date(2010, 3, 10), date(2010, 4, 1 + post.serial % 29))
            for pk, post in zip(posting_ids, posts, strict=True)
            if post.serial % 120 == 7
        ),
    )


def _name(serial: int) -> str:
    return _SURNAMES[serial % len(_SURNAMES)] + chr(0x4E00 + serial // len(_SURNAMES) % 20000)


def _approved(county: County, month: Month) -> None:
    """The run of `month` with its lines, moved through its states without the guards and the seal of an approval."""
    calculated = preview(month)
    run = SubsidyRun.objects.create(county=county, month=month.first, retro_months=12)
    digest = digest_of(calculated)
    revision = write_revision(run, calculated, number=1, digest=digest, calculated_by_id=None)
    run.current_revision = revision
    run.save(update_fields=["current_revision"])
    revision.sent_at = NOW
    revision.save(update_fields=["sent_at"])
    move(run, RunState.IN_REVIEW, NOW)
    move(run, RunState.APPROVED, NOW)


def _correct() -> None:
    """Late facts: one posting in a hundred left in the middle of the month before."""
    late = Posting.objects.filter(ended_on__isnull=True).extra(where=["id %% 100 = 50"])
    late.filter(started_on__lt=date(2010, 3, 1)).update(ended_on=date(2010, 3, 15))
