"""Whose facts: those of a person are written by the township where the person is on post, else was last (domain 1)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission, may
from staffing.models import Person, Posting
from staffing.periods import last_day


class Spell(NamedTuple):
    """Days on post in a township; `key` is in the order in which they were entered."""

    township: int
    started_on: date
    ended_on: date | None
    key: int


def owner_among(spells: Iterable[Spell], day: date) -> int | None:
    """The township of whoever was on post so: of several on the day the one that was entered first, else of those that
    are over the last, else of those that lie ahead the first. None without any.

    Entered, not begun: nobody comes by the facts of another township's people by entering an earlier day.
    """
    found = list(spells)
    now = [spell for spell in found if spell.started_on <= day <= last_day(spell)]
    over = [spell for spell in found if last_day(spell) < day]
    if now:
        return min(now, key=lambda spell: spell.key).township
    if over:
        return max(over, key=lambda spell: (last_day(spell), spell.started_on, spell.key)).township
    first = min(found, key=lambda spell: (spell.started_on, spell.key), default=None)
    return None if first is None else first.township


def spells_of(people: Collection[int]) -> tuple[Mapping[int, int], Mapping[int, list[Spell]]]:
    """Of these records: record -> the one that it is merged into, or itself; and by that one all spells on post of
    the whole person. Two statements."""
    rows = Person.objects.filter(pk__in=people).values_list("pk", "merged_into")
    root_of = {pk: merged or pk for pk, merged in rows}
    spells: dict[int, list[Spell]] = defaultdict(list)
    roots = set(root_of.values())
    postings = Posting.objects.filter(Q(person__in=roots) | Q(person__merged_into__in=roots), withdrawn_at=None)
    columns = ("person", "person__merged_into", "township", "started_on", "ended_on", "pk")
    for person, merged, township, started_on, ended_on, pk in postings.values_list(*columns):
        spells[merged or person].append(Spell(township, started_on, ended_on, pk))
    return root_of, spells


def writes_facts(user: User | None, person: Person, day: date) -> bool:
    """Whether what the user enters of the person's facts is written at once; else it becomes a proposal.

    The bureau's officer writes everybody's, a clerk those of the own township's people and of whoever was never on
    post. No user is a command.
    """
    if user is None or may(user, Permission.DECIDE_PROPOSALS):
        return True
    root_of, spells = spells_of([person.pk])
    owner = owner_among(spells.get(root_of[person.pk], ()), day)
    return may(user, Permission.EDIT_PERSONNEL) and owner in (None, user.township_id)
