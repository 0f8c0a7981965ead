"""What a line keeps of its posting for the sheets that people sign: a short list in a fixed order.

Kept with the line, so that a sheet of years ago says what was known then. The id number is masked; the full one is
nowhere in it.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from foundation.dates import Month
from staffing.enums import Education
from subsidies.rules.checks import contract_on
from subsidies.rules.dues import count_of
from subsidies.rules.facts import CostFact, PostingFact, UnitFact
from subsidies.rules.held import education_on, is_full_time_on


class LineDetails(NamedTuple):
    """Dates are inclusive, None where there is none; amounts are yuan a month, None where not known.

    Education, working time, contract and wage are those held or in force on the last day on post in the month, or on
    the month's last day.
    """

    national_id: str
    education: str
    is_full_time: bool | None
    started_on: date
    ended_on: date | None
    has_contract: bool
    contract_from: date | None
    contract_until: date | None
    monthly_wage: Decimal | None
    employer_insurance: Decimal | None
    counted_on: date | None
    housing_fund: Decimal | None

    def as_list(self) -> list[str | bool | None]:
        """In the order of the fields; dates and amounts as text."""
        return [
            self.national_id,
            self.education,
            self.is_full_time,
            str(self.started_on),
            _text(self.ended_on),
            self.has_contract,
            _text(self.contract_from),
            _text(self.contract_until),
            _text(self.monthly_wage),
            _text(self.employer_insurance),
            _text(self.counted_on),
            _text(self.housing_fund),
        ]

    @classmethod
    def from_list(cls, stored: Sequence[Any]) -> "LineDetails":
        """What `as_list` wrote; lists from before the housing fund was kept are shorter."""
        said: dict[str, Any] = {**dict.fromkeys(cls._fields), **dict(zip(cls._fields, stored, strict=False))}
        return cls(
            national_id=said["national_id"],
            education=said["education"],
            is_full_time=said["is_full_time"],
            started_on=date.fromisoformat(said["started_on"]),
            ended_on=_day(said["ended_on"]),
            has_contract=said["has_contract"],
            contract_from=_day(said["contract_from"]),
            contract_until=_day(said["contract_until"]),
            monthly_wage=_amount(said["monthly_wage"]),
            employer_insurance=_amount(said["employer_insurance"]),
            counted_on=_day(said["counted_on"]),
            housing_fund=_amount(said["housing_fund"]),
        )

    @property
    def education_label(self) -> str:
        return Education(self.education).label if self.education else ""

    @property
    def full_time_label(self) -> str:
        return {True: "专职", False: "兼职", None: ""}[self.is_full_time]

    @property
    def contract_label(self) -> str:
        """2009-03-01 至 2012-02-29; empty where there is no contract."""
        if not self.has_contract:
            return ""
        return f"{self.contract_from} 至 {self.contract_until or '无固定期限'}"


def details_of(
    posting: PostingFact,
    month: Month,
    day: date,
    unit: UnitFact | None,
    cost: CostFact | None,
    *,
    known_until: date,
) -> LineDetails:
    """The details of a posting for one month; `day` is the last one on post, or the month's, and `cost` in force on
    it. An end after which no day up to `known_until` is left is none yet (domain 5)."""
    contract = contract_on(day, posting.record)
    count = count_of(month, unit) if unit is not None else None
    education = education_on(day, posting.record.educations)
    return LineDetails(
        national_id=posting.national_id_masked,
        education=education.value if education else "",
        is_full_time=is_full_time_on(day, posting.record.working_times),
        started_on=posting.started_on,
        ended_on=posting.ended_on if posting.ended_on is not None and posting.ended_on < known_until else None,
        has_contract=contract is not None,
        contract_from=contract.started_on if contract else None,
        contract_until=contract.ended_on if contract else None,
        monthly_wage=cost.monthly_wage if cost else None,
        employer_insurance=cost.employer_insurance if cost else None,
        counted_on=count.counted_on if count else None,
        housing_fund=cost.housing_fund if cost else None,
    )


def _text(value: date | Decimal | None) -> str | None:
    return None if value is None else str(value)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
