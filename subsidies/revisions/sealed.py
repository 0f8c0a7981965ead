"""The seals over revisions, each with the revision that it covers."""

from collections.abc import Iterable
from typing import NamedTuple

from accounts.models import Seal
from subsidies.enums import RunAction
from subsidies.models import Revision


class RevisionSeal(NamedTuple):
    """A link of the chain and the revision that it seals, which is read without its figures."""

    link: Seal
    revision: Revision


def revision_seals(seals: Iterable[Seal]) -> list[RevisionSeal]:
    """Those of the seals that cover a revision there is, in their order; one statement.

    Basis and total of the revisions are left unread: they might not be readable.
    """
    of_revisions = [seal for seal in seals if seal.revision_id is not None]
    found = Revision.objects.select_related("run").defer("basis", "total")
    by_id = found.in_bulk({seal.revision_id for seal in of_revisions})
    return [RevisionSeal(seal, by_id[seal.revision_id]) for seal in of_revisions if seal.revision_id in by_id]


def last_approval(revision: Revision) -> Seal | None:
    """The latest seal of an approval of the revision."""
    approvals = Seal.objects.of_revisions([revision.pk]).filter(action=RunAction.APPROVE.value)
    return approvals.order_by("sequence").last()


def was_without_reports(approval: Seal) -> bool:
    """Whether no reports of the townships were required when this was sealed."""
    return isinstance(approval.step, dict) and approval.step.get("reports_required") is False
