"""A view of the API as a route: closed until it says who may use it, with the promises of every page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.views import APIView

from accounts.idempotency import idempotent
from accounts.permissions import Permission, for_anyone_logged_in, requires
from foundation.http import http_methods
from subsidies.api.serializers import Problem

View = Callable[..., HttpResponseBase]
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="最多 64 个字符;同一个键再发同样的内容,只办一次,回答相同。",
)


def reads(permission: Permission, view: type[APIView]) -> View:
    """A GET that only reads."""
    return _closed(requires(permission)(http_methods("GET")(view.as_view())))


def acts(permission: Permission, view: type[APIView]) -> View:
    """A POST that is one transaction, once for each `Idempotency-Key`."""
    answer = view.as_view()

    def act(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        return answer(request, *args, **kwargs)

    vars(act).update(vars(answer))
    return _closed(requires(permission)(http_methods("POST")(idempotent(act))))


def tells_anyone(view: type[APIView]) -> View:
    """A GET for every role."""
    return _closed(for_anyone_logged_in(http_methods("GET")(view.as_view())))


def documented(summary: str, answer: Any, *refusals: int, **more: Any) -> Callable[..., Any]:
    """Around a method: its line in the schema, with what it may be refused by besides 401, 403 and 503."""
    statuses = sorted({401, 403, 503, *refusals})
    responses = answer if isinstance(answer, dict) else {200: answer}
    return extend_schema(summary=summary, responses=responses | dict.fromkeys(statuses, Problem), **more)


def _closed(view: View) -> View:
    """The REST framework opens its views to the anonymous and frees them from CSRF; ours stay as closed as pages."""
    vars(view).update(login_required=True, csrf_exempt=False)
    return view
