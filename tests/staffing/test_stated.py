"""What a file or a proposal says of education and computer skill: one row without a day takes another's place."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staffing.enums import ComputerLevel, Education
from staffing.models import Person, Qualification
from staffing.people.facts import fact, is_stored, save_facts, write_fact
from staffing.people.stated import load_stated
from tests.builders import a_person, a_qualification, a_township
from tests.staffing.rosters import HEADER, a_row, imported

pytestmark = pytest.mark.django_db
AUGUST = date(2009, 8, 1)


def rows(person: Person) -> list[tuple[str, date | None, bool]]:
    """Level, day and whether it stands."""
    found = Qualification.objects.filter(person=person, kind="education").order_by("pk")
    return [(row.level, row.obtained_on, row.withdrawn_at is None) for row in found]


def write(person: Person, value: str | bool | None, name: str = "education") -> None:
    person = Person.objects.get(pk=person.pk)
    write_fact(person, name, value)
    save_facts([person])


def test_a_different_one_withdraws_the_one_that_stood_without_a_day() -> None:
    person = a_person(education=Education.COLLEGE)
    write(person, "college")
    assert rows(person) == [("college", None, True)]
    write(person, "bachelor")
    write(person, "college")
    assert rows(person) == [("college", None, False), ("bachelor", None, False), ("college", None, True)]
    write(person, "")
    assert [stands for _, _, stands in rows(person)] == [False, False, False]


def test_what_was_obtained_on_a_day_stays_and_a_file_that_says_it_changes_nothing() -> None:
    person = a_person(education=Education.VOCATIONAL)
    a_qualification(person=person, level=Education.COLLEGE, obtained_on=AUGUST)
    assert (fact(person, "education"), is_stored(person, "education", "college")) == ("vocational", True)
    write(person, "senior_secondary")
    assert rows(person) == [
        ("vocational", None, False),
        ("college", AUGUST, True),
        ("senior_secondary", None, True),
    ]


def test_a_file_that_names_a_degree_with_a_day_is_the_same() -> None:
    a_township()
    imported(a_row(学历="中专"))
    person = Person.objects.get()
    a_qualification(person=person, level=Education.COLLEGE, obtained_on=AUGUST)
    assert imported(a_row(学历="大专")).same == 1
    assert rows(person) == [("vocational", None, True), ("college", AUGUST, True)]


def test_a_skill_that_there_is_not_is_said_and_taken_back() -> None:
    person = a_person(has_computer_skill=None)
    write(person, False, "has_computer_skill")
    assert Qualification.objects.get(person=person, kind="computer").level == ComputerLevel.NONE
    write(person, True, "has_computer_skill")
    again = Person.objects.get(pk=person.pk)
    assert fact(again, "has_computer_skill") is True
    write(person, None, "has_computer_skill")
    assert fact(Person.objects.get(pk=person.pk), "has_computer_skill") is None


def test_it_is_read_and_stored_for_many_at_once() -> None:
    def statements(number: int) -> int:
        people = list(Person.objects.filter(pk__in=[a_person().pk for _ in range(number)]))
        with CaptureQueriesContext(connection) as captured:
            load_stated(people)
            for person in people:
                write_fact(person, "education", "bachelor")
            save_facts(people)
            assert {fact(person, "education") for person in people} == {"bachelor"}
        return len(captured)

    assert statements(2) == statements(20)


def test_a_new_qualification_names_its_import() -> None:
    a_township()
    batch = imported(a_row(计算机操作="是"), header=(*HEADER, "计算机操作")).batch_id
    assert {row.import_batch_id for row in Qualification.objects.all()} == {batch}
