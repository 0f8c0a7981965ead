"""What an approver is told first: who came and left, what was entered late, adjusted, taken back or granted."""

from datetime import date
from decimal import Decimal

import pytest

from staffing.models import Posting
from staffing.postings.services import correct_dates
from subsidies.calculation.adjusting import adjust
from subsidies.known_runs import is_supplementary
from subsidies.models import Allocation, SubsidyRun
from subsidies.revisions.adjusted_and_settled import adjusted_and_settled
from subsidies.revisions.adjustment_lines import adjustment_lines
from subsidies.revisions.compared import compared_allocations
from subsidies.revisions.unusual import unusual
from subsidies.runs.services import calculate
from tests.builders import a_grant, a_person, a_posting, a_township
from tests.subsidies.months import JUNE, an_approved_run
from tests.subsidies.policies import a_policy
from townships.models import Township

pytestmark = pytest.mark.django_db
JULY = JUNE + 1


@pytest.fixture
def township() -> Township:
    """June approved with three assistants, one of whom left on the 20th."""
    a_policy()
    township = a_township()
    for name in ("甲", "乙"):
        a_posting(township=township, person=a_person(name=name))
    a_posting(township=township, person=a_person(name="丙"), ended_on=date(2009, 6, 20))
    an_approved_run(JUNE)
    return township


def told(run: SubsidyRun) -> dict[str, list[tuple[str, str]]]:
    revision = run.current_revision
    assert revision is not None
    allocations = Allocation.objects.all()
    found = unusual(
        compared_allocations(revision, allocations),
        revision,
        adjustments=adjustment_lines(revision, allocations),
        settled=adjusted_and_settled(revision, allocations),
        reports_required=True,
        supplementary=is_supplementary(run),
    )
    return {row.label: [(name.name, name.note) for name in row.names] for row in found}


def ends(name: str, last: date | None) -> None:
    posting = Posting.objects.get(person__name=name)
    correct_dates(posting=posting, started_on=posting.started_on, ended_on=last, reason="核实", actor=None)


def test_nothing_is_unusual_where_nothing_is(township: Township) -> None:
    assert told(calculate(month=JULY, actor=None).run) == {}


def test_each_kind_has_its_names(township: Township) -> None:
    a_posting(township=township, person=a_person(name="丁"), started_on=date(2009, 6, 11))
    of_first = Posting.objects.get(person__name="甲")
    correct_dates(
        posting=of_first, started_on=of_first.started_on, ended_on=date(2009, 7, 9), reason="辞职", actor=None
    )
    of_third = Posting.objects.get(person__name="丙")
    correct_dates(posting=of_third, started_on=of_third.started_on, ended_on=None, reason="录错", actor=None)
    a_grant(township=township, effective_from=date(2009, 7, 1))
    adjust(
        month=JULY, township=township, person=None, for_month=JULY, amount=Decimal("-20.50"), document="批复",
        reason="整改", actor=None,
    )  # fmt: skip
    assert told(calculate(month=JULY, actor=None).run) == {
        "新到岗": [("丁", "")],
        "离岗": [("甲", "2009-07-09 离岗")],
        "离岗日期被撤去": [("丙", "以前登记 2009-06-20 离岗")],
        "迟一个月以上才登记": [("丁", "从2009年6月起列入")],
        "其他调整": [(township.name, "-20.50 元,批复")],
        "补助名额多于基数": [(township.name, "名额 4,基数 3")],
    }
