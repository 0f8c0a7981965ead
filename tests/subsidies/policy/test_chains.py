"""Corrections of one day: back to an earlier content too, and a file that tells fewer or more of them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.dates import Month
from subsidies.calculation.calculated import preview
from subsidies.models import MinimumWage, SubsidyRun, SubsidyStandard
from subsidies.policy.chains import number_known, rows_by_day
from subsidies.policy.services import Counts, PolicyRefused
from tests.builders import a_posting, a_township
from tests.subsidies.policies import NEW_WAGE, NOW, POLICY, a_policy

FIRST_DAY = "2008-09-01"
BACK = ("850.00", "700.00", "850.00")


def wages(*amounts: str, corrects_only: bool = False) -> str:
    """Versions of one minimum wage, in one document; each but the first replaces the one before."""
    return "".join(
        NEW_WAGE.format(day=FIRST_DAY, amount=amount, more="replaces = true" if place or corrects_only else "")
        for place, amount in enumerate(amounts)
    )


def standards(*percents: str) -> str:
    table = POLICY[POLICY.index("[[standard]]") :]
    return "".join(
        table.replace(
            'assistant_percent = "180"', f'assistant_percent = "{percent}"\nreplaces = {str(bool(n)).lower()}'
        )
        for n, percent in enumerate(percents)
    )


def told(counts: Counts) -> tuple[int, int, int]:
    return counts.new, counts.changed, counts.same


def chain() -> list[Decimal]:
    """The amounts, each of which replaces the one before."""
    rows = list(MinimumWage.objects.order_by("pk"))
    assert [row.replaces_id for row in rows] == [None, *(row.pk for row in rows[:-1])]
    return [row.amount for row in rows]


@pytest.mark.django_db
def test_a_correction_back_counts() -> None:
    head = POLICY[: POLICY.index("[[minimum_wage]]")]
    counts = a_policy(head + wages(*BACK) + standards("180", "200", "180"))
    a_posting(township=a_township())
    assert told(counts) == (7, 0, 0)  # the default fund source is in no file
    assert preview(Month(2009, 6)).total == Decimal("1530.00")
    again = a_policy(head + wages(*BACK) + standards("180", "200", "180"))
    assert told(again) == (0, 0, 7)
    assert SubsidyStandard.objects.count() == 3


@pytest.mark.django_db
def test_files_that_correct_one_after_the_other_count_once_each() -> None:
    a_policy()
    for amount in ("700.00", "850.00"):
        for expected in ((1, 0, 0), (0, 0, 1)):
            assert told(a_policy(wages(amount, corrects_only=True))) == expected
    assert told(a_policy(wages("700.00", corrects_only=True))) == (0, 0, 1)
    assert chain() == [Decimal(amount) for amount in BACK]
    assert told(a_policy(wages(*BACK, "700.00"))) == (1, 0, 3)


def test_a_used_version_is_corrected_back_and_never_edited(ledger: SubsidyRun) -> None:
    before, paid = list(MinimumWage.objects.values()), preview(Month(2009, 8)).total
    assert told(a_policy(wages(*BACK))) == (2, 0, 1)
    with pytest.raises(PolicyRefused):
        a_policy(wages("710.00"))
    MinimumWage.objects.filter(approved_at=None).update(approved_at=NOW)
    assert list(MinimumWage.objects.values())[:1] == before
    assert preview(Month(2009, 8)).total == paid > 0


@pytest.mark.django_db
@pytest.mark.parametrize("lengths", [(3, 1, 2), (1, 3, 2, 1), (2, 2, 1, 3), (1, 2, 3, 3)])
def test_beginnings_imported_in_any_order_leave_what_the_longest_leaves(lengths: Sequence[int]) -> None:
    head = POLICY[: POLICY.index("[[minimum_wage]]")]
    percents = ("180", "200", "180")
    for length in lengths:
        a_policy(head + wages(*BACK[:length]) + standards(*percents[:length]))
    assert chain() == [Decimal(amount) for amount in BACK]
    found = SubsidyStandard.objects.order_by("pk")
    assert [row.assistant_percent for row in found] == [Decimal(percent) for percent in percents]


class Row(NamedTuple):
    amount: int
    replaces: bool
    effective_from: date = date(2009, 1, 1)


def rows(amounts: Sequence[int], *, corrects_only: bool = False) -> list[Row]:
    return [Row(amount, corrects_only or place > 0) for place, amount in enumerate(amounts)]


def imported(told_rows: Sequence[Row], stored: list[int]) -> list[int]:
    known = number_known(told_rows, stored, lambda row, amount: row.amount == amount)
    return [*stored, *(row.amount for row in told_rows[known:])]


AMOUNTS = st.lists(st.integers(1, 3), min_size=1, max_size=6)


@given(amounts=AMOUNTS, lengths=st.lists(st.integers(1, 6), max_size=8))
def test_every_beginning_in_every_order_adds_up_to_the_longest(amounts: list[int], lengths: list[int]) -> None:
    stored: list[int] = []
    for length in (*lengths, len(amounts), *lengths):
        stored = imported(rows(amounts[:length]), stored)
        assert stored == amounts[: len(stored)]
    assert stored == amounts


@given(stored=AMOUNTS, amounts=AMOUNTS, corrects_only=st.booleans())
def test_twice_is_the_same_as_once_and_what_is_stored_stays(
    stored: list[int], amounts: list[int], corrects_only: bool
) -> None:
    told_rows = rows(amounts, corrects_only=corrects_only or amounts[0] != stored[0])
    once = imported(told_rows, stored)
    assert once[: len(stored)] == stored
    assert imported(told_rows, once) == once
    if once != stored:
        assert once[-1] == amounts[-1]


def test_rows_of_a_day_begin_with_the_one_that_corrects_nothing() -> None:
    other_day = Row(5, False, date(2008, 1, 1))
    assert rows_by_day([Row(1, True), other_day, Row(2, False), Row(3, True)]) == [
        [other_day],
        [Row(2, False), Row(1, True), Row(3, True)],
    ]
