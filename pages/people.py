"""The list of people: one row a posting, page by page, with how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, DateField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce

from foundation.labels import Labelled
from foundation.lists import paging
from foundation.lists.paging import Cursor, Page, page_of
from foundation.lists.sorting import MOST_SORTED, USUAL, Sorting
from staffing.enums import Education, SuspensionKind
from staffing.models import Contract, Person, Posting, PostingQuerySet, Qualification, Suspension, WorkingTime
from subsidies.models import AllocationLine
from subsidies.posts.findings import Finding

# Beyond as many the list says that there are more: no page waits for a whole province to be counted.
MOST_COUNTED = MOST_SORTED
# Posting -> its findings.
FindingsOf = Mapping[int, Sequence[Finding]]
# Townships by code, positions, units by code: the township's unique code and the index `posting_by_place` give this
# order, so that a page is read without sorting the whole county.
BY_PLACE = ("township__code", "position", "unit__code", "pk")
# The index `person_by_spelling`; several postings of one person by their ids.
BY_NAME = ("person__spelling", "person", "pk")
_STORED = (
    *("pk", "township__name", "unit__name", "position", "person", "person__merged_into", "person__name"),
    *("person__national_id_masked", "education", "is_full_time", "started_on", "ended_on"),
    *("withdrawn_at", "contract_ends", "stopped"),
)


class ShownPeople(Labelled):
    """Which postings the list shows on its day."""

    SERVING = "serving", "当天在岗的"
    LEFT = "left", "已离岗的"
    ALL = "all", "全部记录"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A posting as it stands on the day; `person_id` is the record that merged ones point to, the number is masked.

    `findings` are those that the list was asked for.
    """

    posting_id: int
    township: str
    unit: str
    position: str
    person_id: int
    name: str
    national_id: str
    education: str
    is_full_time: bool | None
    started_on: date
    ended_on: date | None
    contract_ends: str
    situation: str
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class _Order:
    """The fields that the database sorts by; `is_reverse` reads them from the last row to the first."""

    fields: Sequence[str] = BY_PLACE
    is_reverse: bool = False

    @property
    def way(self) -> str:
        """How what comes later compares."""
        return "lt" if self.is_reverse else "gt"

    @property
    def reversed(self) -> "_Order":
        return _Order(self.fields, not self.is_reverse)


@dataclass(frozen=True, slots=True)
class RosterPage:
    """PAGE_SIZE rows at most of `postings`, which are of `people`; of more than MOST_COUNTED no more are counted.

    `previous` and `next` lead on; None at the ends.
    """

    rows: Sequence[RosterRow]
    postings: int
    people: int
    previous: Cursor | None = None
    next: Cursor | None = None

    @property
    def more_than(self) -> int | None:
        """How many postings there are more than, where they were not counted to the end."""
        return MOST_COUNTED if self.postings > MOST_COUNTED else None

    @property
    def only_person(self) -> int | None:
        """Whose postings these are, where they are all of one."""
        return self.rows[0].person_id if self.people == 1 and self.rows else None


def roster_page(
    found: PostingQuerySet,
    day: date,
    findings: FindingsOf,
    *,
    cursor: Cursor,
    anchors: PostingQuerySet,
    sorting: Sorting[RosterRow] = USUAL,
) -> RosterPage:
    """One page of the postings found; the posting that the cursor names is looked for among `anchors`.

    Sorted as the database has an index for, or in memory as far as so many rows can be.
    """
    whose = found.order_by().values(who=Coalesce("person__merged_into", "person"))[: MOST_COUNTED + 1]
    counts = whose.aggregate(postings=Count("who"), people=Count("who", distinct=True))
    order = _order_of(sorting.within(counts["postings"]))
    if order is None:
        rows = sorting.applied(all_rows(found, day, findings, most=MOST_SORTED))
        page = page_of(rows, lambda row: row.posting_id, cursor=cursor)
    else:
        page = _stored_page(found, day, findings, cursor=cursor, anchors=anchors, order=order)
    return RosterPage(rows=page.rows, previous=page.previous, next=page.next, **counts)


def _stored_page(
    found: PostingQuerySet, day: date, findings: FindingsOf, *, cursor: Cursor, anchors: PostingQuerySet, order: _Order
) -> Page[RosterRow]:
    """In an order that the database has an index for."""
    key = cursor.after or cursor.before
    anchor = anchors.filter(pk=key).values_list(*order.fields).first() if key else None
    if anchor is None:
        stored, has_more = _some(_rows(found, day, order))
        is_later, goes_on = False, has_more
    elif cursor.after:
        stored, has_more = _some(_rows(found.filter(_beyond(order, anchor)), day, order))
        is_later, goes_on = True, has_more
    else:
        order = order.reversed
        stored, has_more = _some(_rows(found.filter(_beyond(order, anchor)), day, order))
        stored, is_later, goes_on = stored[::-1], has_more, True
    return Page(
        rows=[_row(row, day, findings) for row in stored],
        previous=Cursor(before=stored[0].pk) if stored and is_later else None,
        next=Cursor(after=stored[-1].pk) if stored and goes_on else None,
    )


def _some(rows: QuerySet[Posting, Any]) -> tuple[list[Any], bool]:
    """As many as a page holds, and whether there are more."""
    read = list(rows[: paging.PAGE_SIZE + 1])
    return read[: paging.PAGE_SIZE], len(read) > paging.PAGE_SIZE


def all_rows(
    found: PostingQuerySet,
    day: date,
    findings: FindingsOf,
    *,
    most: int,
    sorting: Sorting[RosterRow] = USUAL,
) -> Sequence[RosterRow]:
    """Every row of the postings found, in the order of the list; the first `most` + 1 where there are more."""
    order = _order_of(sorting)
    rows = [_row(row, day, findings) for row in _rows(found, day, order or _Order())[: most + 1]]
    return rows if order is not None else sorting.within(len(rows)).applied(rows)


def people_with_number_tail(tail: str, postings: PostingQuerySet, day: date) -> RosterPage:
    """All postings of whoever has an id number that ends so, merged and paid ones too; one page at most."""
    persons = Person.objects.with_national_id_tail(tail)
    found = with_paid_ones(postings).filter(Q(person__in=persons) | Q(person__merged_into__in=persons))
    return roster_page(found, day, {}, cursor=Cursor(), anchors=postings)


def people_named(name: str, postings: PostingQuerySet, day: date) -> RosterPage:
    """All postings of whoever has such a name or initials, paid ones too; one page at most."""
    found = with_paid_ones(postings).filter(person__in=Person.objects.named_like(name))
    return roster_page(found, day, {}, cursor=Cursor(), anchors=postings)


def with_paid_ones(postings: PostingQuerySet) -> PostingQuerySet:
    """Those on record: withdrawn ones only where something was calculated for them, so that whoever was ever paid is
    found."""
    paid = AllocationLine.objects.filter(posting=OuterRef("pk"))
    return postings.filter(Q(withdrawn_at=None) | Exists(paid))


def _order_of(sorting: Sorting[RosterRow]) -> _Order | None:
    """None where rows are sorted in memory."""
    if sorting.column is None:
        return _Order()
    return _Order(sorting.column.order, sorting.is_descending) if sorting.column.order else None


def _rows(found: PostingQuerySet, day: date, order: _Order) -> QuerySet[Posting, Any]:
    """The columns _STORED by name, with the end of the contract in words, and what holds on the day: the education,
    full or part-time, and the kind of a stop.

    Of the contracts counts the one that began last by the day; the first one where none had begun.
    """
    begun = Case(When(started_on__lte=day, then="started_on"), output_field=DateField())
    live = Contract.objects.live().filter(posting=OuterRef("pk"))
    contracts = live.order_by(begun.desc(nulls_last=True), "started_on")
    ends = Coalesce(Cast("ended_on", CharField()), Value("无固定期限"))
    stops = Suspension.objects.live().filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=day), posting=OuterRef("pk"), started_on__lte=day
    )
    educations = Qualification.objects.educations_on(day).filter(person=OuterRef("person"))
    working_times = WorkingTime.objects.begun_by(day).filter(posting=OuterRef("pk"))
    # Everything is at least nothing: said so that the database begins with the townships, or people, in their order.
    in_order = found.filter(**{f"{order.fields[0]}__gte": ""}).order_by(*order.fields)
    if order.is_reverse:
        in_order = in_order.reverse()
    told = in_order.annotate(
        contract_ends=Subquery(contracts.values(ends=ends)[:1]),
        stopped=Subquery(stops.values("kind")[:1]),
        education=Subquery(educations.values("level")[:1]),
        is_full_time=Subquery(working_times.values("is_full_time")[:1]),
    )
    return told.values_list(*_STORED, named=True)


def _beyond(order: _Order, anchor: Sequence[str | int | None]) -> Q:
    """Rows that come after the anchor, whose values of the order's fields these are."""

    def differs(name: str, value: object) -> Q:
        return Q(**{f"{name}__{order.way}": value})

    *others, (last, key) = zip(order.fields, anchor, strict=True)
    later = differs(last, key)
    # Of what has no unit nothing of the same position has one.
    for name, value in reversed([(name, value) for name, value in others if value is not None]):
        later = differs(name, value) | (Q(**{name: value}) & later)
    # The first condition follows from the second; it tells the database where in its index to begin.
    return Q(**{f"{order.fields[0]}__{order.way}e": anchor[0]}) & later


def _row(stored: Any, day: date, findings: FindingsOf) -> RosterRow:
    """Of a row with the columns _STORED."""
    situation = _situation(stored.started_on, stored.ended_on, stored.stopped, day)
    return RosterRow(
        posting_id=stored.pk,
        township=stored.township__name,
        unit=stored.unit__name or "",
        position=stored.position,
        person_id=stored.person__merged_into or stored.person,
        name=stored.person__name,
        national_id=stored.person__national_id_masked,
        education=Education(stored.education).label if stored.education else "",
        is_full_time=stored.is_full_time,
        started_on=stored.started_on,
        ended_on=stored.ended_on,
        contract_ends=stored.contract_ends or "",
        situation="已撤销" if stored.withdrawn_at else situation,
        findings=findings.get(stored.pk, ()),
    )


def _situation(started_on: date, ended_on: date | None, stop: str | None, day: date) -> str:
    if day < started_on:
        return "未到岗"
    if ended_on is not None and ended_on < day:
        return "已离岗"
    return "在岗" if stop is None else f"停发({SuspensionKind(stop).label})"
