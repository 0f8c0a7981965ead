"""What a roster says of each posting, its contract and its wage, compared with what is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from foundation.excel.problems import Problem
from staffing.entries import ContractEntry, WageEntry
from staffing.imports.roster_changes import Change, in_words, set_stated
from staffing.imports.roster_layout import CONTRACT_START
from staffing.imports.roster_matching import Match
from staffing.models import Contract, Posting, RecruitmentRound, Wage, WorkingTime
from staffing.periods import last_day, overlapping


@dataclass(slots=True)
class Details:
    """Rows to add and to write back."""

    changed_postings: list[Posting] = field(default_factory=list)
    new_contracts: list[Contract] = field(default_factory=list)
    changed_contracts: list[Contract] = field(default_factory=list)
    new_wages: list[Wage] = field(default_factory=list)
    changed_wages: list[Wage] = field(default_factory=list)
    new_rounds: list[RecruitmentRound] = field(default_factory=list)
    new_working_times: list[WorkingTime] = field(default_factory=list)
    withdrawn_working_times: list[WorkingTime] = field(default_factory=list)
    without_contract: int = 0


def revise_postings(matches: Iterable[Match], details: Details) -> None:
    """Set what the rows say on the postings; their sources and rounds are set before."""
    for match in matches:
        entry, posting = match.entry, match.posting
        changes = set_stated(posting, end_reason=entry.end_reason, note=entry.note, started_on=entry.started_on)
        if entry.says_end and posting.ended_on != entry.ended_on:
            words = in_words(posting, "ended_on", posting.ended_on, entry.ended_on, blank="在岗")
            changes.append(Change(posting, "ended_on", posting.ended_on, words))
            posting.ended_on = entry.ended_on
            if entry.ended_on is None and posting.end_kind:
                words = in_words(posting, "end_kind", posting.end_kind, "")
                changes.append(Change(posting, "end_kind", posting.end_kind, words))
                posting.end_kind = ""
        if not match.is_new:
            match.changes += changes
            if any(change.row is posting for change in match.changes):
                details.changed_postings.append(posting)


def revise_contracts(
    matches: Iterable[Match], stored: Mapping[int, list[Contract]], details: Details, problems: list[Problem]
) -> None:
    """Change the contract with the row's number or start, or add one."""
    for match in matches:
        entry = match.entry.contract
        if entry is None:
            continue
        contracts = [] if match.is_new else stored.get(match.posting.pk, [])
        contract = _same_contract(entry, contracts)
        row = match.entry.row
        if contract is not None:
            if changes := _revise_contract(contract, entry):
                details.changed_contracts.append(contract)
                match.changes += changes
        elif entry.started_on is None:
            if entry.number or entry.ended_on or entry.is_open_ended:
                problems.append(Problem(row, CONTRACT_START, "有合同编号或合同终止,没有合同起始", "请填写合同起始"))
            else:
                details.without_contract += 1
            continue
        else:
            contract = _new_contract(match.posting, entry, entry.started_on)
            details.new_contracts.append(contract)
            words = f"新增劳动合同({contract.started_on} 起)"
            match.changes.append(Change(contract, "started_on", None, words, is_added=True))
        problems += _contract_problems(row, contract, contracts)


def _same_contract(entry: ContractEntry, contracts: Iterable[Contract]) -> Contract | None:
    contracts = list(contracts)
    by_number = [contract for contract in contracts if entry.number and contract.number == entry.number]
    by_start = [contract for contract in contracts if contract.started_on == entry.started_on]
    return next(iter(by_number + by_start), None)


def _new_contract(posting: Posting, entry: ContractEntry, started_on: date) -> Contract:
    return Contract(
        posting=posting,
        number=entry.number,
        started_on=started_on,
        ended_on=entry.ended_on,
        kind=entry.kind.value if entry.kind else "",
        employer=entry.employer,
    )


def _revise_contract(contract: Contract, entry: ContractEntry) -> list[Change]:
    changes = set_stated(
        contract,
        number=entry.number,
        started_on=entry.started_on,
        ended_on=entry.ended_on,
        kind=entry.kind.value if entry.kind else "",
        employer=entry.employer,
    )
    if entry.is_open_ended and contract.ended_on is not None:
        words = in_words(contract, "ended_on", contract.ended_on, None, blank="无固定期限")
        changes.append(Change(contract, "ended_on", contract.ended_on, words))
        contract.ended_on = None
    return changes


def _contract_problems(row: int, contract: Contract, stored: Iterable[Contract]) -> list[Problem]:
    if contract.started_on > last_day(contract):
        return [Problem(row, CONTRACT_START, "合同起始晚于系统中的合同终止", "请一并填写合同终止")]
    periods = [other for other in stored if other is not contract]
    return [
        Problem(
            row,
            CONTRACT_START,
            f"合同期限与系统中 {(earlier if later is contract else later).started_on} 起的另一份合同重叠",
            "续签的合同从上一份终止的次日起;请核对合同起始和终止",
        )
        for earlier, later in overlapping([*periods, contract])
        if contract in (earlier, later)
    ]


def revise_wages(
    matches: Iterable[Match], stored: Mapping[int, list[Wage]], details: Details, *, facts_from: date | None
) -> None:
    """Add the first wage of a posting, or change it.

    `facts_from` None: nothing is approved, so the latest wage is corrected in place. Else a different wage holds from
    that day on, at most the last day on post, and what held before stays.
    """
    for match in matches:
        wages = [] if match.is_new else stored.get(match.posting.pk, [])
        moved = _moved_start(match, wages)
        if moved is not None:
            was = match.was_started_on
            words = f"工资{in_words(moved, 'effective_from', was, moved.effective_from)}"
            match.changes.append(Change(moved, "effective_from", was, words))
            details.changed_wages.append(moved)
        entry = match.entry.wage
        if entry is None:
            continue
        if not wages:
            wage = Wage(posting=match.posting, effective_from=match.posting.started_on)
            match.changes += _set_parts(wage, entry, is_added=True)
            details.new_wages.append(wage)
            continue
        wage = _wage_to_change(match.posting, wages, facts_from)
        changes = _set_parts(wage, entry, is_added=wage.pk is None)
        if not changes:
            continue
        since = f"{wage.effective_from} 起" if wage.pk is None else f"更正 {wage.effective_from} 起的工资,整段时间都改"
        match.changes += [replace(change, words=f"{change.words}({since})") for change in changes]
        if wage.pk is None:
            details.new_wages.append(wage)
        elif wage is not moved:
            details.changed_wages.append(wage)


def _moved_start(match: Match, wages: list[Wage]) -> Wage | None:
    """The first wage, when it began with the posting and the posting's start was corrected."""
    start = match.posting.started_on
    if not wages or wages[0].effective_from != match.was_started_on or start == match.was_started_on:
        return None
    if len(wages) > 1 and start >= wages[1].effective_from:
        return None
    wages[0].effective_from = start
    return wages[0]


def _wage_to_change(posting: Posting, wages: list[Wage], facts_from: date | None) -> Wage:
    """The stored wage to correct, or an unsaved copy of it that begins on `facts_from`."""
    if facts_from is None:
        return wages[-1]
    start = max(posting.started_on, min(facts_from, last_day(posting)))
    in_force = [wage for wage in wages if wage.effective_from <= start]
    if not in_force:
        return wages[0]
    if in_force[-1].effective_from == start:
        return in_force[-1]
    before = in_force[-1]
    return Wage(
        posting=posting,
        effective_from=start,
        monthly_wage=before.monthly_wage,
        employer_insurance=before.employer_insurance,
        housing_fund=before.housing_fund,
    )


def _set_parts(wage: Wage, entry: WageEntry, *, is_added: bool) -> list[Change]:
    return set_stated(
        wage,
        is_added=is_added,
        monthly_wage=entry.monthly_wage,
        employer_insurance=entry.employer_insurance,
        housing_fund=entry.housing_fund,
    )
