"""What is improbable in an entry of personnel, as sentences to be asked back once.

The bounds are those of this interface: where a slip of the pen is more likely than the truth. They are no rules of the
opinion and decide nothing, since whoever is asked may save all the same; so they are neither dated nor parameters.
What depends on a rule reads it: the minimum wage is the one in force on the day.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from foundation.dates import add_months, completed_years
from pages.personnel.words import Fields
from staffing.enums import Position, RetirementGroup, Sex
from staffing.models import Contract, Person, Posting, Suspension, Wage
from staffing.written_names import doubts_about
from subsidies.policy.in_force import rulebook_in_force
from subsidies.posts.retiring import ages_in_force
from subsidies.rules.retirement import is_past, retiree_of
from subsidies.rules.rulebook import Rulebook

DAYS_AHEAD = 60
FIRST_YEAR = 1990
LONGEST_NAME = 15
YOUNGEST, OLDEST = 16, 60  # completed years
LOWEST_WAGE, HIGHEST_WAGE = Decimal("0.5"), Decimal(5)  # times the minimum wage
CONTRACT_YEARS = 10


def none(row: object, fields: Fields, today: date) -> Iterator[str]:
    """Of entries that are never improbable."""
    yield from ()


def of_leaving(posting: Posting, fields: Fields, today: date) -> Iterator[str]:
    yield from _far_ahead("离岗日期", fields["ended_on"], today)


def of_dates(posting: Posting, fields: Fields, today: date) -> Iterator[str]:
    yield from of_first_day(posting.person, fields["started_on"], today, position=Position(posting.position))
    yield from _far_ahead("离岗日期", fields["ended_on"], today)


def of_name(name: str) -> Iterator[str]:
    """An odd name; what is none at all is refused by the form."""
    found = [f"姓名{doubt}。" for doubt in doubts_about(name)]
    if len(name) > LONGEST_NAME:
        found.append(f"姓名“{name}”有 {len(name)} 个字,超过 {LONGEST_NAME} 个。")
    if not found and any(character.isascii() and character.isalpha() for character in name):
        found.append(f"姓名“{name}”里有字母。")
    yield from found


def of_first_day(person: Person, day: date, today: date, *, position: Position, name: str = "") -> Iterator[str]:
    """A first day far ahead or long ago, or of somebody too young or too old for the position; `name` is what the
    reader may know of the person's. The birth date is not told."""
    yield from _far_ahead("到岗日期", day, today)
    yield from _long_ago("到岗日期", day)
    if person.born_on is None:
        return
    if completed_years(person.born_on, day) < YOUNGEST:
        yield f"{name or person.name}在 {day} 到岗时不满 {YOUNGEST} 岁。"
    if _is_retired(person, day, position):
        yield f"{name or person.name}在 {day} 到岗时已过退休年龄。"


def _is_retired(person: Person, day: date, position: Position) -> bool:
    """By the table of retirement ages in force; OLDEST is asked where there is none."""
    if person.born_on is None:
        return False
    ages = ages_in_force(day)
    if not ages:
        return completed_years(person.born_on, day) >= OLDEST
    recorded = RetirementGroup(person.retirement_group) if person.retirement_group else None
    sex = Sex(person.sex) if person.sex else None
    return is_past(day, retiree_of(person.born_on, sex, position, recorded), ages)


def of_stop(row: Posting | Suspension, fields: Fields, today: date) -> Iterator[str]:
    yield from _far_ahead("停发起始", fields["started_on"], today)
    yield from _long_ago("停发起始", fields["started_on"])


def of_contract(row: Posting | Contract | None, fields: Fields, today: date) -> Iterator[str]:
    """A contract that begins far ahead or long ago, or that lasts very long."""
    first, last = fields["started_on"], fields.get("ended_on")
    yield from _far_ahead("合同起始", first, today)
    yield from _long_ago("合同起始", first)
    if last is not None and last >= add_months(first, 12 * CONTRACT_YEARS):
        yield f"合同从 {first} 到 {last},超过 {CONTRACT_YEARS} 年。"


def of_new_wage(posting: Posting, fields: Fields, today: date) -> Iterator[str]:
    """As of any wage, and where there is one of that day already, which this one corrects."""
    yield from of_wage(posting, fields, today)
    there = posting.wages.live().filter(effective_from=fields["effective_from"]).first()
    if there is not None and there.monthly_wage is not None:
        now = f"{fields['monthly_wage']:,.2f} 元"
        yield f"{there.effective_from} 起已登记月工资 {there.monthly_wage:,.2f} 元,保存后改为 {now}。"


def of_wage(row: Posting | Wage, fields: Fields, today: date) -> Iterator[str]:
    day = fields["effective_from"]
    yield from of_effect(day, today)
    yield from of_monthly_wage(fields["monthly_wage"], day)


def of_effect(day: date, today: date) -> Iterator[str]:
    """The day from which something is in force, far ahead or long ago."""
    yield from _far_ahead("执行日期", day, today)
    yield from _long_ago("执行日期", day)


def of_monthly_wage(wage: Decimal, day: date) -> Iterator[str]:
    """One far from the minimum wage in force on the day; nothing where none is."""
    yield from far_wage(wage, day, rulebook_in_force())


def far_wage(wage: Decimal, day: date, rules: Rulebook) -> Iterator[str]:
    minimum = rules.minimum_wage_on(day)
    if minimum is None:
        return
    told = f"月工资 {wage:,.2f} 元,{day} 的最低工资标准是 {minimum.amount:,.2f} 元"
    if wage < minimum.amount * LOWEST_WAGE:
        yield f"{told},还不到它的一半。"
    if wage > minimum.amount * HIGHEST_WAGE:
        yield f"{told},超过它的 {HIGHEST_WAGE} 倍。"


def _far_ahead(label: str, day: date | None, today: date) -> Iterator[str]:
    if day is not None and day > today + timedelta(days=DAYS_AHEAD):
        yield f"{label} {day} 在 {(day - today).days} 天以后。"


def _long_ago(label: str, day: date | None) -> Iterator[str]:
    if day is not None and day.year < FIRST_YEAR:
        yield f"{label} {day} 早于 {FIRST_YEAR} 年。"
