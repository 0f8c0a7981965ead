"""The links of the chain as the first format made them: by revision, run and month."""

import json
from datetime import UTC
from typing import NamedTuple

from accounts.models import Seal
from accounts.seals import PURPOSE, digest_of_marks
from foundation.crypto import keyed_digest
from subsidies.models import Revision


class FirstLink(NamedTuple):
    """What the keyed digest of a seal of the first format covers; `step` is JSON."""

    sequence: int
    revision: int
    run: int
    month: str
    number: int
    action: str
    content: str
    marks: str
    step: str
    previous: str
    sealed_at: str
    sealed_by: int | None


def digest_of_first_link(row: Seal, revision: Revision) -> str:
    """The keyed digest of a seal of the first format over `revision`, made anew."""
    run = revision.run
    link = FirstLink(
        sequence=row.sequence,
        revision=revision.pk,
        run=run.pk,
        month=str(run.period),
        number=run.number,
        action=row.action,
        content=row.content,
        marks=digest_of_marks(bytes(row.marks)),
        step=json.dumps(row.step, ensure_ascii=False, sort_keys=True),
        previous=row.previous,
        sealed_at=row.sealed_at.astimezone(UTC).isoformat(),
        sealed_by=row.sealed_by_id,
    )
    return keyed_digest(PURPOSE, json.dumps(link, ensure_ascii=False))
