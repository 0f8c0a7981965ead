"""Granting extra places 增配批复 to townships, and ending that (一.2)."""

from collections.abc import Collection, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.permissions import Permission, demand
from foundation.excel.problems import Problem
from staffing.entries import GrantEntry
from staffing.enums import Position
from staffing.events import StaffingEvent
from staffing.models import EstablishmentGrant, GrantEnding, ImportBatch, Posting
from townships.entries import ImportRefusedError, Outcome
from townships.models import County, Township
from townships.places import comparable


@transaction.atomic
def grant_places(
    *,
    township: Township,
    extra: int,
    effective_from: date,
    ended_on: date | None,
    document: str,
    actor: User | None,
) -> EstablishmentGrant:
    """Enter a grant, which waits for approval; ValidationError for figures that are out of range or contradictory, and
    for one that is entered already."""
    demand(actor, Permission.ENTER_GRANTS)
    same = EstablishmentGrant.objects.filter(township=township, effective_from=effective_from, document=document)
    if same.exists():
        raise ValidationError(f"{township} {effective_from} 起、依据“{document}”的增配批复已经登记过。")
    grant = EstablishmentGrant(
        township=township,
        extra=extra,
        effective_from=effective_from,
        ended_on=ended_on,
        document=document,
        entered_by=actor,
    )
    grant.full_clean(exclude=["entered_by", "approved_by", "approved_at"])
    grant.save()
    audit.record(actor=actor, event=StaffingEvent.GRANT_PLACES, subject=grant, after=_figures(grant))
    return grant


def may_lose_place(grant: EstablishmentGrant, last_day: date) -> list[Posting]:
    """As many assistants as were granted, the last to come first, of those that go on after the grant's last day."""
    assistants = Posting.objects.filter(township=grant.township_id, position=Position.ASSISTANT.value)
    going_on = assistants.going_on_after(last_day).select_related("person")
    return list(going_on.order_by("-started_on", "-pk")[: grant.extra])


@transaction.atomic
def end_grant(
    *,
    grant: EstablishmentGrant,
    last_day: date,
    document: str,
    reason: str,
    still_on_post: Collection[int],
    actor: User | None,
) -> GrantEnding:
    """An earlier last day of an approved grant; it waits for approval, and until then the grant stays as it was.

    Places are held by whoever came first, so those who may lose one are as many assistants as were granted, the last
    to come of those that go on after that day. `still_on_post` are their postings, as the actor knows them:
    ValidationError names whoever is missing among them; also for a day on which the grant does not hold.
    """
    demand(actor, Permission.ENTER_GRANTS)
    grant = EstablishmentGrant.objects.select_for_update().select_related("township").get(pk=grant.pk)
    if grant.approved_at is None:
        raise ValidationError("这份增配批复还没有审核通过,不用终止;有误的请审核人员退回。")
    if last_day < grant.effective_from:
        raise ValidationError(f"这份增配批复从 {grant.effective_from} 起执行,终止日期不能更早。")
    if grant.ended_on is not None and grant.ended_on <= last_day:
        raise ValidationError(f"这份增配批复到 {grant.ended_on} 为止;要延长的,请以新的批复文件另行登记。")
    ending = GrantEnding(
        grant=grant, last_day=last_day, document=document.strip(), reason=reason.strip(), entered_by=actor
    )
    ending.full_clean(exclude=["entered_by", "approved_by"])
    staying = may_lose_place(grant, last_day)
    effect = f"{last_day} 以后名额减少 {grant.extra} 个,后到岗的可能超配、不再计发补助"
    _demand_named(staying, still_on_post, effect=effect)
    ending.save()
    audit.record(
        actor=actor,
        event=StaffingEvent.END_GRANT,
        subject=ending,
        before={"ended_on": grant.ended_on},
        after={"ended_on": last_day, "document": ending.document, "still_on_post": [row.pk for row in staying]},
        reason=ending.reason,
    )
    return ending


@transaction.atomic
def store_grants(*, entries: Sequence[GrantEntry], actor: User | None, approved: bool, sha256: str) -> Outcome:
    """Add the grants, and change those of the same township, day and document.

    `approved` says that no run is approved yet: then the rows count as approved and a different one is changed in
    place. Later they wait for approval, and an approved grant is not changed: ImportRefusedError.
    """
    outcome = Outcome()
    list(County.objects.select_for_update())  # one import at a time
    townships = {entry.township_id for entry in entries}
    stored = {
        (grant.township_id, grant.effective_from, comparable(grant.document)): grant
        for grant in EstablishmentGrant.objects.filter(township__in=townships).order_by("-id")
    }
    approved_at = timezone.now() if approved else None
    approver = actor if approved else None
    added: list[EstablishmentGrant] = []
    changed: list[EstablishmentGrant] = []
    for entry in entries:
        grant = stored.get((entry.township_id, entry.effective_from, comparable(entry.document)))
        if grant is None:
            added.append(
                EstablishmentGrant(
                    township_id=entry.township_id,
                    extra=entry.extra,
                    effective_from=entry.effective_from,
                    ended_on=entry.ended_on,
                    document=entry.document,
                    entered_by=actor,
                    approved_by=approver,
                    approved_at=approved_at,
                )
            )
            continue
        waits = grant.approved_at is None
        if (grant.extra, grant.ended_on) == (entry.extra, entry.ended_on) and not (waits and approved):
            outcome.same += 1
        elif approved or waits:
            grant.extra, grant.ended_on = entry.extra, entry.ended_on
            if waits:
                grant.approved_at, grant.approved_by = approved_at, approver
            changed.append(grant)
        else:
            message = f"{entry.effective_from} 起的这份批复已经批准,与文件中不同,而已有月份审批"
            outcome.problems.append(Problem(entry.row, "extra", message, "请以新的批复文件另写一行"))
    if outcome.problems:
        raise ImportRefusedError(outcome.problems)
    EstablishmentGrant.objects.bulk_create(added)
    EstablishmentGrant.objects.bulk_update(changed, ["extra", "ended_on", "approved_at", "approved_by"])
    outcome.new, outcome.changed = len(added), len(changed)
    if added or changed:
        batch = ImportBatch.objects.create(
            kind="grants",
            sha256=sha256,
            imported_by=actor,
            created_count=outcome.new,
            changed_count=outcome.changed,
        )
        audit.record(
            actor=actor,
            event=StaffingEvent.IMPORT_GRANTS if approved else StaffingEvent.IMPORT_WAITING_GRANTS,
            subject=batch if approved else None,
            after={"sha256": sha256, "new": outcome.new, "changed": outcome.changed, "same": outcome.same},
        )
    return outcome


def _figures(grant: EstablishmentGrant) -> dict[str, object]:
    return {
        "township": grant.township.name,
        "extra": grant.extra,
        "effective_from": grant.effective_from,
        "ended_on": grant.ended_on,
        "document": grant.document,
    }


def _demand_named(staying: Sequence[Posting], named: Collection[int], *, effect: str) -> None:
    """ValidationError with whoever of `staying` is not among the `named` postings; `effect` says what becomes of
    them."""
    unnamed = [f"{posting.person.name}({posting.started_on} 到岗)" for posting in staying if posting.pk not in named]
    if unnamed:
        advice = "请先登记离岗日期;确实继续在岗的,请逐人确认。"
        raise ValidationError(f"{effect}:{'、'.join(unnamed)}。{advice}")
