"""Where somebody on a post came from 人员来源, and by which round of open recruitment (一.1-一.3)."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import User
from staffing.enums import Position, PostingSource
from staffing.events import StaffingEvent
from staffing.locking import live_posting, lock_people
from staffing.models import Posting, RecruitmentRound
from staffing.recruitment import locked_round


@transaction.atomic
def set_source(
    *,
    posting: Posting,
    source: PostingSource | None,
    recruitment_round: RecruitmentRound | None,
    reason: str = "",
    actor: User | None,
) -> Posting:
    """Another source or round of a posting, as its papers have it; ValidationError as in `check_source`."""
    lock_people(posting.person_id)
    posting = live_posting(posting)
    before = _facts(posting)
    posting.source = source.value if source else ""
    posting.recruitment_round = recruitment_round and locked_round(recruitment_round)
    check_source(posting)
    posting.full_clean()
    if _facts(posting) == before:
        return posting
    posting.save(update_fields=["source", "recruitment_round"])
    audit.record(
        actor=actor,
        event=StaffingEvent.SET_SOURCE,
        subject=posting,
        before=before,
        after=_facts(posting),
        reason=reason,
    )
    return posting


def check_source(posting: Posting) -> None:
    """A round is of the same township and goes with open recruitment, by which an assistant needs one (一.2)."""
    round_ = posting.recruitment_round
    if round_ is None:
        if posting.position == Position.ASSISTANT and posting.source == PostingSource.OPEN_RECRUITMENT:
            raise ValidationError(
                {"recruitment_round": "公开招聘到岗的,请选择是哪一次公开招聘;还没有登记的,请先登记。"}
            )
        return
    if round_.township_id != posting.township_id:
        raise ValidationError({"recruitment_round": "这次公开招聘是别的镇乡(街道)的。"})
    if round_.withdrawn_at is not None:
        raise ValidationError({"recruitment_round": "这次公开招聘已经撤销,请另选一次。"})


def _facts(posting: Posting) -> dict[str, object]:
    return {"source": posting.source, "recruitment_round": posting.recruitment_round_id}
