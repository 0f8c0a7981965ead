"""Which stored person and posting each row of a roster is, if any."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from foundation.excel.problems import Problem
from staffing.entries import RosterEntry
from staffing.enums import Position
from staffing.identity import name_person
from staffing.imports.roster_changes import Change, Proposed
from staffing.imports.roster_layout import NAME, STARTED_ON
from staffing.imports.roster_stored import PlaceKey, Stored
from staffing.models import Person, Posting
from staffing.periods import do_overlap, overlapping
from townships.places import comparable


@dataclass(slots=True)
class Match:
    """A row with its person and posting; neither is saved yet where it is new.

    `person` is the record that has the row's id number, whatever it is merged into; `person_key` is the same for rows
    of the same person, merged records taken as one. `was_started_on` is the start that is stored, None for a
    new posting. `completes_person`: the row gives an id number to somebody stored without one. `is_stranger`: a
    stored person whom the scope of the import does not reach; `is_foreign`: whose facts another township writes.
    `changes`: what the row changes of the stored ones; `proposed`: what it would have changed of a foreign person.
    """

    entry: RosterEntry
    person_key: int
    person: Person
    posting: Posting
    was_started_on: date | None
    completes_person: bool = False
    is_stranger: bool = False
    is_foreign: bool = False
    changes: list[Change] = field(default_factory=list)
    proposed: list[Proposed] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.was_started_on is None

    @property
    def is_touched(self) -> bool:
        """Whether something is stored otherwise than before; what is proposed is not."""
        return self.is_new or bool(self.changes)

    @property
    def told(self) -> list[str]:
        """What the row does to what is stored, in words."""
        # What stands in two rows of the registry, one withdrawn and one new, is told once.
        changed = dict.fromkeys(change.words for change in self.changes)
        return [*changed, *(proposed.words for proposed in self.proposed)]


def match_rows(
    entries: Sequence[RosterEntry], indexes: Sequence[str | None], stored: Stored, *, only_township: int | None
) -> tuple[list[Match], list[Problem]]:
    """One match for each row, in the order of the file, and what forbids them.

    What comes with the id number of a merged record is of that record: a row is none of the postings that another
    record with a number has. Whoever never had a posting in `only_township` is a stranger to the import.
    """
    problems: list[Problem] = []
    people = _People(stored)
    persons = [people.of_row(number, entry, indexes[number], problems) for number, entry in enumerate(entries)]
    rows_of_place: dict[PlaceKey, list[int]] = defaultdict(list)
    for number, (entry, (person_key, _)) in enumerate(zip(entries, persons, strict=True)):
        rows_of_place[person_key, entry.township_id, entry.unit_id, entry.position.value].append(number)
    postings: dict[int, Posting] = {}
    for place, numbers in rows_of_place.items():
        free = [posting for posting in stored.by_person.get(place[0], ()) if stored.place_key(posting) == place]
        postings |= _claimed(entries, numbers, free, {number: persons[number][1] for number in numbers})
    matches = []
    for number, (entry, (person_key, person)) in enumerate(zip(entries, persons, strict=True)):
        posting = postings.get(number)
        start = posting.started_on if posting is not None else None
        posting = posting or _new_posting(entry, person)
        is_stranger = only_township is not None and person.pk is not None and person.pk not in stored.acquainted
        matches.append(Match(entry, person_key, person, posting, start, number in people.completing, is_stranger))
    return matches, problems


def _claimed(
    entries: Sequence[RosterEntry], numbers: Iterable[int], free: list[Posting], persons: Mapping[int, Person]
) -> dict[int, Posting]:
    """Which of the free postings of one person and place each row is: same start first, then overlapping periods."""
    claimed: dict[int, Posting] = {}
    for same_start in (True, False):
        for number in numbers:
            entry = entries[number]
            if number in claimed:
                continue
            for posting in free:
                if not _may_be_of(persons[number], posting):
                    continue
                fits = posting.started_on == entry.started_on if same_start else do_overlap(posting, entry)
                if fits:
                    claimed[number] = posting
                    free.remove(posting)
                    break
    return claimed


def _may_be_of(person: Person, posting: Posting) -> bool:
    """Whether a row of this record can mean the posting: one of the record, or of a merged one that has no id number
    by which a row could name it."""
    return posting.person_id == person.pk or posting.person.national_id_index is None


def _new_posting(entry: RosterEntry, person: Person) -> Posting:
    return Posting(
        person=person,
        township_id=entry.township_id,
        unit_id=entry.unit_id,
        position=entry.position.value,
        started_on=entry.started_on,
        ended_on=entry.ended_on,
    )


class _People:
    """The people of the rows: found by id number, platform staff also by township, name and start."""

    def __init__(self, stored: Stored) -> None:
        self.stored = stored
        self.new: dict[str, tuple[int, Person]] = {}
        self.taken: dict[tuple[int, str, date], int] = {}
        self.nameless: set[int] = set()
        self.completing: set[int] = set()
        self.count = 0

    def of_row(
        self, number: int, entry: RosterEntry, index: str | None, problems: list[Problem]
    ) -> tuple[int, Person]:
        """The person's key and record; the key of one not stored yet is negative."""
        if index is not None:
            person = self.stored.persons.get(index)
            if person is not None:
                return self.stored.root(person.pk), person
            if index in self.new:
                return self.new[index]
        found = self._by_name(entry, has_number=index is not None, problems=problems)
        if found is None:
            self.count += 1
            found = -self.count, name_person(Person(), entry.name)
        elif index is not None:
            self.completing.add(number)
        if index is not None:
            self.new[index] = found
        return found

    def _by_name(self, entry: RosterEntry, *, has_number: bool, problems: list[Problem]) -> tuple[int, Person] | None:
        if entry.position is not Position.PLATFORM_STAFF:
            return None
        start = (entry.township_id, comparable(entry.name), entry.started_on)
        if not has_number:
            first = self.taken.setdefault(start, entry.row)
            if first != entry.row:
                problems.append(
                    Problem(entry.row, NAME, f"与第 {first} 行重复", "请只保留一行;确是同名两人的,请填身份证号")
                )
        for posting in self.stored.platform_staff.get(start, ()):
            is_free = posting.person_id not in self.nameless
            # A number in the file completes a record without one, never replaces another number.
            if is_free and not (has_number and posting.person.national_id_index is not None):
                self.nameless.add(posting.person_id)
                return self.stored.root(posting.person_id), posting.person
        return None


def overlap_problems(matches: Sequence[Match], stored: Stored) -> list[Problem]:
    """Rows of one person on one post that overlap each other, or a stored posting that is in no row of the file."""
    match_of = {id(match.posting): match for match in matches}
    at_place: dict[PlaceKey, dict[int, Posting]] = defaultdict(dict)
    for match in matches:
        entry = match.entry
        key = match.person_key, entry.township_id, entry.unit_id, entry.position.value
        at_place[key][id(match.posting)] = match.posting
    problems = []
    for key, postings in at_place.items():
        for posting in stored.by_person.get(key[0], ()):
            if stored.place_key(posting) == key:
                postings.setdefault(id(posting), posting)
        for earlier, later in overlapping(postings.values()):
            problem = _overlap(earlier, match_of.get(id(earlier)), later, match_of.get(id(later)))
            if problem is not None:
                problems.append(problem)
    return problems


def _overlap(earlier: Posting, earlier_row: Match | None, later: Posting, later_row: Match | None) -> Problem | None:
    advice = "请核对到岗日期和离岗日期"
    if earlier_row is not None and later_row is not None:
        first, row = sorted((earlier_row.entry.row, later_row.entry.row))
        if (earlier.started_on, earlier.ended_on) == (later.started_on, later.ended_on):
            return Problem(row, STARTED_ON, f"与第 {first} 行重复", "同一人同一岗位只保留一行")
        return Problem(row, STARTED_ON, f"同一人同一岗位的在岗时间与第 {first} 行重叠", advice)
    of_file = earlier_row or later_row
    if of_file is None:  # records of one person that were merged: nothing of this file
        return None
    stored = later if later_row is None else earlier
    message = f"同一人同一岗位的在岗时间与系统中 {stored.started_on} 起的在岗记录重叠"
    if not _may_be_of(of_file.person, stored):
        message += f",那一条登记在此人合并的另一条人员记录({stored.person.national_id_masked})名下"
        advice = "是同一段任职的,请填那条记录的身份证号;不是同一人的,请联系县局取消合并"
    return Problem(of_file.entry.row, STARTED_ON, message, advice)
