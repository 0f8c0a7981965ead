"""Answering on a run for what the checks find where no report of the month is open for it (domain 5): the report is
settled, or none is required."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from accounts.permissions import Permission, demand
from subsidies.events import SubsidyEvent
from subsidies.models import Revision, SubsidyRun
from subsidies.posts.known_county import known_of_month
from subsidies.posts.month_facts import month_facts
from subsidies.refusals import ReasonMissing
from subsidies.reports.acknowledgements import AnsweredFinding, give_reason, unanswered
from subsidies.reports.statuses import books_of_ledger
from subsidies.revisions.answering import locked_to_answer
from subsidies.steps import UNSEEN, Seen
from townships.models import Township, TownshipQuerySet

SHOWN = 50


def settled_in_time(revision: Revision) -> TownshipQuerySet:
    """The townships with which the run settles its own month: those whose findings are asked for."""
    return Township.objects.filter(pk__in=revision.allocations.filter(is_late=False).values("township"))


def answered_on_the_run(revision: Revision) -> TownshipQuerySet:
    """Those of them that have no report of the month to answer in."""
    townships, books = settled_in_time(revision), books_of_ledger()
    if not books.parameters.reports_required:
        return townships
    month = revision.run.period
    return townships.filter(pk__in=[township for township in books.settled if books.have_settled(township, month)])


def findings_to_answer(revision: Revision) -> list[AnsweredFinding]:
    """The findings without a reason that are answered on the run. Raises MissingParameter."""
    townships, month = answered_on_the_run(revision), revision.run.period
    if not townships.exists():
        return []
    return [AnsweredFinding(found, None) for found in unanswered(month_facts(month, known_of_month(month)), townships)]


@dataclass(frozen=True, slots=True)
class FindingsToAnswer:
    """How many findings are answered on the run and have no reason; `rows` are the first SHOWN of them."""

    number: int
    rows: Sequence[AnsweredFinding]

    @property
    def are_all_shown(self) -> bool:
        return len(self.rows) == self.number


def findings_of_page(revision: Revision) -> FindingsToAnswer:
    found = findings_to_answer(revision)
    return FindingsToAnswer(len(found), found[:SHOWN])


@transaction.atomic
def acknowledge_findings(
    *, run: SubsidyRun, chosen: Collection[str] | None, reason: str, actor: User | None, seen: Seen = UNSEEN
) -> int:
    """Give one reason for findings of a calculated run that have none; how many they were.

    `chosen` are their keys, None all of them. Raises PermissionDenied, RunBusy, RunChanged, ReasonMissing, RunRefused.
    """
    demand(actor, Permission.SEND_RUN)
    run, revision = locked_to_answer(run, seen)
    if not reason.strip():
        raise ReasonMissing("请填写情况说明。")
    found = [row.finding for row in findings_to_answer(revision) if chosen is None or row.key in chosen]
    given = give_reason(found, reason, actor)
    if given:
        checks = sorted({finding.check.value for finding in found})
        after = {"revision": revision.number, "digest": revision.digest, "findings": len(given), "checks": checks}
        record(
            actor=actor,
            event=SubsidyEvent.ACKNOWLEDGE_FINDINGS_OF_RUN,
            subject=run,
            after=after,
            reason=reason.strip(),
        )
    return len(given)
