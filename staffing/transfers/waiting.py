"""What of transfers a township's clerk finds on the desk."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from staffing.enums import TransferState
from staffing.models import Transfer
from townships.models import Township

# How long the desk tells of what was sent back.
_TOLD = timedelta(days=30)


class OnDesk(NamedTuple):
    """What waits to be received, and what was lately sent back and not sent again; the oldest first."""

    coming: list[Transfer]
    sent_back: list[Transfer]


def transfers_on_desk(user: User, today: date) -> OnDesk:
    """Of the townships of which the user speaks; one statement."""
    mine = Township.objects.visible_to(user)
    since = datetime.combine(today - _TOLD, time(), tzinfo=timezone.get_current_timezone())
    again = Transfer.objects.filter(posting=OuterRef("posting"), pk__gt=OuterRef("pk"))
    coming = Q(to_township__in=mine, state=TransferState.WAITING.value)
    sent_back = Q(posting__township__in=mine, state=TransferState.REFUSED.value, decided_at__gte=since)
    found = Transfer.objects.filter(coming | (sent_back & ~Exists(again)))
    rows = list(found.select_related("posting__person", "posting__township", "to_township").order_by("pk"))
    return OnDesk([row for row in rows if row.is_waiting], [row for row in rows if not row.is_waiting])
