"""A person's page: what the person did where, what is found of it, and what was paid for every month."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from foundation.dates import Month, completed_years
from staffing.enums import ComputerLevel, Education, QualificationKind
from staffing.histories import PostingHistory, histories_of
from staffing.models import Person, PostingQuerySet, Qualification
from subsidies.models import OldDifference, OldDifferenceQuerySet
from subsidies.models.runs import AdjustmentLineQuerySet, AllocationLineQuerySet
from subsidies.posts.findings import Finding, findings_of_month
from subsidies.posts.known_county import known_county, of_person
from subsidies.posts.month_facts import month_facts
from subsidies.revisions.paid import Paid, old_differences_of, paid_for
from subsidies.rules.held import ComputerRecord, EducationRecord, education_on, has_computer_skill_on
from subsidies.rules.rulebook import MissingParameter


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person as far as the reader may see: postings and lines of other townships are left out.

    `qualifications` are all on record by kind, the newest first; `education` and `has_computer_skill` what is held on
    the day.
    `age` is that of the day in completed years: beside the masked id number a birth date would give the number away.
    `refusal` says why findings could not be looked for. `old_differences` are those of the newest run.
    """

    person: Person
    age: int | None
    qualifications: Sequence[Qualification]
    education: Education | None
    has_computer_skill: bool | None
    postings: Sequence[PostingHistory]
    month: Month
    findings: Sequence[Finding]
    refusal: str
    paid: Paid
    old_differences: Sequence[OldDifference]

    @property
    def current(self) -> Sequence[PostingHistory]:
        return [history for history in self.postings if history.is_now]


def person_page(
    person: Person,
    day: date,
    *,
    postings: PostingQuerySet,
    lines: AllocationLineQuerySet,
    adjustments: AdjustmentLineQuerySet,
    differences: OldDifferenceQuerySet,
    year: int | None = None,
) -> PersonPage:
    """The page of a person that stands for itself; of postings and lines only those that may be seen."""
    histories = histories_of(person, day, postings.of_person(person.pk))
    qualifications = list(person.qualifications.order_by("-kind", F("obtained_on").desc(nulls_last=True), "-pk"))
    of_postings = [history.posting.pk for history in histories]
    month = Month.of(day)
    # A finding is of one of the postings, and names no place but those of the others.
    findings, refusal = _findings(person, month, {history.posting.township_id for history in histories})
    return PersonPage(
        person=person,
        age=None if person.born_on is None else completed_years(person.born_on, day),
        qualifications=qualifications,
        education=education_on(day, _educations(qualifications)),
        has_computer_skill=has_computer_skill_on(day, _computer_skills(qualifications)),
        postings=histories,
        month=month,
        findings=findings,
        refusal=refusal,
        paid=paid_for(person, of_postings, lines=lines, adjustments=adjustments, year=year),
        old_differences=old_differences_of(differences, of_postings),
    )


def _educations(qualifications: Iterable[Qualification]) -> list[EducationRecord]:
    return [
        EducationRecord(Education(row.level), row.obtained_on)
        for row in qualifications
        if row.kind == QualificationKind.EDUCATION and row.withdrawn_at is None
    ]


def _computer_skills(qualifications: Iterable[Qualification]) -> list[ComputerRecord]:
    return [
        ComputerRecord(row.level != ComputerLevel.NONE, row.obtained_on)
        for row in qualifications
        if row.kind == QualificationKind.COMPUTER and row.withdrawn_at is None
    ]


def _findings(person: Person, month: Month, townships: Collection[int]) -> tuple[Sequence[Finding], str]:
    known = known_county(since=month.first, until=month.last, deciding_for=of_person(person.pk))
    try:
        return findings_of_month(month_facts(month, known), townships, person=person.pk), ""
    except MissingParameter as error:
        return [], str(error)
