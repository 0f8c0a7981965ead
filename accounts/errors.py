"""What is answered when a request leads nowhere: a page to a person, JSON to a program."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import csrf, defaults

from foundation.answers import problem, wants_json
from foundation.asked import UnreadableInput
from foundation.busy import is_busy
from foundation.outages import DatabaseNotReady, not_ready

BUSY = "系统正忙,请稍后再试;刚才的操作没有保存。"
RETRY_AFTER = "5"  # seconds


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Input that no form sends is told in its own words."""
    detail = str(exception) if isinstance(exception, UnreadableInput) else ""
    if wants_json(request):
        return problem(400, "bad_request", detail or "请求有误,没有办理。")
    return render(request, "400.html", {"detail": detail}, status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if wants_json(request):
        return problem(403, "forbidden", str(exception) or "您的账号不能使用这个地址。")
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if wants_json(request):
        return problem(404, "not_found", "没有这个地址,或者您看不到它。")
    return defaults.page_not_found(request, exception)


def answer_to_fault(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """503 where the database is busy, or cannot serve at all; None for any other fault."""
    if is_busy(error):
        return _database_busy(request)
    trouble = not_ready(error)
    return None if trouble is None else _database_not_ready(request, trouble)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while it handles the exception; one of a middleware comes by no other way."""
    answer = answer_to_fault(request, sys.exc_info()[1])
    if answer is not None:
        return answer
    if wants_json(request):
        return problem(500, "server_error", "系统出错,没有办理;请联系管理员。")
    return defaults.server_error(request)


def _database_busy(request: HttpRequest) -> HttpResponse:
    """Another connection held the lock for too long: nothing was saved, and the same form or key may come again."""
    if wants_json(request):
        answer: HttpResponse = problem(503, "database_busy", BUSY)
    else:
        answer = render(request, "503.html", {"detail": BUSY}, status=503)
    return _to_come_again(answer)


def _database_not_ready(request: HttpRequest, trouble: DatabaseNotReady) -> HttpResponse:
    """The page is rendered without the request: who asks is known to the database only."""
    if wants_json(request):
        answer: HttpResponse = problem(503, trouble.code, trouble.page)
    else:
        answer = HttpResponse(render_to_string("503_database.html", {"detail": trouble.page}), status=503)
    return _to_come_again(answer)


def _to_come_again(answer: HttpResponse) -> HttpResponse:
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's own page quotes `reason` only where it debugs."""
    if wants_json(request):
        return problem(403, "csrf_failed", "请求没有带上有效的 CSRF 令牌(X-CSRFToken),没有办理。")
    return csrf.csrf_failure(request, reason)
