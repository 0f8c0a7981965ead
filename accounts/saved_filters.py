"""Saving and deleting one's own filters of a list."""

from accounts.audit import record
from accounts.events import AccountEvent
from accounts.models import SavedFilter, User

MOST = 20


class TooManyFiltersError(Exception):
    """The user has MOST saved filters of this list already."""


def save_filter(*, actor: User, list_name: str, name: str, query: str) -> SavedFilter:
    """The query under this name; what had the name before is replaced. Raises TooManyFiltersError."""
    own = SavedFilter.objects.filter(user=actor, list_name=list_name)
    if not own.filter(name=name).exists() and own.count() >= MOST:
        raise TooManyFiltersError
    saved, _ = SavedFilter.objects.update_or_create(
        user=actor, list_name=list_name, name=name, defaults={"query": query}
    )
    record(actor=actor, event=AccountEvent.SAVE_FILTER, subject=saved)
    return saved


def delete_filter(*, actor: User, saved: SavedFilter) -> None:
    record(actor=actor, event=AccountEvent.DELETE_FILTER, subject=saved)
    saved.delete()
