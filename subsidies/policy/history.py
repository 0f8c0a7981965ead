"""The versions of standards and minimum wages: from when until when, which replaces which, and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from foundation.differences import Difference, differing_labels
from foundation.labels import Labelled
from staffing.enums import RetirementGroup
from subsidies.enums import EntryKind
from subsidies.models import MinimumWage, RetirementAge, SubsidyStandard
from subsidies.policy.in_force import PolicyRow, counts, is_replaced
from subsidies.policy.words import words_of

STANDARD, MINIMUM_WAGE = "补助标准", "最低工资标准"
# Of each group: rows of one group follow each other, and not those of others.
RETIREMENT = {group: f"退休年龄({group.label})" for group in RetirementGroup}


class VersionState(Labelled):
    """Whether a version is in force today, was, will be, or does not count."""

    WAITING = "waiting", "待审核"
    REPLACED = "replaced", "已更正"
    COMING = "coming", "未开始"
    CURRENT = "current", "现行"
    OVER = "over", "已结束"


@dataclass(frozen=True, slots=True)
class Version:
    """One version as the pages show it.

    `kind` is STANDARD, MINIMUM_WAGE or one of RETIREMENT, `label` adds which correction it is, `name` its date.
    `until` is its last day, None while no other follows or it does not count. `approvers` say for which side who has
    approved it; none where a command brought it before the first month was approved. `corrects` and `corrected_by`
    are names of versions, empty for none; `changes` are those against the version that it corrects or follows, None
    for the first one.
    """

    kind: str
    row: PolicyRow
    label: str
    name: str
    until: date | None
    state: VersionState
    approved_on: date | None
    approvers: Sequence[str]
    corrects: str
    corrected_by: str
    changes: Sequence[Difference] | None

    @property
    def is_standard(self) -> bool:
        return isinstance(self.row, SubsidyStandard)

    @property
    def entry_kind(self) -> EntryKind:
        if isinstance(self.row, MinimumWage):
            return EntryKind.MINIMUM_WAGE
        return EntryKind.STANDARD if self.is_standard else EntryKind.RETIREMENT_AGE

    @property
    def counts(self) -> bool:
        """Whether it is in force on some day."""
        return self.state not in (VersionState.WAITING, VersionState.REPLACED)

    def is_in_force_on(self, day: date) -> bool:
        return self.counts and self.row.effective_from <= day and (self.until is None or day <= self.until)


def versions(
    standards: Sequence[SubsidyStandard],
    minimum_wages: Sequence[MinimumWage],
    retirement_ages: Sequence[RetirementAge],
    *,
    today: date,
) -> list[Version]:
    """All versions of all of them, newest first."""
    found = [*_versions(STANDARD, standards, today), *_versions(MINIMUM_WAGE, minimum_wages, today)]
    for group, kind in RETIREMENT.items():
        found += _versions(kind, [row for row in retirement_ages if row.group == group], today)
    return sorted(found, key=lambda version: (version.row.effective_from, version.kind, version.row.pk), reverse=True)


def _versions(kind: str, rows: Sequence[PolicyRow], today: date) -> list[Version]:
    said: dict[int, Mapping[str, str]] = {row.pk: words_of(row) for row in rows}
    labels = _labels(kind, rows)
    names = {row.pk: f"{row.effective_from} 起的{labels[row.pk]}" for row in rows}
    counting = sorted((row for row in rows if counts(row)), key=lambda row: row.effective_from)
    found = []
    for row in rows:
        before = row.replaces_id or next(
            (other.pk for other in reversed(counting) if other.effective_from < row.effective_from), None
        )
        successor: PolicyRow | None = getattr(row, "replaced_by", None)
        until = _last_day(row, counting)
        found.append(
            Version(
                kind=kind,
                row=row,
                label=labels[row.pk],
                name=names[row.pk],
                until=until,
                state=_state(row, until, today),
                approved_on=row.approved_at and timezone.localdate(row.approved_at),
                approvers=[f"{side} {person}" for side, person in sides_of(row) if person is not None],
                corrects=names[row.replaces_id] if row.replaces_id else "",
                corrected_by=names[successor.pk] if successor else "",
                changes=None if before is None else list(differing_labels(said[before], said[row.pk])),
            )
        )
    return found


def sides_of(row: PolicyRow) -> tuple[tuple[str, User | None], tuple[str, User | None]]:
    """Who has approved a version for the bureau and for finance (二.1)."""
    return ("县局", row.approved_by), ("财政", row.finance_approved_by)


def _labels(kind: str, rows: Sequence[PolicyRow]) -> dict[int, str]:
    by_pk = {row.pk: row for row in rows}

    def corrections(row: PolicyRow) -> int:
        return 0 if row.replaces_id is None else 1 + corrections(by_pk[row.replaces_id])

    return {row.pk: kind + (f"(更正 {number})" if (number := corrections(row)) else "") for row in rows}


def _last_day(row: PolicyRow, counting: Sequence[PolicyRow]) -> date | None:
    """The day before the next version that counts, of one that counts itself."""
    if not counts(row):
        return None
    later = next((other for other in counting if other.effective_from > row.effective_from), None)
    return None if later is None else later.effective_from - timedelta(days=1)


def _state(row: PolicyRow, until: date | None, today: date) -> VersionState:
    if is_replaced(row):
        return VersionState.REPLACED
    if row.approved_at is None:
        return VersionState.WAITING
    if today < row.effective_from:
        return VersionState.COMING
    return VersionState.CURRENT if until is None or today <= until else VersionState.OVER
