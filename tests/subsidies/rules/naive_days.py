"""Rules 1 to 3 once more, one day at a time."""

from collections import Counter
from datetime import date

from staffing.enums import Position
from subsidies.rules.facts import CountyFacts, PostingFact
from subsidies.rules.parameters import Standard
from tests.subsidies.rules.naive_basics import covers, latest
from townships.enums import UnitKind

KINDS = {
    Position.COMMUNITY_COORDINATOR: {UnitKind.COMMUNITY},
    Position.VILLAGE_COORDINATOR: {UnitKind.VILLAGE, UnitKind.RESIDENTS_COMMITTEE},
}
Fates = dict[int, set[str]]


def fates_on(facts: CountyFacts, standard: Standard, day: date) -> Fates:
    """Every posting in service on `day` with what takes the day from it: nothing, if the day counts."""
    fates: Fates = {}
    busy: set[int] = set()
    taken: Counter[tuple[str, int]] = Counter()
    for posting in sorted(facts.postings, key=lambda row: (row.started_on, row.id)):
        if posting.withdrawn or not covers(posting.started_on, posting.ended_on, day):
            continue
        lost = fates[posting.id] = set()
        for stop in posting.suspensions:
            if stop.kind not in standard.counting_suspensions and covers(stop.started_on, stop.ended_on, day):
                lost.add("suspended")
        for unit in facts.units:
            is_open = covers(unit.opened_on, unit.closed_on, day)
            if unit.id == posting.unit and not (is_open and unit.kind in KINDS[posting.position]):
                lost.add("unit_without_post")
        if lost:
            continue
        place = ("township", posting.township) if posting.unit is None else ("unit", posting.unit)
        if posting.person in busy:
            lost.add("duplicate_person")
        elif taken[place] >= places(facts, posting, standard, day):
            lost.add("over_quota")
        else:
            taken[place] += 1
        busy.add(posting.person)
    return fates


def places(facts: CountyFacts, posting: PostingFact, standard: Standard, day: date) -> int:
    """How many of them are subsidised where the posting is."""
    if posting.unit is not None:
        return 1
    (township,) = [row for row in facts.townships if row.id == posting.township]
    status = latest(township.classes, day)
    extra = sum(grant.extra for grant in township.grants if covers(grant.effective_from, grant.ended_on, day))
    return standard.assistant_base[status.township_class] + min(extra, standard.assistant_extra_max) if status else 0


def units_held(facts: CountyFacts, fates: Fates, person: int) -> int:
    """At how many units a person is on post that day."""
    mine = [row for row in facts.postings if row.person == person and row.id in fates]
    return len({row.unit for row in mine if row.unit is not None and "suspended" not in fates[row.id]})
