"""Rounds of open recruitment 公开招聘: opening, correcting and withdrawing them, and finding the one of a notice."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from staffing.events import StaffingEvent
from staffing.models import RecruitmentRound
from townships.models import Township

FACTS = (
    "notice_title",
    "notice_number",
    "noticed_on",
    "publicised_from",
    "publicised_until",
    "objections",
    "approval",
    "paper",
    "remark",
)
"""What is said of a round, by the fields of the model."""


@transaction.atomic
def open_round(
    *,
    township: Township,
    notice_title: str,
    notice_number: str = "",
    noticed_on: date | None = None,
    publicised_from: date | None = None,
    publicised_until: date | None = None,
    objections: str = "",
    approval: str = "",
    paper: str = "",
    remark: str = "",
    actor: User | None,
) -> RecruitmentRound:
    """A round of open recruitment of a township; ValidationError where its notice is registered already."""
    round_ = RecruitmentRound(
        township=township,
        notice_title=notice_title.strip(),
        notice_number=notice_number.strip(),
        noticed_on=noticed_on,
        publicised_from=publicised_from,
        publicised_until=publicised_until,
        objections=objections,
        approval=approval,
        paper=paper,
        remark=remark,
    )
    _check(round_)
    round_.save()
    audit.record(actor=actor, event=StaffingEvent.OPEN_ROUND, subject=round_, after=facts_of(round_))
    return round_


@transaction.atomic
def correct_round(
    *, round_: RecruitmentRound, stated: Mapping[str, str | date | None], reason: str = "", actor: User | None
) -> RecruitmentRound:
    """Add to or mend what is said of a round; `stated` by the names of FACTS. ValidationError as in `open_round`."""
    round_ = _live(round_)
    before = facts_of(round_)
    for name in FACTS:
        if name in stated:
            setattr(round_, name, stated[name])
    _check(round_)
    if facts_of(round_) == before:
        return round_
    round_.save()
    audit.record(
        actor=actor,
        event=StaffingEvent.CORRECT_ROUND,
        subject=round_,
        before=before,
        after=facts_of(round_),
        reason=reason,
    )
    return round_


@transaction.atomic
def withdraw_round(*, round_: RecruitmentRound, reason: str, actor: User | None) -> RecruitmentRound:
    """Take a round back that was opened by mistake; ValidationError while somebody was appointed from it."""
    if not reason.strip():
        raise ValidationError({"reason": "撤销公开招聘须写明原因。"})
    round_ = _live(round_)
    appointed = round_.postings.filter(withdrawn_at=None).count()
    if appointed:
        raise ValidationError(f"已有 {appointed} 条在岗记录由这次招聘到岗,不能撤销;填错的请更正。")
    round_.withdrawn_at, round_.withdrawn_reason = timezone.now(), reason.strip()
    round_.full_clean()
    round_.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record(
        actor=actor, event=StaffingEvent.WITHDRAW_ROUND, subject=round_, before=facts_of(round_), reason=reason
    )
    return round_


def facts_of(round_: RecruitmentRound) -> dict[str, object]:
    return {"township": round_.township_id, **{name: getattr(round_, name) for name in FACTS}}


def locked_round(round_: RecruitmentRound) -> RecruitmentRound:
    """The round as it is stored now, locked until the transaction ends, so that nobody withdraws it meanwhile."""
    return RecruitmentRound.objects.select_for_update().get(pk=round_.pk)


def _live(round_: RecruitmentRound) -> RecruitmentRound:
    """The same; ValidationError when it was withdrawn."""
    stored = locked_round(round_)
    if stored.withdrawn_at is not None:
        raise ValidationError("这次公开招聘已经撤销。")
    return stored


def _check(round_: RecruitmentRound) -> None:
    # Two of a township that are entered at the same moment are so one after the other.
    Township.objects.select_for_update(no_key=True).get(pk=round_.township_id)
    round_.full_clean()
    if round_.noticed_on and round_.publicised_from and round_.publicised_from < round_.noticed_on:
        raise ValidationError({"publicised_from": f"公告日期是 {round_.noticed_on},拟聘公示不能更早。"})
