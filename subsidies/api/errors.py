"""What the API answers when it does not do as asked: `{code, detail, errors}` with the status that fits."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework.exceptions import APIException, MethodNotAllowed, NotFound, ValidationError

from foundation.answers import FieldError, problem
from subsidies.refusals import ReasonMissing, RunBusy, RunChanged, RunRefused
from subsidies.rules.rulebook import MissingParameter

# The narrower first.
_REFUSALS: tuple[tuple[type[Exception], int, str], ...] = (
    (ReasonMissing, 400, "reason_missing"),
    (RunBusy, 409, "busy"),
    (RunChanged, 409, "changed"),
    (MissingParameter, 409, "parameter_missing"),
    (RunRefused, 409, "refused"),
)


def refused(error: RunRefused | MissingParameter) -> JsonResponse:
    """A step that cannot be taken now, in the words of the page."""
    status, code = next((status, code) for kind, status, code in _REFUSALS if isinstance(error, kind))
    return problem(status, code, str(error))


def answer_to(error: Exception, context: dict[str, Any]) -> JsonResponse | None:
    """For REST_FRAMEWORK["EXCEPTION_HANDLER"]; None hands a fault of ours on."""
    if isinstance(error, Http404):
        error = NotFound()
    if isinstance(error, PermissionDenied):
        return problem(403, "forbidden", str(error))
    if isinstance(error, ValidationError):
        return problem(400, "invalid", "请求内容有误,请逐项更正。", list(_by_field(error.detail)))
    if not isinstance(error, APIException):
        return None
    answer = problem(error.status_code, str(error.get_codes()), str(error.detail))
    if isinstance(error, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(context["view"].allowed_methods)
    return answer


def _by_field(detail: Any, field: str = "") -> Iterator[FieldError]:
    """The nested details of a ValidationError, one after the other; a field within a field as `outer.inner`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _by_field(inner, ".".join(filter(None, (field, own))))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _by_field(inner, field)
    else:
        yield FieldError(field=field, detail=str(detail))
