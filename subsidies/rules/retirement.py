"""The retirement age 退休年龄: a group's age by month of birth, from dated rows of a table. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from foundation.dates import Month
from staffing.enums import Position, RetirementGroup, Sex

# How many months ahead a retirement is told of.
MONTHS_AHEAD = 12


@dataclass(frozen=True, slots=True)
class Delay:
    """Later by a month for every `months_per_step` months that somebody is born after `first_birth_month`, which is
    the first to be delayed; by no more than `cap_months`."""

    first_birth_month: Month
    months_per_step: int
    cap_months: int

    def months_of(self, birth: Month) -> int:
        since = _number(birth) - _number(self.first_birth_month)
        return 0 if since < 0 else min(self.cap_months, since // self.months_per_step + 1)


@dataclass(frozen=True, slots=True)
class RetirementAge:
    """What a row of the table says of one group from a day on; without a delay the age is the same for everybody."""

    effective_from: date
    group: RetirementGroup
    base_years: int
    delay: Delay | None = None


Ages = Mapping[RetirementGroup, RetirementAge]
"""What is in force on a day."""


class Retirement(NamedTuple):
    """The age in months, and the month in which it is reached."""

    age_months: int
    month: Month


class Retiree(NamedTuple):
    """What decides on somebody's retirement: the group and the month of birth."""

    group: RetirementGroup
    birth: Month


def retirement_of(birth: Month, row: RetirementAge) -> Retirement:
    age = row.base_years * 12 + (row.delay.months_of(birth) if row.delay else 0)
    return Retirement(age, birth + age)


def group_of(sex: Sex | None, position: Position, recorded: RetirementGroup | None) -> RetirementGroup | None:
    """What is recorded of a woman goes before her position; None where the sex is not known."""
    if sex is None:
        return None
    if sex is Sex.MALE:
        return RetirementGroup.MALE
    if recorded is not None and recorded is not RetirementGroup.MALE:
        return recorded
    return RetirementGroup.FEMALE_CADRE if position is Position.PLATFORM_STAFF else RetirementGroup.FEMALE_WORKER


def retiree_of(
    born_on: date | None, sex: Sex | None, position: Position, recorded: RetirementGroup | None
) -> Retiree | None:
    """None where the birth or the sex is not known."""
    group = group_of(sex, position, recorded)
    return None if born_on is None or group is None else Retiree(group, Month.of(born_on))


def months_left(day: date, retiree: Retiree | None, ages: Ages) -> int | None:
    """How many months from that of `day` to the retirement, negative once it is over; None where nothing is known."""
    if retiree is None or not ages:
        return None
    row = ages.get(retiree.group)
    if row is None:
        return None
    return _number(retirement_of(retiree.birth, row).month) - _number(Month.of(day))


def is_past(day: date, retiree: Retiree | None, ages: Ages) -> bool:
    """Whether the month of the retirement is over on `day`."""
    left = months_left(day, retiree, ages)
    return left is not None and left < 0


def is_near(day: date, retiree: Retiree | None, ages: Ages) -> bool:
    """Whether the retirement comes in the month of `day` or in one of the next MONTHS_AHEAD."""
    left = months_left(day, retiree, ages)
    return left is not None and 0 <= left <= MONTHS_AHEAD


def _number(month: Month) -> int:
    return month.year * 12 + month.number - 1
