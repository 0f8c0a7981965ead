"""What belongs to postings and has days: contracts, suspensions, working times, secondments, in one statement."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import BooleanField, DateField, F, QuerySet, Value

from staffing.models import Contract, Posting, Secondment, Suspension, WorkingTime


@dataclass(frozen=True, slots=True)
class Belongings:
    """Of one posting, the newest first; of working times and secondments those that were not withdrawn."""

    contracts: list[Contract] = field(default_factory=list)
    suspensions: list[Suspension] = field(default_factory=list)
    working_times: list[WorkingTime] = field(default_factory=list)
    secondments: list[Secondment] = field(default_factory=list)


class _Row(NamedTuple):
    """A row of any of them; what it has not is empty or None."""

    what: str
    posting: int
    pk: int
    first: date | None
    last: date | None
    kind: str
    words: str
    document: str
    is_full_time: bool
    withdrawn_at: datetime | None
    withdrawn_reason: str


def belongings_of(postings: Sequence[Posting]) -> Mapping[int, Belongings]:
    """By number of the posting."""
    found: dict[int, Belongings] = defaultdict(Belongings)
    by_number = {posting.pk: posting for posting in postings}
    for row in _rows(list(by_number)) if by_number else ():
        posting, of_posting = by_number[row.posting], found[row.posting]
        common: dict[str, Any] = {
            "id": row.pk,
            "posting": posting,
            "withdrawn_at": row.withdrawn_at,
            "withdrawn_reason": row.withdrawn_reason,
        }
        match row.what:
            case "contract":
                of_posting.contracts.append(
                    Contract(
                        number=row.words,
                        started_on=_day(row),
                        ended_on=row.last,
                        kind=row.kind,
                        employer=row.document,
                        **common,
                    )
                )
            case "suspension":
                of_posting.suspensions.append(
                    Suspension(kind=row.kind, started_on=_day(row), ended_on=row.last, reason=row.words, **common)
                )
            case "working_time":
                of_posting.working_times.append(
                    WorkingTime(
                        effective_from=row.first, is_full_time=row.is_full_time, document=row.document, **common
                    )
                )
            case "secondment":
                of_posting.secondments.append(
                    Secondment(
                        home_unit=row.words,
                        kind=row.kind,
                        started_on=_day(row),
                        ended_on=row.last,
                        document=row.document,
                        **common,
                    )
                )
    return found


def _day(row: _Row) -> date:
    assert row.first is not None  # noqa: S101  # the column is never empty
    return row.first


def _rows(postings: Sequence[int]) -> list[_Row]:
    """The newest first, one without a day last."""

    def rows(what: str, of: QuerySet[Any], **columns: Any) -> Any:  # rows of values, as the union takes them
        told = {
            "what": Value(what),
            "first": F("started_on"),
            "last": F("ended_on"),
            "kind": Value(""),
            "words": Value(""),
            "document": Value(""),
            "is_full_time": Value(False, BooleanField()),
            "withdrawn_at": F("withdrawn_at"),
            "withdrawn_reason": F("withdrawn_reason"),
            **columns,
        }
        named = {f"its_{name}": column for name, column in told.items()}
        columns_of = (f"its_{name}" if name in told else name for name in _Row._fields)
        return of.filter(posting__in=postings).order_by().annotate(**named).values_list(*columns_of)

    # First what has every column of its own kind, from which a database takes the types.
    united = rows(
        "working_time",
        WorkingTime.objects.live(),
        first=F("effective_from"),
        last=Value(None, DateField()),
        document=F("document"),
        is_full_time=F("is_full_time"),
    ).union(
        rows("contract", Contract.objects.all(), kind=F("kind"), words=F("number"), document=F("employer")),
        rows("suspension", Suspension.objects.all(), kind=F("kind"), words=F("reason")),
        rows("secondment", Secondment.objects.live(), kind=F("kind"), words=F("home_unit"), document=F("document")),
        all=True,
    )
    found = [_Row(*row) for row in united]
    return sorted(found, key=lambda row: (row.first or date.min, row.pk), reverse=True)
