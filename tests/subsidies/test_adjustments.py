"""Other adjustments: entered, held by the run and in every total, taken back, refused when it is too late."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.enums import Role
from foundation.dates import Month
from staffing.models import Posting
from subsidies.models import Adjustment, Allocation
from subsidies.selectors.figures import added_up, figures_by_run, figures_by_township
from subsidies.services.adjustments import adjust, withdraw_adjustment
from subsidies.services.refusals import RunRefused
from subsidies.services.runs import calculate
from tests.builders import a_person, a_posting, a_township
from tests.conftest import MakeUser
from tests.subsidies.months import an_approved_run
from tests.subsidies.policies import a_policy
from townships.models import Township

pytestmark = pytest.mark.django_db
JUNE = Month(2009, 6)


@pytest.fixture
def township() -> Township:
    a_policy()
    township = a_township()
    a_posting(township=township)
    return township


def an_adjustment(township: Township, amount: str = "-120.00", **fields: object) -> Adjustment:
    values: dict[str, object] = {
        "month": JUNE,
        "person": None,
        "for_month": JUNE,
        "document": "县财〔2009〕1 号",
        "reason": "审计整改",
        "actor": None,
    }
    return adjust(township=township, amount=Decimal(amount), **{**values, **fields})  # type: ignore[arg-type]  # any field


def test_a_run_holds_it_in_every_total(township: Township) -> None:
    an_adjustment(township, person=Posting.objects.get().person)
    result = calculate(month=JUNE, actor=None)
    revision = result.revision
    figures = added_up(figures_by_township(revision, Allocation.objects.all()))
    assert figures_by_run([result.run], Allocation.objects.all())[0].figures.total == figures.total
    assert (revision.total, Allocation.objects.get().total, figures.total, figures.adjustment) == (
        Decimal("1410.00"),
        Decimal("1410.00"),
        Decimal("1410.00"),
        Decimal("-120.00"),
    )


def test_it_is_paid_once(township: Township) -> None:
    an_adjustment(township)
    an_approved_run(JUNE)
    assert calculate(month=JUNE + 1, actor=None).revision.total == Decimal("1530.00")


def test_one_more_makes_another_revision_and_one_less_brings_the_total_back(township: Township) -> None:
    assert calculate(month=JUNE, actor=None).revision.total == Decimal("1530.00")
    row = an_adjustment(township)
    assert calculate(month=JUNE, actor=None).revision.total == Decimal("1410.00")
    withdraw_adjustment(adjustment=row, actor=None)
    again = calculate(month=JUNE, actor=None).revision
    assert (again.number, again.total) == (3, Decimal("1530.00"))


def test_what_is_approved_is_not_withdrawn_and_not_entered_for_the_past(township: Township) -> None:
    row = an_adjustment(township)
    an_approved_run(JUNE)
    with pytest.raises(RunRefused, match="已随核算审批"):
        withdraw_adjustment(adjustment=row, actor=None)
    an_approved_run(JUNE + 1)
    with pytest.raises(RunRefused, match="只能列入以后的核算"):
        an_adjustment(township)


def test_only_the_officer_enters_one(township: Township, make_user: MakeUser) -> None:
    with pytest.raises(PermissionDenied):
        an_adjustment(township, actor=make_user(Role.BUREAU_APPROVER))
    assert an_adjustment(township, actor=make_user(Role.BUREAU_OFFICER)).amount == Decimal("-120.00")


@pytest.mark.parametrize(
    "fields", [{"document": " "}, {"reason": ""}, {"amount": "0.00"}, {"for_month": JUNE + 1}], ids=str
)
def test_it_needs_an_amount_a_document_a_reason_and_a_month_that_has_been(
    township: Township, fields: dict[str, object]
) -> None:
    with pytest.raises(ValidationError):
        an_adjustment(township, **fields)  # type: ignore[arg-type]  # any field


def test_it_is_for_somebody_of_the_township(township: Township) -> None:
    with pytest.raises(ValidationError, match="没有在"):
        an_adjustment(township, person=a_person(name="李四"))


def test_the_database_refuses_one_of_nothing(township: Township) -> None:
    row = an_adjustment(township)
    with pytest.raises(IntegrityError, match="adjustment_is_an_amount"), transaction.atomic():
        Adjustment.objects.filter(pk=row.pk).update(amount=Decimal("0.00"))
    with pytest.raises(IntegrityError, match="adjustment_months_are_firsts"), transaction.atomic():
        Adjustment.objects.filter(pk=row.pk).update(for_month="2009-07-01")
