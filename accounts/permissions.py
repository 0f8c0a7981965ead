"""Who may do what: one table, the decorator that asks it, and the mark of views that ask nothing."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.enums import SCOPE_OF_ROLE, Role, Scope
from accounts.models import User
from foundation.labels import Labelled

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponseBase]


class Permission(Labelled):
    VIEW_DESK = "view_desk", "查看工作台"
    VIEW_PEOPLE = "view_people", "查看人员"
    IMPORT_ROSTER = "import_roster", "导入花名册"
    VIEW_PLACES = "view_places", "查看镇乡和村(社区)"
    VIEW_POLICY = "view_policy", "查看政策"
    VIEW_MONTH = "view_month", "查看月度补助"
    EXPORT_SHEET = "export_sheet", "导出表格"
    ISSUE_SHEET = "issue_sheet", "出具表格"
    CALCULATE_MONTH = "calculate_month", "核算月度补助"
    ADJUST_RUN = "adjust_run", "登记其他调整"
    SEND_RUN = "send_run", "送审月度核算"
    APPROVE_RUN = "approve_run", "审批月度核算"
    SET_PARAMETERS = "set_parameters", "设定账目参数"
    VIEW_APPROVALS = "view_approvals", "查看待审核事项"
    APPROVE_ENTRIES = "approve_entries", "审核户籍户数和增配批复"
    APPROVE_POLICY = "approve_policy", "审核补助政策"
    RETURN_RUN = "return_run", "退回待审批的核算"
    RETURN_APPROVED_RUN = "return_approved_run", "退回已审批的核算"
    VOID_RUN = "void_run", "作废月度核算"
    EDIT_PERSONNEL = "edit_personnel", "登记人员变动"
    CORRECT_PERSON = "correct_person", "更正人员信息"
    DECIDE_PROPOSALS = "decide_proposals", "审核更正申请"
    KEEP_ROUNDS = "keep_rounds", "登记公开招聘"
    ENTER_HOUSEHOLDS = "enter_households", "登记户籍户数"
    ENTER_GRANTS = "enter_grants", "登记增配批复"
    KEEP_UNITS = "keep_units", "登记村(社区)的变动"
    VIEW_REPORT = "view_report", "查看镇街月报"
    SUBMIT_REPORT = "submit_report", "上报镇街月报"
    REVIEW_REPORT = "review_report", "审核镇街月报"
    ACKNOWLEDGE = "acknowledge", "填写情况说明"


_BUREAU = frozenset({Role.BUREAU_OFFICER, Role.BUREAU_APPROVER})
_COUNTY = _BUREAU | {Role.FINANCE_OFFICER, Role.AUDITOR}
_CLERK = frozenset({Role.TOWNSHIP_CLERK})

# A clerk's reach is the own township (`visible_to`), everybody else's the whole county.
ALLOWED: dict[Permission, frozenset[Role]] = {
    Permission.VIEW_DESK: _COUNTY | _CLERK,
    Permission.VIEW_PEOPLE: _BUREAU | _CLERK | {Role.AUDITOR},
    Permission.IMPORT_ROSTER: _CLERK,
    Permission.VIEW_PLACES: _BUREAU | _CLERK | {Role.AUDITOR},
    Permission.VIEW_POLICY: _COUNTY,
    Permission.VIEW_MONTH: _COUNTY | _CLERK,
    Permission.EXPORT_SHEET: _COUNTY | _CLERK,
    Permission.ISSUE_SHEET: _BUREAU | {Role.FINANCE_OFFICER},
    Permission.CALCULATE_MONTH: frozenset({Role.BUREAU_OFFICER}),
    Permission.ADJUST_RUN: frozenset({Role.BUREAU_OFFICER}),
    Permission.SEND_RUN: frozenset({Role.BUREAU_OFFICER}),
    Permission.APPROVE_RUN: frozenset({Role.BUREAU_APPROVER}),
    Permission.SET_PARAMETERS: frozenset({Role.BUREAU_APPROVER}),
    Permission.VIEW_APPROVALS: _COUNTY,
    Permission.APPROVE_ENTRIES: frozenset({Role.BUREAU_APPROVER}),
    # Bureau and finance together (二.1).
    Permission.APPROVE_POLICY: frozenset({Role.BUREAU_APPROVER, Role.FINANCE_OFFICER}),
    Permission.RETURN_RUN: frozenset({Role.BUREAU_APPROVER}),
    Permission.RETURN_APPROVED_RUN: frozenset({Role.BUREAU_APPROVER, Role.FINANCE_OFFICER}),
    Permission.VOID_RUN: frozenset({Role.BUREAU_APPROVER}),
    Permission.EDIT_PERSONNEL: _CLERK,
    # A clerk's entry on somebody whose facts another township writes becomes a proposal.
    Permission.CORRECT_PERSON: _CLERK | {Role.BUREAU_OFFICER},
    Permission.DECIDE_PROPOSALS: frozenset({Role.BUREAU_OFFICER}),
    # 公开招聘: the township's own, and the bureau's officer for any.
    Permission.KEEP_ROUNDS: _CLERK | {Role.BUREAU_OFFICER},
    Permission.ENTER_HOUSEHOLDS: _CLERK,
    # 一.2: the bureau decides; another person approves what was entered.
    Permission.ENTER_GRANTS: frozenset({Role.BUREAU_OFFICER}),
    Permission.KEEP_UNITS: frozenset({Role.BUREAU_OFFICER}),
    Permission.VIEW_REPORT: _COUNTY | _CLERK,
    Permission.SUBMIT_REPORT: _CLERK,
    Permission.REVIEW_REPORT: frozenset({Role.BUREAU_OFFICER}),
    Permission.ACKNOWLEDGE: _CLERK | {Role.BUREAU_OFFICER},
}


# What `SEPARATION=small` allows besides: an officer enters for a township what its stamped paper says.
# Calculating, approving and confirming stay with three persons whatever the setting.
ALLOWED_IN_SMALL: dict[Permission, frozenset[Role]] = {
    permission: frozenset({Role.BUREAU_OFFICER})
    for permission in (
        Permission.EDIT_PERSONNEL,
        Permission.ENTER_HOUSEHOLDS,
        Permission.IMPORT_ROSTER,
        Permission.SUBMIT_REPORT,
    )
}


def allowed(permission: Permission) -> frozenset[Role]:
    """Who has the permission in this installation."""
    small = ALLOWED_IN_SMALL.get(permission, frozenset()) if settings.SEPARATION == "small" else frozenset()
    return ALLOWED[permission] | small


def may(user: User | AnonymousUser, permission: Permission) -> bool:
    """Whether the user's role allows it; nobody may anything who is not logged in or no longer active."""
    return isinstance(user, User) and user.is_active and Role(user.role) in allowed(permission)


def demand(actor: User | None, permission: Permission) -> None:
    """Raises PermissionDenied unless `actor` may; no actor is a command, given by whoever runs the server."""
    if actor is not None and not may(actor, permission):
        raise PermissionDenied(refusal(permission))


def scopes(permission: Permission) -> list[Scope]:
    """How far those who have the permission reach, the narrowest first."""
    reached = {SCOPE_OF_ROLE[role] for role in allowed(permission)}
    return [scope for scope in Scope if scope in reached]


def requires(permission: Permission) -> Callable[[View[R, P]], View[R, P]]:
    """Around a view: 403, with who may do it, for everybody the table does not name."""

    def decorate(view: View[R, P]) -> View[R, P]:
        @functools.wraps(view)
        def checked(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not may(request.user, permission):
                raise PermissionDenied(refusal(permission))
            return view(request, *args, **kwargs)

        # PermissionMiddleware and the route walker read it.
        vars(checked)["permission"] = permission
        return checked

    return decorate


def refusal(permission: Permission) -> str:
    """The sentence for whoever may not."""
    who = "、".join(role.label for role in Role if role in allowed(permission))
    return f"您的账号没有「{permission.label}」的权限,这一步由{who}办理。"


def for_anyone_logged_in(view: View[R, P]) -> View[R, P]:
    """Marks a view that every role may use."""
    vars(view)["for_anyone_logged_in"] = True
    return view


def is_declared(view: Any) -> bool:
    """Whether a view says who may use it: by `requires`, `for_anyone_logged_in` or Django's `login_not_required`."""
    return (
        getattr(view, "permission", None) is not None
        or getattr(view, "for_anyone_logged_in", False)
        or not getattr(view, "login_required", True)
    )
