"""A ledger of the first format and method goes on: what comes later is sealed and worked out in its own."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from accounts.chain import write_down_heads
from accounts.models import Seal, User
from foundation.dates import Month
from subsidies.models import AllocationLine, Revision, SubsidyRun
from subsidies.reports.services import acknowledge
from subsidies.revisions.answering import acknowledge_old_differences
from subsidies.revisions.formats import COLUMNS_2, FORMATS, Format, rows_in_format_2
from subsidies.rules.methods import METHODS, Method, Words
from subsidies.rules.results import Reason
from subsidies.runs.services import approve, calculate, send, send_back
from subsidies.verification import Break, verify
from tests.kept_ledgers import change_row, lay_down_kept_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.both]
OCTOBER = Month(2009, 10)


@pytest.fixture(autouse=True)
def _kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """October waits for its approval, calculated by the first method."""
    lay_down_kept_ledger(monkeypatch, tmp_path)


def user(name: str) -> User:
    return User.objects.get(username=name)


def october_again() -> SubsidyRun:
    """Given back, calculated, sent and approved by this release."""
    waiting = SubsidyRun.objects.get(month=OCTOBER.first)
    send_back(run=waiting, actor=user("approver"), reason="按新版程序重新核算", now=timezone.now())
    for report in waiting.current_revision.allocations.all() if waiting.current_revision else ():
        acknowledge(
            township=report.township,
            month=OCTOBER,
            chosen=lambda row: row.acknowledgement is None,
            reason="核实过",
            actor=None,
        )
    run = calculate(month=OCTOBER, actor=user("officer")).run
    acknowledge_old_differences(run=run, chosen=None, reason="核实过", actor=user("officer"))
    send(run=run, actor=user("officer"), now=timezone.now())
    approved = approve(run=run, actor=user("approver"), now=timezone.now())
    write_down_heads()
    return approved


def named(found: list[Break]) -> set[tuple[str, str, int | None]]:
    return {(row.kind, row.table, row.row) for row in found}


def test_a_run_that_the_first_method_calculated_is_calculated_anew() -> None:
    run = october_again()
    revision = Revision.objects.get(current_for=run)
    assert revision.basis["method"] == 2
    assert {seal.format_number for seal in Seal.objects.all()} == {1, 2}
    assert list(verify()) == []


def test_shares_settle_from_the_month_after_the_last_one_of_the_first_method() -> None:
    revision = Revision.objects.get(current_for=october_again())
    assert revision.basis["share_first_month"] == "2009-10"
    lines = AllocationLine.objects.filter(allocation__revision=revision)
    assert lines.filter(for_month=OCTOBER.first, share_level__isnull=False).exists()
    assert not lines.filter(for_month__lt=OCTOBER.first, share_level__isnull=False).exists()


@pytest.mark.parametrize(
    "column",
    [
        "township_share = 1",
        "share_level = 1",
        "surplus_level = 1",
        "source_id = 99",
        "by_source = '[[1, 2]]'",
        "component = 'x'",
    ],
)
def test_a_change_in_a_column_of_the_second_format_is_named(column: str) -> None:
    line = AllocationLine.objects.filter(allocation__revision__current_for=october_again(), cost__isnull=False)[0]
    change_row("subsidies_allocationline", column, line.pk)
    assert ("content", "subsidies_allocationline", line.pk) in named(list(verify()))


def test_labels_of_today_are_no_matter_for_what_was_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    october_again()
    for reason in Reason:
        monkeypatch.setattr(reason, "label", f"另一种说法:{reason.value}")
    assert list(verify()) == []


def test_another_word_of_a_step_is_another_method(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever edits the words of a method finds that its months no longer verify; whoever adds one does not."""
    october_again()
    said = METHODS[2].words
    edited = with_words(METHODS, 2, said._replace(days="在岗日数"))
    monkeypatch.setattr("subsidies.verification.recomputed.METHODS", edited)
    assert {row.kind for row in verify()} == {"recomputed"}
    added = with_words(METHODS, 3, said._replace(days="在岗日数"))
    monkeypatch.setattr("subsidies.verification.recomputed.METHODS", added)
    assert list(verify()) == []


def with_words(known: Mapping[int, Method], number: int, words: Words) -> dict[int, Method]:
    return {**known, number: Method(words, tells_nothing_due=True)}


def test_a_column_that_comes_later_is_no_matter_for_what_was_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if parts by source had come with a third format, after October was sealed in the second."""
    without = {**COLUMNS_2, "line": tuple(name for name in COLUMNS_2["line"] if name != "by_source")}
    known = {1: FORMATS[1], 2: Format(without, lambda stored: rows_in_format_2(stored, without))}
    use_formats(monkeypatch, known, current=2)
    run = october_again()
    use_formats(monkeypatch, {**known, 3: FORMATS[2]}, current=3)
    assert list(verify()) == []
    line = AllocationLine.objects.filter(allocation__revision__current_for=run)[0]
    change_row("subsidies_allocationline", f"by_source = '[[1, {line.amount * 100:.0f}]]'", line.pk)
    assert named(list(verify())) == {("content", "subsidies_allocationline", line.pk)}
    change_row("subsidies_allocationline", "by_source = NULL", line.pk)
    send_back(run=run, actor=user("approver"), reason="更正", now=timezone.now())
    write_down_heads()
    assert Seal.objects.latest("sequence").format_number == 3
    assert list(verify()) == []


def use_formats(monkeypatch: pytest.MonkeyPatch, known: Mapping[int, Format], *, current: int) -> None:
    for name in ("subsidies.revisions.sealing", "subsidies.verification", "subsidies.verification.content"):
        monkeypatch.setattr(import_module(name), "FORMATS", known)
    for name in ("accounts.chain", "subsidies.revisions.sealing"):
        monkeypatch.setattr(import_module(name), "CURRENT_FORMAT", current)


def test_a_method_that_this_program_does_not_know_is_named_and_hides_nothing() -> None:
    run = october_again()
    revision = run.current_revision_id
    change_row("subsidies_revision", f"basis = {_method('9')}", revision)
    found = named(list(verify()))
    assert ("method", "subsidies_revision", revision) in found
    assert ("content", "subsidies_revision", revision) in found


def _method(number: str) -> str:
    """The SQL of a basis of another method."""
    if connection.vendor == "sqlite":
        return f"json_set(basis, '$.method', {number})"
    return f"jsonb_set(basis, '{{method}}', '{number}')"
