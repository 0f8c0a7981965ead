"""The batch of a verb done for many: what it added and changed is remembered with it, so that it is undone as one."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from accounts.models import User
from staffing.enums import BatchKind
from staffing.imports.changes import remember_change
from staffing.models import ImportBatch, Posting, Wage
from staffing.terms.wages import set_wage
from townships.models import Township

PARTS = ("monthly_wage", "employer_insurance", "housing_fund", "document")


def one_township(postings: Iterable[Posting]) -> Township:
    """Whose batch it is; ValidationError without postings, and for those of several townships."""
    townships = {posting.township_id: posting.township for posting in postings}
    if not townships:
        raise ValidationError("一个人也没有选。")
    if len(townships) > 1:
        raise ValidationError("选的人不在同一个镇乡(街道);请先按镇乡(街道)筛选,分开办理。")
    return next(iter(townships.values()))


def start_batch(kind: BatchKind, township: Township, document: str, actor: User | None) -> ImportBatch:
    return ImportBatch.objects.create(kind=kind.value, township=township, document=document, imported_by=actor)


def close_batch(batch: ImportBatch, *, created: int = 0) -> ImportBatch:
    """Count the postings that the batch brought, and those that were there and were changed."""
    batch.created_count = created
    batch.changed_count = batch.changes.values("posting").distinct().count()
    batch.save(update_fields=["created_count", "changed_count"])
    return batch


def wage_on(wages: list[Wage], day: date) -> Wage | None:
    """The one in force on the day; `wages` are of one posting, in order."""
    return next((wage for wage in reversed(wages) if wage.effective_from <= day), None)


def set_wage_in_batch(
    *,
    batch: ImportBatch,
    posting: Posting,
    effective_from: date,
    monthly_wage: Decimal,
    document: str,
    actor: User | None,
) -> Wage:
    """The monthly wage from the day on, the other parts as they are on that day. ValidationError as `set_wage`."""
    wages = list(posting.wages.live().order_by("effective_from"))
    in_force = wage_on(wages, effective_from)
    same_day = in_force if in_force is not None and in_force.effective_from == effective_from else None
    before = None if same_day is None else _parts(same_day)
    wage = set_wage(
        posting=posting,
        effective_from=effective_from,
        monthly_wage=monthly_wage,
        employer_insurance=in_force.employer_insurance if in_force is not None else None,
        housing_fund=in_force.housing_fund if in_force is not None else None,
        document=document,
        actor=actor,
    )
    was = "未登记" if in_force is None or in_force.monthly_wage is None else f"{in_force.monthly_wage:,.2f} 元"
    words = f"{effective_from} 起月工资 {was} → {monthly_wage:,.2f} 元"
    remember_change(batch=batch, row=wage, before=before, after=_parts(wage) if before else _whole(wage), words=words)
    return wage


def _parts(wage: Wage) -> Mapping[str, object]:
    return {name: getattr(wage, name) for name in PARTS}


def _whole(wage: Wage) -> Mapping[str, object]:
    return {"effective_from": wage.effective_from, **_parts(wage)}
