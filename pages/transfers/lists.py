"""The page of transfers 调动: what waits, for whom, and what has been decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from accounts.permissions import Permission, may
from pages.transfers.words import where
from staffing.enums import TransferAction
from staffing.models import Posting, Transfer, TransferQuerySet
from staffing.transfers.steps import open_to

PAGE_LENGTH = 50
# Of whom one is chosen: a township has some dozens.
MOST_PEOPLE = 300
_READ = (
    *("posting__person", "posting__township", "posting__unit", "to_township", "asked_by", "decided_by"),
    *("new_posting__township", "new_posting__unit"),
)


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A transfer as the reader sees it; `steps` may be taken by the reader now. `leads_on`: the reader may look at the
    person's page, which is open to a receiving township once it has received."""

    transfer: Transfer
    steps: Sequence[TransferAction]
    leads_on: bool

    @property
    def old_place(self) -> str:
        return where(self.transfer.posting)

    @property
    def new_place(self) -> str:
        """The place that was given; until then the township."""
        return where(self.transfer.new_posting) or self.transfer.to_township.name

    @property
    def may_receive(self) -> bool:
        return TransferAction.RECEIVE in self.steps

    @property
    def may_call_back(self) -> bool:
        return TransferAction.WITHDRAW in self.steps


@dataclass(frozen=True, slots=True)
class TransferList:
    """`people` are those on post whom the reader may send; `older` is the number before which the next page begins."""

    waiting: Sequence[TransferRow]
    decided: Sequence[TransferRow]
    older: int | None
    people: Sequence[Posting]

    @property
    def to_receive(self) -> int:
        return sum(row.may_receive for row in self.waiting)


def transfer_list(user: User, *, before: int | None) -> TransferList:
    """Those that wait, the oldest first, and a page of the others, the newest first; three statements."""
    visible = visible_transfers(user)
    others = visible.filter(decided_at__isnull=False).order_by("-pk")
    if before is not None:
        others = others.filter(pk__lt=before)
    page = list(others[: PAGE_LENGTH + 1])
    return TransferList(
        waiting=[_row(user, transfer) for transfer in visible.waiting().order_by("pk")],
        decided=[_row(user, transfer) for transfer in page[:PAGE_LENGTH]],
        older=page[PAGE_LENGTH - 1].pk if len(page) > PAGE_LENGTH else None,
        people=_people(user),
    )


def visible_transfers(user: User) -> TransferQuerySet:
    """With everything that a row tells."""
    return Transfer.objects.visible_to(user).select_related(*_READ)


def _row(user: User, transfer: Transfer) -> TransferRow:
    own = user.reads_county or transfer.posting.township_id == user.township_id
    return TransferRow(transfer, open_to(user, transfer), own or transfer.new_posting_id is not None)


def _people(user: User) -> Sequence[Posting]:
    """Of a clerk's own township: an officer begins with the person."""
    if user.reads_county or not may(user, Permission.EDIT_PERSONNEL):
        return ()
    going_on = Posting.objects.visible_to(user).filter(withdrawn_at__isnull=True, ended_on__isnull=True)
    return list(going_on.select_related("person", "unit").order_by("position", "unit__code", "pk")[:MOST_PEOPLE])
