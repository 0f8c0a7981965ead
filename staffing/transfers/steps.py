"""The life of a transfer 调动: which step leads from which state to which, and whose it is."""

from collections.abc import Sequence
from typing import NamedTuple

from accounts.models import User
from accounts.permissions import Permission, may
from staffing.enums import TransferAction, TransferState
from staffing.models import Transfer
from townships.models import Township


class Step(NamedTuple):
    """`source` None: there is no row yet. `is_receivers`: taken by the township that receives, else by the one that
    sends."""

    action: TransferAction
    source: TransferState | None
    target: TransferState
    is_receivers: bool = False
    needs_reason: bool = False


_WAITING = TransferState.WAITING
STEPS: tuple[Step, ...] = (
    Step(TransferAction.ASK, None, _WAITING),
    Step(TransferAction.RECEIVE, _WAITING, TransferState.RECEIVED, is_receivers=True),
    Step(TransferAction.REFUSE, _WAITING, TransferState.REFUSED, is_receivers=True, needs_reason=True),
    Step(TransferAction.WITHDRAW, _WAITING, TransferState.WITHDRAWN, needs_reason=True),
)


def step_of(action: TransferAction) -> Step:
    return next(step for step in STEPS if step.action is action)


def open_to(user: User, transfer: Transfer) -> Sequence[TransferAction]:
    """What the user may do with it now, in the order of the table."""
    if not may(user, Permission.EDIT_PERSONNEL):
        return ()
    return [
        step.action
        for step in STEPS
        if step.source is not None
        and step.source == transfer.state
        and acts_for(user, transfer.to_township if step.is_receivers else transfer.posting.township)
    ]


def acts_for(user: User, township: Township) -> bool:
    """Whether the township's word is the user's to enter: a clerk's for the own one, an officer's for each."""
    return user.reads_county or user.township_id == township.pk
