"""Where many on a post came from 人员来源, those of one round of open recruitment 公开招聘 above all (一.2)."""

from collections.abc import Iterable

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from staffing.enums import BatchKind, PostingSource
from staffing.events import StaffingEvent
from staffing.imports.changes import remember_change
from staffing.many.batches import close_batch, one_township, start_batch
from staffing.models import ImportBatch, Posting, RecruitmentRound
from staffing.postings.source import set_source
from staffing.several import for_each

FIELDS = ("source", "recruitment_round_id")


@transaction.atomic
def set_sources(
    *,
    postings: Iterable[Posting],
    source: PostingSource,
    recruitment_round: RecruitmentRound | None,
    reason: str,
    actor: User | None,
) -> tuple[ImportBatch, list[Posting]]:
    """All or none; SeveralRefused with every posting that cannot have it."""
    demand(actor, Permission.EDIT_PERSONNEL)
    chosen = list(postings)
    batch = start_batch(BatchKind.RECRUITMENT, one_township(chosen), reason, actor)

    def set_one(posting: Posting) -> None:
        before = {name: getattr(posting, name) for name in FIELDS}
        now = set_source(
            posting=posting, source=source, recruitment_round=recruitment_round, reason=reason, actor=actor
        )
        after = {name: getattr(now, name) for name in FIELDS}
        if after != before:
            words = f"人员来源登记为{source.label}{f'({recruitment_round})' if recruitment_round else ''}"
            remember_change(batch=batch, row=now, before=before, after=after, words=words)

    done = for_each(chosen, set_one)
    audit.record(
        actor=actor,
        event=StaffingEvent.SET_SOURCES,
        subject=close_batch(batch),
        after={
            "source": source.value,
            "recruitment_round": recruitment_round.pk if recruitment_round else None,
            "postings": [posting.pk for posting in done],
        },
        reason=reason,
    )
    return batch, done
