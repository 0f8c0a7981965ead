"""From counted days to an amount with its steps: rate, proration, reason (domain rules 5-8; opinion 二.1)."""

from decimal import Decimal
from typing import NamedTuple

from foundation.dates import Month
from foundation.remembered import Remembered
from foundation.rounding import ZERO, rounded
from staffing.enums import Check, Position
from subsidies.rules import days
from subsidies.rules.competition import PostingDays
from subsidies.rules.methods import CURRENT_METHOD, METHODS, Method, Words
from subsidies.rules.parameters import Band, CalendarDay, MonthParameters, WholeIfOnDay
from subsidies.rules.rates import Rate, band_rate, tariff_rate
from subsidies.rules.results import Reason, Result, Step

_LOST_DAYS = (
    ("without_post", Reason.UNIT_WITHOUT_POST),
    ("suspended", Reason.SUSPENDED),
    ("duplicate", Reason.DUPLICATE_PERSON),
    ("over_quota", Reason.OVER_QUOTA),
)


# What a posting brings to the formulas of a month: its position and days, the households of a village coordinator's
# unit, the check that blocks it, and the cost of its days on post where that caps. A plain tuple: one is made for
# every posting and month.
Circumstances = tuple[Position, PostingDays, int | None, Check | None, Decimal | None]


class Key(NamedTuple):
    """Everything the amount of one posting depends on within one month; days are numbers of days."""

    position: Position
    in_service: int
    without_post: int
    suspended: int
    duplicate: int
    over_quota: int
    counted: int
    on_proration_day: bool
    band: int | None
    blocked_by: Check | None
    cap: Decimal | None


class Outcome(NamedTuple):
    key: Key
    result: Result


class MonthFormulas:
    """The formulas of one month with the parameters in force on its first day.

    `outcomes[circumstances]` is what they come to. Circumstances are many, keys are few; equal keys share one result.
    """

    def __init__(self, month: Month, parameters: MonthParameters, method: Method = METHODS[CURRENT_METHOD]) -> None:
        self.month = month
        self.parameters = parameters
        self.method = method
        self.outcomes: Remembered[Circumstances, Outcome] = Remembered(self._outcome)
        self._results: Remembered[Key, Result] = Remembered(self._compute)

    def _outcome(self, circumstances: Circumstances) -> Outcome:
        position, posting_days, households, blocked_by, cap = circumstances
        if households is not None:
            band = self.parameters.standard.band_of(households).from_households
            if band != households:  # of a band all counts come to the same as its lowest one
                return self.outcomes[position, posting_days, band, blocked_by, cap]
        key = self._key(circumstances)
        return Outcome(key, self._results[key])

    def _key(self, circumstances: Circumstances) -> Key:
        position, posting_days, band, blocked_by, cap = circumstances
        counted = posting_days.counted
        proration = self.parameters.standard.proration
        return Key(
            position=position,
            in_service=days.count(posting_days.in_service),
            without_post=days.count(posting_days.without_post),
            suspended=days.count(posting_days.suspended),
            duplicate=days.count(posting_days.duplicate),
            over_quota=days.count(posting_days.over_quota),
            counted=days.count(counted),
            on_proration_day=isinstance(proration, WholeIfOnDay) and days.has_day(counted, self._proration_day),
            band=band,
            blocked_by=blocked_by,
            cap=cap,
        )

    def _compute(self, key: Key) -> Result:
        words = self._words
        rate, steps = self._rate(key)
        steps = [*steps, *self._steps_of_days(key)]
        reason = self._reason(key)
        if reason == Reason.NOT_ON_DAY:
            steps.append(Step(words.proration_day, f"{self._proration_day} 日", self._document))
        if reason or rate is None:
            return Result(rate, ZERO, reason, tuple(steps), self._sentence_of_nothing(key, reason))
        amount, proration_step = self._prorated(key, rate)
        steps.append(proration_step)
        capped = ""
        if key.cap is not None and key.cap < amount:
            steps.append(Step(words.cap, f"{key.cap:,.2f} 元", self._document))
            amount, capped = key.cap, words.capped
        if not amount and self.method.tells_nothing_due:
            reason = Reason.NOTHING_DUE.value
            return Result(rate, ZERO, reason, tuple(steps), self._sentence_of_nothing(key, reason))
        return Result(rate, amount, "", tuple(steps), self._sentence_of_amount(key, rate, capped, amount))

    @property
    def _words(self) -> Words:
        return self.method.words

    @property
    def _document(self) -> str:
        return self.parameters.standard.document

    @property
    def _proration_day(self) -> int:
        """The day of the month that decides, where one does; else the last."""
        proration = self.parameters.standard.proration
        return min(proration.day, self.month.days) if isinstance(proration, WholeIfOnDay) else self.month.days

    def _rate(self, key: Key) -> tuple[Decimal | None, list[Step]]:
        """Rule 5: the monthly rate, rounded once."""
        standard, words = self.parameters.standard, self._words
        if key.position is not Position.VILLAGE_COORDINATOR:
            rate = tariff_rate(key.position, self.parameters)
            return rate.amount, [*self._steps_of_minimum_wage(rate), self._step_of_rate(rate)]
        if key.band is None:
            return None, [Step(words.households, words.no_households, words.tariff_clause)]
        band = standard.band_of(key.band)
        steps = [Step(words.band, self._band_label(band), words.tariff_clause)]
        rate = band_rate(band, standard.village_percent)
        if rate.base is not None:
            steps.append(Step(words.secretary_pay, f"{rate.base:,.2f} 元", standard.document))
        return rate.amount, [*steps, self._step_of_rate(rate)]

    def _steps_of_minimum_wage(self, rate: Rate) -> list[Step]:
        wage = self.parameters.minimum_wage
        if rate.base is None or wage is None:
            return []
        return [Step(self._words.minimum_wage, f"{wage.amount:,.2f} 元/月({wage.effective_from} 起)", wage.document)]

    def _step_of_rate(self, rate: Rate) -> Step:
        if rate.base is None or rate.percent is None:
            return Step(self._words.rate, f"定额 {rate.amount:,.2f} 元/月", self._document)
        how = f"{rate.base:,.2f} × {plain(rate.percent)}% = {rate.amount:,.2f} 元/月"
        return Step(self._words.rate, how, self._words.tariff_clause)

    def _band_label(self, band: Band) -> str:
        """The band in words, e.g. 101–200 户."""
        words, lowest = self._words, band.from_households
        above = [other.from_households for other in self.parameters.standard.bands if other.from_households > lowest]
        if not above:
            return words.highest_band.format(lowest=lowest)
        shape = words.middle_band if lowest else words.lowest_band
        return shape.format(lowest=lowest, below=min(above) - 1)

    def _steps_of_days(self, key: Key) -> list[Step]:
        words = self._words
        of_post = words.clause_of(Check.OVER_QUOTA, key.position)
        bases = {
            Reason.SUSPENDED: self._document,
            Reason.DUPLICATE_PERSON: words.clause_of(Check.DUPLICATE_PERSON, key.position),
        }
        steps = [Step(words.days, f"{key.in_service} 天(当月 {self.month.days} 天)", of_post)]
        for name, reason in _LOST_DAYS:
            lost = getattr(key, name)
            if lost:
                label = f"{words.lost_days}:{words.label_of(reason.value)}"
                steps.append(Step(label, f"{lost} 天", bases.get(reason, of_post)))
        if key.blocked_by is not None:
            basis = f"{words.clause_of(key.blocked_by, key.position)};{self._document}"
            steps.append(Step(words.check, words.checks[key.blocked_by.value], basis))
        steps.append(Step(words.counted_days, f"{key.counted} 天", of_post))
        return steps

    def _reason(self, key: Key) -> str:
        """Rule 7: the first reason that applies; empty when money flows."""
        if key.counted == 0:
            return next(reason.value for name, reason in _LOST_DAYS if getattr(key, name))
        if key.position is Position.VILLAGE_COORDINATOR and key.band is None:
            return Reason.HOUSEHOLDS_MISSING.value
        if key.blocked_by is not None:
            return key.blocked_by.value
        if isinstance(self.parameters.standard.proration, WholeIfOnDay) and not key.on_proration_day:
            return Reason.NOT_ON_DAY.value
        return ""

    def _prorated(self, key: Key, rate: Decimal) -> tuple[Decimal, Step]:
        """Rule 6: by calendar days, or whole when the proration day is counted."""
        if isinstance(self.parameters.standard.proration, WholeIfOnDay):
            return rate, Step(
                self._words.proration, f"{self._proration_day} 日在岗,全月计发 {rate:,.2f} 元", self._document
            )
        if key.counted == self.month.days:
            return rate, Step(self._words.proration, f"全月在岗,计发 {rate:,.2f} 元", self._document)
        amount = rounded(rate * key.counted / self.month.days)
        words = f"{rate:,.2f} × {key.counted} ÷ {self.month.days} = {amount:,.2f} 元"
        return amount, Step(self._words.proration, words, self._document)

    def _sentence_of_amount(self, key: Key, rate: Decimal, capped: str, amount: Decimal) -> str:
        days_text = "全月计发" if key.counted == self.month.days else f"计发 {key.counted}/{self.month.days} 天"
        if not isinstance(self.parameters.standard.proration, CalendarDay):
            days_text = "基准日在岗,全月计发"
        return f"{self.month.label}补助标准 {rate:,.2f} 元,{days_text}{capped},应补 {amount:,.2f} 元。"

    def _sentence_of_nothing(self, key: Key, reason: str) -> str:
        if reason == Reason.NOT_ON_DAY:
            return f"{self.month.label} {self._proration_day} 日不在计发之列,按规定本月不补助。"
        if key.blocked_by is not None and reason == key.blocked_by.value:
            return f"{self.month.label}{self._words.checks[key.blocked_by.value]},按现行标准停发补助。"
        return f"{self.month.label}不补助:{self._words.label_of(reason)}。"


def plain(number: Decimal) -> str:
    """A number without trailing zeros or exponent: 180.00 as 180."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def result_of_nothing(reason: Reason, method: Method = METHODS[CURRENT_METHOD]) -> Result:
    """What is said of a posting that was paid for a month and is no longer due anything for it."""
    words = method.words
    label = words.reasons[reason.value]
    step = Step(words.nothing_label, f"0.00 元:{label}", words.tariff_clause)
    return Result(None, ZERO, reason.value, (step,), words.nothing.format(reason=label))
