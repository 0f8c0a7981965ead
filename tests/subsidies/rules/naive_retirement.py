"""The retirement age once more: a month at a time, as somebody would count it on a calendar."""

from datetime import date

from foundation.dates import Month
from subsidies.rules.retirement import Retiree, RetirementAge


def naive_retirement(birth: Month, row: RetirementAge) -> tuple[int, Month]:
    """The age in months and the month in which it is reached."""
    delay = 0
    if row.delay is not None:
        month, waited = row.delay.first_birth_month, 0
        while month <= birth:
            if waited % row.delay.months_per_step == 0 and delay < row.delay.cap_months:
                delay += 1
            waited += 1
            month += 1
    reached = birth
    for _ in range(row.base_years * 12 + delay):
        reached += 1
    return row.base_years * 12 + delay, reached


def naive_is_past(day: date, retiree: Retiree | None, rows: tuple[RetirementAge, ...]) -> bool:
    """By what is in force on the first of the day's month."""
    first = day.replace(day=1)
    in_force = [row for row in rows if retiree and row.group is retiree.group and row.effective_from <= first]
    if retiree is None or not in_force:
        return False
    last = max(in_force, key=lambda row: row.effective_from)
    return naive_retirement(retiree.birth, last)[1].last < day
