"""What every page's frame shows: the entries of the user's role, and how long the session lasts."""

import time
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.enums import Scope
from accounts.models import User
from accounts.permissions import Permission, may


class MenuEntry(NamedTuple):
    """An entry for whoever has the permission of its page, of one scope only where that is named; other pages that
    belong to it live `elsewhere`."""

    label: str
    route: str
    permission: Permission
    scope: Scope | None = None
    elsewhere: tuple[str, ...] = ()

    def is_for(self, user: User) -> bool:
        return may(user, self.permission) and self.scope in (None, user.scope)


# Where proposals and the verbs of personnel live.
_VERBS = (
    *("/proposals/", "/postings/", "/contracts/", "/wages/", "/suspensions/", "/transfers/"),
    *("/recruitment/", "/qualifications/", "/workingtimes/", "/secondments/"),
)
# What townships and units have in common.
_PLACES = ("/establishment/",)
_ENDS_AT = "ends_at"

# In the order of the page.
ENTRIES: tuple[MenuEntry, ...] = (
    MenuEntry("工作台", "desk", Permission.VIEW_DESK),
    MenuEntry("本月上报", "my_month", Permission.SUBMIT_REPORT, Scope.TOWNSHIP, ("/reports/",)),
    MenuEntry("月度", "months", Permission.VIEW_MONTH, elsewhere=("/reports/", "/lines/", "/sheets/")),
    MenuEntry("待审核", "approvals", Permission.VIEW_APPROVALS),
    MenuEntry("人员", "people", Permission.VIEW_PEOPLE, elsewhere=_VERBS),
    MenuEntry("镇乡", "townships", Permission.VIEW_PLACES, Scope.COUNTY, (*_PLACES, "/units/", "/grants/")),
    MenuEntry("村(社区)", "units", Permission.VIEW_PLACES, Scope.TOWNSHIP, (*_PLACES, "/townships/")),
    MenuEntry("政策", "policy", Permission.VIEW_POLICY),
)


class Entry(NamedTuple):
    label: str
    url: str
    is_current: bool


def entries_for(user: User, *, path: str = "") -> list[Entry]:
    """The pages that the user may open; `path` is the page being shown.

    The first of them that `path` belongs to is the current one.
    """
    entries: list[Entry] = []
    for entry in ENTRIES:
        if entry.is_for(user):
            url = reverse(entry.route)
            is_current = path.startswith((url, *entry.elsewhere)) and not any(other.is_current for other in entries)
            entries.append(Entry(entry.label, url, is_current))
    return entries


def start_counting(request: HttpRequest) -> None:
    """Notes in a new session when it ends."""
    request.session[_ENDS_AT] = int(time.time()) + settings.SESSION_COOKIE_AGE


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation`: the entries; `session_left`: seconds until the session ends. Nothing for whoever has not logged
    in."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"navigation": []}
    ends_at = request.session.get(_ENDS_AT)
    left = max(1, ends_at - int(time.time())) if isinstance(ends_at, int) else None
    return {"navigation": entries_for(user, path=request.path), "session_left": left}
