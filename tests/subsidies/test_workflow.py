"""A state and its times: the database, the invariants and the steps hold to the one table of states."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import chain, combinations

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint

from foundation.dates import Month
from subsidies.models import SubsidyRun, TownshipReport
from subsidies.steps import enter
from subsidies.workflow import (
    REPORT_STATES,
    REPORT_TRANSITIONS,
    RUN_STATES,
    RUN_TRANSITIONS,
    StateRow,
    Transition,
    state_row,
    times_of,
)
from tests.subsidies.policies import NOW

TABLES = [
    (SubsidyRun, "run", RUN_STATES, RUN_TRANSITIONS),
    (TownshipReport, "report", REPORT_STATES, REPORT_TRANSITIONS),
]
Subject = SubsidyRun | TownshipReport


def sets_of_times(states: Sequence[StateRow]) -> list[tuple[str, ...]]:
    times = times_of(states)
    return list(chain.from_iterable(combinations(times, number) for number in range(len(times) + 1)))


def is_let_through(row: Subject, name: str) -> bool:
    """Whether the constraint of the table takes the row, asked of the database."""
    (constraint,) = (found for found in row._meta.constraints if found.name == f"{name}_state_agrees_with_its_times")
    assert isinstance(constraint, CheckConstraint)
    try:
        constraint.validate(type(row), row)
    except ValidationError:
        return False
    return True


def in_state(model: type[Subject], state: str, given: Sequence[str]) -> Subject:
    return model(month=Month(2009, 6).first, state=state, **dict.fromkeys(given, NOW))


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "name", "states", "_"), TABLES)
def test_the_database_takes_just_the_times_of_a_state(
    model: type[Subject], name: str, states: Sequence[StateRow], _: Sequence[Transition]
) -> None:
    for row in states:
        for given in sets_of_times(states):
            taken = is_let_through(in_state(model, row.state, given), name)
            assert taken is row.agrees_with(given), (row.state, given)


@pytest.mark.parametrize(("model", "_", "states", "steps"), TABLES)
def test_every_step_leaves_the_times_of_the_state_that_it_leads_to(
    model: type[Subject], _: str, states: Sequence[StateRow], steps: Sequence[Transition]
) -> None:
    later = NOW + timedelta(days=1)
    for step in steps:
        source = state_row(states, step.source or "")
        target = state_row(states, step.target)
        assert target is not None
        for given in sets_of_times(states):
            if source is None or not source.agrees_with(given):
                continue
            row = in_state(model, source.state, given)
            enter(row, states, step.target, later)
            times = {time: getattr(row, time) for time in times_of(states)}
            assert row.state == step.target
            assert target.agrees_with([time for time, at in times.items() if at is not None])
            assert {time for time, at in times.items() if at == later} == {target.reached} - {""}
            kept = [time for time in (*target.keeps, *target.may_keep) if time in given]
            assert [times[time] for time in kept] == [NOW] * len(kept)
