"""Answering for differences that no run settles any more: one reason for many, once for each fact."""

from collections.abc import Collection

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from accounts.permissions import Permission, demand
from subsidies.enums import RunHint, RunState
from subsidies.events import SubsidyEvent
from subsidies.locks import locked_ledger
from subsidies.models import Acknowledgement, Revision, SubsidyRun
from subsidies.refusals import ReasonMissing, RunChanged, RunRefused
from subsidies.revisions.old_differences import unanswered
from subsidies.steps import UNSEEN, Seen


def locked_to_answer(run: SubsidyRun, seen: Seen) -> tuple[SubsidyRun, Revision]:
    """A calculated run as it is stored now and its revision, with the ledger locked. Raises RunBusy, RunChanged,
    RunRefused."""
    locked_ledger()
    run = SubsidyRun.objects.select_related("current_revision").get(pk=run.pk)
    revision = run.current_revision
    if revision is None or run.state != RunState.CALCULATED:
        raise RunRefused(f"{run}现在是“{run.state_label}”,情况说明在核算以后、送审以前填写。")
    if seen.number not in (None, revision.number):
        raise RunChanged(f"{run}刚刚重新核算过,请核对新的一版再填写情况说明。")
    revision.run = run
    return run, revision


@transaction.atomic
def acknowledge_old_differences(
    *, run: SubsidyRun, chosen: Collection[int] | None, reason: str, actor: User | None, seen: Seen = UNSEEN
) -> int:
    """Give one reason for the differences of a calculated run that have none; how many they were.

    `chosen` are their ids, None all of them. Raises PermissionDenied, RunBusy, RunChanged, ReasonMissing, RunRefused.
    """
    demand(actor, Permission.SEND_RUN)
    run, revision = locked_to_answer(run, seen)
    if not reason.strip():
        raise ReasonMissing("请填写情况说明。")
    found = unanswered(revision)
    if chosen is not None:
        found = found.filter(pk__in=chosen)
    given = Acknowledgement.objects.bulk_create(
        [
            Acknowledgement(
                township_id=township,
                check_name=RunHint.BEYOND_RETRO_LIMIT.value,
                posting_id=posting,
                fact=fact,
                reason=reason.strip(),
                acknowledged_by=actor,
            )
            for township, posting, fact in found.order_by("pk").values_list("allocation__township", "posting", "fact")
        ],
        batch_size=500,
    )
    if given:
        after = {"revision": revision.number, "digest": revision.digest, "findings": len(given)}
        record(
            actor=actor,
            event=SubsidyEvent.ACKNOWLEDGE_OLD_DIFFERENCES,
            subject=run,
            after=after,
            reason=reason.strip(),
        )
    return len(given)
