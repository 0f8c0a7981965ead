"""Random changes of a county between two runs: what clerks enter late, mend and withdraw."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from foundation.dates import Month
from subsidies.rules.facts import CostFact, CountFact, CountyFacts, PostingFact, UnitFact
from subsidies.rules.quotas import Grant
from tests.subsidies.rules.strategies import HOUSEHOLDS, YUAN, Dates, postings, suspensions

KINDS_OF_CHANGE = (
    "withdraw",
    "replace",
    "start",
    "end",
    "suspend",
    "resume",
    "cost",
    "merge",
    "join",
    "count",
    "grant",
)


@st.composite
def changed(draw: DrawFn, days: Dates, facts: CountyFacts) -> CountyFacts:
    """The county after one change."""
    kind = draw(st.sampled_from(KINDS_OF_CHANGE))
    if kind == "grant":
        town, *others = draw(st.permutations(facts.townships))
        grant = Grant(1, draw(days.inside), draw(days.ends))
        towns = [replace(town, grants=(*town.grants, grant)), *others]
        return replace(facts, townships=tuple(sorted(towns, key=lambda row: row.code)))
    if kind == "count" and facts.units:
        place = draw(st.sampled_from(facts.units))
        count = CountFact(draw(days.inside), draw(st.sampled_from(HOUSEHOLDS)))
        others_of_day = [row for row in place.counts if row.effective_from != count.effective_from]
        recounted = place._replace(counts=(*others_of_day, count))
        return replace(facts, units=tuple(recounted if row is place else row for row in facts.units))
    new_number = len(facts.postings) + 1
    if kind == "join" or not facts.postings:
        places: list[tuple[int, UnitFact | None]] = [(town.id, None) for town in facts.townships]
        places += [(place.township, place) for place in facts.units]
        return replace(facts, postings=(*facts.postings, draw(postings(days, new_number, places, has_records=True))))
    before = draw(st.sampled_from(facts.postings))
    after = draw(changed_postings(days, before, kind))
    people = [after if row is before else row for row in facts.postings]
    if kind == "replace":
        people[people.index(after)] = after._replace(is_replaced=True)
        people.append(before._replace(id=new_number, withdrawn=False, ended_on=draw(days.ends), replaces=before.id))
    return replace(facts, postings=tuple(people))


@st.composite
def changed_postings(draw: DrawFn, days: Dates, before: PostingFact, kind: str) -> PostingFact:
    """Its person may be merged into another; township, unit and position are fixed."""
    if kind == "start":
        return before._replace(started_on=draw(days.beginnings))
    if kind == "end":
        return before._replace(ended_on=draw(days.ends))
    if kind == "suspend":
        return before._replace(suspensions=(*before.suspensions, draw(suspensions(days))))
    if kind == "resume":
        return before._replace(suspensions=())
    if kind == "cost":
        return before._replace(costs=(CostFact(date(2000, 1, 1), draw(st.sampled_from(YUAN))),))
    if kind == "merge":
        return before._replace(person=draw(st.integers(1, 7)))
    return before._replace(withdrawn=True)


@st.composite
def advanced(draw: DrawFn, settled_until: dict[int, Month], facts: CountyFacts, month: Month) -> dict[int, Month]:
    """Reports accepted since: every township up to the run's month, further than before, or as it was."""
    found = dict(settled_until)
    for town in facts.townships:
        until = draw(st.sampled_from((month, month, month, month - 1, month - 2, None)))
        if until is not None and until > found.get(town.id, until - 1):
            found[town.id] = until
    return found
