"""What a roster says of people whose facts another township writes: it becomes proposals, a person each."""

from collections.abc import Collection, Sequence
from datetime import date

from django.utils import timezone

from accounts.models import User
from staffing.enums import ProposalKind, ProposalState
from staffing.imports.roster_matching import Match
from staffing.models import ImportBatch, PersonProposal
from staffing.people.facts import Fact, fact
from staffing.people.owning import Spell, owner_among, spells_of
from staffing.people.proposals import correction

REASON = "花名册与登记不同(第 {} 行)"


def mark_foreign(matches: Sequence[Match], *, only_township: int | None, today: date) -> None:
    """Mark the rows of people whose facts another township writes, postings that the file brings counted in; none
    where the whole county is in reach."""
    if only_township is None:
        return
    root_of, spells = spells_of({match.person.pk for match in matches if match.person.pk is not None})
    brought: dict[int, list[Spell]] = {}
    for match in matches:
        if match.is_new and match.person.pk is not None:
            entry = match.entry
            # Entered later than whatever is stored.
            spell = Spell(entry.township_id, entry.started_on, entry.ended_on, 2**62 + entry.row)
            brought.setdefault(root_of[match.person.pk], []).append(spell)
    for match in matches:
        if match.person.pk is not None:
            root = root_of[match.person.pk]
            owner = owner_among([*spells.get(root, ()), *brought.get(root, ())], today)
            match.is_foreign = owner not in (None, only_township)


def proposed_before(people: Collection[int]) -> set[tuple[int, str, Fact]]:
    """Person, fact and value of what waits for the bureau, or was refused on the facts as they still are: nobody says
    it again by a file."""
    known = PersonProposal.objects.filter(
        person__in=people,
        kind=ProposalKind.CORRECT.value,
        state__in=[ProposalState.WAITING.value, ProposalState.REFUSED.value],
    )
    found = set()
    for proposal in known.select_related("person"):
        before = proposal.before
        for name, value in proposal.after.items():
            if proposal.is_waiting or before.get(name) == fact(proposal.person, name):
                found.add((proposal.person_id, name, value))
    return found


def propose(matches: Sequence[Match], batch: ImportBatch, *, actor: User | None) -> None:
    """Store the proposals of an import; its own event tells of them."""
    now = timezone.now()
    PersonProposal.objects.bulk_create(
        correction(
            match.person,
            {one.field: one.value for one in match.proposed},
            reason=REASON.format(match.entry.row),
            actor=actor,
            now=now,
            batch=batch,
        )
        for match in matches
        if match.proposed
    )
