"""What a form showed of what is stored, sent along with it: whoever saves upon it is told what others changed since.

The page holds `seen_token` of the facts that it shows in a hidden field named SEEN (`components/seen.html`); the view
compares it with the facts as they are when it saves, and where they differ shows the page again, with what was typed
and a new token, so that a second look saves. The token is encrypted: facts of people stand in no page twice.
"""

import base64
import binascii
import json
from collections.abc import Mapping

from foundation.crypto import CryptoError, decrypt_bytes, encrypt_bytes
from foundation.differences import Difference, differing_labels

SEEN = "seen"
_NOT_OURS = Difference("页面内容", "已过期", "请核对现在的内容")


def seen_token(subject: str, facts: Mapping[str, str]) -> str:
    """For a hidden field: the facts by their labels, as the page shows them; `subject` says whose: person 12."""
    sealed = encrypt_bytes(_purpose(subject), json.dumps(facts, ensure_ascii=False).encode())
    return base64.urlsafe_b64encode(sealed).decode()


def changed_since(token: str, subject: str, facts: Mapping[str, str]) -> list[Difference]:
    """What others changed since the page was shown, each in words: 离岗日期 无 → 2010-01-31.

    Nothing where no token came, as from a program; one of another subject or page is told as out of date.
    """
    if not token:
        return []
    try:
        shown = json.loads(decrypt_bytes(_purpose(subject), base64.urlsafe_b64decode(token.encode())))
    except (CryptoError, binascii.Error, ValueError):
        return [_NOT_OURS]
    return list(differing_labels(shown, facts))


def _purpose(subject: str) -> str:
    return f"seen {subject}"
