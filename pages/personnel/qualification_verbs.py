"""The verbs of qualifications, working time, source and secondment, as rows of the table of verbs."""

from collections.abc import Iterator
from datetime import date

from accounts.models import User
from accounts.permissions import Permission
from pages.personnel import words
from pages.personnel.forms import WithdrawForm
from pages.personnel.qualification_forms import (
    CorrectSecondmentForm,
    QualificationForm,
    SecondmentForm,
    SourceForm,
    WorkingTimeForm,
)
from pages.personnel.verbs import Verb
from pages.personnel.words import Fields
from staffing import secondments
from staffing.models import Person, Posting, Qualification, Secondment, WorkingTime
from staffing.people import qualifying
from staffing.postings import source, working_time

NO_EFFECT = "借调不影响补助。"


def _of_qualification(person: Person, fields: Fields, today: date) -> Iterator[str]:
    """One obtained as a child is a slip of the pen."""
    day = fields["obtained_on"]
    if day is not None and person.born_on is not None and day.year - person.born_on.year < words.YOUNGEST_GRADUATE:
        yield f"取得日期 {day},{person.name}当年只有 {day.year - person.born_on.year} 岁。"


def _of_day(row: Posting, fields: Fields, today: date) -> Iterator[str]:
    day = fields["effective_from"]
    if day is not None and day > today:
        yield f"执行日期 {day} 还没有到。"


def _withdraw_working_time(*, workingtime: WorkingTime, reason: str, actor: User) -> WorkingTime:
    return working_time.withdraw_working_time(working_time=workingtime, reason=reason, actor=actor)


QUALIFICATION_VERBS = (
    Verb(
        "record_qualification", Person, "qualification/", "登记资格",
        QualificationForm, qualifying.enter_qualification, words.qualification_recorded, _of_qualification,
        permission=Permission.CORRECT_PERSON,
    ),
    Verb(
        "withdraw_qualification", Qualification, "withdraw/", "撤销资格",
        WithdrawForm, qualifying.take_back_qualification, words.qualification_withdrawn,
        permission=Permission.CORRECT_PERSON,
    ),
    Verb(
        "posting_working_time", Posting, "working-time/", "专兼职变动",
        WorkingTimeForm, working_time.set_working_time, words.working_time_set, _of_day,
    ),
    Verb(
        "withdraw_working_time", WorkingTime, "withdraw/", "撤销专兼职登记",
        WithdrawForm, _withdraw_working_time, words.working_time_withdrawn,
    ),
    Verb(
        "posting_source", Posting, "source/", "登记人员来源",
        SourceForm, source.set_source, words.source_set, filled=SourceForm.of, fit=SourceForm.fit,
    ),
    Verb(
        "posting_secondment", Posting, "secondment/", "借调",
        SecondmentForm, secondments.record_secondment, words.secondment_recorded, effect=NO_EFFECT,
    ),
    Verb(
        "correct_secondment", Secondment, "", "借调终止、续借、更正",
        CorrectSecondmentForm, secondments.correct_secondment, words.secondment_corrected,
        filled=CorrectSecondmentForm.of, effect=NO_EFFECT,
    ),
    Verb(
        "withdraw_secondment", Secondment, "withdraw/", "撤销借调",
        WithdrawForm, secondments.withdraw_secondment, words.secondment_withdrawn, effect=NO_EFFECT,
    ),
)  # fmt: skip
