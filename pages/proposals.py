"""Proposals 更正申请: those that wait and those that were decided, and one with what it would change."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from foundation.differences import Difference
from staffing.enums import ProposalKind
from staffing.models import Person, PersonProposal, PersonProposalQuerySet
from staffing.people.facts import LABELS, fact, in_words

PAGE = 50


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """`changes`: 姓名 张三 → 张珊, or with whom the record would be merged; numbers masked."""

    proposal: PersonProposal
    name: str
    changes: Sequence[str]


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    """All that wait, and of the decided ones a page, the latest first; `next_before` leads on to earlier ones."""

    waiting: Sequence[ProposalRow]
    decided: Sequence[ProposalRow]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class ProposedFact:
    """What is on record now, what it was when it was proposed where that was another, and what is proposed."""

    label: str
    now: str
    was: str
    proposed: str


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """`is_seen`: the reader may see the person, and what is on record now."""

    row: ProposalRow
    is_seen: bool
    facts: Sequence[ProposedFact]


def proposals_page(proposals: PersonProposalQuerySet, *, user: User, before: int | None) -> ProposalsPage:
    """As far as the user may see them; somebody whose people a clerk may not see is told without the old values."""
    listed = proposals.select_related("person", "into", "township", "proposed_by", "decided_by")
    decided = listed.exclude(pk__in=listed.waiting().values("pk")).order_by("-pk")
    if before is not None:
        decided = decided.filter(pk__lt=before)
    found, waiting = list(decided[: PAGE + 1]), list(listed.waiting().order_by("proposed_at", "pk"))
    seen = _seen_people(user, [*found, *waiting])
    return ProposalsPage(
        waiting=[_row(proposal, proposal.person_id in seen) for proposal in waiting],
        decided=[_row(proposal, proposal.person_id in seen) for proposal in found[:PAGE]],
        next_before=found[PAGE - 1].pk if len(found) > PAGE else None,
    )


def proposal_page(proposal: PersonProposal, *, user: User) -> ProposalPage:
    is_seen = proposal.person_id in _seen_people(user, [proposal])
    before, person = proposal.before, proposal.person
    facts = []
    for name, value in proposal.after.items():
        now, was = in_words(name, fact(person, name)), in_words(name, before[name])
        if not is_seen:
            now, was = "", ""
        facts.append(ProposedFact(LABELS[name], now, "" if was == now else was, in_words(name, value)))
    return ProposalPage(_row(proposal, is_seen), is_seen, facts)


def proposals_of_batch(batch_proposals: PersonProposalQuerySet, *, user: User) -> Sequence[ProposalRow]:
    """Those of an import, the first PAGE of them."""
    found = list(batch_proposals.select_related("person", "into", "township", "proposed_by").order_by("pk")[:PAGE])
    seen = _seen_people(user, found)
    return [_row(proposal, proposal.person_id in seen) for proposal in found]


def _seen_people(user: User, proposals: Sequence[PersonProposal]) -> set[int]:
    keys = {proposal.person_id for proposal in proposals}
    return set(Person.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))


def _row(proposal: PersonProposal, is_seen: bool) -> ProposalRow:
    """Of somebody whom the reader may not see only what the reader's township has said."""
    before, after = proposal.before, proposal.after
    name = proposal.person.name if is_seen else str(after.get("name", "其他镇乡(街道)的人员"))
    if proposal.kind == ProposalKind.MERGE and proposal.into is not None:
        number = proposal.into.national_id_masked
        return ProposalRow(proposal, name, [f"与身份证号 {number} 的记录合并" if number else "与另一条记录合并"])
    changes = [
        str(Difference(LABELS[field], in_words(field, before[field]), in_words(field, value)))
        if is_seen
        else f"{LABELS[field]} 改为 {in_words(field, value)}"
        for field, value in after.items()
    ]
    return ProposalRow(proposal, name, changes)
