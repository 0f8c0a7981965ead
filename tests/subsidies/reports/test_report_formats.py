"""In which format a report's facts are kept and compared, and what of the time after the month is none of them."""

from collections.abc import Callable
from datetime import date

import pytest

from foundation.dates import Month
from staffing.enums import Education, Position, SuspensionKind
from staffing.models import Contract, Posting, Suspension
from subsidies.models import LedgerParameters, TownshipReport
from subsidies.refusals import RunRefused
from subsidies.reports.facts import CURRENT_FORMAT, digest_of_facts, facts_to_report, report_facts
from subsidies.reports.statuses import Progress, ReportStatus, statuses
from subsidies.reports.t0 import t0_sheet
from tests.builders import (
    a_contract,
    a_household_count,
    a_person,
    a_posting,
    a_suspension,
    a_township,
    a_unit,
    a_wage,
)
from tests.subsidies.months import a_submitted_report, an_accepted_report
from tests.subsidies.policies import a_policy
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, Township

pytestmark = [pytest.mark.django_db, pytest.mark.both]
JUNE = Month(2009, 6)


@pytest.fixture
def town() -> Township:
    """An assistant with a contract, a wage and a suspension; a coordinator in a village; reports are required."""
    a_policy()
    township = a_township()
    assistant = a_posting(township=township, person=a_person(name="甲"))
    a_contract(posting=assistant, started_on=date(2009, 1, 1), ended_on=date(2012, 1, 31))
    a_wage(posting=assistant)
    a_suspension(posting=assistant, started_on=date(2009, 6, 3))
    village = a_unit(township=township, name="范家村", kind=UnitKind.VILLAGE)
    a_household_count(unit=village, households=150)
    a_posting(township=township, unit=village, position=Position.VILLAGE_COORDINATOR, person=a_person(name="乙"))
    LedgerParameters.objects.create(county=township.county, reports_required=True)
    return township


def status(township: Township) -> ReportStatus:
    return statuses(JUNE, Township.objects.filter(pk=township.pk), today=date(2009, 6, 20))[0]


def as_of_the_first_format(report: TownshipReport) -> TownshipReport:
    """The report as an earlier release stored it."""
    since = {report.township_id: JUNE}
    facts = report_facts(JUNE, facts_to_report(JUNE, since=since), since=since, number=1)[report.township_id]
    report.format, report.facts, report.digest = None, facts, digest_of_facts(facts, 1)
    report.save()
    return report


def another_label(monkeypatch: pytest.MonkeyPatch) -> None:
    for member in (Position.ASSISTANT, Education.COLLEGE, SuspensionKind.UNPAID_LEAVE, UnitKind.VILLAGE):
        monkeypatch.setattr(member, "label", "另一种叫法")


def test_facts_are_told_by_identifiers_alone(town: Township) -> None:
    report = an_accepted_report(town)
    posting, unit = Posting.objects.get(person__name="乙"), GrassrootsUnit.objects.get()
    assert report.format == CURRENT_FORMAT
    assert report.facts[f"unit {unit.pk}"] == {
        "name": "范家村", "kind": "village", "opened_on": None, "closed_on": None, "counts": [["2009-01-01", 150]],
    }  # fmt: skip
    assert report.facts[f"posting {posting.pk}"]["unit"] == unit.pk
    assert report.facts[f"posting {posting.pk}"]["position"] == "village_coordinator"


@pytest.mark.parametrize("number", [1, CURRENT_FORMAT])
def test_another_label_makes_nothing_stale(town: Township, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    report = an_accepted_report(town)
    if number == 1:
        as_of_the_first_format(report)
    another_label(monkeypatch)
    assert (status(town).progress, status(town).changes) == (Progress.ACCEPTED, [])


def test_what_was_confirmed_in_the_first_format_is_compared_in_it_and_sent_up_in_the_current_one(
    town: Township,
) -> None:
    current = an_accepted_report(town)
    rows = t0_sheet(current).rows
    report = as_of_the_first_format(current)
    assert t0_sheet(report).rows == rows
    with pytest.raises(RunRefused, match="没有变动,不必重报"):
        a_submitted_report(town)
    Posting.objects.filter(person__name="甲").update(ended_on=JUNE.last)
    assert status(town).changes == ["甲:离岗日期 无 → 2009-06-30"]
    report = a_submitted_report(town)
    assert (report.submission, report.format, report.digest) == (2, CURRENT_FORMAT, digest_of_facts(report.facts))
    assert status(town).changes == []


def test_another_format_is_another_digest() -> None:
    assert digest_of_facts({}) != digest_of_facts({}, 1)


def _of_assistant(**fields: object) -> Callable[[], object]:
    return lambda: Posting.objects.filter(person__name="甲").update(**fields)


LATER: dict[str, Callable[[], object]] = {
    "leave of a later month": _of_assistant(ended_on=date(2009, 7, 4)),
    "leave on the last day": _of_assistant(ended_on=JUNE.last),
    "end of a suspension later": lambda: Suspension.objects.update(ended_on=date(2009, 8, 1)),
    "end of a suspension on the last day": lambda: Suspension.objects.update(ended_on=JUNE.last),
    "unit closed after the last day": lambda: GrassrootsUnit.objects.update(closed_on=JUNE.last),
    "contract in force ends later": lambda: Contract.objects.update(ended_on=date(2013, 1, 31)),
    "contract in force ends never": lambda: Contract.objects.update(ended_on=None),
    "renewal": lambda: a_contract(posting=Posting.objects.get(person__name="甲"), started_on=date(2012, 2, 1)),
    "next wage": lambda: a_wage(posting=Posting.objects.get(person__name="甲"), effective_from=date(2009, 7, 1)),
}


@pytest.mark.parametrize("what", LATER)
def test_what_comes_after_the_month_makes_nothing_stale(town: Township, what: str) -> None:
    an_accepted_report(town)
    LATER[what]()
    assert (status(town).progress, status(town).changes) == (Progress.ACCEPTED, [])
    with pytest.raises(RunRefused, match="没有变动,不必重报"):
        a_submitted_report(town)


IN_THE_MONTH: dict[str, tuple[Callable[[], object], str]] = {
    "leave a day before its end": (_of_assistant(ended_on=date(2009, 6, 29)), "甲:离岗日期 无 → 2009-06-29"),
    "end of a suspension": (
        lambda: Suspension.objects.update(ended_on=date(2009, 6, 29)),
        "甲:停发 2009-06-03 至 今 停薪留职 → 2009-06-03 至 2009-06-29 停薪留职",
    ),
    "unit closed": (
        lambda: GrassrootsUnit.objects.update(closed_on=date(2009, 6, 29)),
        "范家村:撤销日期 无 → 2009-06-29",
    ),
    "contract shortened": (
        lambda: Contract.objects.update(ended_on=date(2011, 1, 31)),
        "甲:合同 2009-01-01 至 2012-01-31 → 2009-01-01 至 2011-01-31",
    ),
    "unit renamed": (lambda: GrassrootsUnit.objects.update(name="范家"), "范家:名称 范家村 → 范家"),
}


@pytest.mark.parametrize("what", IN_THE_MONTH)
def test_what_changes_the_month_is_told(town: Township, what: str) -> None:
    an_accepted_report(town)
    act, said = IN_THE_MONTH[what]
    act()
    assert (status(town).progress, status(town).changes) == (Progress.STALE, [said])


def test_an_expired_contract_that_is_prolonged_is_told(town: Township) -> None:
    Contract.objects.update(ended_on=date(2009, 6, 29))
    an_accepted_report(town)
    Contract.objects.update(ended_on=date(2012, 6, 29))
    assert status(town).changes == ["甲:合同 2009-01-01 至 2009-06-29 → 2009-01-01 至 2012-06-29"]
