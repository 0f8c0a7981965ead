"""Giving a person an id number: encrypted, with the two keyed indexes, and what the number says."""

from foundation.crypto import blind_index, encrypt
from staffing.models import Person
from staffing.national_id import NationalId, masked


def identify(person: Person, national_id: NationalId) -> None:
    """Set the id number, sex and birth date; not saved."""
    number = national_id.number
    person.national_id_encrypted = encrypt("national_id", number)
    person.national_id_masked = masked(number)
    person.national_id_index = blind_index("national_id", number)
    person.national_id_tail_index = blind_index("national_id_tail", number[-6:])
    person.sex = national_id.sex.value
    person.born_on = national_id.born_on
