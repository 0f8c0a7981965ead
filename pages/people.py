"""The list of people: one row a posting, page by page, with how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, DateField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce

from foundation.labels import Labelled
from staffing.enums import Education, SuspensionKind
from staffing.models import Contract, Person, Posting, PostingQuerySet, Qualification, Suspension, WorkingTime
from subsidies.models import AllocationLine
from subsidies.posts.findings import Finding

PAGE_SIZE = 50
# Beyond as many the list says that there are more: no page waits for a whole province to be counted.
MOST_COUNTED = 5000
# Posting -> its findings.
FindingsOf = Mapping[int, Sequence[Finding]]
# Townships by code, positions, units by code: the township's unique code and the index `posting_by_place` give this
# order, so that a page is read without sorting the whole county.
ORDER = ("township__code", "position", "unit__code", "pk")
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
class Cursor:
    """Where a page begins or ends: after one posting, or before one; without either it is the first page."""

    after: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class RosterPage:
    """50 rows at most of `postings`, which are of `people`; of more than MOST_COUNTED no more are counted.

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
    found: PostingQuerySet, day: date, findings: FindingsOf, *, cursor: Cursor, anchors: PostingQuerySet
) -> RosterPage:
    """One page of the postings found; the posting that the cursor names is looked for among `anchors`."""
    whose = found.order_by().values(who=Coalesce("person__merged_into", "person"))[: MOST_COUNTED + 1]
    counts = whose.aggregate(postings=Count("who"), people=Count("who", distinct=True))
    key = cursor.after or cursor.before
    anchor = anchors.filter(pk=key).values_list(*ORDER).first() if key else None
    if anchor is None:
        rows = list(_rows(found, day)[: PAGE_SIZE + 1])
        is_later, goes_on = False, len(rows) > PAGE_SIZE
        rows = rows[:PAGE_SIZE]
    elif cursor.after:
        rows = list(_rows(found.filter(_beyond(anchor, "gt")), day)[: PAGE_SIZE + 1])
        is_later, goes_on = True, len(rows) > PAGE_SIZE
        rows = rows[:PAGE_SIZE]
    else:
        rows = list(_rows(found.filter(_beyond(anchor, "lt")), day).reverse()[: PAGE_SIZE + 1])
        is_later, goes_on = len(rows) > PAGE_SIZE, True
        rows = rows[:PAGE_SIZE][::-1]
    return RosterPage(
        rows=[_row(row, day, findings) for row in rows],
        previous=Cursor(before=rows[0].pk) if rows and is_later else None,
        next=Cursor(after=rows[-1].pk) if rows and goes_on else None,
        **counts,
    )


def all_rows(found: PostingQuerySet, day: date, findings: FindingsOf, *, most: int) -> list[RosterRow]:
    """Every row of the postings found, in the order of the list; the first `most` + 1 where there are more."""
    return [_row(row, day, findings) for row in _rows(found, day)[: most + 1]]


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


def _rows(found: PostingQuerySet, day: date) -> QuerySet[Posting, Any]:
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
    # Every code is greater than nothing: said so that the database begins with the townships in their order.
    in_order = found.filter(township__code__gt="").order_by(*ORDER)
    told = in_order.annotate(
        contract_ends=Subquery(contracts.values(ends=ends)[:1]),
        stopped=Subquery(stops.values("kind")[:1]),
        education=Subquery(educations.values("level")[:1]),
        is_full_time=Subquery(working_times.values("is_full_time")[:1]),
    )
    return told.values_list(*_STORED, named=True)


def _beyond(anchor: tuple[str, str, str | None, int], way: str) -> Q:
    """Rows after (gt) or before (lt) the anchor in the order of the list."""
    township, position, unit, key = anchor

    def differs(**fields: object) -> Q:
        return Q(**{f"{name}__{way}": value for name, value in fields.items()})

    last = differs(pk=key)
    if unit is not None:
        last = differs(unit__code=unit) | (Q(unit__code=unit) & last)
    in_township = differs(position=position) | (Q(position=position) & last)
    # The first condition follows from the second; it tells the database where in its index to begin.
    begins = Q(**{f"township__code__{way}e": township})
    return begins & (differs(township__code=township) | (Q(township__code=township) & in_township))


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
