"""Who had a hand in a run: its makers and the editors of its facts, from events and rows (domain 1 and 5)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from accounts.models import AuditEvent, User
from staffing.models import Contract, ImportBatch, Posting, Suspension, Wage
from subsidies.enums import RunAction
from subsidies.models import AdjustmentLine, AllocationLine, SubsidyRun
from subsidies.workflow import Party
from townships.models import HouseholdCount

MAKING = (RunAction.CALCULATE.value, RunAction.SEND.value)
# Events that change what a run is made of; approving a grant, a count or a rule is not among them.
_EDITING_POSTINGS = ("appoint", "correct_dates", "withdraw_posting")
_EDITING_PEOPLE = ("register_person", "merge_people", "unmerge_person")
_EDITING_SUSPENSIONS = ("suspend", "correct_suspension", "withdraw_suspension")


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
    touched_postings = Q(pk__in=lines.values("posting")) | Q(pk__in=withdrawn.values("pk"))
    postings = Posting.objects.filter(touched_postings).values("pk")
    done = AuditEvent.objects.filter(actor=user, result="done")
    if any(_met(event.before, first, run.period.last) for event in done.filter(action="correct_dates").only("before")):
        return True
    imported = Q(import_batch__imported_by=user) | Q(imported_changes__batch__imported_by=user)
    if Posting.objects.filter(imported, pk__in=postings).exists():
        return True

    def touched(subject_type: str, *actions: str) -> Q:
        return Q(pk__in=done.filter(subject_type=subject_type, action__in=actions).values("subject_id"))

    if done.filter(subject_type="posting", action__in=_EDITING_POSTINGS, subject_id__in=postings).exists():
        return True
    people = lines.values("posting__person")
    if done.filter(subject_type="person", action__in=_EDITING_PEOPLE, subject_id__in=people).exists():
        return True
    if Contract.objects.filter(touched("contract", "add_contract", "correct_contract"), posting__in=postings).exists():
        return True
    if Wage.objects.filter(touched("wage", "set_wage"), posting__in=postings).exists():
        return True
    if Suspension.objects.filter(touched("suspension", *_EDITING_SUSPENSIONS), posting__in=postings).exists():
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
