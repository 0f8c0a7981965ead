"""`/healthz` and `/readyz`: for whatever watches the server; without login, and without a word of data."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse

from accounts.chain import agreement_of_file, seal_file_is_writable
from accounts.errors import RETRY_AFTER
from accounts.seal_file import Agreement
from config.database_keys import KeyAgreement, agreement_of_keys
from config.ready import asks_no_database
from foundation.http import http_methods
from foundation.outages import DatabaseNotReady
from foundation.schema import demand_program_schema


@asks_no_database
@login_not_required
@http_methods("GET")
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers."""
    return JsonResponse({"alive": True})


@asks_no_database
@login_not_required
@http_methods("GET")
def readyz(request: HttpRequest) -> JsonResponse:
    """200 where work can be done, else 503. Each condition is true, false, or null where one before it does not hold.

    The database answers; its migrations are the program's; its data was made with our keys; the file of seals agrees
    with it and can be written.
    """
    found: dict[str, bool | None] = dict.fromkeys(_CONDITIONS)
    for name, holds in _CONDITIONS.items():
        found[name] = _is_so(holds)
        if not found[name]:
            break
    is_ready = all(found.values())
    answer = JsonResponse({"ready": is_ready, **found}, status=200 if is_ready else 503)
    if not is_ready:
        answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def _is_so(holds: Callable[[], bool]) -> bool:
    try:
        return holds()
    except (DatabaseNotReady, Error, OSError, ValueError):
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _migrations_are_the_programs() -> bool:
    demand_program_schema()
    return True


def _keys_are_ours() -> bool:
    return agreement_of_keys() is not KeyAgreement.OTHER


def _seal_file_is_the_chains() -> bool:
    return seal_file_is_writable() and agreement_of_file() is not Agreement.DIFFERS


_CONDITIONS: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "migrations": _migrations_are_the_programs,
    "keys": _keys_are_ours,
    "seal_file": _seal_file_is_the_chains,
}
