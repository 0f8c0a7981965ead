"""What an import of the roster or of grants wants stored; every entry knows its row of the file."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from staffing.enums import ContractKind, Education, Position
from staffing.national_id import NationalId


@dataclass(frozen=True, slots=True)
class ContractEntry:
    """A contract as far as the file states it; `is_open_ended` tells a stated lack of an end from a blank cell."""

    number: str
    started_on: date | None
    ended_on: date | None
    is_open_ended: bool
    kind: ContractKind | None
    employer: str


@dataclass(frozen=True, slots=True)
class WageEntry:
    """The parts of a wage that the file states, in yuan."""

    monthly_wage: Decimal | None
    employer_insurance: Decimal | None
    housing_fund: Decimal | None


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One checked row of the roster 花名册. None and empty text: the row does not say.

    `ended_on` None says "still on post", unless the file has no column for it (`says_end`). `source` is the word of
    the cell; `asks_for_recruitment`: whether the file has a column for the source or the notice.
    """

    row: int
    township_id: int
    unit_id: int | None
    position: Position
    name: str
    national_id: NationalId | None
    education: Education | None
    has_computer_skill: bool | None
    phone: str
    is_full_time: bool | None
    started_on: date
    ended_on: date | None
    says_end: bool
    end_reason: str
    source: str
    notice: str
    asks_for_recruitment: bool
    note: str
    contract: ContractEntry | None
    wage: WageEntry | None


@dataclass(frozen=True, slots=True)
class GrantEntry:
    row: int
    township_id: int
    extra: int
    effective_from: date
    ended_on: date | None
    document: str
