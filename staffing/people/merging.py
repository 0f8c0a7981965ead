"""Merging two records of one person, and undoing that. Each leaves one audit event."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import User
from staffing.events import StaffingEvent
from staffing.locking import lock_people
from staffing.models import Person, Posting
from staffing.periods import overlapping


@transaction.atomic
def merge_people(*, duplicate: Person, into: Person, reason: str, actor: User | None) -> Person:
    """Two records of one person: `duplicate` counts as `into` from now on, and keeps its postings.

    Merged records are one level deep, so that unmerging one restores it: whatever comes with its own id number later
    stays its own.
    """
    if not reason.strip():
        raise ValidationError("合并人员记录须写明原因。")
    people = {person.pk: person for person in lock_people(duplicate.pk, into.pk)}
    duplicate, into = people[duplicate.pk], people[into.pk]
    join_records(duplicate, into)
    audit.record(
        actor=actor, event=StaffingEvent.MERGE_PEOPLE, subject=duplicate, after={"merged_into": into.pk}, reason=reason
    )
    return duplicate


def join_records(duplicate: Person, into: Person) -> None:
    """Store that `duplicate` counts as `into`, both locked; ValidationError where they cannot be one."""
    if duplicate.pk == into.pk:
        raise ValidationError("不能与自己合并。")
    if into.merged_into_id is not None or duplicate.merged_into_id is not None:
        raise ValidationError("其中一条记录已经合并,请选择合并后的记录,或先取消合并。")
    if duplicate.merged_records.exists():
        raise ValidationError("有别的记录合并在这条记录上,请反过来合并,或先取消合并。")
    if meeting_postings(duplicate, into):
        raise ValidationError("两条记录在同一岗位的在岗时间重叠,请先撤销重复的在岗记录。")
    duplicate.merged_into = into
    duplicate.save(update_fields=["merged_into"])


def meeting_postings(duplicate: Person, into: Person) -> list[tuple[Posting, Posting]]:
    """Postings of the two records that would be one posting held twice at once: (earlier, later)."""
    postings = Posting.objects.filter(person__in=[duplicate, into], withdrawn_at=None)
    places: dict[tuple[int, int | None, str], list[Posting]] = {}
    for posting in postings.select_related("person", "township", "unit"):
        places.setdefault((posting.township_id, posting.unit_id, posting.position), []).append(posting)
    return [pair for at_place in places.values() for pair in overlapping(at_place)]


@transaction.atomic
def unmerge_person(*, person: Person, reason: str, actor: User | None) -> Person:
    """Undo `merge_people`: the record is a person of its own again, with its own name, postings and qualification."""
    if not reason.strip():
        raise ValidationError("取消合并须写明原因。")
    person = lock_people(person.pk)[0]
    if person.merged_into_id is None:
        raise ValidationError("这条记录没有合并。")
    before = {"merged_into": person.merged_into_id}
    person.merged_into = None
    person.save(update_fields=["merged_into"])
    audit.record(actor=actor, event=StaffingEvent.UNMERGE_PERSON, subject=person, before=before, reason=reason)
    return person
