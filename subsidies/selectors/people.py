"""The list of people: one row a posting, page by page, with how many there are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q
from django.db.models.functions import Coalesce

from foundation.labels import Labelled
from staffing.enums import Education
from staffing.models import Contract, Person, Posting, PostingQuerySet
from subsidies.selectors.findings import Finding

PAGE_SIZE = 50
# Posting -> its findings.
FindingsOf = Mapping[int, Sequence[Finding]]
# Townships by code, positions, units by code: the township's unique code and the index `posting_by_place` give this
# order, so that a page is read without sorting the whole county.
ORDER = ("township__code", "position", "unit__code", "pk")


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

    posting: Posting
    person_id: int
    national_id: str
    education: str
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
    """50 rows at most of `postings`, which are of `people`. `previous` and `next` lead on; None at the ends."""

    rows: Sequence[RosterRow]
    postings: int
    people: int
    previous: Cursor | None = None
    next: Cursor | None = None


def roster_page(
    found: PostingQuerySet, day: date, findings: FindingsOf, *, cursor: Cursor, anchors: PostingQuerySet
) -> RosterPage:
    """One page of the postings found; the posting that the cursor names is looked for among `anchors`."""
    counts = found.aggregate(
        postings=Count("pk"), people=Count(Coalesce("person__merged_into", "person"), distinct=True)
    )
    key = cursor.after or cursor.before
    anchor = anchors.filter(pk=key).values_list(*ORDER).first() if key else None
    if anchor is None:
        rows = list(_rows(found)[: PAGE_SIZE + 1])
        is_later, goes_on = False, len(rows) > PAGE_SIZE
        rows = rows[:PAGE_SIZE]
    elif cursor.after:
        rows = list(_rows(found.filter(_beyond(anchor, "gt")))[: PAGE_SIZE + 1])
        is_later, goes_on = True, len(rows) > PAGE_SIZE
        rows = rows[:PAGE_SIZE]
    else:
        rows = list(_rows(found.filter(_beyond(anchor, "lt"))).reverse()[: PAGE_SIZE + 1])
        is_later, goes_on = len(rows) > PAGE_SIZE, True
        rows = rows[:PAGE_SIZE][::-1]
    return RosterPage(
        rows=roster_rows(rows, day, findings),
        previous=Cursor(before=rows[0].pk) if rows and is_later else None,
        next=Cursor(after=rows[-1].pk) if rows and goes_on else None,
        **counts,
    )


def all_rows(found: PostingQuerySet, day: date, findings: FindingsOf, *, most: int) -> list[RosterRow]:
    """Every row of the postings found, in the order of the list; the first `most` + 1 where there are more."""
    return roster_rows(_rows(found)[: most + 1], day, findings)


def people_with_number_tail(tail: str, postings: PostingQuerySet, day: date) -> RosterPage:
    """All postings of whoever has an id number that ends so, merged records too; one page at most."""
    persons = Person.objects.with_national_id_tail(tail)
    found = postings.filter(Q(person__in=persons) | Q(person__merged_into__in=persons), withdrawn_at=None)
    return roster_page(found, day, {}, cursor=Cursor(), anchors=postings)


def roster_rows(postings: Iterable[Posting], day: date, findings: FindingsOf) -> list[RosterRow]:
    """The rows of postings; contracts and suspensions are looked up once for all where they were prefetched."""
    return [
        RosterRow(
            posting=posting,
            person_id=posting.person.merged_into_id or posting.person_id,
            national_id=posting.person.national_id_masked,
            education=Education(posting.person.education).label if posting.person.education else "",
            contract_ends=_contract_ends(posting, day),
            situation=_situation(posting, day),
            findings=findings.get(posting.pk, ()),
        )
        for posting in postings
    ]


def _rows(found: PostingQuerySet) -> PostingQuerySet:
    contracts = Prefetch("contracts", Contract.objects.order_by("started_on"))
    # Every code is greater than nothing: said so that the database begins with the townships in their order.
    in_order = found.filter(township__code__gt="").order_by(*ORDER)
    return in_order.select_related("person", "township", "unit").prefetch_related(contracts, "suspensions")


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


def _contract_ends(posting: Posting, day: date) -> str:
    """The end of the contract that began last by the day; of the first one where none had begun."""
    contracts = list(posting.contracts.all())
    begun = [contract for contract in contracts if contract.started_on <= day] or contracts[:1]
    if not begun:
        return ""
    return str(begun[-1].ended_on or "无固定期限")


def _situation(posting: Posting, day: date) -> str:
    if day < posting.started_on:
        return "未到岗"
    if posting.ended_on is not None and posting.ended_on < day:
        return "已离岗"
    for stop in posting.suspensions.all():
        if stop.started_on <= day and (stop.ended_on is None or day <= stop.ended_on):
            return f"停发({stop.get_kind_display()})"
    return "在岗"
