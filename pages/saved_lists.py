"""The lists whose filters can be saved: their pages, and who may open them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import SavedFilter, User
from accounts.permissions import Permission

PEOPLE, UNITS = "people", "units"


@dataclass(frozen=True, slots=True)
class SavedList:
    """`route` of its page, which asks for the permission, too."""

    label: str
    route: str
    permission: Permission

    @property
    def path(self) -> str:
        return reverse(self.route)


SAVED_LISTS: Mapping[str, SavedList] = {
    PEOPLE: SavedList("人员", "people", Permission.VIEW_PEOPLE),
    UNITS: SavedList("村(社区)", "units", Permission.VIEW_PLACES),
}


def list_tools(user: User, list_name: str) -> dict[str, object]:
    """What `components/list_tools.html` takes besides the list."""
    saved = SavedFilter.objects.filter(user=user, list_name=list_name)
    return {"saved": saved, "list_name": list_name, "path": SAVED_LISTS[list_name].path}
