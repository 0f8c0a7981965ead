"""Importing household counts: approved before the first approval, waiting for it afterwards."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from tests.builders import a_household_count, a_township, a_unit, a_workbook
from townships.entries import ImportRefusedError, Outcome
from townships.imports.households import import_households
from townships.models import GrassrootsUnit, HouseholdCount

HEADER = ("区划代码", "镇乡(街道)", "村(社区)", "户籍户数", "户籍人口", "统计日期")
DAY = date(2009, 1, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> GrassrootsUnit:
    return a_unit(township=a_township(), name="五丰社区", code="330226001001")


def imported(*rows: tuple[object, ...], header: tuple[str, ...] = HEADER, approved: bool = True) -> Outcome:
    return import_households(a_workbook(header, *rows), "households.xlsx", actor=None, approved=approved)


def refused(*rows: tuple[object, ...], header: tuple[str, ...] = HEADER) -> str:
    with pytest.raises(ImportRefusedError) as error:
        imported(*rows, header=header)
    assert not HouseholdCount.objects.exists()
    return str(error.value)


def test_counts_are_approved_before_the_first_approval(unit: GrassrootsUnit) -> None:
    outcome = imported(("330226001001", "跃龙街道", "五丰社区", 301, 900, DAY))

    count = HouseholdCount.objects.in_force().get()
    assert (outcome.new, count.unit, count.households, count.residents) == (1, unit, 301, 900)
    assert count.effective_from == count.counted_on == DAY
    assert AuditEvent.objects.filter(after__new=1).count() == 1


def test_counts_wait_after_the_first_approval(unit: GrassrootsUnit) -> None:
    imported(("330226001001", None, None, 301, None, DAY), approved=False)
    assert HouseholdCount.objects.get().approved_at is None


def test_units_are_found_by_township_and_name(unit: GrassrootsUnit) -> None:
    header = ("村(社区)", "镇乡(街道)", "户籍户数", "统计日期", "执行日期")
    imported(("五丰 社区", "跃龙街道", "1,301", "2009年1月1日", "2009.2.1"), header=header)
    assert HouseholdCount.objects.get().effective_from == date(2009, 2, 1)


def test_totals_are_set_aside_and_a_unit_without_a_count_is_not(unit: GrassrootsUnit) -> None:
    outcome = imported(
        ("330226001001", "跃龙街道", "五丰社区", 301, 900, DAY), (None, "合计", "1个社区", 301, 900, None)
    )
    assert (outcome.new, outcome.notes) == (1, ["第 3 行看来是合计,未导入。"])
    HouseholdCount.objects.all().delete()
    assert "第 2 行「户籍户数」:未填写" in refused(("330226001001", "跃龙街道", "五丰社区", None, None, DAY))


def test_the_same_file_again_is_the_same(unit: GrassrootsUnit) -> None:
    row = ("330226001001", None, None, 301, 900, DAY)
    imported(row)
    assert imported(row).same == 1
    assert imported(("330226001001", None, None, 301, None, DAY), approved=False).same == 1
    assert AuditEvent.objects.count() == 1


def test_a_different_count_is_corrected_in_place_before_the_first_approval(unit: GrassrootsUnit) -> None:
    a_household_count(unit=unit, households=100)
    assert imported(("330226001001", None, None, 101, None, DAY)).changed == 1
    assert HouseholdCount.objects.get().households == 101


def test_an_approved_count_is_replaced_after_the_first_approval(unit: GrassrootsUnit) -> None:
    used = a_household_count(unit=unit, households=100)
    imported(("330226001001", None, None, 101, None, DAY), approved=False)
    imported(("330226001001", None, None, 102, None, DAY), approved=False)

    used.refresh_from_db()
    assert used.households == 100
    correction = HouseholdCount.objects.get(replaces=used)
    assert (correction.households, correction.approved_at) == (102, None)
    assert HouseholdCount.objects.in_force().get() == used


def test_all_problems_of_a_file_come_at_once(unit: GrassrootsUnit) -> None:
    message = refused(
        ("330226001999", None, None, 1, None, DAY),
        (None, "跃龙街道", "没有的社区", 1, None, DAY),
        (None, None, None, 1, None, DAY),
        ("330226001001", "跃龙街道", "别的社区", 1, None, DAY),
        ("330226001001", None, None, None, None, "2009-06-31"),
        ("330226001001", None, None, -1, "许多", None),
    )
    for row in range(2, 8):
        assert f"第 {row} 行" in message
    for said in ("没有“没有的社区”", "没有写明", "6 月没有 31 日", "负数", "不是整数"):
        assert said in message


def test_a_unit_and_day_stands_once_in_a_file(unit: GrassrootsUnit) -> None:
    row = ("330226001001", None, None, 1, None, DAY)
    assert "与第 2 行重复" in refused(row, row)


def test_a_unit_of_another_township_is_named(unit: GrassrootsUnit) -> None:
    a_township(name="桃源街道", code="330226002")
    assert "跃龙街道有" in refused((None, "桃源街道", "五丰社区", 1, None, DAY))
    assert "属于跃龙街道" in refused(("330226001001", "桃源街道", None, 1, None, DAY))


@pytest.mark.parametrize("header", [("区划代码", "户籍户数"), ("镇乡(街道)", "户籍户数", "统计日期")])
def test_missing_columns_are_refused(unit: GrassrootsUnit, header: tuple[str, ...]) -> None:
    assert refused(("330226001001", 1, DAY), header=header)


def test_the_database_keeps_one_first_count_a_day(unit: GrassrootsUnit) -> None:
    a_household_count(unit=unit)
    again = HouseholdCount(unit=unit, households=2, counted_on=DAY, effective_from=DAY)
    with pytest.raises(ValidationError, match="已有户籍户数"):
        again.validate_constraints()
