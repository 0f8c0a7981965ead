"""A county lives for some months at random; after every step every promise holds, and a second ledger agrees."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.chain import write_down_heads
from accounts.enums import Role
from accounts.models import User
from foundation.dates import Month
from staffing.enums import Position, Settlement, SuspensionKind
from staffing.grants import grant_places
from staffing.models import EstablishmentGrant, Person, Posting, Suspension
from staffing.people.merging import merge_people, unmerge_person
from staffing.people.registering import register_person
from staffing.postings.services import appoint, correct_dates, withdraw_posting
from staffing.terms.suspensions import correct_suspension, suspend, withdraw_suspension
from staffing.terms.wages import set_wage
from staffing.units.following import convert_unit, merge_unit
from subsidies.calculation.adjusting import adjust, withdraw_adjustment
from subsidies.calculation.parameters import set_parameters
from subsidies.enums import RunState
from subsidies.known_runs import latest_approved_run, unapproved_run
from subsidies.models import Adjustment, LedgerParameters, MinimumWage, SubsidyRun, SubsidyStandard, TownshipReport
from subsidies.policy.services import PolicyRefused
from subsidies.refusals import RunRefused
from subsidies.reports.outstanding import month_to_report
from subsidies.reports.services import accept_report, acknowledge, return_report, submit_report
from subsidies.revisions.answering import acknowledge_old_differences
from subsidies.revisions.invariants import broken_in
from subsidies.revisions.stored import stored_revision
from subsidies.rules.rulebook import MissingParameter
from subsidies.runs.services import approve, calculate, send, send_back, void
from subsidies.verification import verify
from subsidies.workflow import UNAPPROVED_STATES
from tests.builders import a_household_count, a_township, a_unit
from tests.subsidies.policies import NEW_WAGE, POLICY, a_policy
from tests.subsidies.rules.examples import examples
from tests.subsidies.second_ledger import SecondLedger
from townships.enums import TownshipKind, UnitKind
from townships.models import GrassrootsUnit, HouseholdCount, Township

FIRST, LAST = Month(2011, 12), Month(2012, 3)
EARLIEST = date(2011, 11, 20)
EDGES = [0, 1, 10, 11, 12, 41, 42, 43, 56, 72, 73, 101, 102, 103, 131]
# A day around the ends of the months, or any other.
DAYS = st.one_of(st.sampled_from(EDGES), st.integers(0, 150)).map(lambda number: EARLIEST + timedelta(days=number))
LENGTHS = st.one_of(st.none(), st.integers(0, 80))
MONTHS = st.sampled_from([date(2011, 12, 1), date(2012, 1, 1), date(2012, 2, 1), date(2012, 2, 29), date(2012, 3, 1)])
ANY = st.integers(0, 10_000)
REFUSALS = (ValidationError, RunRefused, PolicyRefused, MissingParameter)
# An approval is refused for it when an invariant is broken: never by what services let happen.
NOT_SOUND = "没有通过核验"
STANDARDS = (
    POLICY,
    POLICY.replace('proration = "calendar_day"', 'proration = "whole_if_on_day"\nproration_day = 15'),
    POLICY.replace("assistant_extra_max = 2", 'assistant_extra_max = 0\nchecks = { duplicate_person = "hint" }'),
    POLICY.replace('assistant_percent = "180"', 'assistant_fixed = "1333.33"'),
    POLICY.replace('proration = "calendar_day"', 'proration = "calendar_day"\ncap_at_cost = true'),
    POLICY.replace("from_households = 201", "from_households = 151"),
)


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        settings.SEAL_FILE.unlink(missing_ok=True)  # that of the life before
        self.second = SecondLedger()
        self.approver = User.objects.create_user(
            username="approver", password="correct-horse-battery", role=Role.BUREAU_APPROVER, display_name="审批人"
        )

    def teardown(self) -> None:
        try:
            if SubsidyRun.objects.exists():
                assert_sound()
                connection.check_constraints()
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    @initialize(
        reports=st.booleans(),
        retro=st.sampled_from((12, 12, 2, 1, 0)),
        hired=st.lists(st.tuples(ANY, DAYS, LENGTHS), min_size=4, max_size=8),
        months=st.sampled_from((2, 1, 0)),
    )
    def begin(self, reports: bool, retro: int, hired: list[tuple[int, date, int | None]], months: int) -> None:
        a_policy()
        for number, kind in ((1, TownshipKind.SUBDISTRICT), (101, TownshipKind.TOWN)):
            township = a_township(name=f"镇{number}", code=f"330226{number:03d}", kind=kind)
            for serial, of_unit in enumerate((UnitKind.COMMUNITY, UnitKind.VILLAGE, UnitKind.VILLAGE)):
                a_unit(township=township, kind=of_unit, name=f"村{serial}", code=f"{township.code}{serial:03d}")
        for unit in GrassrootsUnit.objects.filter(code__endswith="1"):
            a_household_count(unit=unit, households=250)
        LedgerParameters.objects.create(county=township.county, reports_required=reports, retro_months=retro)
        for place, day, length in hired:
            self.engage(place, day, length)
        for _ in range(months):
            self.bring_a_month_to_its_end(again=False)

    @rule(place=ANY, day=DAYS, length=LENGTHS)
    def hire(self, place: int, day: date, length: int | None) -> None:
        self.engage(place, day, length)

    @rule(which=ANY, place=ANY, day=DAYS)
    def hire_somebody_for_a_second_post(self, which: int, place: int, day: date) -> None:
        if person := pick(Person.objects.all(), which):
            self.attempt(appoint, person=person, **self.place(place), started_on=day, ended_on=None)

    @rule(which=ANY, day=DAYS)
    def end(self, which: int, day: date) -> None:
        if posting := pick(live(), which):
            self.attempt(correct_dates, posting=posting, started_on=posting.started_on, ended_on=day, reason="离岗")

    @rule(which=ANY, day=DAYS, length=LENGTHS)
    def correct(self, which: int, day: date, length: int | None) -> None:
        if posting := pick(live(), which):
            self.attempt(correct_dates, posting=posting, started_on=day, ended_on=after(day, length), reason="更正")

    @rule(which=ANY, place=ANY, day=DAYS)
    def transfer(self, which: int, place: int, day: date) -> None:
        if posting := pick(live(), which):
            before = day - timedelta(days=1)
            start = posting.started_on
            if self.attempt(correct_dates, posting=posting, started_on=start, ended_on=before, reason="调动"):
                person = posting.person
                self.attempt(appoint, person=person, **self.place(place), started_on=day, ended_on=None)

    @rule(which=ANY)
    def withdraw(self, which: int) -> None:
        if posting := pick(live(), which):
            self.attempt(withdraw_posting, posting=posting, reason="录错")

    @precondition(lambda self: Posting.objects.filter(withdrawn_at__isnull=False).exists())
    @rule(which=ANY, place=ANY, day=DAYS)
    def replace(self, which: int, place: int, day: date) -> None:
        withdrawn = Posting.objects.filter(withdrawn_at__isnull=False, replaced_by__isnull=True)
        if posting := pick(withdrawn, which):
            person = posting.person
            self.attempt(appoint, person=person, **self.place(place), started_on=day, ended_on=None, replaces=posting)

    @rule(one=ANY, other=ANY)
    def merge(self, one: int, other: int) -> None:
        people = Person.objects.all()
        if (duplicate := pick(people, one)) and (into := pick(people, other)):
            self.attempt(merge_people, duplicate=duplicate, into=into, reason="同一人")

    @precondition(lambda self: Person.objects.filter(merged_into__isnull=False).exists())
    @rule(which=ANY)
    def unmerge(self, which: int) -> None:
        if person := pick(Person.objects.filter(merged_into__isnull=False), which):
            self.attempt(unmerge_person, person=person, reason="不是同一人")

    @rule(which=ANY, kind=st.sampled_from(SuspensionKind), day=DAYS, length=LENGTHS)
    def suspend_somebody(self, which: int, kind: SuspensionKind, day: date, length: int | None) -> None:
        if posting := pick(live(), which):
            self.attempt(suspend, posting=posting, kind=kind, started_on=day, ended_on=after(day, length))

    @rule(which=ANY, day=DAYS, wage=st.sampled_from(("900.00", "1300.00", "2000.01")))
    def pay(self, which: int, day: date, wage: str) -> None:
        if posting := pick(live(), which):
            costs: dict[str, Any] = {"monthly_wage": Decimal(wage), "employer_insurance": Decimal("100.00")}
            self.attempt(set_wage, posting=posting, effective_from=day, **costs)

    @rule(which=ANY, extra=st.integers(1, 3), day=DAYS, length=LENGTHS)
    def grant(self, which: int, extra: int, day: date, length: int | None) -> None:
        township = pick(Township.objects.all(), which)
        ended_on = after(day, length)
        self.attempt(
            grant_places, township=township, extra=extra, effective_from=day, ended_on=ended_on, document="批复"
        )
        EstablishmentGrant.objects.filter(approved_at=None).update(approved_at=timezone.now())

    @rule(day=MONTHS, fen=st.integers(80_000, 99_999), replaces=st.booleans())
    def raise_the_minimum_wage(self, day: date, fen: int, replaces: bool) -> None:
        more = "replaces = true" if replaces else ""
        self.bring_in(NEW_WAGE.format(day=day, amount=Decimal(fen) / 100, more=more))

    @rule(day=MONTHS, text=st.sampled_from(STANDARDS), replaces=st.booleans())
    def change_the_standard(self, day: date, text: str, replaces: bool) -> None:
        table = text[text.index("[[standard]]") :].replace("2009-01-01", str(day))
        table = table.replace("document =", f"replaces = {str(replaces).lower()}\ndocument =", 1)
        self.bring_in(table)

    @rule(which=ANY, day=DAYS, households=st.sampled_from((0, 100, 101, 151, 200, 201, 300, 301)))
    def count_households(self, which: int, day: date, households: int) -> None:
        unit = pick(GrassrootsUnit.objects.all(), which)
        assert unit is not None
        before = HouseholdCount.objects.filter(unit=unit, effective_from=day).order_by("pk").last()
        HouseholdCount.objects.create(
            unit=unit,
            households=households,
            counted_on=day,
            effective_from=day,
            replaces=before,
            approved_at=timezone.now(),
        )

    @rule(on=st.booleans())
    def require_reports(self, on: bool) -> None:
        self.attempt(set_parameters, reports_required=on)

    @rule(months=st.sampled_from((12, 2, 1, 0)))
    def reach_back(self, months: int) -> None:
        self.attempt(set_parameters, retro_months=months)

    @rule(which=ANY, first=st.none() | DAYS, last=st.none() | DAYS, kind=st.sampled_from(UnitKind))
    def change_a_unit(self, which: int, first: date | None, last: date | None, kind: UnitKind) -> None:
        if (unit := pick(GrassrootsUnit.objects.all(), which)) and not (first and last and last < first):
            unit.opened_on, unit.closed_on, unit.kind = first, last, kind.value
            unit.save()

    @rule(which=ANY, into=ANY, day=DAYS, fate=st.sampled_from(Settlement), kind=st.sampled_from(UnitKind))
    def end_a_unit(self, which: int, into: int, day: date, fate: Settlement, kind: UnitKind) -> None:
        """Into another one, or else into one of another kind; everybody there meets the same fate."""
        if (unit := pick(GrassrootsUnit.objects.all(), which)) is None:
            return
        settled = dict.fromkeys(unit.postings.values_list("pk", flat=True), fate)
        given: dict[str, Any] = {"unit": unit, "first_day": day, "reason": "撤并", "settled": settled}
        if other := pick(unit.township.units.filter(closed_on=None), into):
            self.attempt(merge_unit, **given, into=other)
        self.attempt(convert_unit, **given, name=f"新{unit.name}", code=f"9{unit.pk:05d}", kind=kind)

    @rule(which=ANY, day=DAYS, length=LENGTHS, kind=st.sampled_from(SuspensionKind))
    def correct_a_suspension(self, which: int, day: date, length: int | None, kind: SuspensionKind) -> None:
        if row := pick(Suspension.objects.live(), which):
            dates: dict[str, Any] = {"started_on": day, "ended_on": after(day, length)}
            self.attempt(correct_suspension, suspension=row, kind=kind, **dates, cause="更正", reason="更正")

    @rule(which=ANY)
    def take_a_suspension_back(self, which: int) -> None:
        if row := pick(Suspension.objects.live(), which):
            self.attempt(withdraw_suspension, suspension=row, reason="录错")

    @rule(which=ANY, day=DAYS)
    def end_a_grant(self, which: int, day: date) -> None:
        grant = pick(EstablishmentGrant.objects.all(), which)
        if grant and day >= grant.effective_from:
            grant.ended_on = day
            grant.save()

    @rule(which=ANY)
    def report(self, which: int) -> None:
        if township := pick(Township.objects.all(), which):
            month = month_to_report(township, today=FIRST.first)
            if month <= LAST:
                self.report_of(township, month)

    @precondition(lambda self: TownshipReport.objects.exists())
    @rule(which=ANY)
    def accept(self, which: int) -> None:
        if report := pick(TownshipReport.objects.all(), which):
            self.attempt(accept_report, report=report, now=timezone.now())

    @precondition(lambda self: TownshipReport.objects.exists())
    @rule(which=ANY)
    def return_a_report(self, which: int) -> None:
        if report := pick(TownshipReport.objects.all(), which):
            self.attempt(return_report, report=report, reason="请核对", now=timezone.now())

    @rule(which=ANY, fen=st.integers(-50_000, 50_000), day=MONTHS)
    def make_an_adjustment(self, which: int, fen: int, day: date) -> None:
        self.attempt(
            adjust,
            month=self.month(),
            township=pick(Township.objects.all(), which),
            person=None,
            for_month=Month.of(day),
            amount=Decimal(fen) / 100,
            document="县长办公会议纪要",
            reason="补贴",
        )

    @precondition(lambda self: Adjustment.objects.exists())
    @rule(which=ANY)
    def take_an_adjustment_back(self, which: int) -> None:
        if adjustment := pick(Adjustment.objects.all(), which):
            self.attempt(withdraw_adjustment, adjustment=adjustment)

    @rule(again=st.booleans())
    def calculate_a_month(self, again: bool) -> None:
        latest = latest_approved_run()
        month = latest.period if again and latest else self.month()
        done = self.attempt(calculate, month=month)
        if done is not None:
            assert self.second.differences_of(SubsidyRun.objects.get(pk=done.run.pk)) == []

    @precondition(lambda self: self.waits(RunState.CALCULATED))
    @rule()
    def send_it(self) -> None:
        if run := unapproved_run():
            self.attempt(send, run=run, now=timezone.now())

    @precondition(lambda self: self.waits(RunState.CALCULATED))
    @rule()
    def answer_for_what_is_too_old(self) -> None:
        if run := unapproved_run():
            self.attempt(acknowledge_old_differences, run=run, chosen=None, reason="已按文件另行处理")

    @precondition(lambda self: self.waits(RunState.IN_REVIEW))
    @rule()
    def approve_it(self) -> None:
        if (run := unapproved_run()) is None:
            return
        before = self.second.unsettled()
        if self.attempt(approve, run=run, now=timezone.now(), actor=self.approver):
            self.second.post(SubsidyRun.objects.get(pk=run.pk))
            before = before or dict.fromkeys(Township.objects.values_list("pk", flat=True), run.period)
            assert self.second.unsettled_cells(run.period, before) == []
            assert self.second.adjustments_amiss(run.period) == []
            assert_sound()

    @rule(again=st.sampled_from((False, False, True)))
    def bring_a_month_to_its_end(self, again: bool) -> None:
        """As most months go: reported, accepted, calculated, sent, approved; or once more for what came late."""
        month = self.month()
        for township in Township.objects.all():
            for _ in range(2):  # a late township catches up
                to_report = month_to_report(township, today=FIRST.first)
                if to_report <= month and (report := self.report_of(township, to_report)):
                    self.attempt(accept_report, report=report, now=timezone.now())
        self.calculate_a_month(again=again)
        self.answer_for_what_is_too_old()
        self.send_it()
        self.approve_it()

    @rule(again=st.booleans(), which=ANY, day=DAYS, length=LENGTHS)
    def bring_a_month_to_its_end_and_hear_of_it_late(
        self, again: bool, which: int, day: date, length: int | None
    ) -> None:
        self.bring_a_month_to_its_end(again)
        self.correct(which, day, length)
        self.bring_a_month_to_its_end(not again)

    @precondition(lambda self: SubsidyRun.objects.exists())
    @rule(approved=st.booleans())
    def return_a_run(self, approved: bool) -> None:
        run = latest_approved_run() if approved else unapproved_run()
        if run and self.attempt(send_back, run=run, reason="请核对", now=timezone.now()) and run.is_approved:
            self.second.take_back(run)

    @precondition(lambda self: self.waits(*UNAPPROVED_STATES))
    @rule()
    def void_it(self) -> None:
        if run := unapproved_run():
            self.attempt(void, run=run, reason="重来", now=timezone.now())

    @invariant()
    def every_promise_holds(self) -> None:
        runs = SubsidyRun.objects.exclude(state=RunState.VOIDED.value).select_related("current_revision", "county")
        for run in runs:
            assert run.current_revision is not None
            assert broken_in(run, stored_revision(run.current_revision)) == [], run

    def waits(self, *states: str) -> bool:
        return SubsidyRun.objects.filter(state__in=states).exists()

    def engage(self, place: int, day: date, length: int | None) -> None:
        person = register_person(name=f"人{Person.objects.count()}", national_id=None, actor=None)
        self.attempt(appoint, person=person, **self.place(place), started_on=day, ended_on=after(day, length))

    def month(self) -> Month:
        """The month that is calculated next."""
        waiting, latest = unapproved_run(), latest_approved_run()
        if waiting is not None:
            return waiting.period
        return min(latest.period + 1, LAST) if latest else FIRST

    def report_of(self, township: Township, month: Month) -> TownshipReport | None:
        self.attempt(acknowledge, township=township, month=month, chosen=lambda row: True, reason="属实")
        confirmed = set(Posting.objects.values_list("pk", flat=True))
        report: TownshipReport | None = self.attempt(
            submit_report, township=township, month=month, confirmed=confirmed, now=timezone.now()
        )
        return report

    def place(self, number: int) -> dict[str, Any]:
        """An assistant's place, or one of a unit's coordinator."""
        townships = list(Township.objects.all())
        township = townships[number % len(townships)]
        units = [None, None, *GrassrootsUnit.objects.filter(township=township).order_by("code")]
        unit = units[number // 2 % len(units)]
        position = Position.ASSISTANT
        if unit is not None:
            is_community = unit.kind == UnitKind.COMMUNITY
            position = Position.COMMUNITY_COORDINATOR if is_community else Position.VILLAGE_COORDINATOR
        return {"township": township, "unit": unit, "position": position}

    def attempt(self, service: Callable[..., Any], *, actor: User | None = None, **given: Any) -> Any:
        """What the service made; None where it refused, which leaves nothing."""
        try:
            return service(actor=actor, **given)
        except REFUSALS as refusal:
            if NOT_SOUND in str(refusal):
                raise
            return None

    def bring_in(self, policy: str) -> None:
        """A policy file, approved at once."""
        now = timezone.now()
        try:
            a_policy(policy, now=now)
        except REFUSALS:
            return
        for model in (MinimumWage, SubsidyStandard):
            model.objects.filter(approved_at=None).update(approved_at=now)


def pick(rows: models.QuerySet[Any], number: int) -> Any:
    """One of the rows, the same for the same number; None where there is none."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    return rows.get(pk=keys[number % len(keys)]) if keys else None


def assert_sound() -> None:
    """As after a commit, which this life never comes to."""
    write_down_heads()
    assert list(verify()) == []


def live() -> models.QuerySet[Posting]:
    return Posting.objects.filter(withdrawn_at=None)


def after(day: date, length: int | None) -> date | None:
    return None if length is None else day + timedelta(days=length)


@pytest.mark.invented
@pytest.mark.long
@pytest.mark.both
@pytest.mark.django_db
def test_a_county_lives_and_its_ledger_stays_right() -> None:
    run_state_machine_as_test(
        Life,
        settings=examples(2, steps=40),
    )
