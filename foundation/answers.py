"""What a program is told when something cannot be done: one shape of JSON for every refusal below `/api/`."""

from collections.abc import Sequence
from typing import TypedDict

from django.http import HttpRequest, JsonResponse

API = "/api/"


class FieldError(TypedDict):
    """What is wrong with one field of a request; `field` is empty where it is the whole."""

    field: str
    detail: str


def wants_json(request: HttpRequest) -> bool:
    """Whether the answer goes to a program rather than to a person."""
    return request.path.startswith(API)


def problem(status: int, code: str, detail: str, errors: Sequence[FieldError] = ()) -> JsonResponse:
    """`{code, detail, errors}`: `code` for programs, `detail` for whoever reads it, `errors` by field."""
    content = {"code": code, "detail": detail, "errors": list(errors)}
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})
