"""Sealing a revision: one more link of the chain, over the rows as they are stored."""

from datetime import datetime
from typing import NamedTuple

from accounts.audit import masked, who_acts
from accounts.chain import SealFileError, append_seal
from accounts.models import Seal, User
from accounts.seals import CURRENT_FORMAT
from subsidies.enums import RunAction
from subsidies.refusals import RunRefused
from subsidies.revisions.formats import FORMATS
from subsidies.revisions.stored import StoredRevision, moment_as_text


class Step(NamedTuple):
    """What the event of a step tells of it, when the run had been sent, whether reports were required."""

    actor_name: str
    role: str
    reason: str
    total: str
    sent_at: str | None
    reports_required: bool


def seal(
    *,
    stored: StoredRevision,
    action: RunAction,
    actor: User | None,
    now: datetime,
    reports_required: bool,
    reason: str = "",
) -> Seal:
    """Seal a revision as it is stored; the caller holds the ledger's lock and has sent the revision.

    Who, why and how much are sealed with it, as the event tells them. RunRefused where the head could not be written
    down afterwards, or the file of heads is not that of this chain.
    """
    name, role = who_acts(actor)
    step = Step(
        actor_name=name,
        role=role,
        reason=masked(reason.strip()),
        total=str(stored.revision.total),
        sent_at=moment_as_text(stored.revision.run.sent_at),
        reports_required=reports_required,
    )
    try:
        return append_seal(
            subject_type=Seal.OF_REVISION,
            subject_id=stored.revision.pk,
            action=action.value,
            content=FORMATS[CURRENT_FORMAT].content(stored),
            step=step._asdict(),
            actor=actor,
            now=now,
        )
    except SealFileError as error:
        raise RunRefused(str(error)) from error
