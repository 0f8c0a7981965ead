"""The facts of a person that one township writes for all: what each is called, how it reads, how it is written."""

from collections.abc import Mapping, Sequence

from foundation.bulk import update_rows
from foundation.dates import LAST_DAY
from staffing.enums import Education
from staffing.identity import identify, masked_phone, name_person, phone_person, unidentify
from staffing.models import ImportBatch, Person
from staffing.national_id import check, masked
from staffing.people import stated

# A text, whether something is known, or nothing; numbers in full.
Fact = str | bool | None
# What identifies a person: corrected in place.
IDENTITY = ("name", "national_id", "phone")
LABELS: Mapping[str, str] = {
    "name": "姓名",
    "national_id": "身份证号",
    "phone": "联系电话",
    "education": "学历",
    "has_computer_skill": "计算机操作",
}
BLANK = "空"
# What is stored with the person itself; qualifications are rows of their own.
PERSON_COLUMNS = (
    *("name", "initials", "spelling", "national_id_encrypted", "national_id_masked", "national_id_index"),
    *("national_id_tail_index", "sex", "born_on", "phone_encrypted", "phone_tail_index"),
)


def fact(person: Person, name: str) -> Fact:
    """What is stored; empty or None where nothing is."""
    if name in stated.FACTS:
        return stated.stated(person, name)
    value: Fact = getattr(person, name)
    return value


def is_stored(person: Person, name: str, value: Fact) -> bool:
    """Whether it is on record already: of a qualification that is so whatever its day."""
    return stated.is_stated(person, name, value) if name in stated.FACTS else fact(person, name) == value


def in_words(name: str, value: Fact, *, blank: str = BLANK) -> str:
    """As pages, previews and events tell it: numbers masked."""
    if value is None or value == "":
        return blank
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "national_id":
        return masked(value)
    if name == "phone":
        return masked_phone(value)
    return Education(value).label if name == "education" else value


def masked_facts(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """For an event: numbers masked, everything else as it is stored."""
    return {
        name: in_words(name, value, blank="") if name in ("national_id", "phone") else value
        for name, value in facts.items()
    }


def write_fact(person: Person, name: str, value: Fact) -> None:
    """Set a fact, its number correct; saved by `save_facts`."""
    if name == "name":
        name_person(person, str(value))
    elif name == "phone":
        phone_person(person, str(value or ""))
    elif name in stated.FACTS:
        stated.state(person, name, value)
    elif value:
        identify(person, check(str(value), today=LAST_DAY))
    else:
        unidentify(person)


def save_facts(people: Sequence[Person], batch: ImportBatch | None = None) -> None:
    """Store what was set of stored people, in a fixed number of statements."""
    update_rows(Person, people, PERSON_COLUMNS)
    stated.save_stated(people, batch)
