"""A small county from chance: places and postings that meet each other in every way."""

from datetime import date, timedelta
from random import Random

from django.utils import timezone

from foundation.dates import Month
from staffing.enums import Position, SuspensionKind
from staffing.models import Person
from tests.builders import a_grant, a_person, a_posting, a_suspension, a_township, a_unit
from townships.enums import TownshipKind, UnitKind
from townships.models import TownshipStatus

KINDS = tuple(UnitKind)


def a_random_county(random: Random) -> None:
    """Three townships with units of every kind, and postings that meet each other in every way."""
    townships = [
        a_township(code=f"33022610{number}", name=f"镇{number}", kind=random.choice(list(TownshipKind)))
        for number in range(3)
    ]
    units = [
        a_unit(
            township=random.choice(townships),
            code=f"3302261{number:05d}",
            kind=random.choice(KINDS),
            opened_on=random.choice((None, None, a_day(random))),
        )
        for number in range(8)
    ]
    people = [a_person(name=f"人{number}") for number in range(14)]
    Person.objects.filter(pk=people[0].pk).update(merged_into=people[1])
    Person.objects.filter(pk=people[1].pk).update(merged_into=people[2])
    for township in townships:
        started_on = a_day(random)
        a_grant(township=township, extra=random.randrange(1, 4), effective_from=started_on)
        a_grant(township=township, effective_from=started_on, approved=random.random() < 0.5)
        TownshipStatus.objects.create(
            township=township,
            effective_from=a_day(random),
            code="1",
            name=township.name,
            kind=random.choice(["town", "subdistrict"]),
        )
    used = set()
    for _ in range(45):
        position = random.choice(list(Position))
        unit = random.choice(units) if position.has_unit else None
        township = unit.township if unit else random.choice(townships)
        person, started_on = random.choice(people), a_day(random)
        if (person.pk, township.pk, unit and unit.pk, position) in used:
            continue
        used.add((person.pk, township.pk, unit and unit.pk, position))
        posting = a_posting(
            township=township,
            person=person,
            unit=unit,
            position=position,
            started_on=started_on,
            ended_on=random.choice((None, None, started_on + timedelta(days=random.randrange(200)))),
            is_full_time=random.choice((True, False, None)),
        )
        if random.random() < 0.2:
            a_suspension(posting=posting, kind=random.choice(list(SuspensionKind)), started_on=started_on)
        if random.random() < 0.1:
            posting.withdrawn_at, posting.withdrawn_reason = timezone.now(), "误录"
            posting.save()


def a_day(random: Random) -> date:
    return Month(2009, 1).first + timedelta(days=random.randrange(330))
