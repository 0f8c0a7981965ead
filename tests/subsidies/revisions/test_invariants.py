"""Each invariant holds of a sound run and names a planted breach."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import AuditEvent
from foundation.dates import Month
from staffing.enums import Position
from subsidies.models import MinimumWage, SubsidyStandard
from subsidies.revisions import invariants
from subsidies.revisions.books import Books
from subsidies.revisions.invariants import Examined, Invariant
from subsidies.revisions.stored import StoredOldDifference, stored_revision
from tests.builders import a_household_count, a_posting, a_township, a_unit
from tests.subsidies.months import a_sent_run, without_triggers
from tests.subsidies.policies import NOW, POLICY, a_policy
from tests.users import a_user
from townships.enums import UnitKind

pytestmark = [pytest.mark.django_db, pytest.mark.both]
JUNE = Month(2009, 6)
Tamper = Callable[[Examined], Examined]


@pytest.fixture
def sound() -> Examined:
    """June, sent, with two assistants and a village coordinator."""
    a_policy()
    township = a_township()
    unit = a_unit(township=township, kind=UnitKind.VILLAGE)
    a_household_count(unit=unit, households=150)
    a_posting(township=township)
    a_posting(township=township)
    a_posting(township=township, unit=unit, position=Position.VILLAGE_COORDINATOR)
    run = a_sent_run(JUNE)
    assert run.current_revision is not None
    return invariants.examined(run, stored_revision(run.current_revision))


def test_a_sound_run_breaks_none(sound: Examined) -> None:
    assert list(invariants.breaches(sound)) == []


def first_line(**values: Any) -> Tamper:
    """The first line with other values."""

    def tamper(of: Examined) -> Examined:
        line, *others = of.stored.lines
        return replace(of, stored=replace(of.stored, lines=[line._replace(**values), *others]))

    return tamper


def last_line(**values: Any) -> Tamper:
    def tamper(of: Examined) -> Examined:
        *others, line = of.stored.lines
        return replace(of, stored=replace(of.stored, lines=[*others, line._replace(**values)]))

    return tamper


def the_same_holder(name: str) -> Tamper:
    """Two lines of one person, or of one unit."""

    def tamper(of: Examined) -> Examined:
        same: dict[str, Any] = {name: 7 if name == "person_id" else "330226001001"}
        lines = [line._replace(**same) for line in of.stored.lines]
        return replace(of, stored=replace(of.stored, lines=lines))

    return tamper


def of_may(tamper: Tamper) -> Tamper:
    """The same among lines that pay for an earlier month."""

    def tampered(of: Examined) -> Examined:
        lines = [line._replace(for_month="2009-05-01") for line in of.stored.lines]
        return tamper(replace(of, stored=replace(of.stored, lines=lines)))

    return tampered


def allocation(**values: Any) -> Tamper:
    def tamper(of: Examined) -> Examined:
        rows = [row._replace(**values) for row in of.stored.allocations]
        return replace(of, stored=replace(of.stored, allocations=rows))

    return tamper


def an_old_difference(**values: Any) -> Tamper:
    """Besides the lines a hint of January 2008, which nobody was paid for, with other values."""
    hint = StoredOldDifference(1, 1, 1, 1, "张三", "assistant", "", "2008-01-01", 100, 0, 100, "joined")

    def tamper(of: Examined) -> Examined:
        return replace(of, stored=replace(of.stored, old_differences=[hint._replace(**values)]))

    return tamper


def books(*, posted: int) -> Tamper:
    """Approved runs before posted something for the first line."""

    def tamper(of: Examined) -> Examined:
        line, found = of.stored.lines[0], Books()
        found.posted[line.posting, line.for_month] += posted
        return replace(of, books=found)

    return tamper


def run(**values: Any) -> Tamper:
    """A run in another state than its times say, or one more that is open."""

    def tamper(of: Examined) -> Examined:
        other = copy(of.run)
        for name, value in values.items():
            setattr(other, name, value)
        return replace(of, run=other)

    return tamper


def stored_rows(change: Callable[[], object]) -> Tamper:
    def tamper(of: Examined) -> Examined:
        without_triggers()
        change()
        return of

    return tamper


def when_approved(change: Callable[[], object]) -> Tamper:
    """The same under a run that is approved."""

    def tamper(of: Examined) -> Examined:
        return stored_rows(change)(run(state="approved", approved_at=NOW)(of))

    return tamper


def approved_by_its_maker() -> None:
    event = AuditEvent.objects.get(action="send")
    AuditEvent.objects.create(
        actor_name="x", role="x", action="approve", subject_type="subsidyrun", subject_id=event.subject_id,
        result="done", after={},
    )  # fmt: skip


def approved_by_whom_it_was_sent_for() -> None:
    event, approver = AuditEvent.objects.get(action="send"), a_user(Role.BUREAU_APPROVER)
    AuditEvent.objects.filter(pk=event.pk).update(on_behalf_of=approver)
    AuditEvent.objects.create(
        actor=approver, actor_name="x", role="x", action="approve", subject_type="subsidyrun",
        subject_id=event.subject_id, result="done", after=event.after,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("invariant", "tamper"),
    [
        (invariants.lines_add_up, first_line(amount=1)),
        (invariants.lines_add_up, allocation(total=1)),
        (invariants.amounts_are_differences, first_line(amount=152_999)),
        (invariants.posted_is_due, first_line(due=152_999)),
        (invariants.posted_is_due, books(posted=1)),
        (invariants.old_differences_are_hints, an_old_difference(for_month="2008-06-01")),
        (invariants.shares_telescope, first_line(township_share=5, share_level=4)),
        (invariants.shares_telescope, first_line(township_share=5)),
        (invariants.shares_telescope, first_line(surplus=5)),
        (invariants.sources_are_those_of_the_month, first_line(source_id=None)),
        (invariants.sources_are_those_of_the_month, first_line(by_source="[[1, 5]]")),
        (invariants.old_differences_are_hints, an_old_difference(posted_before=1, difference=99)),
        (invariants.old_differences_are_hints, an_old_difference(difference=99)),
        (invariants.nobody_counted_twice, the_same_holder("person_id")),
        (invariants.nobody_counted_twice, of_may(the_same_holder("person_id"))),
        (invariants.no_unit_over_its_place, the_same_holder("unit_code")),
        (invariants.no_unit_over_its_place, of_may(the_same_holder("unit_code"))),
        (invariants.no_township_over_its_places, allocation(places_by_day='{"1": 1073741823}')),
        (invariants.counted_within_service, first_line(counted_days=29)),
        (invariants.counted_within_service, first_line(in_service=1 << 30)),
        (invariants.counted_within_service, first_line(in_service=1, over_quota=2)),
        (invariants.bands_hold_their_households, last_line(band=0)),
        (invariants.bands_hold_their_households, last_line(households=201)),
        (invariants.rates_were_in_force, when_approved(lambda: MinimumWage.objects.update(amount="851.00"))),
        (
            invariants.rates_were_in_force,
            when_approved(lambda: SubsidyStandard.objects.update(effective_from="2009-02-01")),
        ),
        (invariants.state_agrees_with_its_times, run(approved_at=NOW)),
        (invariants.state_agrees_with_its_times, run(state="approved")),
        (invariants.state_agrees_with_its_times, run(state="voided")),
        (invariants.one_unapproved_run, run(pk=None)),
        (invariants.events_name_who_did_it, stored_rows(lambda: AuditEvent.objects.update(actor_name=""))),
        (invariants.events_name_who_did_it, stored_rows(approved_by_its_maker)),
        (invariants.events_name_who_did_it, stored_rows(approved_by_whom_it_was_sent_for)),
    ],
)
def test_each_names_its_breach(sound: Examined, invariant: Invariant, tamper: Tamper) -> None:
    assert list(invariant(sound)) == []
    assert list(invariant(tamper(sound)))


def test_a_difference_older_than_the_window_is_no_breach(sound: Examined) -> None:
    assert list(invariants.breaches(an_old_difference()(sound))) == []
    assert list(invariants.breaches(an_old_difference(for_month="2008-05-01")(sound))) == []


def test_one_person_counted_in_two_months_is_no_breach(sound: Examined) -> None:
    first, *others = the_same_holder("person_id")(sound).stored.lines
    lines = [first, *(line._replace(for_month=f"2009-0{4 - n}-01") for n, line in enumerate(others))]
    assert list(invariants.nobody_counted_twice(replace(sound, stored=replace(sound.stored, lines=lines)))) == []


def test_policy_may_be_corrected_under_a_run_that_is_not_approved(sound: Examined) -> None:
    a_policy(POLICY.replace("850.00", "851.00"))
    assert MinimumWage.objects.get().amount == Decimal("851.00")
    assert list(invariants.rates_were_in_force(sound)) == []


def test_every_invariant_is_seen_to_fail() -> None:
    marks = test_each_names_its_breach.pytestmark  # type: ignore[attr-defined]  # set by parametrize
    assert {row[0] for mark in marks for row in mark.args[1]} == set(invariants.INVARIANTS)
