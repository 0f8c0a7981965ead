"""A ledger from before qualifications, rounds and working times were rows tells the same after the migration.

The fixture was written by the release before, from the kept ledger of the first format with these statements: on
either database the same.
"""

import json
from pathlib import Path

import pytest

from staffing.models import Posting, Qualification, RecruitmentRound, WorkingTime
from subsidies.models import Allocation, Revision
from subsidies.sheets.register import SHEETS, workbook
from subsidies.verification import verify
from tests.kept_ledgers import FOLDER, lay_down_kept_ledger
from tests.subsidies.verification.told import told

pytestmark = [pytest.mark.django_db, pytest.mark.both]

ALTERED = (
    "UPDATE staffing_person SET has_computer_skill = FALSE WHERE id IN (4, 11)",
    "UPDATE staffing_person SET has_computer_skill = NULL WHERE id = 8",
    "UPDATE staffing_person SET education = '' WHERE id IN (5, 7)",
    "UPDATE staffing_posting SET recruitment_notice = '', recruitment_recorded = FALSE WHERE id IN (3, 6)",
    "UPDATE staffing_posting SET recruitment_notice = '', recruitment_recorded = NULL WHERE id IN (4, 8)",
    "UPDATE staffing_posting SET recruitment_notice = '', recruitment_source = '社会招聘' WHERE id = 5",
    "UPDATE staffing_posting SET recruitment_source = '选调' WHERE id = 9",
    "UPDATE staffing_posting SET recruitment_notice = '', recruitment_source = '' WHERE id = 10",
    "UPDATE staffing_posting SET is_full_time = FALSE WHERE id IN (6, 9)",
    "UPDATE staffing_posting SET is_full_time = NULL WHERE id IN (8, 12)",
)


def sheets() -> dict[tuple[int, str], bytes]:
    """Every sheet of every revision, as it would be made."""
    return {
        (revision.pk, number): workbook(revision, number, Allocation.objects.filter(revision=revision))
        for revision in Revision.objects.select_related("run").order_by("pk")
        for number in SHEETS
    }


def test_no_due_no_finding_no_report_and_no_sheet_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before: dict[tuple[int, str], bytes] = {}
    lay_down_kept_ledger(monkeypatch, tmp_path, altered=ALTERED, meanwhile=lambda: before.update(sheets()))

    expected = json.loads((FOLDER / "told-before-qualifications.json").read_text(encoding="utf-8"))
    assert told() == expected
    assert list(verify()) == []
    assert sheets() == before


def test_nothing_that_was_said_is_lost(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lay_down_kept_ledger(monkeypatch, tmp_path, altered=ALTERED)

    rounds = RecruitmentRound.objects.order_by("township", "notice_title", "stated_source")
    assert {(row.township_id, row.notice_title, row.stated_source, row.is_historical) for row in rounds} == {
        (1, "二〇〇九年第 1 号公告", "", True),
        (1, "历史登记", "社会招聘", True),
        (2, "二〇〇九年第 1 号公告", "", True),
        (2, "二〇〇九年第 1 号公告", "选调", True),
        (2, "历史登记", "", True),
    }
    sources = {posting.pk: posting.source for posting in Posting.objects.all()}
    assert {sources[number] for number in (5, 9, 10)} == {"open_recruitment"}
    assert [sources[number] for number in (3, 6, 4, 8)] == ["other", "other", "", ""]
    held = Qualification.objects.filter(person__in=(4, 5, 8)).order_by("person", "kind")
    assert [(row.person_id, row.kind, row.level, row.obtained_on) for row in held] == [
        (4, "computer", "none", None),
        (4, "education", "vocational", None),
        (5, "computer", "skilled", None),
        (8, "education", "college", None),
    ]
    times = {row.posting_id: row.is_full_time for row in WorkingTime.objects.filter(effective_from=None)}
    assert (times[1], times[9], times.get(8)) == (True, False, None)
