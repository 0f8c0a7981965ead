"""What a view's methods promise: GET only reads, POST is one transaction.

`@http_methods("GET", "POST")` around a view
- answers 405 to every other method, and serves HEAD like GET;
- on GET and HEAD lets only reading statements through while the view runs, the template renders and the body
  streams; a writing one raises WriteInReadError;
- on POST and the other writing methods runs view and rendering in one transaction. It is rolled back by an exception
  and by an answer of 400 or above: who is told no finds nothing saved.
"""

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase

from foundation.answers import problem, wants_json

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)
View = Callable[Concatenate[R, P], HttpResponseBase]

_READING_METHODS = {"GET", "HEAD"}
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$""", re.DOTALL)
_READS = re.compile(r"[\s(]*(?:SELECT|WITH|VALUES|EXPLAIN)\b", re.IGNORECASE)
_SAVEPOINT = re.compile(r"\s*(?:SAVEPOINT|RELEASE|ROLLBACK\s+TO)\b", re.IGNORECASE)
_WRITES = re.compile(
    r"\b(?:INSERT|UPDATE|DELETE|MERGE|TRUNCATE|INTO|CREATE|ALTER|DROP|NEXTVAL|SETVAL)\b|;\s*\S", re.IGNORECASE
)


class WriteInReadError(RuntimeError):
    """A request that may only read tried to write."""


def http_methods(*methods: str, in_transaction: bool = True) -> Callable[[View[R, P]], View[R, P]]:
    """The decorator.

    `in_transaction=False` is for the login, whose failure counters must outlive its refusal, and for a view that
    reads an upload before it stores anything: on SQLite the transaction would lock out everybody else meanwhile.
    """

    def decorate(view: View[R, P]) -> View[R, P]:
        @functools.wraps(view)
        def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method in _READING_METHODS and "GET" in methods:
                with reading():
                    return _streamed_under_guard(rendered(view(request, *args, **kwargs)))
            if request.method not in methods:
                return _not_allowed(request, methods)
            if not in_transaction:
                return view(request, *args, **kwargs)
            with transaction.atomic():
                response = rendered(view(request, *args, **kwargs))
                if response.status_code >= 400:
                    transaction.set_rollback(True)
                return response

        # The route walker reads it.
        vars(guarded)["http_methods"] = methods
        return guarded

    return decorate


@contextmanager
def reading() -> Iterator[None]:
    """Within it the database connection refuses what writes."""
    with connection.execute_wrapper(_refuse_writes):
        yield


def refuse_while_reading() -> None:
    """For roads that no execute_wrapper sees, such as COPY: raise WriteInReadError within `reading()`."""
    if _refuse_writes in connection.execute_wrappers:
        raise WriteInReadError("a request that may only read tried to write rows")


def only_reads(sql: str) -> bool:
    """Whether a statement reads, or sets a savepoint; a doubtful one does not."""
    bare = _QUOTED.sub(" ", sql)
    return bool(_SAVEPOINT.match(bare) or _READS.match(bare)) and not _WRITES.search(bare)


# Django hands a wrapper whatever was given to the cursor.
def _refuse_writes(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not isinstance(sql, str) or not only_reads(sql):
        raise WriteInReadError(f"a request that may only read tried: {str(sql)[:80]}")
    return execute(sql, params, many, context)


def rendered(response: AnyResponse) -> AnyResponse:
    """The same response, its content rendered by now."""
    render = getattr(response, "render", None)
    if callable(render):
        render()
    return response


def _not_allowed(request: HttpRequest, methods: Sequence[str]) -> HttpResponse:
    if not wants_json(request):
        return HttpResponseNotAllowed(methods)
    answer = problem(405, "method_not_allowed", f"这个地址只接受 {'、'.join(methods)}。")
    answer.headers["Allow"] = ", ".join(methods)
    return answer


def _streamed_under_guard(response: HttpResponseBase) -> HttpResponseBase:
    """Guards each step of a streamed body; a plain file, which runs no query, is left as it is."""
    if isinstance(response, StreamingHttpResponse) and getattr(response, "file_to_stream", None) is None:
        response.streaming_content = _each_step_reading(iter(response))
    return response


def _each_step_reading(chunks: Iterator[bytes]) -> Iterator[bytes]:
    while True:
        with reading():
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk
