"""Who had a hand in a run: its makers and the editors of its facts, from events and rows (domain 1 and 5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import Exists, Q, QuerySet
from django.utils import timezone

from accounts.events import saying
from accounts.models import AuditEvent, User
from staffing.enums import ProposalState
from staffing.events import StaffingEvent
from staffing.models import (
    Contract,
    Election,
    ImportBatch,
    Person,
    PersonProposal,
    Posting,
    Qualification,
    Suspension,
    Transfer,
    Wage,
    WorkingTime,
)
from subsidies.events import SubsidyEvent
from subsidies.models import Adjustment, AllocationLine, SubsidyRun
from subsidies.workflow import Party
from townships.events import TownshipEvent
from townships.models import HouseholdCount

# The verbs of making a run.
MAKING = (SubsidyEvent.CALCULATE.verb, SubsidyEvent.SEND.verb)
_EDITING = [event for event in (*TownshipEvent, *StaffingEvent, *SubsidyEvent) if event.is_editing]


def is_maker(user: User, run: SubsidyRun) -> bool:
    """Whether the user calculated or sent any of the run's revisions, or somebody in the user's stead."""
    return _traces(user, _Reach(run)).made


def is_editor(user: User, run: SubsidyRun) -> bool:
    """Whether the user, or somebody in the user's stead, did what is editing (accounts/events.py) to postings, people,
    what belongs to them, units, counts or adjustments of the run; or rows of it name the user.

    A file imported, or undone, since the first month of the run's window counts as a change of all that it might have
    touched.
    """
    return _has_edited(user, _Reach(run), _traces(user, _Reach(run)))


def _has_edited(user: User, reach: "_Reach", traces: "_Traces") -> bool:
    if traces.counted or traces.adjusted or traces.proposed:
        return True
    imported = Q(import_batch__imported_by=user) | Q(imported_changes__batch__imported_by=user)
    if traces.imported and reach.postings.filter(imported).exists():
        return True
    # Most who approve have done nothing of all this; then nothing need be looked for.
    if not traces.edited:
        return False
    done = _edits_of(user)
    acted = set(done.order_by().values_list("subject_type", flat=True).distinct())
    return any(_HAVE_TOUCHED[subject](done.filter(subject_type=subject), reach) for subject in sorted(acted))


class _Traces(NamedTuple):
    """What the user left: events of making the run, counts and adjustments of it, proposals on its people that were
    accepted, imports, and editing of whatever."""

    made: bool
    counted: bool
    adjusted: bool
    proposed: bool
    imported: bool
    edited: bool


def _traces(user: User, reach: "_Reach") -> _Traces:
    """In one statement."""
    making = saying(SubsidyEvent.CALCULATE, SubsidyEvent.SEND)
    made = AuditEvent.objects.filter(_by(user), making, subject_id=reach.run.pk, result="done")
    (row,) = User.objects.filter(pk=user.pk).values_list(
        Exists(made),
        Exists(HouseholdCount.objects.filter(entered_by=user, effective_from__lte=reach.last)),
        Exists(reach.adjustments.filter(entered_by=user)),
        Exists(_accepted_proposals(reach).filter(proposed_by=user)),
        Exists(ImportBatch.objects.filter(imported_by=user)),
        Exists(_edits_of(user)),
    )
    return _Traces(*row)


@dataclass(frozen=True, slots=True)
class _Reach:
    """What a run is made of: its lines, and the postings, with those that are there no more."""

    run: SubsidyRun

    @property
    def first(self) -> date:
        return (self.run.period - self.run.retro_months).first

    @property
    def last(self) -> date:
        return self.run.period.last

    @property
    def lines(self) -> QuerySet[AllocationLine]:
        return AllocationLine.objects.filter(allocation__revision=self.run.current_revision_id)

    @property
    def postings(self) -> QuerySet[Posting]:
        # A posting that was withdrawn has no line, and has made room for another.
        withdrawn = Posting.objects.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=self.first),
            withdrawn_at__isnull=False,
            started_on__lte=self.last,
        )
        return Posting.objects.filter(Q(pk__in=self.lines.values("posting")) | Q(pk__in=withdrawn.values("pk")))

    @property
    def adjustments(self) -> QuerySet[Adjustment]:
        # One that was withdrawn has no line.
        withdrawn = Q(month=self.run.month, withdrawn_at__isnull=False)
        return Adjustment.objects.filter(Q(lines__allocation__revision=self.run.current_revision_id) | withdrawn)


_Events = QuerySet[AuditEvent]


def _by(user: User) -> Q:
    return Q(actor=user) | Q(on_behalf_of=user)


def _edits_of(user: User) -> _Events:
    return AuditEvent.objects.filter(_by(user), saying(*_EDITING), result="done")


def _postings(done: _Events, reach: _Reach) -> bool:
    corrected = done.filter(saying(StaffingEvent.CORRECT_DATES)).only("before")
    if any(_met(event.before, reach.first, reach.last) for event in corrected):
        return True
    return reach.postings.filter(pk__in=done.values("subject_id")).exists()


def _met(before: object, first: date, last: date) -> bool:
    """Whether a posting was in service within these months before its dates were corrected: it may be there no more,
    and have made room for another."""
    facts = before if isinstance(before, dict) else {}
    started_on, ended_on = facts.get("started_on"), facts.get("ended_on")
    return bool(started_on) and str(started_on) <= str(last) and (not ended_on or str(ended_on) >= str(first))


def _people(done: _Events, reach: _Reach) -> bool:
    people = Person.objects.filter(pk__in=reach.lines.values("posting__person"))
    return people.filter(pk__in=done.values("subject_id")).exists()


def _qualifications(done: _Events, reach: _Reach) -> bool:
    touched = Qualification.objects.filter(pk__in=done.values("subject_id"))
    return touched.filter(person__in=reach.lines.values("posting__person")).exists()


def _accepted_proposals(reach: _Reach) -> QuerySet[PersonProposal]:
    people = reach.lines.values("posting__person")
    of_people = Q(person__in=people) | Q(into__in=people)
    return PersonProposal.objects.filter(of_people, state=ProposalState.ACCEPTED.value)


def _of_postings(model: type[Contract | Wage | Suspension | WorkingTime]) -> Callable[[_Events, _Reach], bool]:
    def have_touched(done: _Events, reach: _Reach) -> bool:
        rows: QuerySet[Any] = model._default_manager.filter(posting__in=reach.postings)
        return rows.filter(pk__in=done.values("subject_id")).exists()

    return have_touched


def _imports(done: _Events, reach: _Reach) -> bool:
    since = datetime.combine(reach.first, time(), tzinfo=timezone.get_current_timezone())
    if done.filter(at__gte=since).exists():
        return True
    return _came_by(done.values("subject_id"), reach)


def _elections(done: _Events, reach: _Reach) -> bool:
    # One that was not carried out has changed nothing.
    held = Election.objects.filter(pk__in=done.values("subject_id"), batch__isnull=False)
    return _came_by(held.values("batch"), reach)


def _came_by(batches: QuerySet[Any, Any], reach: _Reach) -> bool:
    imported = Q(import_batch__in=batches) | Q(imported_changes__batch__in=batches)
    return reach.postings.filter(imported).exists()


def _transfers(done: _Events, reach: _Reach) -> bool:
    # One that was not received has changed nothing.
    received = Transfer.objects.filter(pk__in=done.values("subject_id"), new_posting__isnull=False)
    return received.filter(Q(posting__in=reach.postings) | Q(new_posting__in=reach.postings)).exists()


def _counts(done: _Events, reach: _Reach) -> bool:
    # The event of a file names none of its rows.
    entered = HouseholdCount.objects.filter(entered_by__in=done.values("actor"))
    return entered.filter(effective_from__lte=reach.last).exists()


def _units(done: _Events, reach: _Reach) -> bool:
    kept = done.filter(saying(*_UNIT_EVENTS)).values("subject_id")
    return _counts(done, reach) or reach.postings.filter(unit__in=kept).exists()


def _adjustments(done: _Events, reach: _Reach) -> bool:
    return reach.adjustments.filter(pk__in=done.values("subject_id")).exists()


_UNIT_EVENTS = (
    TownshipEvent.OPEN_UNIT,
    StaffingEvent.CLOSE_UNIT,
    StaffingEvent.MERGE_UNIT,
    StaffingEvent.CONVERT_UNIT,
    StaffingEvent.REOPEN_UNIT,
)
# By the subject of an event that is editing, whether such events touched what a run is made of.
_HAVE_TOUCHED: Mapping[str, Callable[[_Events, _Reach], bool]] = {
    "posting": _postings,
    "person": _people,
    "contract": _of_postings(Contract),
    "wage": _of_postings(Wage),
    "suspension": _of_postings(Suspension),
    "workingtime": _of_postings(WorkingTime),
    "qualification": _qualifications,
    "transfer": _transfers,
    "importbatch": _imports,
    "election": _elections,
    "grassrootsunit": _units,
    "county": _counts,
    "": _counts,
    "adjustment": _adjustments,
}


def barred_party(user: User, run: SubsidyRun, parties: tuple[Party, ...]) -> Party | None:
    """The first of `parties` that the user belongs to."""
    if not parties:
        return None
    reach = _Reach(run)
    traces = _traces(user, reach)
    if Party.MAKER in parties and traces.made:
        return Party.MAKER
    return Party.EDITOR if Party.EDITOR in parties and _has_edited(user, reach, traces) else None
