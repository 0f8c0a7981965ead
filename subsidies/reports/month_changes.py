"""What is different in a township's month: who came, who left, wages, counts, corrections; each said once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from foundation.dates import Month
from foundation.labels import Labelled
from staffing.labels import position_name
from subsidies.reports.fact_changes import GONE, NEW, FactChange, FactPart
from subsidies.reports.fields import posting_of, unit_of
from subsidies.rules.facts import CostFact, CountyFacts, PostingFact, UnitFact


class ChangeKind(Labelled):
    JOINED = "joined", "新到岗"
    LEFT = "left", "离岗"
    SUSPENDED = "suspended", "停发"
    RESUMED = "resumed", "停发结束"
    WAGE = "wage", "工资"
    HOUSEHOLDS = "households", "户籍户数"
    CORRECTED = "corrected", "更正"


# The fields of what was reported that a change of a kind says; who joined comes with a first wage.
_SAID: Mapping[ChangeKind, frozenset[str]] = {
    ChangeKind.JOINED: frozenset({NEW, "started_on", "costs"}),
    ChangeKind.LEFT: frozenset({"ended_on"}),
    ChangeKind.SUSPENDED: frozenset({"suspensions"}),
    ChangeKind.RESUMED: frozenset({"suspensions"}),
    ChangeKind.WAGE: frozenset({"costs"}),
    ChangeKind.HOUSEHOLDS: frozenset({"counts"}),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one posting or unit, named by its key as reports name it.

    `name` is a person, whose page is that of `person`, or a unit; `place` the post, `detail` says what and when.
    `since_sent`: what of it is otherwise than the report that was sent up, and who changed it when.
    """

    kind: ChangeKind
    key: str
    name: str
    detail: str
    person: int | None = None
    place: str = ""
    since_sent: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ChangesOfKind:
    kind: ChangeKind
    rows: Sequence[Change]


def by_kind(changes: Iterable[Change]) -> list[ChangesOfKind]:
    """In the order of ChangeKind; kinds without a change are left out."""
    rows: dict[ChangeKind, list[Change]] = defaultdict(list)
    for change in changes:
        rows[change.kind].append(change)
    return [ChangesOfKind(kind, rows[kind]) for kind in ChangeKind if kind in rows]


def month_changes(
    township: int,
    month: Month,
    facts: CountyFacts,
    *,
    corrected: Sequence[FactChange] = (),
    since_sent: Sequence[FactChange] = (),
) -> list[Change]:
    """By kind, in the order of ChangeKind. `facts` are those from the day before the month to its end.

    `corrected` is what is otherwise than the township reported of the month before, `since_sent` what is otherwise
    than it reported of this one. What a change says already stands with it, the rest is corrections, one for each
    key.
    """
    here = changes_of_townships(month, facts, corrected={township: corrected}, since_sent={township: since_sent})
    return here.get(township, [])


def changes_of_townships(
    month: Month,
    facts: CountyFacts,
    *,
    corrected: Mapping[int, Sequence[FactChange]],
    since_sent: Mapping[int, Sequence[FactChange]],
) -> dict[int, list[Change]]:
    """The same of every township by its id; of those without a change nothing."""
    postings: dict[int, list[PostingFact]] = defaultdict(list)
    units: dict[int, list[UnitFact]] = defaultdict(list)
    for posting in facts.postings:
        postings[posting.township].append(posting)
    for unit in facts.units:
        units[unit.township].append(unit)
    found = {}
    for township in {*postings, *units, *corrected, *since_sent}:
        here = _Township(facts, postings[township], units[township])
        changes = list(_changes(here, month))
        changes += _corrections(here, changes, corrected.get(township, ()), since_sent.get(township, ()))
        if changes:
            found[township] = changes
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Township:
    """The postings and units of one township among the facts of all."""

    facts: CountyFacts
    postings: Sequence[PostingFact]
    units: Sequence[UnitFact]

    def place(self, posting: PostingFact) -> str:
        unit = self.facts.unit_by_id[posting.unit].name if posting.unit else ""
        return f"{unit}{position_name(posting.position)}"


def _corrections(
    here: _Township, changes: list[Change], corrected: Sequence[FactChange], since_sent: Sequence[FactChange]
) -> Iterable[Change]:
    """What none of the changes says; those that say what is otherwise than was sent up are marked with it."""
    corrections: dict[str, Change] = {}
    told = set[tuple[str, str]]()
    for row in corrected:
        for part in row.parts:
            is_of_unit = unit_of(row.key) is not None and part.field in (NEW, GONE)
            if not is_of_unit and _saying(part, row.key, changes) is None:
                corrections[row.key] = _corrected(here, corrections.get(row.key), row, part.words)
                told.add((row.key, part.field))
    for row in since_sent:
        for part in row.parts:
            index = _saying(part, row.key, changes)
            if index is not None:
                changes[index] = _changed_since(changes[index], part)
                continue
            if (row.key, part.field) not in told:
                corrections[row.key] = _corrected(here, corrections.get(row.key), row, part.words)
            corrections[row.key] = _changed_since(corrections[row.key], part)
    return corrections.values()


def _saying(part: FactPart, key: str, changes: Sequence[Change]) -> int | None:
    """Where among the changes is the last one that says what the part says."""
    found = [index for index, row in enumerate(changes) if row.key == key and part.field in _SAID[row.kind]]
    return found[-1] if found else None


def _corrected(here: _Township, known: Change | None, row: FactChange, words: str) -> Change:
    """The correction of the row that also says these words."""
    if known is not None:
        return replace(known, detail=f"{known.detail},{words}")
    posting = next((other for other in here.postings if other.id == posting_of(row.key)), None)
    person, place = (posting.person, here.place(posting)) if posting else (None, "")
    return Change(ChangeKind.CORRECTED, row.key, row.name, words, person, place)


def _changed_since(change: Change, part: FactPart) -> Change:
    """With what was reported of it, if anything, and who changed it since."""
    said = ";".join(filter(None, [f"原报 {part.was}" if part.was else "", part.by])) or "上报后变动"
    return change if said in change.since_sent else replace(change, since_sent=[*change.since_sent, said])


def _changes(township: _Township, month: Month) -> Iterator[Change]:
    here = [row for row in township.postings if not row.withdrawn]
    # Who left on the last day of the month before is missing from the first day of this one.
    left = (month.first - timedelta(days=1), month.last - timedelta(days=1))

    def of(kind: ChangeKind, row: PostingFact, detail: str) -> Change:
        return Change(kind, f"posting {row.id}", row.person_name, detail, row.person, township.place(row))

    for day, row in sorted(((row.started_on, row) for row in here), key=_by_day):
        if month.first <= day <= month.last:
            wage = "".join(f",工资 {_amount(cost)}" for cost in row.costs if _is_first_wage(cost, row))
            yield of(ChangeKind.JOINED, row, f"{day} 到岗{wage}")
    for day, row in sorted(((row.ended_on, row) for row in here if row.ended_on), key=_by_day):
        if left[0] <= day <= left[1]:
            yield of(ChangeKind.LEFT, row, f"{day} 离岗")
    stops = [(stop, row) for row in here for stop in row.suspensions]
    for stop, row in sorted(stops, key=lambda pair: (pair[0].started_on, pair[1].id)):
        if month.first <= stop.started_on <= month.last:
            until = f"至 {stop.ended_on}" if stop.ended_on else "起"
            yield of(ChangeKind.SUSPENDED, row, f"{stop.kind.label},{stop.started_on} {until}")
    ended = [(stop.ended_on, row) for stop, row in stops if stop.ended_on and stop.started_on < month.first]
    for day, row in sorted(ended, key=_by_day):
        if left[0] <= day <= left[1]:
            yield of(ChangeKind.RESUMED, row, f"{day} 停发结束")
    for row in here:
        for cost in row.costs:
            if month.first <= cost.effective_from <= month.last and not _is_first_wage(cost, row):
                yield of(ChangeKind.WAGE, row, f"{cost.effective_from} 起 {_amount(cost)}")
    for unit in township.units:
        for count in unit.counts:
            if month.first <= count.effective_from <= month.last:
                detail = f"{count.effective_from} 起 {count.households} 户"
                yield Change(ChangeKind.HOUSEHOLDS, f"unit {unit.id}", unit.name_on(month.last), detail)


def _is_first_wage(cost: CostFact, posting: PostingFact) -> bool:
    """Whether it is what somebody joined with: no change of its own."""
    return cost.effective_from == posting.started_on


def _amount(cost: CostFact) -> str:
    return "未登记" if cost.monthly_wage is None else f"{cost.monthly_wage:,.2f} 元/月"


def _by_day(pair: tuple[date, PostingFact]) -> tuple[date, int]:
    return pair[0], pair[1].id
