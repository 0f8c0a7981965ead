"""Who on post comes to the retirement age soon; nothing here tells the month of anybody's birth."""

from collections.abc import Sequence
from datetime import date

from foundation.dates import add_months
from staffing.enums import Position, RetirementGroup, Sex
from staffing.models import Person, PostingQuerySet
from subsidies.policy.in_force import all_retirement_ages, counts, retirement_age
from subsidies.policy.words import age_words
from subsidies.rules.retirement import MONTHS_AHEAD, Ages, Retiree, is_near, retiree_of, retirement_of
from subsidies.rules.rulebook import Rulebook

_STORED = ("pk", "person__born_on", "person__sex", "person__retirement_group", "position")


def ages_in_force(day: date) -> Ages:
    """What counts on the first of the day's month, in one statement."""
    rows = [retirement_age(row) for row in all_retirement_ages() if counts(row)]
    return Rulebook((), (), rows).retirement_on(day.replace(day=1))


def retirement_in_words(person: Person, positions: Sequence[str], day: date) -> str:
    """按女工人 2039年11月到退休年龄(55 周岁); empty for whoever holds none of the positions, and where nothing is
    known. Only beside a whole id number: it tells the month of birth."""
    if not positions:
        return ""
    retiree = _retiree(person.born_on, person.sex, person.retirement_group, positions[0])
    row = ages_in_force(day).get(retiree.group) if retiree else None
    if retiree is None or row is None:
        return ""
    found = retirement_of(retiree.birth, row)
    return f"按{retiree.group.label} {found.month.label}到退休年龄({age_words(found.age_months)})"


def _retiree(born_on: date | None, sex: str, recorded: str, position: str) -> Retiree | None:
    """Of values as they are stored."""
    group = RetirementGroup(recorded) if recorded else None
    return retiree_of(born_on, Sex(sex) if sex else None, Position(position), group)


def near_retirement(postings: PostingQuerySet, day: date) -> PostingQuerySet:
    """Those whose people come to the age in the month of `day` or in one of the next twelve; two statements."""
    ages = ages_in_force(day)
    if not ages:
        return postings.none()
    youngest = min(row.base_years for row in ages.values()) * 12 - MONTHS_AHEAD - 1
    rows = postings.filter(person__born_on__lte=add_months(day, -youngest)).order_by().values_list(*_STORED)
    return postings.filter(pk__in=[pk for pk, *stored in rows if is_near(day, _retiree(*stored), ages)])
