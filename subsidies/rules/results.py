"""What a calculation says of one posting and one month: amount, reason, steps."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from foundation.labels import Labelled


class Reason(Labelled):
    """Why no money flows (domain rule 7, and the ledger for what is no longer due)."""

    UNIT_WITHOUT_POST = "unit_without_post", "所在村(社区)没有这个岗位"
    SUSPENDED = "suspended", "停发"
    DUPLICATE_PERSON = "duplicate_person", "一人多岗,只补先到岗的一个"
    OVER_QUOTA = "over_quota", "超出补助名额"
    HOUSEHOLDS_MISSING = "households_missing", "没有已审核的户籍户数"
    NOT_ON_DAY = "not_on_day", "基准日不在岗"
    NOTHING_DUE = "nothing_due", "按标准应补为零"
    NOT_ON_POST = "not_on_post", "当月不在岗"
    WITHDRAWN = "withdrawn", "在岗记录已撤销"
    ALREADY_POSTED = "already_posted", "本月已在前次核算中补助"


class Step(NamedTuple):
    """One step of the way to an amount: what it is, its value in words, and the clause or document behind it."""

    label: str
    value: str
    basis: str


@dataclass(frozen=True, slots=True)
class Result:
    """What is due, in yuan; `reason` is empty when money flows, else a Reason or the check that blocks."""

    rate: Decimal | None
    amount: Decimal
    reason: str
    steps: tuple[Step, ...]
    sentence: str
