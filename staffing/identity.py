"""Giving a person a name, an id number and a phone number, with everything by which they are found."""

from foundation.crypto import blind_index, encrypt
from staffing.models import Person, phone_tail_index, tail_index
from staffing.names import initials, spelling
from staffing.national_id import NationalId, masked


def name_person(person: Person, name: str) -> Person:
    """Set the name with its pinyin; not saved."""
    person.name = name
    person.initials = initials(name)
    person.spelling = spelling(name)
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


def unidentify(person: Person) -> None:
    """Take away the id number with everything that came of it; not saved."""
    person.national_id_encrypted, person.national_id_index = None, None
    person.national_id_masked = person.national_id_tail_index = person.sex = ""
    person.born_on = None


def phone_person(person: Person, phone: str) -> None:
    """Set the phone number with the index of its tail, empty for none; not saved."""
    person.phone_encrypted = encrypt("phone", phone) if phone else None
    person.phone_tail_index = phone_tail_index(phone) if phone else ""


def masked_phone(phone: str) -> str:
    """The number as pages, previews and events show it: 138****0000."""
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}" if len(phone) > 7 else "*" * len(phone)
