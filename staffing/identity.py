"""Giving a person a name and an id number, with everything by which they are found."""

from foundation.crypto import blind_index, encrypt
from staffing.models import Person, tail_index
from staffing.names import initials
from staffing.national_id import NationalId, masked


def name_person(person: Person, name: str) -> Person:
    """Set the name and its pinyin initials; not saved."""
    person.name = name
    person.initials = initials(name)
    return person


def identify(person: Person, national_id: NationalId) -> None:
    """Set the id number with its two keyed indexes, sex and birth date; not saved."""
    number = national_id.number
    person.national_id_encrypted = encrypt("national_id", number)
    person.national_id_masked = masked(number)
    person.national_id_index = blind_index("national_id", number)
    person.national_id_tail_index = tail_index(number)
    person.sex = national_id.sex.value
    person.born_on = national_id.born_on
