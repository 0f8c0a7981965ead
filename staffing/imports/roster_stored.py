"""What is stored of the people and places of a roster, loaded in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from foundation.crypto import blind_index
from staffing.entries import RosterEntry
from staffing.enums import SUBSIDISED, Position
from staffing.models import Contract, Person, Posting, Wage
from townships.places import comparable

# Person, township, unit, position: where postings must not overlap.
PlaceKey = tuple[int, int, int | None, str]
NamedStart = tuple[int, str, date]


@dataclass(frozen=True)
class Stored:
    """Records of people by the index of their own id number, and postings not withdrawn by person: there merged
    records are one.

    `root_of` leads from the id of a merged record to the id of the one it is merged into. `acquainted` are the
    records that a clerk of the township the import is limited to may see: those that ever had a posting there,
    withdrawn or not, and those that such ones are merged into.
    """

    persons: Mapping[str, Person]
    root_of: Mapping[int, int]
    acquainted: set[int] = field(default_factory=set)
    by_person: dict[int, list[Posting]] = field(default_factory=lambda: defaultdict(list))
    by_unit: dict[int, list[Posting]] = field(default_factory=lambda: defaultdict(list))
    platform_staff: dict[NamedStart, list[Posting]] = field(default_factory=lambda: defaultdict(list))

    def add(self, posting: Posting) -> None:
        self.by_person[self.root(posting.person_id)].append(posting)
        if posting.unit_id is not None and Position(posting.position).is_subsidised:
            self.by_unit[posting.unit_id].append(posting)
        if posting.position == Position.PLATFORM_STAFF:
            start = (posting.township_id, comparable(posting.person.name), posting.started_on)
            self.platform_staff[start].append(posting)

    def root(self, person_id: int) -> int:
        return self.root_of.get(person_id, person_id)

    def place_key(self, posting: Posting) -> PlaceKey:
        return self.root(posting.person_id), posting.township_id, posting.unit_id, posting.position


def index_of(entry: RosterEntry) -> str | None:
    """By what the person of a row is found again."""
    return None if entry.national_id is None else blind_index("national_id", entry.national_id.number)


def load(
    entries: Iterable[RosterEntry], indexes: Iterable[str | None], *, only_township: int | None, lock: bool
) -> Stored:
    """Everything stored that the rows may meet. `lock`: nobody changes these people until the transaction ends."""
    entries = list(entries)
    found = list(
        _locked(Person.objects.filter(national_id_index__in={index for index in indexes if index}), lock=lock)
    )
    root_ids = {person.merged_into_id or person.pk for person in found}
    merged = list(Person.objects.filter(merged_into__in=root_ids).values_list("pk", "merged_into_id")) if found else []
    stored = Stored(
        persons={person.national_id_index: person for person in found if person.national_id_index is not None},
        root_of={pk: root for pk, root in merged if root is not None},
    )
    person_ids = root_ids | set(stored.root_of)
    for posting in _postings(entries, person_ids):
        stored.add(posting)
    if only_township is not None:
        known_here = Posting.objects.filter(township=only_township, person__in=person_ids)
        posted = set(known_here.values_list("person", flat=True))
        stored.acquainted.update(posted, map(stored.root, posted))
    return stored


def _postings(entries: Sequence[RosterEntry], person_ids: set[int]) -> Iterable[Posting]:
    live = (
        Posting.objects.filter(withdrawn_at=None)
        .select_related("person", "recruitment_round")
        .order_by("started_on", "id")
    )
    units = {entry.unit_id for entry in entries if entry.unit_id is not None}
    townships = {entry.township_id for entry in entries if entry.position is Position.PLATFORM_STAFF}
    # Three queries that each use an index; one row must be one object, whichever of them finds it.
    postings: dict[int, Posting] = {}
    for some in (
        live.filter(person__in=person_ids),
        live.filter(unit__in=units, position__in=SUBSIDISED),
        live.filter(township__in=townships, position=Position.PLATFORM_STAFF),
    ):
        for posting in some:
            postings.setdefault(posting.pk, posting)
    return postings.values()


def contracts_of(postings: Iterable[Posting]) -> Mapping[int, list[Contract]]:
    """Contracts that were not withdrawn by posting id, the earliest first."""
    found: dict[int, list[Contract]] = defaultdict(list)
    for contract in Contract.objects.live().filter(posting__in=list(postings)).order_by("started_on", "id"):
        found[contract.posting_id].append(contract)
    return found


def wages_of(postings: Iterable[Posting]) -> Mapping[int, list[Wage]]:
    """Wages that were not withdrawn by posting id, the earliest first."""
    found: dict[int, list[Wage]] = defaultdict(list)
    for wage in Wage.objects.live().filter(posting__in=list(postings)).order_by("effective_from"):
        found[wage.posting_id].append(wage)
    return found


def _locked(persons: QuerySet[Person], *, lock: bool) -> QuerySet[Person]:
    return persons.order_by("pk").select_for_update() if lock else persons
