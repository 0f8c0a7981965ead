"""Who had a hand in a run: by each kind of event that is editing, and in whose stead it was done."""

from decimal import Decimal

import pytest
from django.db.models import Model
from django.utils import timezone

from accounts.audit import record
from accounts.enums import Role
from accounts.events import Event, declared_events
from accounts.models import User
from foundation.dates import Month
from staffing.enums import ElectionState, Position, TransferState
from staffing.events import StaffingEvent
from staffing.models import Election, ImportBatch, Posting
from subsidies.calculation.adjusting import adjust
from subsidies.events import SubsidyEvent
from subsidies.models import SubsidyRun
from subsidies.revisions.parties import is_editor, is_maker
from subsidies.runs.services import calculate
from tests.builders import (
    a_contract,
    a_household_count,
    a_posting,
    a_qualification,
    a_suspension,
    a_township,
    a_transfer,
    a_unit,
    a_wage,
    a_working_time,
)
from tests.subsidies.policies import a_policy
from tests.users import MakeUser
from townships.enums import UnitKind
from townships.models import County

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)
EDITING = [event for event in declared_events() if event.is_editing]


@pytest.fixture
def deputy(make_user: MakeUser) -> User:
    return make_user(Role.BUREAU_OFFICER)


@pytest.fixture
def rows(deputy: User) -> dict[str, Model | None]:
    """By its type a row of June, where an event may be about one; the count was entered by the deputy."""
    a_policy()
    posting = a_posting(township=a_township())
    count = a_household_count(unit=a_unit(township=posting.township, kind=UnitKind.VILLAGE))
    other = a_posting(township=posting.township, unit=count.unit, position=Position.VILLAGE_COORDINATOR)
    transfer = a_transfer(posting=posting, to_township=posting.township)
    transfer.state, transfer.decided_at, transfer.new_posting = TransferState.RECEIVED.value, timezone.now(), other
    transfer.save()
    count.entered_by = deputy
    count.save()
    batch = ImportBatch.objects.create(kind="election", township=posting.township)
    Posting.objects.filter(pk=other.pk).update(import_batch=batch)
    adjustment = adjust(
        month=JUNE,
        township=posting.township,
        person=None,
        for_month=JUNE,
        amount=Decimal(-100),
        document="函",
        reason="多补",
        actor=None,
    )
    return {
        "posting": posting,
        "person": posting.person,
        "contract": a_contract(posting=posting),
        "wage": a_wage(posting=posting),
        "suspension": a_suspension(posting=posting),
        "workingtime": a_working_time(posting=posting, effective_from=JUNE.first),
        "qualification": a_qualification(person=posting.person, obtained_on=JUNE.first),
        "transfer": transfer,
        "election": Election.objects.create(township=posting.township, state=ElectionState.DONE.value, batch=batch),
        "importbatch": ImportBatch.objects.create(kind="roster", sha256="2" * 64),
        "adjustment": adjustment,
        "grassrootsunit": count.unit,
        "county": County.objects.get(),
        "": None,
    }


@pytest.mark.parametrize("event", EDITING, ids=str)
def test_whoever_edits_and_in_whose_stead_it_is_done_are_editors(
    rows: dict[str, Model | None], deputy: User, make_user: MakeUser, event: Event
) -> None:
    approver, innocent = make_user(Role.BUREAU_APPROVER), make_user(Role.FINANCE_OFFICER)
    run = calculate(month=JUNE, actor=None).run
    assert (is_editor(approver, run), is_editor(innocent, run)) == (False, False)
    record(event=event, actor=deputy, on_behalf_of=approver, subject=rows[event.subject], after={})
    assert (is_editor(deputy, run), is_editor(approver, run), is_editor(innocent, run)) == (True, True, False)


def test_an_edit_of_another_month_bars_nobody(rows: dict[str, Model | None], make_user: MakeUser) -> None:
    clerk = make_user(Role.TOWNSHIP_CLERK)
    later = a_posting(township=Posting.objects.earliest("pk").township, started_on=JUNE.last.replace(year=2010))
    run = calculate(month=JUNE, actor=None).run
    for event in EDITING:
        if event.subject == "posting":
            record(event=event, actor=clerk, subject=later, before={"started_on": later.started_on})
    assert not is_editor(clerk, run)


@pytest.mark.parametrize("event", [SubsidyEvent.CALCULATE, SubsidyEvent.SEND])
def test_in_whose_stead_a_run_is_made_is_its_maker(
    rows: dict[str, Model | None], deputy: User, make_user: MakeUser, event: SubsidyEvent
) -> None:
    approver = make_user(Role.BUREAU_APPROVER)
    run: SubsidyRun = calculate(month=JUNE, actor=None).run
    assert not is_maker(approver, run)
    record(event=event, actor=deputy, on_behalf_of=approver, subject=run)
    assert (is_maker(deputy, run), is_maker(approver, run)) == (True, True)


def test_an_election_that_is_only_typed_bars_nobody(rows: dict[str, Model | None], make_user: MakeUser) -> None:
    clerk, preparing = make_user(Role.TOWNSHIP_CLERK), rows["election"]
    assert isinstance(preparing, Election)
    preparing.batch, preparing.state = None, ElectionState.PREPARING.value
    preparing.save()
    run = calculate(month=JUNE, actor=None).run
    record(event=StaffingEvent.PREPARE_ELECTION, actor=clerk, subject=preparing)
    assert not is_editor(clerk, run)
