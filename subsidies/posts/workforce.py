"""Who serves in the teams: by age, how long without a break, who left within a year, who retires within the next."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Q

from foundation.dates import add_months, completed_years
from staffing.enums import Position
from staffing.models import Posting
from subsidies.enums import Standing
from subsidies.posts.on_post import CountyOnDay
from subsidies.rules.facts import PostingFact
from subsidies.rules.retirement import Ages, is_near

MONTHS_BACK = 12
# The oldest of each band; further bands are for those beyond and for those whose birth is not recorded.
AGE_BANDS = (30, 40, 50, 60)
AGE_LABELS = (
    f"{AGE_BANDS[0]} 岁以下",
    *(f"{younger + 1}–{older} 岁" for younger, older in pairwise(AGE_BANDS)),
    f"{AGE_BANDS[-1] + 1} 岁以上",
    "未登记",
)
_ONE_DAY = timedelta(days=1)

OnPost = Mapping[tuple[int, Position], PostingFact]
"""Person and position -> one of the postings there; a person counts once in a position."""


class Service(NamedTuple):
    """That a person serves at a township, both days inclusive, suspended or not."""

    person: int
    position: Position
    township: int
    started_on: date
    ended_on: date | None

    def covers(self, day: date) -> bool:
        return self.started_on <= day and (self.ended_on is None or day <= self.ended_on)


@dataclass(frozen=True, slots=True)
class Turnover:
    """Who left in the MONTHS_BACK months up to a day: `before` and `now` are the people in service when they begin
    and end, `left` how often somebody left without serving on in the same position the day after."""

    before: int
    now: int
    left: int

    @property
    def percent(self) -> Decimal | None:
        """Those who left of the average of both numbers, to one decimal; None where there was nobody."""
        people = self.before + self.now
        if not people:
            return None
        return (Decimal(200 * self.left) / people).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Workforce:
    """The people of one position in some townships; without a position those of all together.

    `months_served`: the median of the months that those on post have served without a break, wherever in the county;
    None where nobody is on post. `retiring`: how many come to the retirement age within twelve months; None where
    that is not told.
    """

    position: Position | None
    on_post: int
    turnover: Turnover
    months_served: int | None
    retiring: int | None

    @property
    def is_known(self) -> bool:
        """Whether anybody is or was there."""
        return bool(self.on_post or self.turnover.before or self.turnover.now or self.turnover.left)


def on_post(county: CountyOnDay, townships: Collection[int]) -> dict[tuple[int, Position], PostingFact]:
    """Those on post in the given townships on the county's day."""
    return {
        (row.posting.person, row.posting.position): row.posting
        for row in county.serving
        if row.standing is not Standing.SUSPENDED and row.posting.township in townships
    }


def people_by_age(people: OnPost, day: date) -> dict[Position, Counter[int]]:
    """Position -> number of the age band among AGE_LABELS -> people, without positions where nobody is."""
    counted: dict[Position, Counter[int]] = {position: Counter() for position in Position}
    for (_, position), posting in people.items():
        counted[position][_band(posting.born_on, day)] += 1
    return {position: numbers for position, numbers in counted.items() if numbers}


def services(townships: Collection[int], day: date, merged: Mapping[int, int]) -> list[Service]:
    """Every service up to `day` of whoever served in the townships in the MONTHS_BACK months before, elsewhere too;
    in one statement. `merged` as facts have it."""
    known = Posting.objects.filter(withdrawn_at__isnull=True, started_on__lte=day)
    recently = Q(ended_on__isnull=True) | Q(ended_on__gte=add_months(day, -MONTHS_BACK))
    here = known.filter(recently, township__in=townships)
    people = Q(person__in=here.values("person")) | Q(person__in={*merged, *merged.values()})
    rows = known.filter(people).values_list("person", "position", "township", "started_on", "ended_on")
    return [
        Service(merged.get(person, person), Position(position), township, started_on, ended_on)
        for person, position, township, started_on, ended_on in rows
    ]


def turnover(served: Iterable[Service], townships: Collection[int], day: date) -> Turnover:
    """Of these services, as far as they are in the townships."""
    since = add_months(day, -MONTHS_BACK)
    of_person: dict[int, list[Service]] = defaultdict(list)
    for service in served:
        if service.township in townships:
            of_person[service.person].append(service)
    return Turnover(
        before=sum(any(row.covers(since) for row in rows) for rows in of_person.values()),
        now=sum(any(row.covers(day) for row in rows) for rows in of_person.values()),
        left=sum(len(_leavings(rows, since, day)) for rows in of_person.values()),
    )


def _leavings(rows: Sequence[Service], since: date, day: date) -> set[date]:
    """The last days, from `since` on, after which the person was away on a day up to `day`."""
    ends = {row.ended_on for row in rows if row.ended_on is not None and since <= row.ended_on < day}
    return {end for end in ends if not any(row.covers(end + _ONE_DAY) for row in rows)}


def months_served(served: Iterable[Service], day: date) -> dict[int, int]:
    """Person -> completed months up to `day` of service without a day between, in whatever team and position."""
    of_person: dict[int, list[Service]] = defaultdict(list)
    for service in served:
        of_person[service.person].append(service)
    return {person: _completed_months(_unbroken_since(rows, day), day) for person, rows in of_person.items()}


def _unbroken_since(rows: Iterable[Service], day: date) -> date:
    """The day after `day` where the person does not serve on it."""
    since = day + _ONE_DAY
    for row in sorted(rows, key=lambda row: row.ended_on or date.max, reverse=True):
        if row.ended_on is None or row.ended_on + _ONE_DAY >= since:
            since = min(since, row.started_on)
    return since


def _completed_months(since: date, day: date) -> int:
    """Both days inclusive."""
    after = day + _ONE_DAY
    months = (after.year - since.year) * 12 + after.month - since.month
    return months - (add_months(since, months) > after)


def workforce(
    position: Position | None,
    people: OnPost,
    served: Iterable[Service],
    townships: Collection[int],
    *,
    day: date,
    months: Mapping[int, int],
    ages: Ages | None,
) -> Workforce:
    """Of people on post and of services in the position, or in any; `months` is what everybody has served.

    Without `ages` nobody's retirement is told.
    """
    heads = {person for person, _ in people}
    return Workforce(
        position=position,
        on_post=len(heads),
        turnover=turnover(served, townships, day),
        months_served=median(months[person] for person in heads),
        retiring=None if ages is None else _near_retirement(people, day, ages),
    )


def _near_retirement(people: OnPost, day: date, ages: Ages) -> int:
    return len({person for (person, _), row in people.items() if is_near(day, row.record.retiree, ages)})


def median(numbers: Iterable[int]) -> int | None:
    """The one in the middle; of two in the middle their mean, rounded half up; None without any."""
    ordered = sorted(numbers)
    if not ordered:
        return None
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2] + 1) // 2


def _band(birthday: date | None, day: date) -> int:
    if birthday is None:
        return len(AGE_BANDS) + 1
    age = completed_years(birthday, day)
    return sum(age > oldest for oldest in AGE_BANDS)
