"""Who had a hand in a run: its makers and the editors of its facts, from events and rows (domain 1 and 5)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import AuditEvent, User
from staffing.models import Contract, ImportBatch, Person, Posting, Suspension, Wage
from subsidies.enums import RunAction
from subsidies.models import AdjustmentLine, AllocationLine, SubsidyRun
from subsidies.workflow import Party
from townships.models import HouseholdCount

MAKING = (RunAction.CALCULATE.value, RunAction.SEND.value)
# Events that change what a run is made of; approving a grant, a count or a rule is not among them.
_EDITING_OF: Mapping[str, frozenset[str]] = {
    "posting": frozenset({"appoint", "correct_dates", "withdraw_posting"}),
    "person": frozenset({"register_person", "merge_people", "unmerge_person"}),
    "contract": frozenset({"add_contract", "correct_contract"}),
    "wage": frozenset({"set_wage"}),
    "suspension": frozenset({"suspend", "correct_suspension", "withdraw_suspension"}),
}
_EDITING = frozenset().union(*_EDITING_OF.values())


def is_maker(user: User, run: SubsidyRun) -> bool:
    """Whether the user calculated or sent any of the run's revisions."""
    events = AuditEvent.objects.filter(
        subject_type="subsidyrun", subject_id=run.pk, action__in=MAKING, actor=user, result="done"
    )
    return events.exists()


def is_editor(user: User, run: SubsidyRun) -> bool:
    """Whether the user entered or changed postings, people, contracts, wages, suspensions, counts or adjustments of
    the run.

    A file imported, or undone, since the first month of the run's window counts as a change of all that it might have
    touched.
    """
    lines = AllocationLine.objects.filter(allocation__revision=run.current_revision_id)
    first = (run.period - run.retro_months).first
    # A posting that was withdrawn has no line, and has made room for another.
    withdrawn = Posting.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=first), withdrawn_at__isnull=False, started_on__lte=run.period.last
    )
    postings = Posting.objects.filter(Q(pk__in=lines.values("posting")) | Q(pk__in=withdrawn.values("pk")))
    done = AuditEvent.objects.filter(actor=user, result="done")
    if any(_met(event.before, first, run.period.last) for event in done.filter(action="correct_dates").only("before")):
        return True
    imported = Q(import_batch__imported_by=user) | Q(imported_changes__batch__imported_by=user)
    if ImportBatch.objects.filter(imported_by=user).exists() and postings.filter(imported).exists():
        return True
    # Most who approve have done nothing of all this; then nothing need be looked for.
    acted = set(done.filter(action__in=_EDITING).order_by().values_list("action", flat=True).distinct())
    of_run: Mapping[str, QuerySet[Any]] = {
        "posting": postings,
        "person": Person.objects.filter(pk__in=lines.values("posting__person")),
        "contract": Contract.objects.filter(posting__in=postings),
        "wage": Wage.objects.filter(posting__in=postings),
        "suspension": Suspension.objects.filter(posting__in=postings),
    }
    for subject, actions in _EDITING_OF.items():
        edited = done.filter(subject_type=subject, action__in=actions).values("subject_id")
        if acted & actions and of_run[subject].filter(pk__in=edited).exists():
            return True
    if HouseholdCount.objects.filter(entered_by=user, effective_from__lte=run.period.last).exists():
        return True
    adjusted = AdjustmentLine.objects.filter(allocation__revision=run.current_revision_id)
    if adjusted.filter(adjustment__entered_by=user).exists():
        return True
    since = datetime.combine(first, time(), tzinfo=timezone.get_current_timezone())
    if done.filter(action="undo_import", at__gte=since).exists():
        return True
    return ImportBatch.objects.filter(imported_by=user, imported_at__gte=since, kind="roster").exists()


def _met(before: object, first: date, last: date) -> bool:
    """Whether a posting was in service within these months before its dates were corrected: it may be there no more,
    and have made room for another."""
    facts = before if isinstance(before, dict) else {}
    started_on, ended_on = facts.get("started_on"), facts.get("ended_on")
    return bool(started_on) and str(started_on) <= str(last) and (not ended_on or str(ended_on) >= str(first))


PARTIES: Mapping[Party, Callable[[User, SubsidyRun], bool]] = {Party.MAKER: is_maker, Party.EDITOR: is_editor}


def barred_party(user: User, run: SubsidyRun, parties: tuple[Party, ...]) -> Party | None:
    """The first of `parties` that the user belongs to."""
    return next((party for party in parties if PARTIES[party](user, run)), None)
