"""What was entered and waits for approval: household counts, grants, versions of the policy; who may approve it."""

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import Permission, may
from foundation.dates import Month
from staffing.models import EstablishmentGrant, GrantEnding, PersonProposal
from subsidies.enums import EntryKind
from subsidies.models import MinimumWage, RetirementAge, SubsidyStandard
from subsidies.policy.history import Version, VersionState
from subsidies.policy.in_force import PolicyRow, rulebook, standards_in_force
from subsidies.policy.pages import all_versions
from subsidies.policy.words import retirement_words, standard_words
from subsidies.posts.units import UnitRate, unit_rate
from subsidies.rules.parameters import MonthParameters
from subsidies.rules.rulebook import MissingParameter, Rulebook
from townships.enums import UnitKind
from townships.models import HouseholdCount, TownshipStatus, TownshipStatusEntry

MOST_COUNTS = 500
_PROPOSALS = "person_proposal"
Row = HouseholdCount | TownshipStatusEntry | EstablishmentGrant | GrantEnding | PolicyRow
OWN = "您录入的,由另一名人员审核"
OTHER_SIDE = "您已代表另一方审核过,由另一名人员审核"
NOT_YOURS = "由县局审核人员办理"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One entry; `refusal` says why the user cannot decide on it, empty for who can."""

    kind: EntryKind
    row: Row
    refusal: str

    @property
    def key(self) -> str:
        """What a form sends back of it: the entry as it was seen."""
        return f"{self.kind.value}:{self.row.pk}:{fingerprint_of(self.row)}"


@dataclass(frozen=True, slots=True)
class WaitingCount(Waiting):
    """A household count beside the one that it takes the place of, with the rates that they lead to."""

    before: HouseholdCount | None
    rate_before: UnitRate | None
    rate: UnitRate | None


@dataclass(frozen=True, slots=True)
class WaitingStatus(Waiting):
    """A status of a township beside the one that it takes the place of."""

    before: TownshipStatus | None


@dataclass(frozen=True, slots=True)
class WaitingVersion(Waiting):
    """A version of the policy."""

    version: Version


@dataclass(frozen=True, slots=True)
class Approvals:
    """Everything that waits and that the user may see; of very many counts the first. `may_decide`: on some of it."""

    counts: Sequence[WaitingCount]
    more_counts: int
    statuses: Sequence[WaitingStatus]
    grants: Sequence[Waiting]
    endings: Sequence[Waiting]
    versions: Sequence[WaitingVersion]

    @property
    def entries(self) -> Iterator[Waiting]:
        yield from self.counts
        yield from self.statuses
        yield from self.grants
        yield from self.endings
        yield from self.versions

    @property
    def keys(self) -> list[str]:
        """Of what the user may decide on."""
        return [entry.key for entry in self.entries if not entry.refusal]

    @property
    def whole(self) -> Mapping[str, str]:
        """Kind -> what a tick for all of its entries sends back: those that the page shows, as they were seen."""
        of_kind: dict[str, list[str]] = defaultdict(list)
        for key in self.keys:
            of_kind[kind_of_key(key)].append(key)
        return {kind: f"{kind}:{_digest(keys)}" for kind, keys in of_kind.items()}

    @property
    def number(self) -> int:
        return len(list(self.entries)) + self.more_counts


def approvals_for(user: User) -> Approvals:
    """Counts and grants for who may see places, the policy for who may see it; a fixed number of queries."""
    counts: list[WaitingCount] = []
    more, statuses, grants, endings = 0, list[WaitingStatus](), list[Waiting](), list[Waiting]()
    if may(user, Permission.VIEW_PLACES):
        counts, more = _counts(user)
        statuses = _statuses(user)
        grants = [Waiting(EntryKind.GRANT, row, _refusal(user, row.entered_by_id)) for row in waiting_grants()]
        endings = [Waiting(EntryKind.GRANT_ENDING, row, _refusal(user, row.entered_by_id)) for row in _endings()]
    versions = list(_versions(user)) if may(user, Permission.VIEW_POLICY) else []
    return Approvals(counts, more, statuses, grants, endings, versions)


@dataclass(frozen=True, slots=True)
class NumbersWaiting:
    """How many entries of each kind wait, and how many proposals for whoever decides on them."""

    entries: Mapping[EntryKind, int]
    proposals: int = 0


def numbers_waiting(user: User) -> NumbersWaiting:
    """How much waits: for this user, or at all where the user approves nothing. One statement."""
    of_kind: dict[str, QuerySet[Any]] = {}
    if may(user, Permission.VIEW_PLACES):
        of_kind[EntryKind.HOUSEHOLD_COUNT] = HouseholdCount.objects.filter(approved_at=None)
        of_kind[EntryKind.TOWNSHIP_STATUS] = TownshipStatusEntry.objects.filter(approved_at=None)
        of_kind[EntryKind.GRANT] = EstablishmentGrant.objects.filter(approved_at=None)
        of_kind[EntryKind.GRANT_ENDING] = GrantEnding.objects.filter(approved_at=None)
    open_side = {f"{side_of(user)}__isnull": True} if may(user, Permission.APPROVE_POLICY) else {}
    of_kind[EntryKind.MINIMUM_WAGE] = MinimumWage.objects.filter(**open_side, approved_at=None)
    of_kind[EntryKind.STANDARD] = SubsidyStandard.objects.filter(**open_side, approved_at=None)
    of_kind[EntryKind.RETIREMENT_AGE] = RetirementAge.objects.filter(**open_side, approved_at=None)
    if may(user, Permission.DECIDE_PROPOSALS):
        of_kind[_PROPOSALS] = PersonProposal.objects.visible_to(user).waiting()
    first, *others = (
        rows.order_by()
        .annotate(what=Value(str(kind)))
        .values("what")
        .annotate(number=Count("pk"))
        .values_list("what", "number")
        for kind, rows in of_kind.items()
    )
    numbers = dict(first.union(*others, all=True))
    entries = {kind: number for kind in EntryKind if (number := numbers.get(kind.value))}
    return NumbersWaiting(entries, numbers.get(_PROPOSALS, 0))


def side_of(user: User) -> str:
    """Which of the two approvals of a version is the user's."""
    return "finance_approved_by" if Role(user.role) is Role.FINANCE_OFFICER else "approved_by"


def fingerprint_of(row: Row) -> str:
    """A digest of what an entry says: whoever approves it has seen this and nothing else."""
    if isinstance(row, HouseholdCount):
        said: tuple[object, ...] = (row.unit_id, row.households, row.residents, row.counted_on, row.effective_from)
    elif isinstance(row, TownshipStatusEntry):
        said = (row.township_id, row.effective_from, row.name, row.kind, row.is_central_town, row.document)
    elif isinstance(row, EstablishmentGrant):
        said = (row.township_id, row.extra, row.effective_from, row.ended_on, row.document)
    elif isinstance(row, GrantEnding):
        grant = row.grant
        of_grant = grant.pk, grant.extra, grant.effective_from, grant.ended_on
        said = (*of_grant, row.last_day, row.document, row.reason)
    elif isinstance(row, MinimumWage):
        said = (row.effective_from, row.amount, row.document_id, row.replaces_id)
    elif isinstance(row, RetirementAge):
        said = (row.effective_from, row.group, row.document_id, row.replaces_id, *retirement_words(row))
    else:
        said = (row.effective_from, row.document_id, row.replaces_id, *standard_words(row).items())
    return _digest(said)


def kind_of_key(value: str) -> str:
    """The kind that a form's value for an entry, or for all of a kind, begins with."""
    return value.partition(":")[0]


def _digest(said: Sequence[object]) -> str:
    return hashlib.sha256(repr(tuple(said)).encode()).hexdigest()[:16]


def refusal_of_version(user: User, row: PolicyRow) -> str:
    """Why the user cannot approve a version that waits."""
    if not may(user, Permission.APPROVE_POLICY):
        return "由县局审核人员和财政经办各审核一次"
    mine = side_of(user)
    other = "approved_by" if mine == "finance_approved_by" else "finance_approved_by"
    if getattr(row, f"{mine}_id") is not None:
        return "等待财政审核" if mine == "approved_by" else "等待县局审核"
    return OTHER_SIDE if getattr(row, f"{other}_id") == user.pk else ""


def waiting_grants() -> list[EstablishmentGrant]:
    rows = EstablishmentGrant.objects.filter(approved_at=None).select_related("township", "entered_by")
    return list(rows.order_by("township__code", "effective_from", "pk"))


def _endings() -> list[GrantEnding]:
    rows = GrantEnding.objects.filter(approved_at=None).select_related("grant__township", "entered_by")
    return list(rows.order_by("grant__township__code", "last_day", "pk"))


def _statuses(user: User) -> list[WaitingStatus]:
    waiting = TownshipStatusEntry.objects.filter(approved_at=None).select_related("township", "entered_by")
    rows = list(waiting.order_by("township__code"))
    newest: dict[int, TownshipStatus] = {}
    for status in TownshipStatus.objects.filter(township__in=[row.township_id for row in rows]):
        newest[status.township_id] = status
    return [
        WaitingStatus(
            EntryKind.TOWNSHIP_STATUS, row, _refusal(user, row.entered_by_id), before=newest.get(row.township_id)
        )
        for row in rows
    ]


def _refusal(user: User, entered_by: int | None) -> str:
    if not may(user, Permission.APPROVE_ENTRIES):
        return NOT_YOURS
    return OWN if entered_by == user.pk else ""


def _counts(user: User) -> tuple[list[WaitingCount], int]:
    waiting = HouseholdCount.objects.visible_to(user).filter(approved_at=None)
    rows = list(
        waiting.select_related("unit__township", "entered_by", "replaces").order_by(
            "unit__township__code", "unit__code", "effective_from", "pk"
        )[:MOST_COUNTS]
    )
    more = waiting.count() - MOST_COUNTS if len(rows) == MOST_COUNTS else 0
    history: dict[int, list[HouseholdCount]] = defaultdict(list)
    in_force = HouseholdCount.objects.in_force().filter(unit__in=[row.unit_id for row in rows])
    for count in in_force.order_by("effective_from", "pk"):
        history[count.unit_id].append(count)
    book, of_month = rulebook(standards_in_force()), dict[Month, MonthParameters | None]()
    found = []
    for row in rows:
        month = Month.of(row.effective_from)
        if month not in of_month:
            of_month[month] = _parameters(book, month)
        parameters, kind = of_month[month], UnitKind(row.unit.kind)
        before = row.replaces or _latest(history[row.unit_id], row.effective_from)
        found.append(
            WaitingCount(
                EntryKind.HOUSEHOLD_COUNT,
                row,
                _refusal(user, row.entered_by_id),
                before=before,
                rate_before=unit_rate(kind, before.households, parameters) if before else None,
                rate=unit_rate(kind, row.households, parameters),
            )
        )
    return found, more


def _latest(counts: Sequence[HouseholdCount], day: date) -> HouseholdCount | None:
    """The one in force on `day`; they rise by date."""
    place = bisect_right([count.effective_from for count in counts], day)
    return counts[place - 1] if place else None


def _parameters(book: Rulebook, month: Month) -> MonthParameters | None:
    try:
        return book.for_month(month)
    except MissingParameter:
        return None


def _versions(user: User) -> Iterable[WaitingVersion]:
    told, _ = all_versions(timezone.localdate())
    for version in reversed(told):
        if version.state is VersionState.WAITING:
            row = version.row
            yield WaitingVersion(version.entry_kind, row, refusal_of_version(user, row), version=version)
