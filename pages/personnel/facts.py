"""What is on record of a person, shown beside the form that changes it, and as the form remembers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pages.personnel import words
from pages.personnel.rows import Subject
from staffing.histories import PostingHistory, histories_of
from staffing.models import (
    Contract,
    Person,
    Posting,
    PostingQuerySet,
    Qualification,
    Secondment,
    Suspension,
    Wage,
    WorkingTime,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """`qualifications` are the person's that were not withdrawn. `shown` with all that belongs to them: the posting
    that the form is about, for a person those of the day, or the latest one; the `others` in a line each. Both the
    newest first."""

    person: Person
    qualifications: Sequence[Qualification]
    shown: Sequence[PostingHistory]
    others: Sequence[PostingHistory]


def facts_beside(person: Person, posting: Posting | None, day: date, visible: PostingQuerySet) -> Facts:
    """As far as the postings are `visible`; a person's include those of the records merged into it."""
    record = person.merged_into or person
    histories = histories_of(record, day, visible.of_person(record.pk))
    if posting is not None:
        shown = [history for history in histories if history.posting.pk == posting.pk]
    else:
        shown = [history for history in histories if history.is_now] or histories[:1]
    qualifications = list(person.qualifications.live().order_by("-kind", "pk"))
    return Facts(person, qualifications, shown, [history for history in histories if history not in shown])


def education_held(person: Person, day: date) -> str:
    """What it is called; empty where none is on record. A record's own, as for its findings."""
    highest = person.qualifications.educations_on(day).first()
    return highest.get_level_display() if highest is not None else ""


def shown_of(row: Subject) -> dict[str, str]:
    """The facts of the row by their labels, so that whoever saves a form is told which of them others changed."""
    if isinstance(row, Posting):
        return _of_posting(row)
    if isinstance(row, Contract):
        return {"劳动合同": words.contract_in_words(row), "撤销": row.withdrawn_reason}
    if isinstance(row, Wage):
        return {"工资": words.wage_in_words(row), "撤销": row.withdrawn_reason}
    if isinstance(row, Suspension):
        return {"停发": words.stop_in_words(row), "停发的原因": row.reason, "撤销": row.withdrawn_reason}
    if isinstance(row, Qualification):
        return {"资格": words.qualification_in_words(row), "撤销": row.withdrawn_reason}
    if isinstance(row, WorkingTime):
        return {"专职/兼职": words.working_time_in_words(row), "撤销": row.withdrawn_reason}
    if isinstance(row, Secondment):
        return {"借调": words.secondment_in_words(row), "撤销": row.withdrawn_reason}
    held = ";".join(map(words.qualification_in_words, row.qualifications.live().order_by("pk")))
    return {"姓名": row.name, "身份证号": row.national_id_masked, "资格": held}


def _of_posting(posting: Posting) -> dict[str, str]:
    return {
        "到岗日期": str(posting.started_on),
        "离岗日期": str(posting.ended_on or ""),
        "离岗原因": posting.why_it_ended,
        "专职/兼职": ";".join(map(words.working_time_in_words, posting.working_times.begun_by(date.max))),
        "人员来源": words.source_in_words(posting),
        "借调": ";".join(map(words.secondment_in_words, posting.secondments.live().order_by("started_on"))),
        "劳动合同": ";".join(map(words.contract_in_words, posting.contracts.live().order_by("started_on"))),
        "工资": ";".join(map(words.wage_in_words, posting.wages.live().order_by("effective_from"))),
        "停发": ";".join(map(words.stop_in_words, posting.suspensions.live().order_by("started_on"))),
        "撤销": posting.withdrawn_reason,
    }
