"""The hint of the retirement age: no report is stale for it and no figure another; the next report answers it."""

from datetime import date

import pytest

from staffing.enums import Check
from staffing.models import Posting
from subsidies.models import AllocationLine, LedgerParameters, SubsidyRun, TownshipReport
from subsidies.posts.findings import finding_in_words, open_findings
from subsidies.refusals import RunRefused
from subsidies.reports.services import submit_report
from subsidies.reports.statuses import statuses
from subsidies.runs.services import approve, calculate, send
from subsidies.verification import verify
from tests.builders import a_contract, a_national_id, a_person, a_posting, a_township
from tests.subsidies.months import JUNE, an_accepted_report, an_approved_run, explain
from tests.subsidies.policies import NOW, a_policy
from townships.models import Township

pytestmark = pytest.mark.django_db
AGES = """
[[retirement]]
effective_from = 1978-06-02
group = "male"
base_years = 60
document = "opinion"
"""


@pytest.fixture
def town() -> Township:
    """With an assistant who has turned 60 in March, and whose contract goes on; reports are required."""
    a_policy()
    town = a_township()
    man = a_person(name="老张", national_id=a_national_id(born_on=date(1949, 3, 7)))
    a_contract(posting=a_posting(township=town, person=man), started_on=date(2009, 1, 1))
    LedgerParameters.objects.create(county=town.county, reports_required=True)
    return town


def hints() -> list[str]:
    found = open_findings(JUNE, Township.objects.all(), checks=(Check.RETIREMENT_AGE,))
    return [finding_in_words(finding) for finding in found]


def is_stale() -> bool:
    return any(status.is_stale for status in statuses(JUNE, Township.objects.all(), today=date(2009, 7, 2)))


def broken() -> set[str]:
    """What verification finds, but for the file of heads, which a commit writes."""
    return {found.kind for found in verify()} - {"heads"}


def test_it_is_found_without_a_day_that_would_tell_the_month_of_birth(town: Township) -> None:
    assert hints() == []
    a_policy(more=AGES)
    assert hints() == ["已过退休年龄:按男职工的退休年龄已过"]


def test_an_accepted_report_and_its_run_stay_as_they_are(town: Township) -> None:
    an_accepted_report(town)
    run = calculate(month=JUNE, actor=None).run
    a_policy(more=AGES)
    assert hints()
    assert not is_stale()
    assert calculate(month=JUNE, actor=None).run.current_revision_id == run.current_revision_id
    send(run=run, actor=None, now=NOW)
    approve_without_reports(run)
    assert AllocationLine.objects.get().findings == ""


def approve_without_reports(run: SubsidyRun) -> None:
    LedgerParameters.objects.update(reports_required=False)
    assert approve(run=run, actor=None, now=NOW).is_approved
    assert broken() == set()


def test_the_first_report_that_is_sent_afterwards_answers_it(town: Township) -> None:
    a_policy(more=AGES)
    confirmed = set(Posting.objects.values_list("pk", flat=True))
    with pytest.raises(RunRefused, match="情况说明"):
        submit_report(township=town, month=JUNE, confirmed=confirmed, actor=None, now=NOW)
    explain(town, JUNE)
    submit_report(township=town, month=JUNE, confirmed=confirmed, actor=None, now=NOW)
    assert TownshipReport.objects.get().state == "submitted"


def test_an_approved_month_is_verified_as_before(town: Township) -> None:
    LedgerParameters.objects.update(reports_required=False)
    an_approved_run(JUNE)
    before = list(AllocationLine.objects.values())
    a_policy(more=AGES)
    assert list(AllocationLine.objects.values()) == before
    assert broken() == set()
