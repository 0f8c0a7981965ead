"""Two records of one person side by side, and what changes in postings and in yuan where they are taken as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import User
from foundation.dates import Month
from foundation.rounding import total
from staffing.histories import PostingHistory, histories_of
from staffing.models import Person, Posting
from staffing.people.merging import meeting_postings
from subsidies.known_runs import latest_approved_run
from subsidies.labels import reason_label
from subsidies.models import LedgerParameters
from subsidies.posts.merged_dues import DueTogether, dues_together
from subsidies.rules.ledger import window
from townships.models import Township

_OBSTACLE_ELSEWHERE = "其他镇乡(街道):两条记录的在岗时间重叠,请由那里先撤销重复的一条。"


@dataclass(frozen=True, slots=True)
class RecordBeside:
    """A record with its own postings, as far as they may be seen."""

    person: Person
    postings: Sequence[PostingHistory]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a posting is due otherwise in a month, and why nothing is paid where that is so."""

    place: str
    due: DueTogether
    reason: str


@dataclass(frozen=True, slots=True)
class MergingPage:
    """`record` counts as `into` once they are merged. `obstacles` forbid it, in words; `effects` are what changes in
    the months that the next run settles, `difference` all of that in yuan."""

    record: RecordBeside
    into: RecordBeside
    obstacles: Sequence[str]
    effects: Sequence[Effect]
    difference: Decimal

    @property
    def both(self) -> Sequence[RecordBeside]:
        return self.record, self.into


def merging_page(record: Person, into: Person, *, day: date, user: User) -> MergingPage:
    """Of places and amounts only what the user may see."""
    visible = set(Township.objects.visible_to(user).values_list("pk", flat=True))
    changed = dues_together(record.pk, into.pk, _months_to_settle(day))
    dues = [due for due in changed if due.posting.township in visible]
    postings = Posting.objects.select_related("township", "unit").in_bulk([due.posting.id for due in dues])
    effects = [Effect(_place(postings[due.posting.id]), due, reason_label(due.reason)) for due in dues]
    return MergingPage(
        record=_beside(record, day, user),
        into=_beside(into, day, user),
        obstacles=[
            _obstacle(earlier, later) if earlier.township_id in visible else _OBSTACLE_ELSEWHERE
            for earlier, later in meeting_postings(record, into)
        ],
        effects=effects,
        difference=total(due.difference for due in dues),
    )


def _obstacle(earlier: Posting, later: Posting) -> str:
    days = f"{earlier.started_on} 起与 {later.started_on} 起"
    return f"{_place(earlier)}:{days}的在岗记录时间重叠,请先撤销重复的一条。"


def _beside(person: Person, day: date, user: User) -> RecordBeside:
    return RecordBeside(person, histories_of(person, day, Posting.objects.visible_to(user).filter(person=person)))


def _months_to_settle(day: date) -> Sequence[Month]:
    """The window of the next run: of the month after the last approved one, else of the present one."""
    approved, parameters = latest_approved_run(), LedgerParameters.objects.first()
    month = Month.of(day) if approved is None else approved.period + 1
    first = Month.of(parameters.first_month) if parameters and parameters.first_month else None
    return window(month, first_month=first, retro_months=parameters.retro_months if parameters else 0)


def _place(posting: Posting) -> str:
    return f"{posting.township.name}{posting.unit.name if posting.unit is not None else ''}"
