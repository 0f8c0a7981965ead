"""How pages of verbs for many name people."""

from collections.abc import Sequence

_TOLD = 20


def names_of(names: Sequence[str]) -> str:
    """The first twenty."""
    return "、".join(names[:_TOLD]) + ("等" if len(names) > _TOLD else "")
