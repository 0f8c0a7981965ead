"""New wages 工资 of many on one document: one amount, so much more, or so many percent more."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from foundation.money import rounded
from staffing.enums import BatchKind, WageWay
from staffing.events import StaffingEvent
from staffing.many.batches import close_batch, one_township, set_wage_in_batch, start_batch, wage_on
from staffing.models import ImportBatch, Posting, Wage
from staffing.several import for_each

MOST = Decimal("999999.99")
UNKNOWN = "没有登记过工资,不能按原工资增加;请先登记工资,或改用“统一改为”"


@dataclass(frozen=True, slots=True)
class NewWages:
    """The rule: `figure` is yuan, or percent; from `effective_from` on."""

    effective_from: date
    way: WageWay
    figure: Decimal

    def of(self, before: Decimal | None) -> Decimal:
        """The new wage, rounded half up to the fen; ValidationError where it cannot be said, or is none."""
        if self.way is WageWay.AMOUNT:
            after = self.figure
        elif before is None:
            raise ValidationError(UNKNOWN)
        elif self.way is WageWay.MORE:
            after = before + self.figure
        else:
            after = before * (100 + self.figure) / 100
        if not 0 <= after <= MOST:
            raise ValidationError(f"算出的工资 {after:,.2f} 元不对,请核对金额或比例")
        return rounded(after)


def wages_before(postings: Iterable[Posting], day: date | None) -> Mapping[int, Wage]:
    """By posting, the wage in force on the day, or the latest one without a day."""
    of_posting: dict[int, list[Wage]] = defaultdict(list)
    for wage in Wage.objects.live().filter(posting__in=list(postings)).order_by("effective_from"):
        of_posting[wage.posting_id].append(wage)
    found = {pk: wage_on(wages, day) if day is not None else wages[-1] for pk, wages in of_posting.items()}
    return {pk: wage for pk, wage in found.items() if wage is not None}


@transaction.atomic
def set_wages(
    *, postings: Iterable[Posting], new: NewWages, document: str, actor: User | None
) -> tuple[ImportBatch, list[Posting]]:
    """The new wage of each, all or none; SeveralRefused with every posting for which it cannot be set."""
    demand(actor, Permission.EDIT_PERSONNEL)
    chosen = list(postings)
    batch = start_batch(BatchKind.WAGES, one_township(chosen), document, actor)

    def pay(posting: Posting) -> None:
        before = wages_before([posting], new.effective_from).get(posting.pk)
        set_wage_in_batch(
            batch=batch,
            posting=posting,
            effective_from=new.effective_from,
            monthly_wage=new.of(before.monthly_wage if before is not None else None),
            document=document,
            actor=actor,
        )

    done = for_each(chosen, pay)
    audit.record(
        actor=actor,
        event=StaffingEvent.SET_WAGES,
        subject=close_batch(batch),
        after={
            "effective_from": new.effective_from,
            "way": new.way.value,
            "figure": new.figure,
            "postings": [posting.pk for posting in done],
        },
        reason=document,
    )
    return batch, done
