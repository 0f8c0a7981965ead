"""Who on post comes to the retirement age soon; nothing here tells the month of anybody's birth."""

from datetime import date

from foundation.dates import add_months
from staffing.enums import Position, RetirementGroup, Sex
from staffing.models import PostingQuerySet
from subsidies.policy.in_force import all_retirement_ages, counts, retirement_age
from subsidies.rules.retirement import MONTHS_AHEAD, Ages, is_near, retiree_of
from subsidies.rules.rulebook import Rulebook

_STORED = ("pk", "person__born_on", "person__sex", "person__retirement_group", "position")


def ages_in_force(day: date) -> Ages:
    """What counts on the first of the day's month, in one statement."""
    rows = [retirement_age(row) for row in all_retirement_ages() if counts(row)]
    return Rulebook((), (), rows).retirement_on(day.replace(day=1))


def near_retirement(postings: PostingQuerySet, day: date) -> PostingQuerySet:
    """Those whose people come to the age in the month of `day` or in one of the next twelve; two statements."""
    ages = ages_in_force(day)
    if not ages:
        return postings.none()
    youngest = min(row.base_years for row in ages.values()) * 12 - MONTHS_AHEAD - 1
    rows = postings.filter(person__born_on__lte=add_months(day, -youngest)).order_by().values_list(*_STORED)
    near = []
    for pk, born_on, sex, recorded, position in rows:
        group = RetirementGroup(recorded) if recorded else None
        retiree = retiree_of(born_on, Sex(sex) if sex else None, Position(position), group)
        if is_near(day, retiree, ages):
            near.append(pk)
    return postings.filter(pk__in=near)
