"""变更记录 of a person, with all that belongs to the postings, and of one posting, as far as the reader may see it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import CharField, Model, Q, QuerySet, Value
from django.urls import reverse

from accounts.events import Event
from accounts.history import PAGE_SIZE, About, History, Subject, history, not_by_other_townships
from accounts.models import User
from staffing.events import StaffingEvent
from staffing.labels import position_name
from staffing.models import (
    Contract,
    ImportBatch,
    ImportedChange,
    KinDeclaration,
    Person,
    PersonProposal,
    Posting,
    PostingQuerySet,
    Qualification,
    Secondment,
    Suspension,
    Transfer,
    Wage,
    WorkingTime,
)

# What is recorded of a posting in events of its own.
OF_POSTING: Sequence[type[Model]] = (Contract, Wage, Suspension, WorkingTime, Secondment, KinDeclaration, Transfer)
# And of a person, whatever township the person works in.
OF_PERSON: Sequence[type[Model]] = (Qualification, PersonProposal)
_PERSONAL = {"person", *(str(model._meta.model_name) for model in OF_PERSON)}
# What becomes a fact of the person is told to every township that the person works in, whoever did it.
_FACTS: Sequence[Event] = [event for event in StaffingEvent if event.changes_facts and event.subject in _PERSONAL]
_IMPORT, _UNDO = StaffingEvent.IMPORT_ROSTER, StaffingEvent.UNDO_IMPORT


def person_history(person: Person, *, reader: User, before: int | None = None, size: int = PAGE_SIZE) -> History:
    """Of the record, of those merged into it, and of the postings of theirs that the reader may see.

    Where another township had a look at the person, or proposed something, is told to the county only. Seven
    statements.
    """
    records = dict(Person.objects.filter(Q(pk=person.pk) | Q(merged_into=person.pk)).values_list("pk", "name"))
    about = {("person", pk): About(name) for pk, name in records.items()}
    about |= {(subject, pk): About(records[of]) for subject, pk, of in _parts(OF_PERSON, "person", records)}
    about |= _of_postings(Posting.objects.visible_to(reader).of_person(person.pk), reader)
    only = not_by_other_townships(reader, except_for=_FACTS)
    if only:
        only |= ~Q(subject_type__in=_PERSONAL)
    return history(about, which=only, before=before, size=size)


def posting_history(posting: Posting, *, reader: User, before: int | None = None) -> History:
    """Of one posting and what belongs to it; the reader may see it. Four statements."""
    return history(_of_postings(Posting.objects.filter(pk=posting.pk), reader), before=before)


def _of_postings(postings: PostingQuerySet, reader: User) -> dict[Subject, About]:
    found = list(postings.select_related("township", "unit").order_by("pk"))
    names = {posting.pk: _name(posting) for posting in found}
    about: dict[Subject, About] = {("posting", pk): About(name) for pk, name in names.items()}
    for subject, pk, posting in _parts(OF_POSTING, "posting", names):
        about[subject, pk] = About(names[posting])
    brought = {posting.pk: posting.import_batch_id for posting in found if posting.import_batch_id is not None}
    return about | _of_files(brought, names, reader)


def _name(posting: Posting) -> str:
    """跃龙街道五丰社区社区协管员,2009-01-01 到岗"""
    return f"{posting.township}{posting.unit or ''}{position_name(posting.position)},{posting.started_on} 到岗"


def _parts(models: Sequence[type[Model]], owner: str, keys: Iterable[int]) -> Iterable[tuple[str, int, int]]:
    """Type, id and owner of the rows whose owner is one of these, in one statement."""
    found: list[QuerySet[Any, tuple[str, int, int]]] = [
        model._default_manager.filter(**{f"{owner}__in": list(keys)})
        .annotate(subject=Value(_type(model), output_field=CharField()))
        .order_by()
        .values_list("subject", "pk", owner)
        for model in models
    ]
    return found[0].union(*found[1:], all=True)


def _of_files(brought: Mapping[int, int], names: Mapping[int, str], reader: User) -> dict[Subject, About]:
    """The imports that brought the postings, or changed them, each with what it said of them, and its page if there is
    one for the reader."""
    said: dict[int, list[str]] = defaultdict(list)
    for posting, batch in brought.items():
        said[batch].append(f"新增 {names[posting]}")
    for change in ImportedChange.objects.filter(posting__in=names).order_by("pk"):
        said[change.batch_id].append(f"{names[change.posting_id]}:{change.words}" if len(names) > 1 else change.words)
    seen = set(ImportBatch.objects.visible_to(reader).filter(pk__in=said).values_list("pk", flat=True))
    return {
        ("importbatch", pk): About(
            "花名册文件",
            reverse("import_batch", args=[pk]) if pk in seen else "",
            {_IMPORT.verb: words, _UNDO.verb: [f"撤回:{';'.join(words)}"]},
        )
        for pk, words in said.items()
    }


def _type(model: type[Model]) -> str:
    return model._meta.model_name or ""
