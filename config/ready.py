"""What has to hold before anything is done with the database: its keys are ours, its tables those of this program."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import Error
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.errors import answer_to_fault
from config.database_keys import demand_keys_of_database
from foundation.outages import DatabaseNotReady
from foundation.schema import demand_program_schema_lately

View = TypeVar("View", bound=Callable[..., Any])


class _Process:
    """What this process knows; nobody changes the keys of a database under it."""

    knows_keys = False


def demand_ready() -> None:
    """Raises DatabaseNotReady, or what the database raises; nothing is asked of it more than once in five seconds."""
    demand_program_schema_lately()
    if not _Process.knows_keys:
        demand_keys_of_database()
        _Process.knows_keys = True


def asks_no_database(view: View) -> View:
    """Marks a view that answers whatever the database does."""
    vars(view)["asks_no_database"] = True
    return view


class ReadyMiddleware:
    """Every other view is answered by 503 and a sentence while the database is not ready."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if getattr(view, "asks_no_database", False):
            return None
        try:
            demand_ready()
        except (DatabaseNotReady, Error) as error:
            answer = answer_to_fault(request, error)
            if answer is None:
                raise
            return answer
        return None
