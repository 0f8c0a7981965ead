"""Who changed what of a report since it was sent up, as far as the audit events tell."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from accounts.enums import Role
from accounts.events import Event, saying
from accounts.models import AuditEvent
from staffing.events import StaffingEvent
from staffing.models import ImportedChange, Posting
from subsidies.reports.fact_changes import GONE, NEW, FactChange, FactPart
from subsidies.reports.fields import posting_of, unit_of
from subsidies.reports.statuses import ReportStatus
from townships.events import TownshipEvent


class _Rule(NamedTuple):
    """The events that change a fact, and what the words of an import that changed it name; `of_person`: it may have
    named it at another posting of the same person."""

    events: frozenset[Event] = frozenset()
    words: tuple[str, ...] = ()
    of_person: bool = False


_DATES = frozenset({StaffingEvent.CORRECT_DATES, StaffingEvent.END_POSTING})
_ACCEPTED = frozenset({StaffingEvent.ACCEPT_PROPOSAL})
_CONTRACT = frozenset({StaffingEvent.ADD_CONTRACT, StaffingEvent.CORRECT_CONTRACT, StaffingEvent.WITHDRAW_CONTRACT})
_WAGE = frozenset({StaffingEvent.SET_WAGE, StaffingEvent.CORRECT_WAGE, StaffingEvent.WITHDRAW_WAGE})
_SUSPENSION = frozenset({StaffingEvent.SUSPEND, StaffingEvent.CORRECT_SUSPENSION, StaffingEvent.WITHDRAW_SUSPENSION})
_WORKING_TIME = frozenset({StaffingEvent.SET_WORKING_TIME, StaffingEvent.WITHDRAW_WORKING_TIME})
_QUALIFICATION = frozenset({StaffingEvent.RECORD_QUALIFICATION, StaffingEvent.WITHDRAW_QUALIFICATION})
_POSTING_RULES: Mapping[str, _Rule] = {
    NEW: _Rule(_DATES | {StaffingEvent.APPOINT}, ("到岗日期", "离岗日期")),
    GONE: _Rule(_DATES | {StaffingEvent.WITHDRAW_POSTING}, ("到岗日期", "离岗日期")),
    "name": _Rule(_ACCEPTED | {StaffingEvent.CORRECT_PERSON}, ("姓名",), of_person=True),
    "unit": _Rule(frozenset({TownshipEvent.IMPORT_DIVISIONS})),
    "started_on": _Rule(_DATES, ("到岗日期",)),
    "ended_on": _Rule(_DATES, ("离岗日期",)),
    "is_full_time": _Rule(_WORKING_TIME, ("专职",)),
    "education": _Rule(_ACCEPTED | _QUALIFICATION, ("学历",), of_person=True),
    "has_computer_skill": _Rule(_ACCEPTED | _QUALIFICATION, ("计算机",), of_person=True),
    "recruitment_recorded": _Rule(frozenset({StaffingEvent.SET_SOURCE}), ("人员来源", "招聘")),
    "contracts": _Rule(_CONTRACT, ("合同",)),
    "contract_kinds": _Rule(_CONTRACT, ("合同", "用工单位")),
    # The first wage moves with the start of its posting.
    "costs": _Rule(_WAGE, ("工资", "社保", "公积金", "到岗日期")),
    "suspensions": _Rule(_SUSPENSION),
    "records": _Rule(_ACCEPTED | {StaffingEvent.MERGE_PEOPLE, StaffingEvent.UNMERGE_PERSON}),
}
_COUNTS = frozenset(
    {TownshipEvent.ENTER_HOUSEHOLD_COUNT, TownshipEvent.APPROVE_COUNTS, TownshipEvent.IMPORT_HOUSEHOLDS}
)
_DIVISIONS = frozenset({TownshipEvent.IMPORT_DIVISIONS})
_CLOSING = frozenset(
    {StaffingEvent.CLOSE_UNIT, StaffingEvent.MERGE_UNIT, StaffingEvent.CONVERT_UNIT, StaffingEvent.REOPEN_UNIT}
)
_OPENING = frozenset({TownshipEvent.OPEN_UNIT})
_RENAMING = frozenset({TownshipEvent.RENAME_UNIT})
_UNIT_EVENTS: Mapping[str, frozenset[Event]] = {
    NEW: _COUNTS | _DIVISIONS | _OPENING,
    GONE: frozenset(),
    "counts": _COUNTS,
    "closed_on": _CLOSING,
    "name": _RENAMING | _DIVISIONS,
}
_IMPORTING, _UNDOING, _APPROVING = StaffingEvent.IMPORT_ROSTER, StaffingEvent.UNDO_IMPORT, TownshipEvent.APPROVE_COUNTS
_EVENTS: frozenset[Event] = frozenset(
    {
        *(event for rule in _POSTING_RULES.values() for event in rule.events),
        *_COUNTS,
        *_DIVISIONS,
        *_CLOSING,
        *_OPENING,
        *_RENAMING,
        _IMPORTING,
        _UNDOING,
    }
)
# What an event of the whole county is about.
_COUNTY = ("county", 0)


class _Event(NamedTuple):
    pk: int
    at: datetime
    role: str
    actor_name: str
    action: str
    subject_type: str
    subject_id: int | None
    before: Any  # whatever JSON the event holds
    after: Any


def with_who(statuses: Sequence[ReportStatus]) -> list[ReportStatus]:
    """The same, with who made each change and when, in a fixed number of queries; without where no event tells."""
    sent = {
        status.township.pk: status.report.submitted_at
        for status in statuses
        if status.differences and status.report is not None and status.report.submitted_at is not None
    }
    if not sent:
        return list(statuses)
    told = _told([change for status in statuses for change in status.differences], since=min(sent.values()))
    return [
        replace(
            status,
            differences=[told.change(change, since=sent[status.township.pk]) for change in status.differences],
        )
        if status.township.pk in sent
        else status
        for status in statuses
    ]


class _PostingFacts(NamedTuple):
    person: int
    root: int
    batch: int | None


@dataclass(frozen=True, slots=True)
class _Told:
    """Events by what they are about, in the order in which they were written; and what imports said of postings."""

    postings: Mapping[int, _PostingFacts]
    events: Mapping[tuple[str, int], Sequence[_Event]]
    imported: Mapping[tuple[str, int], Sequence[tuple[int, str]]]

    def change(self, change: FactChange, *, since: datetime) -> FactChange:
        parts = []
        for part in change.parts:
            found = [event for event in self._events(change.key, part) if event.at > since]
            parts.append(part._replace(by=_in_words(sorted(found, key=lambda event: event.pk))))
        return replace(change, parts=parts)

    def _events(self, key: str, part: FactPart) -> Iterator[_Event]:
        """Those that may have made the change."""
        posting, unit = posting_of(key), unit_of(key)
        if posting is not None and posting in self.postings and part.field in _POSTING_RULES:
            yield from self._of_posting(posting, part.field, _POSTING_RULES[part.field])
        elif unit is not None:
            told = _UNIT_EVENTS.get(part.field, _DIVISIONS)
            yield from self._among(("grassrootsunit", unit), told)
            yield from self._among(_COUNTY, told)

    def _of_posting(self, pk: int, field: str, rule: _Rule) -> Iterator[_Event]:
        facts = self.postings[pk]
        for about in {("posting", pk), ("person", facts.person), ("person", facts.root), _COUNTY}:
            yield from self._among(about, rule.events)
        if facts.batch is not None and field in (NEW, GONE):
            yield from self._among(("importbatch", facts.batch), {_IMPORTING if field == NEW else _UNDOING})
        about = ("person", facts.person) if rule.of_person else ("posting", pk)
        for batch, words in self.imported.get(about, ()):
            if any(word in words for word in rule.words):
                yield from self._among(("importbatch", batch), {_IMPORTING, _UNDOING})

    def _among(self, about: tuple[str, int], told: Iterable[Event]) -> Iterator[_Event]:
        verbs = {event.verb for event in told}
        return (event for event in self.events.get(about, ()) if event.action in verbs)


def _told(changes: Sequence[FactChange], *, since: datetime) -> _Told:
    keys = [pk for change in changes if (pk := posting_of(change.key)) is not None]
    rows = Posting.objects.filter(pk__in=keys).values_list("pk", "person", "person__merged_into", "import_batch")
    postings = {pk: _PostingFacts(person, root or person, batch) for pk, person, root, batch in rows}
    imported: dict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
    people = {facts.person for facts in postings.values()}
    lately = Q(batch__imported_at__gt=since) | Q(batch__undone_at__gt=since)
    words = ImportedChange.objects.filter(lately, posting__person__in=people)
    for posting, person, batch, said in words.values_list("posting", "posting__person", "batch", "words"):
        imported["posting", posting].append((batch, said))
        imported["person", person].append((batch, said))
    events: dict[tuple[str, int], list[_Event]] = defaultdict(list)
    stored = AuditEvent.objects.filter(saying(*_EVENTS), at__gt=since, result="done").order_by("pk")
    for row in stored.values_list(*_Event._fields):
        event = _Event(*row)
        for about in _about(event):
            events[about].append(event)
    return _Told(postings, events, imported)


def _about(event: _Event) -> Iterator[tuple[str, int]]:
    """What an event is about: contracts, wages, suspensions and working times are their posting's, a qualification its
    person's, a count its unit's."""
    said = {**(event.before or {}), **(event.after or {})}
    if event.action == _APPROVING.verb:
        for count in said.get("counts", ()):
            yield ("grassrootsunit", count["unit"])
    elif event.subject_type == "county":
        yield _COUNTY
    elif event.subject_type in ("contract", "wage", "suspension", "workingtime"):
        yield ("posting", said["posting"])
    elif event.subject_type == "qualification":
        yield ("person", said["person"])
    elif event.subject_id is not None:
        yield (event.subject_type, event.subject_id)
        if "merged_into" in said:
            yield ("person", said["merged_into"])


def _in_words(found: Sequence[_Event]) -> str:
    """镇街经办 王某,2010-05-28 09:12: the last of them; of an approval also who had entered what it approved."""
    approvals = [event for event in found if event.action == _APPROVING.verb]
    entries = [event for event in found if event.action != _APPROVING.verb]
    if approvals:
        entries = [event for event in entries if event.pk < approvals[-1].pk]
    return ";".join(map(_one, (*entries[-1:], *approvals[-1:])))


def _one(event: _Event) -> str:
    known = {role.value: f"{role.label} " for role in Role}
    done = "审核通过" if event.action == _APPROVING.verb else ""
    return f"{known.get(event.role, '')}{event.actor_name}{done},{timezone.localtime(event.at):%Y-%m-%d %H:%M}"
