"""What an adjustment settles beyond the window: counted as posted where it names its posting, and told otherwise."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from foundation.dates import Month
from staffing.models import Posting
from staffing.postings.services import correct_dates
from subsidies.calculation.adjusting import adjust, withdraw_adjustment
from subsidies.calculation.parameters import set_parameters
from subsidies.calculation.windows import told_of_longer_window
from subsidies.models import Adjustment, Allocation, LedgerParameters, OldDifference, SubsidyRun
from subsidies.refusals import RunRefused
from subsidies.revisions import invariants
from subsidies.revisions.adjusted_and_settled import adjusted_and_settled
from subsidies.revisions.answering import acknowledge_old_differences
from subsidies.revisions.stored import stored_revision
from subsidies.runs.services import approve, calculate, send, void
from tests.builders import a_posting, a_township
from tests.subsidies.months import JUNE, an_approved_run
from tests.subsidies.policies import NOW, a_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(db: None) -> SubsidyRun:
    """June calculated with one assistant."""
    a_policy()
    a_posting(township=a_township())
    return calculate(month=JUNE, actor=None).run


SEPTEMBER = JUNE + 3


def settled_by_hand(amount: str = "-765.00", *, month: Month = SEPTEMBER, named: bool = True) -> Adjustment:
    """What June differs by, when it lies beyond the window of one month."""
    posting = Posting.objects.get()
    values = {"posting": posting} if named else {"person": posting.person}
    return adjust(
        month=month, township=posting.township, for_month=JUNE, amount=Decimal(amount), document="批复",
        reason="追溯期外", actor=None, **{"person": None, **values},  # type: ignore[arg-type]
    )  # fmt: skip


def an_approved_september() -> SubsidyRun:
    """With a reason for what it no longer settles."""
    run = calculate(month=SEPTEMBER, actor=None).run
    acknowledge_old_differences(run=run, chosen=None, reason="追溯期外", actor=None)
    return approve(run=send(run=run, actor=None, now=NOW), actor=None, now=NOW)


@pytest.fixture
def beyond(run: SubsidyRun) -> Posting:
    """June, July and August approved with a window of one month; then half of June is found not to be due."""
    set_parameters(retro_months=1, actor=None)
    for month in (JUNE, JUNE + 1, JUNE + 2):
        an_approved_run(month)
    posting = Posting.objects.get()
    correct_dates(posting=posting, started_on=date(2009, 6, 16), ended_on=None, reason="更正", actor=None)
    return posting


def test_what_an_adjustment_settled_is_a_hint_no_more_and_settled_by_no_longer_window(beyond: Posting) -> None:
    september = calculate(month=SEPTEMBER, actor=None)
    assert [(str(row.difference), row.period) for row in OldDifference.objects.all()] == [("-765.00", JUNE)]
    settled_by_hand()
    assert an_approved_september().pk == september.run.pk
    october = calculate(month=SEPTEMBER + 1, actor=None)
    assert october.month.old_differences == []
    assert set_parameters(retro_months=12, actor=None).retro_months == 12
    void(run=october.run, actor=None, reason="重来", now=NOW)
    longer = calculate(month=SEPTEMBER + 1, actor=None)
    assert {str(entry.amount) for entry in longer.month.entries if entry.month == JUNE} <= {"0.00"}
    assert list(invariants.broken_in(longer.run, stored_revision(longer.revision))) == []


def test_what_waits_to_be_settled_by_hand_is_not_settled_by_a_line_too(beyond: Posting) -> None:
    row = settled_by_hand()
    set_parameters(retro_months=12, actor=None)
    with pytest.raises(RunRefused, match=r"2009年6月的其他调整.*由核算结清;请先撤销"):
        calculate(month=SEPTEMBER, actor=None)
    withdraw_adjustment(adjustment=row, actor=None)
    assert calculate(month=SEPTEMBER, actor=None).is_new


def test_what_the_window_reaches_is_no_matter_for_an_adjustment_that_names_a_posting(run: SubsidyRun) -> None:
    an_approved_run(JUNE)
    with pytest.raises(ValidationError, match="还在追溯期内"):
        settled_by_hand(month=JUNE + 1)


def test_an_adjustment_of_no_posting_refuses_nobody_a_longer_window_and_is_told(beyond: Posting) -> None:
    settled_by_hand(named=False)
    an_approved_september()
    parameters = LedgerParameters.objects.get()
    assert told_of_longer_window(parameters, 3) == []
    (told,) = told_of_longer_window(parameters, 12)
    assert "2009年6月" in told
    assert "-765.00" in told
    set_parameters(retro_months=12, actor=None)
    revision = calculate(month=SEPTEMBER + 1, actor=None).revision
    (hint,) = adjusted_and_settled(revision, Allocation.objects.all())
    assert (hint.month, str(hint.line.amount), str(hint.adjusted)) == (JUNE, "-765.00", "-765.00")
