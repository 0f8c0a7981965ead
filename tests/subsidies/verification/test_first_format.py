"""A ledger that was sealed in the first format verifies for ever, and whatever is changed in it is named.

The fixtures hold one history on each database: returned, voided and supplementary runs, a late township, a standard
that was replaced, adjustments, issued sheets. Their rows have the same ids.
"""

from pathlib import Path

import pytest

from accounts.models import Seal
from foundation.dates import Month
from staffing.enums import Position
from staffing.models import Posting
from subsidies.reports.statuses import statuses
from subsidies.verification import Break, verify
from tests.kept_ledgers import change, lay_down_kept_ledger
from townships.models import Township

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NOVEMBER = Month(2009, 11)

# What the owner of the database changes, and what has to be named of it: (kind, table, id).
CHANGED: dict[str, tuple[str, set[tuple[str, str, int | None]]]] = {
    "one fen of a back-pay": (
        "UPDATE subsidies_allocationline SET due = due + 1, amount = amount + 1 WHERE id = 34",
        {("content", "subsidies_allocationline", 34), ("recomputed", "subsidies_allocationline", 34)},
    ),
    "one fen of a line of a run that was voided": (
        "UPDATE subsidies_allocationline SET due = due + 1, amount = amount + 1 WHERE id = 27",
        {("content", "subsidies_allocationline", 27)},
    ),
    "one fen of the cost, which nothing adds up": (
        "UPDATE subsidies_allocationline SET cost = cost + 1 WHERE id = 16",
        {("content", "subsidies_allocationline", 16)},
    ),
    "one fen of a township": (
        "UPDATE subsidies_allocation SET total = total + 1 WHERE id = 9",
        {("content", "subsidies_allocation", 9)},
    ),
    "one fen of an adjustment": (
        "UPDATE subsidies_adjustmentline SET amount = amount + 1 WHERE id = 3",
        {("content", "subsidies_adjustmentline", 3)},
    ),
    "one fen of a difference older than the window": (
        "UPDATE subsidies_olddifference SET due = due + 1, difference = difference + 1 WHERE id = 1",
        {("content", "subsidies_olddifference", 1)},
    ),
    "the staffing that was kept": (
        "UPDATE subsidies_keptstaffing SET rows = '[]' WHERE id = 4",
        {("content", "subsidies_keptstaffing", 4)},
    ),
    "a column that its rows did not have": (
        "UPDATE subsidies_allocationline SET component = 'post' WHERE id = 34",
        {("content", "subsidies_allocationline", 34)},
    ),
    "a fund source where none was kept": (
        "UPDATE subsidies_adjustmentline SET source_id = 1 WHERE id = 3",
        {("content", "subsidies_adjustmentline", 3)},
    ),
    "the format of a report": (
        "UPDATE subsidies_townshipreport SET format = 2 WHERE id = 3",
        {("events", "subsidies_townshipreport", 3)},
    ),
    "the format of a seal": ("UPDATE subsidies_seal SET format = 2 WHERE id = 7", {("chain", "subsidies_seal", 7)}),
    "a subject that a seal did not name": (
        "UPDATE subsidies_seal SET subject_type = 'revision', subject_id = 5 WHERE id = 7",
        {("chain", "subsidies_seal", 7)},
    ),
    "a format that nobody knows": (
        "UPDATE subsidies_seal SET format = 9 WHERE id = 7",
        {("format", "subsidies_seal", 7)},
    ),
    "the last seal gone": ("DELETE FROM subsidies_seal WHERE sequence = 10", {("heads", "subsidies_seal", None)}),
}


@pytest.fixture(autouse=True)
def _kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lay_down_kept_ledger(monkeypatch, tmp_path)


def named(found: list[Break]) -> set[tuple[str, str, int | None]]:
    return {(row.kind, row.table, row.row) for row in found}


def test_it_verifies() -> None:
    assert list(verify()) == []
    assert Seal.objects.count() == 10


def test_its_open_report_is_compared_as_it_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of November, sent up and not settled yet."""
    monkeypatch.setattr(Position.PLATFORM_STAFF, "label", "另一种叫法")
    asked = Township.objects.filter(pk=1)
    assert [row.changes for row in statuses(NOVEMBER, asked, today=NOVEMBER.last)] == [[]]
    Posting.objects.filter(pk=1).update(ended_on=NOVEMBER.last)
    [status] = statuses(NOVEMBER, asked, today=NOVEMBER.last)
    assert status.changes == ["应建军:离岗日期 无 → 2009-11-30"]


@pytest.mark.parametrize("what", CHANGED)
def test_what_is_changed_in_it_is_named(what: str) -> None:
    sql, expected = CHANGED[what]
    change(sql)
    assert expected <= named(list(verify()))
