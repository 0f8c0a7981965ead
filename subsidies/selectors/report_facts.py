"""What a township reports for a month: its people and units in words, as they were until the month's last day.

A report keeps these facts; when they give another digest, the report is stale, and the difference says what changed.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from foundation.dates import Month
from staffing.enums import ContractKind, Education, Position, SuspensionKind
from staffing.models import Contract, Person, Posting, Suspension, Wage
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, HouseholdCount, TownshipQuerySet

# Posting or unit, by its key -> what is said of it, by Chinese label.
Facts = dict[str, dict[str, str]]

# In place of a label: the whole posting or unit is new, or no longer registered.
NEW, GONE = "新增", "不再登记"


class FactPart(NamedTuple):
    """One fact that changed, in words; `by` says who changed it and when, empty where that is not asked or known."""

    label: str
    words: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class FactChange:
    """What changed of one posting or unit, named by its key."""

    key: str
    name: str
    parts: Sequence[FactPart]

    @property
    def sentence(self) -> str:
        """Who changed it stands once at the end where it is the same for all."""
        if len({part.by for part in self.parts}) == 1:
            by = f"({self.parts[0].by})" if self.parts[0].by else ""
            return f"{self.name}:{','.join(part.words for part in self.parts)}{by}"
        told = (part.words + (f"({part.by})" if part.by else "") for part in self.parts)
        return f"{self.name}:{','.join(told)}"


def report_facts(month: Month, townships: TownshipQuerySet, *, since: Mapping[int, Month]) -> dict[int, Facts]:
    """Township id -> its facts of the months from its one of `since` to `month`, in a fixed number of queries; of
    townships that are not among `since` none.

    Days after the month's last one are not known yet: an end that lies later is no end. No id number is among them.
    """
    found: dict[int, Facts] = {pk: {} for pk in townships.values_list("pk", flat=True)}
    earliest = min(since.values())
    postings = [
        posting
        for posting in Posting.objects.filter(township__in=since, started_on__lte=month.last, withdrawn_at=None)
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gte=earliest.first))
        .select_related("person", "unit")
        .order_by("pk")
        if posting.ended_on is None or posting.ended_on >= since[posting.township_id].first
    ]
    details = _details(month, [posting.pk for posting in postings])
    merged: dict[int, list[int]] = defaultdict(list)
    for record, into in (
        Person.objects.filter(merged_into__isnull=False).order_by("pk").values_list("pk", "merged_into")
    ):
        if into is not None:
            merged[into].append(record)
    for posting in postings:
        facts = _posting(posting, month, details[posting.pk])
        root = posting.person.merged_into_id or posting.person_id
        facts["合并记录"] = _merged(root, merged[root])
        found[posting.township_id][f"posting {posting.pk}"] = facts
        if posting.unit is not None:
            _unit(found, posting.unit, month)
    counts = HouseholdCount.objects.in_force().filter(unit__township__in=since, effective_from__lte=month.last)
    for count in counts.select_related("unit").order_by("effective_from", "pk"):
        unit = _unit(found, count.unit, month)
        told = f"{count.households} 户({count.effective_from} 起)"
        unit["户籍户数"] = "、".join(filter(None, (unit.get("户籍户数"), told)))
    return found


def _merged(root: int, records: Sequence[int]) -> str:
    """The records that stand for one person, by their numbers in this system: whose they are changes what is due."""
    if not records:
        return ""
    return f"人员记录 {'、'.join(map(str, sorted((root, *records))))} 为同一人"


def _unit(found: Mapping[int, Facts], unit: GrassrootsUnit, month: Month) -> dict[str, str]:
    """What is said of a unit: made where it is not there yet."""
    return found[unit.township_id].setdefault(
        f"unit {unit.pk}",
        {
            "名称": unit.name,
            "类别": UnitKind(unit.kind).label,
            "设立日期": _until(unit.opened_on, month),
            "撤销日期": _until(unit.closed_on, month),
        },
    )


def digest_of_facts(facts: Facts) -> str:
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def differences(before: Mapping[str, Any], now: Facts) -> list[FactChange]:
    """What changed between two states of a township's facts."""
    return list(_differences(before, now))


def posting_of(key: str) -> int | None:
    """The posting that a key of facts means."""
    return _number(key, "posting")


def unit_of(key: str) -> int | None:
    """The unit that a key of facts means."""
    return _number(key, "unit")


def _number(key: str, wanted: str) -> int | None:
    kind, _, number = key.partition(" ")
    return int(number) if kind == wanted else None


def _differences(before: Mapping[str, Any], now: Facts) -> Iterator[FactChange]:
    for key in dict.fromkeys((*before, *now)):
        old, new = before.get(key), now.get(key)
        if old == new:
            continue
        name = (new or old or {}).get("姓名") or (new or old or {}).get("名称", "")
        if old is None:
            parts = [FactPart(NEW, f"{NEW}({_in_words(new or {})})")]
        elif new is None:
            parts = [FactPart(GONE, f"{GONE}(原为 {_in_words(old)})")]
        else:
            changed = [label for label in dict.fromkeys((*old, *new)) if old.get(label) != new.get(label)]
            parts = [
                FactPart(label, f"{label} {old.get(label) or '无'} → {new.get(label) or '无'}") for label in changed
            ]
        yield FactChange(key, name, parts)


def _in_words(facts: Mapping[str, str]) -> str:
    return ",".join(f"{label} {value}" for label, value in facts.items() if value and label not in ("姓名", "名称"))


def _posting(posting: Posting, month: Month, details: Mapping[str, str]) -> dict[str, str]:
    person = posting.person
    return {
        "姓名": person.name,
        "岗位": Position(posting.position).label,
        "村(社区)": posting.unit.name if posting.unit else "",
        "到岗日期": str(posting.started_on),
        "离岗日期": _until(posting.ended_on, month),
        "专兼职": {True: "专职", False: "兼职", None: ""}[posting.is_full_time],
        "学历": Education(person.education).label if person.education else "",
        "计算机操作": _known(person.has_computer_skill),
        "招聘记录": _known(posting.recruitment_recorded),
        **details,
    }


def _details(month: Month, postings: list[int]) -> Mapping[int, dict[str, str]]:
    """Posting id -> contracts, wages and suspensions in words."""
    parts: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    contracts = Contract.objects.filter(posting__in=postings, started_on__lte=month.last)
    for contract in contracts.order_by("started_on", "pk"):
        until = contract.ended_on or "无固定期限"
        parts[contract.posting_id]["合同"].append(f"{contract.started_on} 至 {until}")
        kind = ContractKind(contract.kind).label if contract.kind else ""
        parts[contract.posting_id]["合同类型"].append(f"{kind}{contract.employer}")
    wages = Wage.objects.filter(posting__in=postings, effective_from__lte=month.last).order_by("effective_from")
    for wage in wages:
        amounts = (wage.monthly_wage, wage.employer_insurance, wage.housing_fund)
        text = "+".join("未登记" if amount is None else str(amount) for amount in amounts)
        parts[wage.posting_id]["工资"].append(f"{wage.effective_from} 起 {text}")
    suspensions = Suspension.objects.live().filter(posting__in=postings, started_on__lte=month.last)
    for suspension in suspensions.order_by("started_on", "pk"):
        until = _until(suspension.ended_on, month) or "今"
        kind = SuspensionKind(suspension.kind).label
        parts[suspension.posting_id]["停发"].append(f"{suspension.started_on} 至 {until} {kind}")
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for posting, of_posting in parts.items():
        found[posting] = {label: "、".join(texts) for label, texts in of_posting.items()}
    return found


def _known(value: bool | None) -> str:
    return {True: "有", False: "没有", None: ""}[value]


def _until(day: date | None, month: Month) -> str:
    return str(day) if day is not None and day <= month.last else ""
