"""Confirming a previewed roster: once, by its owner, within the hour, and only if it still does what was shown."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from staffing.imports import pending as uploads
from staffing.imports.roster import OutcomeChangedError, import_roster
from staffing.models import ImportBatch, PendingImport
from townships.entries import Outcome


@dataclass(frozen=True)
class Confirmation:
    """`outcome` is None where the upload was confirmed before or has expired. `is_stored` is false where the import
    would now do something else than the preview said."""

    pending: PendingImport
    outcome: Outcome | None
    is_stored: bool = True


@transaction.atomic
def confirm_roster(
    *, pending: PendingImport, actor: User, now: datetime, today: date, facts_from: date | None, accept_warnings: bool
) -> Confirmation:
    """Import what was previewed, in the actor's township, against what is stored at this moment.

    A second call changes nothing. Where the outcome is no longer the one previewed, nothing is stored, and the upload
    keeps the new outcome to be looked at. UnacceptedWarningsError, ImportRefusedError and SpreadsheetError as for an
    import.
    """
    pending = PendingImport.objects.select_for_update().get(pk=pending.pk)
    if pending.confirmed_at is not None or pending.is_expired(now):
        return Confirmation(pending, None)
    result = uploads.result_of(pending)
    try:
        outcome = import_roster(
            uploads.file_of(pending),
            result.filename,
            actor=actor,
            today=today,
            facts_from=facts_from,
            only_township=actor.township_id,
            accept_warnings=accept_warnings,
            as_previewed=result.outcome,
        )
    except OutcomeChangedError as error:
        uploads.replace_result(pending, error.outcome)
        return Confirmation(pending, error.outcome, is_stored=False)
    batch = ImportBatch.objects.get(pk=outcome.batch_id) if outcome.batch_id is not None else None
    uploads.mark_confirmed(pending, batch=batch, now=now)
    return Confirmation(pending, outcome)
