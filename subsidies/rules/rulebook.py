"""Which parameters are in force on a day."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import partial

from foundation.dates import Month
from foundation.remembered import Remembered
from subsidies.rules.parameters import MinimumWage, MonthParameters, Standard
from subsidies.rules.retirement import Ages, RetirementAge


class MissingParameter(Exception):
    """A month cannot be calculated: no standard, or no minimum wage, is in force on its first day."""


class Rulebook:
    """The approved standards, minimum wages and retirement ages that nobody replaces."""

    def __init__(
        self,
        standards: Iterable[Standard],
        minimum_wages: Iterable[MinimumWage],
        retirement_ages: Iterable[RetirementAge] = (),
    ) -> None:
        self._standards = sorted(standards, key=lambda row: row.effective_from)
        self._minimum_wages = sorted(minimum_wages, key=lambda row: row.effective_from)
        self._retirement_ages = sorted(retirement_ages, key=lambda row: row.effective_from)
        begun = {row.effective_from for row in self._standards} | {row.effective_from for row in self._minimum_wages}
        # Asked for again and again, of few days.
        self._of_month_of = Remembered(partial(_standard_of_month_of, self._standards))
        self._turning_days = sorted({(Month.of(day - timedelta(days=1)) + 1).first for day in begun})

    @property
    def standards(self) -> Sequence[Standard]:
        """By date."""
        return self._standards

    def turning_days(self) -> Sequence[date]:
        """The first days of the months whose standard or minimum wage is another than that of the month before."""
        return self._turning_days

    def standard_on(self, day: date) -> Standard | None:
        return _standard_on(self._standards, day)

    def standard_of_month_of(self, day: date) -> Standard | None:
        """The one in force on the first day of the month in which `day` is."""
        return self._of_month_of[day]

    def minimum_wage_on(self, day: date) -> MinimumWage | None:
        index = bisect_right(self._minimum_wages, day, key=lambda row: row.effective_from)
        return self._minimum_wages[index - 1] if index else None

    def retirement_on(self, day: date) -> Ages:
        """Of each group what is in force."""
        # The last of a group stands.
        return {row.group: row for row in self._retirement_ages if row.effective_from <= day}

    def has_month(self, month: Month) -> bool:
        """Whether parameters are in force in `month`."""
        try:
            self.for_month(month)
        except MissingParameter:
            return False
        return True

    def for_month(self, month: Month) -> MonthParameters:
        """What is in force on the first day of `month`; raises MissingParameter."""
        standard = self.standard_on(month.first)
        if standard is None:
            raise MissingParameter(f"{month.label} 1 日没有生效的补助标准,请先导入或审核补助标准。")
        minimum_wage = self.minimum_wage_on(month.first)
        if minimum_wage is None and standard.needs_minimum_wage:
            raise MissingParameter(f"{month.label} 1 日没有生效的最低工资标准,请先导入或审核最低工资标准。")
        return MonthParameters(standard, minimum_wage, self.retirement_on(month.first))


def _standard_on(standards: Sequence[Standard], day: date) -> Standard | None:
    index = bisect_right(standards, day, key=lambda row: row.effective_from)
    return standards[index - 1] if index else None


def _standard_of_month_of(standards: Sequence[Standard], day: date) -> Standard | None:
    return _standard_on(standards, day.replace(day=1))
