"""What differs between two states of a line, in words: in the refusal of an approval and for every column."""

from datetime import date

import pytest

from accounts.enums import Role
from staffing.models import Person, Posting
from staffing.postings.services import correct_dates
from subsidies.line_details import LineDetails
from subsidies.refusals import RunChanged
from subsidies.revisions import revision_rows
from subsidies.revisions.line_differences import ADJUSTMENT_COLUMNS, DETAILS, HINT_COLUMNS, LINE_COLUMNS
from subsidies.runs.services import approve
from tests.builders import a_person, a_posting, a_township
from tests.subsidies.months import JUNE, a_sent_run
from tests.subsidies.policies import NOW, a_policy
from tests.users import MakeUser


@pytest.mark.django_db
def test_an_approval_that_is_refused_names_what_changed(make_user: MakeUser) -> None:
    a_policy()
    township = a_township()
    for name in "甲乙":
        a_posting(township=township, person=a_person(name=name))
    run, approver = a_sent_run(JUNE), make_user(Role.BUREAU_APPROVER)
    Person.objects.filter(name="甲").update(name="甲甲")
    with pytest.raises(RunChanged, match=r"不同的明细:甲 2009年6月:姓名 甲 → 甲甲。"):
        approve(run=run, actor=approver, now=NOW)
    of_other = Posting.objects.get(person__name="乙")
    correct_dates(posting=of_other, started_on=date(2009, 6, 16), ended_on=None, reason="更正", actor=None)
    with pytest.raises(RunChanged, match=r"姓名 甲 → 甲甲;乙 2009年6月:1,530\.00 元 → 765\.00 元。"):
        approve(run=run, actor=approver, now=NOW)


def test_every_column_of_a_line_is_compared() -> None:
    """`amount` has a column of its own, the key says posting and month, and the others follow from the days."""
    follows = {"posting", "order", "for_month", "amount", "details", "month_days", "on_post_at_end"}
    assert set(revision_rows.LINE_COLUMNS) - follows == set(LINE_COLUMNS)
    assert set(LineDetails._fields) == set(DETAILS)
    assert set(revision_rows.OLD_DIFFERENCE_COLUMNS) - {"posting", "for_month", "difference"} == set(HINT_COLUMNS)
    assert set(revision_rows.ADJUSTMENT_COLUMNS) - {"adjustment", "amount"} == set(ADJUSTMENT_COLUMNS)
