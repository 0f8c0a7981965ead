"""Login, logout, and the first page after it."""

from django.conf import settings
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from accounts.audit import as_refusal, record
from accounts.context import entries_for, start_counting
from accounts.enums import Role
from accounts.events import AccountEvent
from accounts.forms import LoginForm
from accounts.models import User
from accounts.permissions import for_anyone_logged_in
from accounts.requests import UserRequest
from foundation.asked import own_path
from foundation.http import http_methods

# What an account without pages is for, and whom to ask.
_WHAT_ADMINISTRATORS_DO = {
    Role.SYSTEM_ADMIN: "系统管理员管理账号和安装参数,不查看人员信息,也不办理业务。",
    Role.SECURITY_ADMIN: "安全管理员授予角色、锁定账号,不查看人员信息,也不办理业务。",
}

# What the audit says of a name that nobody has: it may be a mistyped password.
_NOBODY = "不存在的用户名"


@login_not_required
@sensitive_post_parameters("password")
@http_methods("GET", "POST", in_transaction=False)
def login(request: HttpRequest) -> HttpResponse:
    wanted = _wanted(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(wanted)
    form = LoginForm(request, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        response = _login_page(request, form)
        if not form.is_bound:
            return response
        meant = _meant(request)
        event = AccountEvent.LOGIN_FAILED if meant else AccountEvent.LOGIN_FAILED_OF_NOBODY
        return as_refusal(response, event, subject=meant or _NOBODY, reason="")
    user = form.get_user()
    if not isinstance(user, User):
        raise TypeError("the login form found a user of another model")
    with transaction.atomic():
        start_session(request, user)
        start_counting(request)
        record(actor=user, event=AccountEvent.LOGIN, request=request)
    return HttpResponseRedirect(wanted)


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: object = None) -> HttpResponse:
    """The answer of django-axes to whoever failed too often (settings.AXES_LOCKOUT_CALLABLE)."""
    form = LoginForm(request, initial={"username": request.POST.get("username", "")})
    page = _login_page(request, form, problem=_locked_out_words(), status=429)
    meant = _meant(request)
    event = AccountEvent.LOCKED_OUT if meant else AccountEvent.LOCKED_OUT_OF_NOBODY
    return as_refusal(page, event, subject=meant or _NOBODY, reason="")


@for_anyone_logged_in
@http_methods("POST")
def logout(request: UserRequest) -> HttpResponseRedirect:
    record(actor=request.user, event=AccountEvent.LOGOUT, request=request)
    end_session(request)
    return redirect("login")


@for_anyone_logged_in
@http_methods("GET")
def home(request: UserRequest) -> HttpResponse:
    """The first page of the user's role, or in words why there is none."""
    entries = entries_for(request.user)
    if entries:
        return redirect(entries[0].url)
    purpose = _WHAT_ADMINISTRATORS_DO.get(Role(request.user.role), "")
    return render(request, "accounts/home.html", {"purpose": purpose})


def _login_page(request: HttpRequest, form: LoginForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "problem": problem, "next": _wanted(request)}
    return render(request, "accounts/login.html", context, status=status)


def _locked_out_words() -> str:
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return f"连续输错 {settings.AXES_FAILURE_LIMIT} 次,请 {minutes} 分钟后再试。"


def _meant(request: HttpRequest) -> User | None:
    """The user that somebody tried to be."""
    return User.objects.filter(username=request.POST.get("username", "")).first()


def _wanted(request: HttpRequest) -> str:
    """Where to go after the login: the page asked for, else the first page."""
    return own_path(request, reverse("home"))
