"""Budgets: a county's month end to end, its approval, its verification; and how the cost grows with the lines."""

from django.db.models import Q
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from benchmarks.county import MONTH
from benchmarks.measure import (
    check_constraints,
    peak_megabytes,
    rolled_back,
    seconds_of,
    statements_of,
    typical_seconds,
)
from benchmarks.reports import a_user, accept_all
from benchmarks.results import Result
from staffing.models import Posting
from subsidies.models import AllocationLine, LedgerParameters, SubsidyRun
from subsidies.runs.services import approve, calculate, send
from subsidies.verification import Break, verify

# A month of more lines is calculated once.
REPEATED_UP_TO = 100_000
VERIFIED_IN = 60.0
"""Seconds for a million lines."""


def month_end() -> list[Result]:
    """Calculate the month: lock, facts, rules, ledger, digest, writing, event."""
    statements = statements_of(calculated, rolled_back)
    seconds = typical_seconds(calculated, rolled_back)
    lines = lines_of_a_month()
    return [
        Result(
            "county month end to end, twelve months of back-look",
            lines,
            seconds,
            budget_seconds=0.3,
            statements=statements,
            budget_statements=40,
        )
    ]


def scale() -> list[Result]:
    """The same for any number of lines, with the most memory that the process held. The month is left calculated."""
    months = SubsidyRun.objects.count()
    lines = lines_of_a_month()
    seconds = typical_seconds(calculated, rolled_back) if lines <= REPEATED_UP_TO else None
    last: list[float] = []
    statements = statements_of(lambda: last.append(seconds_of(calculated)))
    what = f"calculate a month, {months} months of back-look" if months else "calculate a month"
    return [Result(what, lines, seconds or last[0], statements=statements, megabytes=peak_megabytes())]


def approval() -> list[Result]:
    """Approve the month that waits: recalculate in memory, compare, check the invariants, seal, event; then the same
    in a county where every township reports, whose reports and findings are all looked at again."""
    run = send(run=calculate(month=MONTH, actor=None).run, actor=None, now=timezone.now())
    lines = lines_of_a_month()
    found = [Result("approve a month, twelve months of back-look", lines, _approving(run, None), budget_seconds=3.0)]
    accept_all(LedgerParameters.objects.get())
    seconds = _approving(run, a_user(Role.BUREAU_APPROVER))
    return [*found, Result("the same with the reports of all townships", lines, seconds, budget_seconds=3.0)]


def _approving(run: SubsidyRun, approver: User | None) -> float:
    def approved() -> None:
        approve(run=run, actor=approver, now=timezone.now())
        check_constraints()

    return typical_seconds(approved, rolled_back)


def sealing() -> list[Result]:
    """Approve the month that was calculated, and leave it so: seconds and memory of one run."""
    run = SubsidyRun.objects.get()
    seconds = seconds_of(
        lambda: approve(run=send(run=run, actor=None, now=timezone.now()), actor=None, now=timezone.now())
    )
    return [Result("send and approve a month", lines_of_a_month(), seconds, megabytes=peak_megabytes())]


def verification() -> list[Result]:
    """Verify the ledger: chain, every sealed row, every figure again, every invariant."""
    found: list[Break] = []
    seconds = seconds_of(lambda: found.extend(verify()))
    if found:
        raise RuntimeError(found[0].sentence)
    lines = AllocationLine.objects.count()
    budget = round(lines * VERIFIED_IN / 1_000_000, 1)
    megabytes = peak_megabytes()
    return [Result("verify the ledger, one sealed month", lines, seconds, budget_seconds=budget, megabytes=megabytes)]


def calculated() -> None:
    calculate(month=MONTH, actor=None)
    check_constraints()


def lines_of_a_month() -> int:
    """Postings in service in MONTH: each has a line."""
    begun = Posting.objects.filter(started_on__lte=MONTH.last)
    return begun.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=MONTH.first)).count()
