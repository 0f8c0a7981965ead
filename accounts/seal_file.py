"""The seals written down outside of the database, compared with the chain: whether they are the same books. Pure."""

from collections.abc import Sequence
from enum import Enum

Heads = Sequence[tuple[int, str]]


class Agreement(Enum):
    SAME = "every seal is in both"
    LAST_MISSING = "the file lacks the last seal: the server died between saving it and writing it down"
    DIFFERS = "anything else"


def agreement_of_heads(chain: Heads, written: Heads | None) -> Agreement:
    """How the chain, in order, and the file agree, each as (sequence, digest); `written` is None without a file."""
    if written is None:
        return Agreement.DIFFERS if chain else Agreement.SAME
    of_file = set(written)
    missing = [head for head in chain if head not in of_file]
    if not of_file <= set(chain) or missing not in ([], list(chain[-1:])):
        return Agreement.DIFFERS
    return Agreement.LAST_MISSING if missing else Agreement.SAME
