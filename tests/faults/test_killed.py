"""A server that dies in the middle, at any statement, leaves the database as it was before or as it is afterwards."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections

from accounts.chain import heads_written_down
from accounts.enums import Role
from accounts.models import Seal, User
from foundation.bulk import insert_rows
from subsidies.models import SubsidyRun
from subsidies.runs.services import approve, calculate, send, send_back
from subsidies.verification import verify
from tests.builders import a_posting
from tests.subsidies.months import JUNE
from tests.subsidies.policies import NOW
from townships.models import Township

pytestmark = pytest.mark.postgres
DIED, DONE = 9, 0


def calculate_june() -> None:
    calculate(month=JUNE, actor=None)


def approve_june() -> None:
    approve(run=SubsidyRun.objects.get(), actor=None, now=NOW)


def one_more_person() -> None:
    """June waits to be calculated anew."""
    calculate_june()
    a_posting(township=Township.objects.get())


def sent() -> None:
    send(run=calculate(month=JUNE, actor=None).run, actor=None, now=NOW)


def sent_again() -> None:
    send_back(run=SubsidyRun.objects.get(), actor=None, reason="更正", now=NOW)
    a_posting(township=Township.objects.get())
    sent()


@pytest.mark.parametrize(
    ("prepare", "work", "again"),
    [(one_more_person, calculate_june, one_more_person), (sent, approve_june, sent_again)],
)
@pytest.mark.long
def test_killed_at_any_statement_it_is_before_or_after(
    county: dict[Role, User], prepare: Callable[[], None], work: Callable[[], None], again: Callable[[], None]
) -> None:
    prepare()
    before, deaths, deaths_after, heads_left_out = every_row(), 0, 0, 0
    while died_at(deaths + 1, work):
        deaths += 1
        if every_row() != before:
            deaths_after += 1
            left_out = Seal.objects.count() - len(heads_written_down())
            heads_left_out += left_out
            assert [found.kind for found in verify()] == ["heads"] * left_out
            again()  # what comes next makes it good
            assert list(verify()) == []
            assert heads_written_down() == list(Seal.objects.values_list("sequence", "digest"))
            before = every_row()
    assert deaths > 30
    assert 1 <= deaths_after < 6  # those after the commit; all others left nothing
    assert bool(heads_left_out) is (work is approve_june)
    assert list(verify()) == []


def died_at(number: int, work: Callable[[], None]) -> bool:
    """Do `work` in a process that is killed at its `number`-th statement, commit or COPY; whether it came that far."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            with death_at(number):
                work()
            os._exit(DONE)
        except BaseException:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (DIED, DONE)
    return code == DIED


@contextmanager
def death_at(number: int) -> Iterator[None]:
    """In a child: each statement counts, so does the moment before and after a COPY and the commit."""
    passed = 0

    def tick() -> None:
        nonlocal passed
        passed += 1
        if passed == number:
            os._exit(DIED)

    def at_statement(execute: Callable[..., Any], *args: Any) -> Any:
        tick()
        return execute(*args)

    def around(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            tick()
            result = call(*args, **kwargs)
            tick()
            return result

        return counted

    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(at_statement):
        patch.setattr("subsidies.revisions.revisions.insert_rows", around(insert_rows))
        commit = connection._commit  # type: ignore[attr-defined]  # where Django hands it to the driver
        patch.setattr(connection, "_commit", around(commit))
        yield


def every_row() -> list[str]:
    """Every row of every table, as it is stored."""
    return [
        f"{model._meta.label} {row!r}"
        for model in apps.get_models(include_auto_created=True)
        for row in sorted(model._base_manager.values_list(), key=repr)
    ]
