"""What approved runs hold, by month and posting, against adding up line after line."""

from collections import defaultdict
from decimal import Decimal

import pytest

from foundation.money import ZERO
from subsidies.calculation.posted import bases_of, posted_by_month
from subsidies.models import Allocation, AllocationLine, SubsidyRun
from subsidies.posts.facts import county_facts
from tests.subsidies.months import JUNE, without_triggers

MONTHS = [JUNE - 1, JUNE, JUNE + 1, JUNE + 2]


def added_up() -> dict[str, dict[int, Decimal]]:
    """June was returned once: the lines of that revision are nobody's any more."""
    found: dict[str, dict[int, Decimal]] = {str(month): defaultdict(lambda: ZERO) for month in MONTHS}
    for line in AllocationLine.objects.filter(allocation__revision__current_for__state="approved"):
        found[f"{line.for_month:%Y-%m}"][line.posting_id] += line.amount
    return found


def test_of_many_cells_the_bases_are_those_of_few(ledger: SubsidyRun, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = AllocationLine.objects.filter(allocation__revision__current_for__state="approved")
    of_everybody = set(lines.values_list("posting", flat=True))
    posting = min(of_everybody)
    cells = {(posting, JUNE), (posting, JUNE + 1), (posting, JUNE + 2)}
    few = bases_of(cells)
    assert set(few.of_cell) == {(posting, JUNE), (posting, JUNE + 1)}
    assert set(few.latest) == {posting} != of_everybody
    monkeypatch.setattr("subsidies.calculation.posted.MOST_NAMED", 0)
    assert bases_of(cells) == few


@pytest.mark.parametrize("more", ["1530.00", "-1530.00", "-0.01", "0.00"])
def test_each_month_is_its_lines_added_up(ledger: SubsidyRun, more: str) -> None:
    """Another run holds a second line of somebody for the month, be it of the same amount."""
    line = AllocationLine.objects.filter(allocation__revision__current_for=ledger).order_by("pk")[0]
    assert line.amount == Decimal("1530.00")
    without_triggers()
    line.pk, line.amount, line.due = None, Decimal(more), line.posted_before + Decimal(more)
    line.allocation = Allocation.objects.get(revision__current_for__month=JUNE.first)
    line.save(force_insert=True)
    postings = county_facts(since=JUNE.first, until=JUNE.last).posting_by_id
    found = dict(zip(map(str, MONTHS), posted_by_month(MONTHS, postings), strict=True))
    assert {month: dict(of.amounts) for month, of in found.items()} == added_up()
    assert found[str(JUNE + 1)].amounts[line.posting_id] == Decimal("1530.00") + Decimal(more)
