"""Many browsers that send at the same moment, each with a connection of its own."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User

CROWD = 16
PATIENCE = 20  # seconds until a crowd that hangs is called a deadlock


class Request(NamedTuple):
    """A form that a user sends."""

    user: User
    path: str
    fields: dict[str, Any]


def sent_at_once(requests: Sequence[Request]) -> list[int]:
    """The status of each answer, in the order of the requests; a crash is a 500."""
    together = Barrier(len(requests))
    answers: list[int | None] = [None] * len(requests)

    def send(place: int, client: Client, request: Request) -> None:
        try:
            connection.ensure_connection()
            together.wait(PATIENCE)
            answers[place] = client.post(request.path, request.fields).status_code
        finally:
            connection.close()

    threads = [
        Thread(target=send, args=(place, logged_in(request.user), request), daemon=True)
        for place, request in enumerate(requests)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert None not in answers, f"nobody answered: {answers}"
    return [answer for answer in answers if answer is not None]


def logged_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@contextmanager
def locks_off(people: int) -> Iterator[None]:
    """No lock holds, and nobody goes on before everybody has read: what the locks are there to prevent."""
    from subsidies.models import LedgerParameters
    from subsidies.reports import services as reports
    from subsidies.runs import services as runs
    from subsidies.runs import steps
    from townships.models import Township

    everybody_has_read = Barrier(people)

    def wait() -> None:
        try:
            everybody_has_read.wait(2)
        except BrokenBarrierError:
            return

    def ledger() -> LedgerParameters:
        return LedgerParameters.objects.get()

    def township(township: Township) -> Township:
        return Township.objects.get(pk=township.pk)

    def after(read: Callable[..., Any]) -> Callable[..., Any]:
        def then_wait(*args: Any, **kwargs: Any) -> Any:
            found = read(*args, **kwargs)
            wait()
            return found

        return then_wait

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "locked_ledger", ledger)
        patch.setattr(steps, "locked_ledger", ledger)
        patch.setattr(runs, "locked_townships", lambda which: None)
        patch.setattr(reports, "locked_township", township)
        # What each decides upon; without a lock it is old by the time that it is used.
        patch.setattr(runs, "_open_run", after(runs._open_run))
        patch.setattr(steps, "checked_step", after(steps.checked_step))
        patch.setattr(reports, "_checked_step", after(reports._checked_step))
        yield
