"""What the pages of past imports and verbs for many show: the list, and one batch with what it brought and changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from staffing.enums import BatchKind, Position
from staffing.imports.changes import changes_to_restore
from staffing.models import ImportBatch, ImportBatchQuerySet, ImportedChange, Posting

PAGE = 50
SHOWN = 200


@dataclass(frozen=True)
class BatchesPage:
    """Imports, the latest first; `next_before` leads on to earlier ones."""

    batches: Sequence[ImportBatch]
    next_before: int | None


@dataclass(frozen=True)
class Touched:
    """A posting that an import brought or changed; `words` is what it changed."""

    name: str
    place: str
    started_on: str
    words: str = ""
    is_withdrawn: bool = False


@dataclass(frozen=True)
class BatchPage:
    """`brought` and `changed` are the first SHOWN of as many as the batch counts. `obstacles`: why it stays."""

    batch: ImportBatch
    brought: Sequence[Touched]
    changed: Sequence[Touched]
    to_withdraw: int
    to_restore: int
    obstacles: Sequence[str]


def batches_page(batches: ImportBatchQuerySet, *, before: int | None) -> BatchesPage:
    listed = batches.exclude(kind=BatchKind.GRANTS.value).select_related("imported_by", "township").order_by("-pk")
    if before is not None:
        listed = listed.filter(pk__lt=before)
    found = list(listed[: PAGE + 1])
    return BatchesPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def batch_page(batch: ImportBatch, *, obstacles: Sequence[str]) -> BatchPage:
    brought = Posting.objects.filter(import_batch=batch)
    related = ("person", "township", "unit")
    changes = ImportedChange.objects.filter(batch=batch).order_by("pk")
    changes = changes.select_related(*(f"posting__{name}" for name in related))
    return BatchPage(
        batch=batch,
        brought=[_touched(posting) for posting in brought.select_related(*related).order_by("pk")[:SHOWN]],
        changed=[_touched(posting, ";".join(dict.fromkeys(words))) for posting, words in _by_posting(changes[:SHOWN])],
        to_withdraw=brought.filter(withdrawn_at=None).count(),
        to_restore=changes_to_restore(batch),
        obstacles=obstacles,
    )


def _by_posting(changes: Iterable[ImportedChange]) -> Iterator[tuple[Posting, list[str]]]:
    """The words of each posting together; rows of one follow each other."""
    for _, of_posting in groupby(changes, key=lambda change: change.posting_id):
        rows = list(of_posting)
        yield rows[0].posting, [row.words for row in rows]


def _touched(posting: Posting, words: str = "") -> Touched:
    unit = posting.unit.name if posting.unit is not None else ""
    place = f"{posting.township.name}{unit} {Position(posting.position).label}"
    started_on, is_withdrawn = posting.started_on.isoformat(), posting.withdrawn_at is not None
    return Touched(posting.person.name, place, started_on, words, is_withdrawn)
