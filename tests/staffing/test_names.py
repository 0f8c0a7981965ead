"""Finding people: by name, by the first letters of its pinyin, by the tail of the id number."""

import importlib

import pytest
from django.apps import apps

from staffing.identity import phone_person
from staffing.models import Person
from staffing.names import LONGEST, LONGEST_SPELLING, initials, spelling
from staffing.people.registering import register_person
from tests.builders import a_national_id, a_person, a_township, an_id_number
from tests.staffing.rosters import a_row, imported


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("张三", {"zs"}),
        ("单雄信", {"dxx", "sxx"}),  # Dan, as a surname Shan
        ("曾志伟", {"czw", "zzw"}),
        ("仇英", {"cy", "qy"}),
        ("欧阳娜娜", {"oynn"}),
        ("买买提·吐尔逊", {"mmttex"}),
        ("Li Ming", {"lm"}),
        ("·", set()),
        ("", set()),
    ],
)
def test_initials_hold_every_usual_reading(name: str, spelled: set[str]) -> None:
    assert spelled <= set(initials(name).split())
    assert bool(initials(name)) == bool(spelled)


@pytest.mark.parametrize("name", ["单" * 60, "张" * 60, "李" * 300])
def test_initials_of_any_name_fit_their_column(name: str) -> None:
    assert len(initials(name)) <= LONGEST == Person._meta.get_field("initials").max_length


def test_names_are_sorted_as_in_a_dictionary() -> None:
    names = ["张三丰", "张三", "Li Ming", "曾志伟", "安然", "单雄信", "李丽", "李莉", "李力", "林安", "尉迟恭"]
    assert sorted(names, key=spelling) == [
        *("安然", "李丽", "李力", "李莉", "Li Ming", "林安", "单雄信", "尉迟恭", "曾志伟", "张三", "张三丰"),
    ]


@pytest.mark.parametrize("name", ["单" * 60, "装" * 60, "·", "㐂" * 300, "Li Ming"])
def test_what_a_name_is_sorted_by_is_there_and_fits_its_column(name: str) -> None:
    assert 0 < len(spelling(name)) <= LONGEST_SPELLING == Person._meta.get_field("spelling").max_length


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张", ["张三", "张三丰"]),
        ("三丰", ["张三丰"]),
        ("zs", ["张三", "张三丰"]),
        ("ZSF", ["张三丰"]),
        ("s", ["单雄信"]),
        ("dx", ["单雄信"]),
        ("ming", ["Li Ming"]),
        ("张 三丰", ["张三丰"]),
        ("xx", []),
        ("%", []),
    ],
)
def test_people_are_found_by_part_of_the_name_or_by_first_letters(text: str, names: list[str]) -> None:
    for name in ("张三", "张三丰", "单雄信", "Li Ming"):
        a_person(name=name)
    found = Person.objects.named_like(text).order_by("pk").values_list("name", flat=True)
    assert list(found) == names


@pytest.mark.django_db
def test_people_are_found_by_four_to_six_last_characters() -> None:
    numbers = [an_id_number(serial) for serial in (1, 2)]
    for serial, number in enumerate(numbers, 1):
        a_person(name=number[-6:], national_id=a_national_id(serial))
    for length in (4, 5, 6):
        tail = numbers[0][-length:]
        assert [person.name for person in Person.objects.with_national_id_tail(tail)] == [numbers[0][-6:]]
    assert not Person.objects.with_national_id_tail("9" + numbers[0][-4:]).exists()


@pytest.mark.django_db
def test_whoever_is_named_is_found_by_initials() -> None:
    a_township()
    register_person(name="李四", national_id=None, actor=None)
    imported(a_row(1, 姓名="王五"))
    imported(a_row(1, 姓名="赵六"), accept_warnings=True)
    assert dict(Person.objects.values_list("name", "initials")) == {"李四": " ls", "赵六": " zl"}
    assert dict(Person.objects.values_list("name", "spelling")) == {"李四": "li3si4 李四", "赵六": "zhao4liu4 赵六"}


@pytest.mark.django_db
def test_people_stored_before_are_found_too() -> None:
    migration = importlib.import_module("staffing.migrations.0005_person_found_by_initials_and_tail")
    person = a_person(name="张三", national_id=a_national_id())
    Person.objects.update(initials="", national_id_tail_index="of six characters")
    without_number = a_person(name="李四")

    migration.fill(apps, None)

    assert Person.objects.named_like("zs").get() == person
    assert Person.objects.with_national_id_tail(an_id_number()[-4:]).get() == person
    without_number.refresh_from_db()
    assert without_number.national_id_tail_index == ""


@pytest.mark.django_db
def test_people_stored_before_are_sorted_and_found_by_their_phone() -> None:
    migration = importlib.import_module("staffing.migrations.0018_person_by_spelling_and_phone_tail")
    person = a_person(name="张三")
    phone_person(person, "13800001234")
    person.save()
    Person.objects.update(spelling="", phone_tail_index="")
    without_phone = a_person(name="李四")

    migration.fill(apps, None)

    assert list(Person.objects.order_by("spelling")) == [without_phone, person]
    assert Person.objects.with_phone_tail("1234").get() == person
    assert Person.objects.with_phone_tail("001234").get() == person
    assert not Person.objects.with_phone_tail("911234").exists()
    without_phone.refresh_from_db()
    assert without_phone.phone_tail_index == ""
