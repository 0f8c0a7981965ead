"""What every page's frame shows: the entries of the user's role."""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import resolve, reverse

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import may

_CLERK = frozenset({Role.TOWNSHIP_CLERK})
_BUREAU = frozenset({Role.BUREAU_OFFICER, Role.BUREAU_APPROVER})
_FINANCE = frozenset({Role.FINANCE_OFFICER})
_AUDITOR = frozenset({Role.AUDITOR})
_BUSINESS = _CLERK | _BUREAU | _FINANCE | _AUDITOR

# Label, name of the page's URL, whose entry it is, where else its pages live; in the order of the page.
ENTRIES: tuple[tuple[str, str, frozenset[Role], tuple[str, ...]], ...] = (
    ("工作台", "desk", _BUSINESS, ()),
    ("本月上报", "my_month", _CLERK, ("/reports/",)),
    ("月度", "months", _BUSINESS, ("/reports/", "/lines/", "/sheets/")),
    ("待审核", "approvals", _BUREAU | _FINANCE | _AUDITOR, ()),
    ("人员", "people", _CLERK | _BUREAU | _AUDITOR, ("/postings/", "/contracts/", "/suspensions/")),
    ("镇乡", "townships", _BUREAU | _AUDITOR, ("/units/",)),
    ("村(社区)", "units", _CLERK, ("/townships/",)),
    ("政策", "policy", _BUREAU | _FINANCE | _AUDITOR, ()),
)


class Entry(NamedTuple):
    label: str
    url: str
    is_current: bool


def entries_for(user: User, *, path: str = "") -> list[Entry]:
    """The pages of the user's role that the user may open; `path` is the page being shown.

    The first of them that `path` belongs to is the current one.
    """
    entries: list[Entry] = []
    for label, name, roles, elsewhere in ENTRIES:
        if Role(user.role) not in roles:
            continue
        url = reverse(name)
        permission = getattr(resolve(url).func, "permission", None)
        if permission is None or may(user, permission):
            is_current = path.startswith((url, *elsewhere)) and not any(entry.is_current for entry in entries)
            entries.append(Entry(label, url, is_current))
    return entries


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation`: the entries; empty for whoever has not logged in."""
    user = getattr(request, "user", None)
    return {"navigation": entries_for(user, path=request.path) if isinstance(user, User) else []}
