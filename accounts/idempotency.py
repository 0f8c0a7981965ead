"""Twice the same is once with the same answer: form tokens and `Idempotency-Key`, one table, one decorator.

Inside `@http_methods`, around a POST view. A key is the form's `token` or the header. The same body again gets the
answer of the first time; another body under the same key 422; two at the same moment, one success and one 409. Without
a key the view is simply called; an answer of 400 or above is not remembered, since nothing was done. Below `/api/`
these refusals are JSON.
"""

import functools
import hashlib
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import AnsweredRequest, User
from foundation.answers import problem, wants_json
from foundation.http import rendered

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponse]
BUSY = "同一张表单正在办理,请稍等几秒,刷新页面查看结果。"
REUSED = "这张表单已经用过,内容却与上次不同。请回到原来的页面,刷新后重新填写。"
# The same for a program, by the code it gets.
_TO_PROGRAMS = {
    "busy": "同一个 Idempotency-Key 的请求正在办理,请稍等几秒再试。",
    "key_reused": "这个 Idempotency-Key 已经用于另一项内容;新的内容请换一个新的键。",
    "key_too_long": "Idempotency-Key 最多 64 个字符。",
}
# What is replayed of an answer.
_HEADERS = ("Location", "Content-Type")


def idempotent(view: View[R, P]) -> View[R, P]:
    """Around a POST view of a logged-in user."""

    @functools.wraps(view)
    def once(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "") or request.POST.get("token", "")
        user = request.user
        if request.method != "POST" or not key or not isinstance(user, User):
            return view(request, *args, **kwargs)
        if len(key) > 64:
            return _refusal(request, "key_too_long", REUSED, 422)
        if not _alone_with(user, key):
            return _refusal(request, "busy", BUSY, 409)
        digest = _digest_of(request)
        before = AnsweredRequest.objects.filter(user=user, key=key).first()
        if before is not None:
            return _replayed(before) if before.digest == digest else _refusal(request, "key_reused", REUSED, 422)
        response = rendered(view(request, *args, **kwargs))
        if response.status_code < 400:
            AnsweredRequest.objects.create(
                user=user,
                key=key,
                digest=digest,
                status=response.status_code,
                headers={name: response.headers[name] for name in _HEADERS if name in response.headers},
                content=response.content,
            )
        return response

    return once


def _alone_with(user: User, key: str) -> bool:
    """Whether nobody else is at this key until the transaction ends; on SQLite the transaction itself sees to it."""
    if connection.vendor != "postgresql":
        return True
    number = int.from_bytes(hashlib.sha256(f"{user.pk} {key}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def _digest_of(request: HttpRequest) -> str:
    """What was asked for: method, path and the fields or the body; the CSRF token is a new one on every page."""
    asked = hashlib.sha256(f"{request.method} {request.path}".encode())
    if request.POST or request.FILES:
        fields = sorted((name, request.POST.getlist(name)) for name in request.POST if name != "csrfmiddlewaretoken")
        asked.update(repr(fields).encode())
        for name, uploads in sorted(request.FILES.lists()):
            asked.update(name.encode())
            for upload in uploads:
                asked.update(upload.read())
                upload.seek(0)
    else:
        asked.update(request.body)
    return asked.hexdigest()


def _replayed(before: AnsweredRequest) -> HttpResponse:
    return HttpResponse(bytes(before.content), status=before.status, headers=before.headers)


def _refusal(request: HttpRequest, code: str, detail: str, status: int) -> HttpResponse:
    if wants_json(request):
        return problem(status, code, _TO_PROGRAMS[code])
    return render(request, "409.html", {"detail": detail}, status=status)
