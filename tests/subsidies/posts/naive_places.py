"""A second count of places, written from the opinion day by day and posting by posting, without the rules' code."""

from datetime import date

from staffing.models import Person, Posting
from subsidies.models import SubsidyStandard
from townships.models import Township

# norm, filled, vacant, over, unplaced of each position
Count = tuple[int, int, int, int, int]
POST_OF_KIND = {
    "community": "community_coordinator",
    "village": "village_coordinator",
    "residents_committee": "village_coordinator",
}


def naive_places(day: date) -> dict[str, dict[str, Count]]:
    """Township's name -> position -> count."""
    standard = SubsidyStandard.objects.filter(effective_from__lte=day.replace(day=1)).order_by("effective_from").last()
    assert standard is not None
    found = {township.name: _of_township(township, day, standard) for township in Township.objects.all()}
    people: set[int] = set()
    units: set[int] = set()
    heads: set[tuple[int, int]] = set()
    for posting in Posting.objects.select_related("township", "unit", "person").order_by("started_on", "pk"):
        if posting.withdrawn_at or not posting.started_on <= day <= (posting.ended_on or date.max):
            continue
        if any(
            row.started_on <= day <= (row.ended_on or date.max) and row.kind not in standard.counting_suspensions
            for row in posting.suspensions.all()
        ):
            continue
        person, tally = _end_of(posting.person).pk, found[posting.township.name][posting.position]
        if posting.position == "platform_staff":
            counts = is_full_time(posting, day) and (posting.township_id, person) not in heads
            tally["filled" if counts else "unplaced"] += 1
            if counts:
                heads.add((posting.township_id, person))
            continue
        unit = posting.unit
        if (
            unit is not None and (POST_OF_KIND.get(unit.kind) != posting.position or not unit.exists_on(day))
        ) or person in people:
            tally["unplaced"] += 1
        else:
            people.add(person)
            is_full = tally["filled"] >= tally["norm"] if unit is None else unit.pk in units
            tally["over" if is_full else "filled"] += 1
            if unit is not None:
                units.add(unit.pk)
    return {name: {key: _count(tally) for key, tally in tallies.items()} for name, tallies in found.items()}


def _of_township(township: Township, day: date, standard: SubsidyStandard) -> dict[str, dict[str, int]]:
    """The norms, nothing filled yet."""
    statuses = [row for row in township.statuses.order_by("effective_from") if row.effective_from <= day]
    posts = [POST_OF_KIND.get(unit.kind) for unit in township.units.all() if unit.exists_on(day)]
    norms = {
        "platform_staff": 0,
        "assistant": 0,
        "community_coordinator": posts.count("community_coordinator"),
        "village_coordinator": posts.count("village_coordinator"),
    }
    if statuses:
        is_a = statuses[-1].kind == "subdistrict" or statuses[-1].is_central_town
        extra = sum(
            grant.extra
            for grant in township.grants.all()
            if grant.approved_at and grant.effective_from <= day <= (grant.ended_on or date.max)
        )
        base = standard.assistant_base_a if is_a else standard.assistant_base_b
        norms["assistant"] = base + min(extra, standard.assistant_extra_max)
        norms["platform_staff"] = standard.platform_minimum_a if is_a else standard.platform_minimum_b
    return {position: {"norm": norm, "filled": 0, "over": 0, "unplaced": 0} for position, norm in norms.items()}


def _count(tally: dict[str, int]) -> Count:
    vacant = max(0, tally["norm"] - tally["filled"])
    return tally["norm"], tally["filled"], vacant, tally["over"], tally["unplaced"]


def _end_of(person: Person) -> Person:
    while person.merged_into is not None:
        person = person.merged_into
    return person


def is_full_time(posting: Posting, day: date) -> bool:
    """As long as nothing says otherwise."""
    rows = [row for row in posting.working_times.all() if not row.withdrawn_at]
    begun = [row for row in rows if row.effective_from is None or row.effective_from <= day]
    return not begun or max(begun, key=lambda row: row.effective_from or date.min).is_full_time
