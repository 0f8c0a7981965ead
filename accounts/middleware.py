"""What stands between every request and its view: headers, closed doors, and the audit of access."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.audit import Refusal, answering, record
from accounts.errors import answer_to_fault
from accounts.events import AccountEvent
from accounts.models import User
from accounts.permissions import Permission, is_declared
from foundation.answers import problem, wants_json
from foundation.asked import demand_storable

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """Nothing from elsewhere, nothing inline; and no page is kept by a browser or a proxy."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        # Static files bring their own.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def readable_input(get_response: GetResponse) -> GetResponse:
    """Turns down what no form sends before anybody looks at it: no view and no form need think of it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        demand_storable(request)
        return get_response(request)

    return middleware


class LoginMiddleware(LoginRequiredMiddleware):
    """Everything is behind the login: a person is sent to it, a program is told 401."""

    # Django sends on whatever it gets; the stubs expect its own redirect.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        if not wants_json(request):
            return super().handle_no_permission(request, view_func)
        answer = problem(401, "not_logged_in", "请先登录;会话可能已经结束。")
        answer.headers["WWW-Authenticate"] = 'Session realm="api"'
        return answer


class PermissionMiddleware:
    """Closed by default: a view that does not say who may use it is used by nobody."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]) -> None:
        if not is_declared(view):
            raise PermissionDenied("这个页面还没有规定谁可以使用。")


class DatabaseFaultMiddleware:
    """A view whose transaction could not get its lock answers that the system is busy; one whose database cannot
    serve says so."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return answer_to_fault(request, exception)


def audit_of_access(get_response: GetResponse) -> GetResponse:
    """Stores what was refused and what was handed out, each in a transaction of its own, before the answer goes out.

    Where the event cannot be stored the answer is an error, and no file leaves.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with answering(request):
            response = get_response(request)
            _record_access(request, response)
        return response

    return middleware


def _record_access(request: HttpRequest, response: HttpResponseBase) -> None:
    refusal: Refusal | None = getattr(response, "audit_refusal", None)
    download: str | None = getattr(response, "audit_download", None)
    if refusal is None and response.status_code == 403:
        refusal = Refusal(AccountEvent.REFUSED, request.path, _wanted(request))
    if refusal is None and download is None:
        return
    actor = request.user if isinstance(request.user, User) else None
    with transaction.atomic():
        if refusal is None:
            record(actor=actor, event=AccountEvent.DOWNLOAD, subject=download, request=request)
        else:
            event, subject, reason = refusal
            record(actor=actor, event=event, subject=subject, reason=reason, result="refused", request=request)


def _wanted(request: HttpRequest) -> str:
    permission = getattr(request.resolver_match and request.resolver_match.func, "permission", None)
    what = f"「{permission.label}」" if isinstance(permission, Permission) else ""
    return f"{request.method}{what}"
