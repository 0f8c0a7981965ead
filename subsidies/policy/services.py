"""Bringing the rows of a policy file into the database: new, the same, corrected before use, or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from accounts.audit import record
from accounts.models import User
from foundation.excel.problems import Problem
from staffing.enums import RetirementGroup
from subsidies.events import SubsidyEvent
from subsidies.known_runs import has_approved_run, last_day_ever_approved
from subsidies.locks import locked_ledger
from subsidies.models import (
    FundSource,
    HouseholdBand,
    LedgerParameters,
    MinimumWage,
    RetirementAge,
    StandardFunding,
    SubsidyStandard,
)
from subsidies.policy.chains import number_known, rows_by_day
from subsidies.policy.file import (
    DEFAULT_SOURCE,
    DEFAULT_SOURCE_NAME,
    MinimumWageRow,
    PolicyFile,
    RetirementRow,
    StandardRow,
)
from townships.models import PolicyDocument


class PolicyRefused(Exception):
    """The file cannot be taken over; `problems` says why, all at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} 处问题")
        self.problems = problems


@dataclass
class Counts:
    """How many rows were new, changed, the same."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def add(self, outcome: str) -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)


@dataclass
class _Import:
    """The state of one import: how far the ledger has come, and what the file changed so far.

    `approved_at`: rows count as approved while no run is approved, later they wait for approval. `used_until`: what
    begins by then is used, by a month that was returned since as well; the triggers go by the same.
    `unsettles`: a version that counted has been changed and waits for approval again.
    """

    approved_at: datetime | None
    used_until: date | None
    unsettles: bool = False
    counts: Counts = field(default_factory=Counts)
    problems: list[Problem] = field(default_factory=list)

    def is_used(self, effective_from: date) -> bool:
        return self.used_until is not None and effective_from <= self.used_until


@transaction.atomic
def import_policy(*, policy: PolicyFile, actor: User | None, now: datetime) -> Counts:
    """Take over a policy file, all or nothing; twice is the same as once. Raises PolicyRefused, RunBusy.

    Of a day the file may tell every version, each one after the first with `replaces`: what the database has of them
    already stays, and the rest is added, a correction back to an earlier content too.
    No run is approved meanwhile: what it rests on is used from then on.
    """
    if policy.problems:
        raise PolicyRefused(policy.problems)
    if LedgerParameters.objects.exists():  # before there are any, there is no run
        locked_ledger()
    work = _Import(None if has_approved_run() else now, last_day_ever_approved())
    _import_documents(policy, work)
    _import_fund_sources(policy, work)
    for wages in rows_by_day(policy.minimum_wages):
        _import_minimum_wages(wages, work)
    for standards in rows_by_day(policy.standards):
        _import_standards(standards, work)
    for group in RetirementGroup:
        for ages in rows_by_day(row for row in policy.retirement_ages if row.group is group):
            _import_retirement_ages(ages, work)
    if work.problems:
        raise PolicyRefused(work.problems)
    counts = work.counts
    counts_now = work.approved_at is not None or work.unsettles
    record(
        actor=actor,
        event=SubsidyEvent.IMPORT_POLICY if counts_now else SubsidyEvent.ENTER_POLICY,
        after={"new": counts.new, "changed": counts.changed, "same": counts.same},
    )
    return counts


def _import_documents(policy: PolicyFile, work: _Import) -> None:
    for row in policy.documents:
        values = {"title": row.title, "number": row.number, "issued_on": row.issued_on}
        stored = PolicyDocument.objects.filter(key=row.key).first()
        if stored is None:
            PolicyDocument.objects.create(key=row.key, **values)
            work.counts.add("new")
        else:
            _keep_or_correct(stored, values, f"[[document]] {row.key}", work, used=work.used_until is not None)


def _import_fund_sources(policy: PolicyFile, work: _Import) -> None:
    for row in policy.fund_sources:
        document = _document(row.document, f"[[fund_source]] {row.key}", work)
        if document is None:
            continue
        values = {"name": row.name, "document": document, "valid_until": row.valid_until}
        stored = FundSource.objects.filter(key=row.key).first()
        if stored is None:
            FundSource.objects.create(key=row.key, **values)
            work.counts.add("new")
        else:
            _keep_or_correct(stored, values, f"[[fund_source]] {row.key}", work, used=work.used_until is not None)


def _import_minimum_wages(rows: Sequence[MinimumWageRow], work: _Import) -> None:
    """Those of one day."""
    day = rows[0].effective_from
    place = f"[[minimum_wage]] {day}"
    chain = list(MinimumWage.objects.filter(effective_from=day).select_related("document").order_by("pk"))
    known = number_known(rows, chain, _is_same_wage)
    work.counts.same += known
    for row in rows[known:]:
        document = _document(row.document, place, work)
        if document is None:
            continue
        values: dict[str, Any] = {"amount": row.amount, "document": document}
        if chain and not row.replaces:
            _keep_or_correct(chain[-1], values, place, work, used=work.is_used(day))
            continue
        replaced = chain[-1] if chain else None
        chain.append(
            MinimumWage.objects.create(effective_from=day, replaces=replaced, approved_at=work.approved_at, **values)
        )
        work.counts.new += 1


def _import_retirement_ages(rows: Sequence[RetirementRow], work: _Import) -> None:
    """Those of one group and day."""
    first = rows[0]
    place = f"[[retirement]] {first.group} {first.effective_from}"
    of_day = RetirementAge.objects.filter(group=first.group.value, effective_from=first.effective_from)
    chain = list(of_day.select_related("document").order_by("pk"))
    known = number_known(rows, chain, _is_same_age)
    work.counts.same += known
    for row in rows[known:]:
        document = _document(row.document, place, work)
        if document is None:
            continue
        values: dict[str, Any] = {**row.columns, "document": document}
        if chain and not row.replaces:
            _keep_or_correct(chain[-1], values, place, work, used=work.is_used(row.effective_from))
            continue
        chain.append(
            RetirementAge.objects.create(
                effective_from=row.effective_from,
                group=row.group.value,
                replaces=chain[-1] if chain else None,
                approved_at=work.approved_at,
                **values,
            )
        )
        work.counts.new += 1


def _import_standards(rows: Sequence[StandardRow], work: _Import) -> None:
    """Those of one day."""
    day = rows[0].effective_from
    place = f"[[standard]] {day}"
    chain = list(SubsidyStandard.objects.filter(effective_from=day).select_related("document").order_by("pk"))
    known = number_known(rows, chain, _is_same_standard)
    work.counts.same += known
    for row in rows[known:]:
        document = _document(row.document, place, work)
        if document is None:
            continue
        found = {key: _source(key, document, place, work) for key in set(row.funding.values())}
        sources = {key: source for key, source in found.items() if source is not None}
        if len(sources) < len(found):
            continue
        values: dict[str, Any] = {**row.columns, "document": document}
        if chain and not row.replaces:
            if work.is_used(day):
                work.problems.append(_used(place))
                continue
            standard = chain[-1]
            _empty(standard, values, work)
            work.counts.changed += 1
        else:
            replaced = chain[-1] if chain else None
            standard = SubsidyStandard.objects.create(effective_from=day, replaces=replaced, **values)
            chain.append(standard)
            work.counts.new += 1
        _fill(standard, row, sources)
        if standard.approved_at != work.approved_at:
            # Once it counts nothing is added to it any more.
            standard.approved_at = work.approved_at
            standard.save(update_fields=["approved_at"])


def _empty(standard: SubsidyStandard, values: Mapping[str, Any], work: _Import) -> None:
    """Set other values on a standard that no month was approved on, and take its bands and fund sources away."""
    StandardFunding.objects.filter(standard=standard).delete()
    HouseholdBand.objects.filter(standard=standard).delete()
    for name, value in values.items():
        setattr(standard, name, value)
    _wait_anew(standard, work)
    standard.save()


def _fill(standard: SubsidyStandard, row: StandardRow, sources: Mapping[str, FundSource]) -> None:
    """Add the bands and fund sources of the row."""
    HouseholdBand.objects.bulk_create(
        HouseholdBand(
            standard=standard,
            from_households=band.from_households,
            secretary_pay=band.secretary_pay,
            amount=band.amount,
        )
        for band in row.bands
    )
    StandardFunding.objects.bulk_create(
        StandardFunding(standard=standard, position=position.value, source=sources[key])
        for position, key in row.funding.items()
    )


def _document(key: str, place: str, work: _Import) -> PolicyDocument | None:
    document = PolicyDocument.objects.filter(key=key).first()
    if document is None:
        work.problems.append(
            Problem(None, f"{place} document", f"没有文件“{key}”", "请在 [[document]] 中写明这个文件")
        )
    return document


def _source(key: str, document: PolicyDocument, place: str, work: _Import) -> FundSource | None:
    source = FundSource.objects.filter(key=key).first()
    if source is None and key == DEFAULT_SOURCE:
        return FundSource.objects.create(key=key, name=DEFAULT_SOURCE_NAME, document=document)
    if source is None:
        advice = "请在 [[fund_source]] 中写明这个资金来源"
        work.problems.append(Problem(None, f"{place} fund_source", f"没有资金来源“{key}”", advice))
    return source


def _differences(stored: models.Model, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if getattr(stored, name) != value}


def _is_same_wage(row: MinimumWageRow, stored: MinimumWage) -> bool:
    return (stored.amount, stored.document.key) == (row.amount, row.document)


def _is_same_age(row: RetirementRow, stored: RetirementAge) -> bool:
    return not _differences(stored, row.columns) and stored.document.key == row.document


def _is_same_standard(row: StandardRow, stored: SubsidyStandard) -> bool:
    bands = [(band.from_households, band.secretary_pay, band.amount) for band in stored.bands.all()]
    funding = {funding.position: funding.source.key for funding in stored.funding.select_related("source")}
    return (
        not _differences(stored, row.columns)
        and stored.document.key == row.document
        and bands == [(band.from_households, band.secretary_pay, band.amount) for band in row.bands]
        and funding == {position.value: key for position, key in row.funding.items()}
    )


def _keep_or_correct(
    stored: models.Model, values: Mapping[str, Any], place: str, work: _Import, *, used: bool
) -> None:
    differences = _differences(stored, values)
    if not differences:
        work.counts.add("same")
    elif used:
        work.problems.append(_used(place))
    else:
        for name, value in differences.items():
            setattr(stored, name, value)
        if isinstance(stored, MinimumWage | RetirementAge):
            _wait_anew(stored, work)
        stored.save()
        work.counts.add("changed")


def _wait_anew(changed: MinimumWage | SubsidyStandard | RetirementAge, work: _Import) -> None:
    """A changed version has to be approved again: what bureau and finance approved was its former content."""
    work.unsettles |= changed.approved_at is not None
    changed.approved_at = work.approved_at
    changed.approved_by = changed.finance_approved_by = None


def _used(place: str) -> Problem:
    advice = "已使用的内容不能改;请新增一条同日期的记录并写 replaces = true,或使用新的 id"
    return Problem(None, place, "与已经用于审批的内容不同", advice)
