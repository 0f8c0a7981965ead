"""Findings with the reasons given for them: which still hold, which are open."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from accounts.models import User
from foundation.dates import Month
from staffing.enums import Check
from subsidies.models import Acknowledgement
from subsidies.posts.findings import Finding, findings_of_month, open_findings
from subsidies.posts.month_facts import MonthFacts
from townships.models import Township, TownshipQuerySet

_LONGEST_FACT = 200
_Key = tuple[int, str, int | None, int | None, str]
_KEY_COLUMNS = ("township", "check_name", "posting", "unit", "fact")


@dataclass(frozen=True, slots=True)
class AnsweredFinding:
    """A finding with the reason that holds for it; None: nobody gave one, or the fact has changed since."""

    finding: Finding
    acknowledgement: Acknowledgement | None

    @property
    def key(self) -> str:
        """Names the finding in a form; the same as long as its fact does not change."""
        return hashlib.sha256(repr(_key(self.finding)).encode()).hexdigest()[:20]

    @property
    def group(self) -> str:
        """Names in a form all findings of the check that are cleared in one way."""
        found = self.finding
        return hashlib.sha256(f"{found.check} {found.remedy} {found.clause}".encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class FindingsOfCheck:
    """The findings of one check that are cleared in one way; `first` says what they have in common."""

    rows: Sequence[AnsweredFinding]

    @property
    def first(self) -> AnsweredFinding:
        return self.rows[0]


def by_check(findings: Iterable[AnsweredFinding]) -> list[FindingsOfCheck]:
    """In the order in which the first of each comes."""
    rows: dict[str, list[AnsweredFinding]] = defaultdict(list)
    for row in findings:
        rows[row.group].append(row)
    return [FindingsOfCheck(alike) for alike in rows.values()]


def answered_findings(month: Month, townships: TownshipQuerySet) -> list[AnsweredFinding]:
    """Every finding of the month in the given townships with its reason, in a fixed number of queries."""
    return with_their_reasons(open_findings(month, townships), townships)


def with_their_reasons(findings: Iterable[Finding], townships: Iterable[Township]) -> list[AnsweredFinding]:
    """Findings of the given townships, each with the reason that holds for it."""
    given: dict[_Key, Acknowledgement] = {}
    for row in Acknowledgement.objects.filter(township__in=townships).select_related("acknowledged_by"):
        given[row.township_id, row.check_name, row.posting_id, row.unit_id, row.fact] = row
    return [AnsweredFinding(found, given.get(_key(found))) for found in findings]


def unanswered(read: MonthFacts, townships: TownshipQuerySet) -> Sequence[Finding]:
    """The findings of a month in the given townships for which no reason holds."""
    scope = list(townships.values_list("pk", flat=True))
    findings = with_whether_answered(findings_of_month(read, scope), scope)
    return [found for found, is_answered in findings if not is_answered]


def with_whether_answered(findings: Iterable[Finding], townships: Collection[int]) -> list[tuple[Finding, bool]]:
    """Findings of the given townships, each with whether a reason for it holds."""
    given = _reasons(townships)
    return [(found, _key(found) in given) for found in findings]


def give_reason(findings: Iterable[Finding], reason: str, actor: User | None) -> list[Acknowledgement]:
    """One reason for each of them; it holds until their facts change."""
    return Acknowledgement.objects.bulk_create(
        [
            Acknowledgement(
                township_id=finding.township_id,
                check_name=finding.check.value,
                posting_id=finding.posting_id,
                unit_id=finding.unit_id,
                fact=fact_of(finding),
                reason=reason.strip(),
                acknowledged_by=actor,
            )
            for finding in findings
        ],
        batch_size=500,
    )


def fact_of(finding: Finding) -> str:
    """What an acknowledgement rests on, at most 200 characters: when it says something else, the reason is void.

    What is longer ends in its SHA-256.
    """
    fact = f"{finding.since or ''} {finding.fact}"
    if len(fact) <= _LONGEST_FACT:
        return fact
    digest = hashlib.sha256(fact.encode()).hexdigest()
    return f"{fact[: _LONGEST_FACT - len(digest) - 1]} {digest}"


def _key(finding: Finding) -> _Key:
    return finding.township_id, finding.check.value, finding.posting_id, finding.unit_id, fact_of(finding)


@dataclass(frozen=True, slots=True)
class AnswersOfReason:
    """The findings that one reason was given for in the townships of a run, by check; `reason` is empty for those that
    have none."""

    reason: str
    checks: Sequence[tuple[Check, int]]

    @property
    def number(self) -> int:
        return sum(number for _, number in self.checks)


def answers_by_reason(read: MonthFacts, townships: Collection[int]) -> list[AnswersOfReason]:
    """What the checks found in these townships, one row a reason: those without one first, then the reason given most
    often."""
    given = _reasons(townships)
    found: dict[str, Counter[Check]] = defaultdict(Counter)
    for finding in findings_of_month(read, townships):
        found[given.get(_key(finding), "")][finding.check] += 1
    rows = [AnswersOfReason(reason, of.most_common()) for reason, of in found.items()]
    return sorted(rows, key=lambda row: (row.reason != "", -row.number, row.reason))


def _reasons(townships: Collection[int]) -> dict[_Key, str]:
    """The reasons given in these townships, the last one for each finding."""
    rows = Acknowledgement.objects.filter(township__in=townships).order_by("pk").values_list(*_KEY_COLUMNS, "reason")
    return {(township, check, posting, unit, fact): reason for township, check, posting, unit, fact, reason in rows}
