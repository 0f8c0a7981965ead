"""Policy that was used stays as it was: the database refuses to change it, and lets through what its life needs."""

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.chain import write_down_heads
from foundation.dates import Month
from subsidies.models import HouseholdBand, MinimumWage, StandardFunding, SubsidyRun, SubsidyStandard
from subsidies.policy.services import PolicyRefused
from subsidies.policy.then import PolicyThen
from subsidies.policy_guards import POLICY_GUARDS, Versions
from subsidies.runs.services import send_back
from subsidies.verification import verify
from tests.builders import a_posting, a_township
from tests.subsidies.months import an_approved_run, breaks, execute, without_triggers
from tests.subsidies.policies import NOW, POLICY, a_minimum_wage, a_policy

pytestmark = [pytest.mark.django_db, pytest.mark.both]
CHANGES = [
    "UPDATE subsidies_minimumwage SET amount = amount + 1",
    "UPDATE subsidies_minimumwage SET approved_at = NULL",
    "UPDATE subsidies_minimumwage SET effective_from = '2030-01-01'",
    "DELETE FROM subsidies_minimumwage",
    "UPDATE subsidies_subsidystandard SET assistant_percent = 200",
    'UPDATE subsidies_subsidystandard SET checks = \'{"contract_missing": "block"}\'',
    "UPDATE subsidies_subsidystandard SET cap_at_cost = NOT cap_at_cost",
    "DELETE FROM subsidies_subsidystandard",
    "UPDATE subsidies_householdband SET secretary_pay = secretary_pay + 1",
    "UPDATE subsidies_householdband SET standard_id = 0",
    "DELETE FROM subsidies_householdband",
    "INSERT INTO subsidies_householdband (standard_id, from_households, secretary_pay)"
    " SELECT id, 401, 90000 FROM subsidies_subsidystandard",
    "UPDATE subsidies_standardfunding SET position = 'x'",
    "DELETE FROM subsidies_standardfunding",
    "INSERT INTO subsidies_standardfunding (standard_id, position, source_id)"
    " SELECT standard_id, 'x', source_id FROM subsidies_standardfunding LIMIT 1",
    "UPDATE subsidies_fundsource SET valid_until = '2099-12-31'",
    "DELETE FROM subsidies_fundsource",
]


def refused(sql: str) -> None:
    with pytest.raises(IntegrityError, match="is used: "), transaction.atomic():
        execute(sql)


@pytest.mark.parametrize("sql", CHANGES)
def test_what_an_approved_month_rests_on_is_not_changed(ledger: SubsidyRun, sql: str) -> None:
    refused(sql)


@pytest.mark.parametrize("sql", [sql for sql in CHANGES if sql.startswith("UPDATE") and "standard_id" not in sql])
def test_without_its_trigger_the_change_goes_through(ledger: SubsidyRun, sql: str) -> None:
    without_triggers()
    execute(f"{sql} WHERE id = (SELECT max(id) FROM {sql.split()[1]})")  # noqa: S608


@pytest.mark.parametrize("sql", CHANGES[:12:4])
def test_a_run_that_was_walked_back_lets_nothing_through(sql: str) -> None:
    """No trigger stands in the way of the run: the states lead there."""
    a_policy()
    a_posting(township=a_township())
    an_approved_run(Month(2009, 6))
    execute("UPDATE subsidies_subsidyrun SET state = 'returned', approved_at = NULL, returned_at = sent_at")
    refused(sql)


@pytest.mark.postgres
@pytest.mark.parametrize("guard", POLICY_GUARDS, ids=lambda guard: guard.table)
def test_the_policy_is_not_emptied(guard: Versions) -> None:
    refused(f"TRUNCATE {guard.table} CASCADE")


REPLACED = [
    "INSERT OR REPLACE INTO subsidies_minimumwage (id, effective_from, amount, document_id)"
    " SELECT {id}, effective_from, 1, document_id FROM subsidies_minimumwage",
    "INSERT OR REPLACE INTO subsidies_householdband (id, standard_id, from_households, secretary_pay)"
    " SELECT {id}, standard_id, from_households, 1 FROM subsidies_householdband",
    "INSERT OR REPLACE INTO subsidies_standardfunding (id, standard_id, position, source_id)"
    " SELECT {id}, standard_id, position, source_id FROM subsidies_standardfunding",
    "INSERT OR REPLACE INTO subsidies_fundsource (id, key, name, document_id)"
    " SELECT {id}, key, 'x', document_id FROM subsidies_fundsource",
]


@pytest.mark.parametrize("key", ["id", "id + 1000"])
@pytest.mark.parametrize("sql", REPLACED)
def test_nothing_used_is_replaced_on_sqlite(ledger: SubsidyRun, sql: str, key: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    refused(sql.format(id=key))


def test_policy_is_corrected_in_place_until_a_month_was_approved_on_it() -> None:
    a_policy()
    a_posting(township=a_township())
    assert a_policy(POLICY.replace('"180"', '"190"').replace("850", "860")).changed == 2
    an_approved_run(Month(2009, 6))
    with pytest.raises(PolicyRefused):
        a_policy(POLICY.replace('"180"', '"190"').replace("850", "870"))


def test_what_begins_after_the_approved_months_is_corrected_in_place(ledger: SubsidyRun) -> None:
    later = POLICY.replace("2009-01-01", "2009-08-01").replace("2008-09-01", "2009-08-01")
    a_policy(later)
    for model in (MinimumWage, SubsidyStandard):
        model._default_manager.filter(approved_at=None).update(approved_at=NOW)
    assert a_policy(later.replace('"180"', '"190"').replace("850", "860")).changed == 2
    refused("UPDATE subsidies_minimumwage SET effective_from = '2009-06-30' WHERE effective_from = '2009-08-01'")


def test_a_version_that_waits_for_used_months_is_approved_or_removed_and_not_changed(ledger: SubsidyRun) -> None:
    a_minimum_wage("2008-09-01", "900.00", more="replaces = true")
    a_policy(POLICY.replace('"180"', '"190"').replace("village_percent", "replaces = true\nvillage_percent"))
    refused("UPDATE subsidies_minimumwage SET amount = 1, approved_at = '2009-08-01' WHERE approved_at IS NULL")
    MinimumWage.objects.filter(approved_at=None).update(approved_at=NOW)
    refused("UPDATE subsidies_minimumwage SET amount = 1 WHERE replaces_id IS NOT NULL")
    SubsidyStandard.objects.get(approved_at=None).delete()
    assert (HouseholdBand.objects.count(), StandardFunding.objects.count()) == (4, 3)


def test_a_month_that_was_returned_used_its_policy_all_the_same() -> None:
    a_policy()
    a_posting(township=a_township())
    send_back(run=an_approved_run(Month(2009, 6)), actor=None, reason="政策有误", now=NOW)
    changed = POLICY.replace('"180"', '"190"')
    with pytest.raises(PolicyRefused):
        a_policy(changed)
    a_policy(changed.replace("village_percent", "replaces = true\nvillage_percent"))
    standard = SubsidyStandard.objects.get(replaces__isnull=False)
    assert (standard.approved_at, standard.effective_from) == (NOW, date(2009, 1, 1))
    assert (standard.bands.count(), standard.funding.count()) == (4, 3)
    refused(f"UPDATE subsidies_householdband SET secretary_pay = 1 WHERE standard_id = {standard.pk}")  # noqa: S608


def test_every_column_but_those_of_the_approvals_is_guarded() -> None:
    models = {model._meta.db_table: model for model in apps.get_app_config("subsidies").get_models()}
    approvals = {"approved_by_id", "finance_approved_by_id", "approved_at"}
    for guard in POLICY_GUARDS:
        if isinstance(guard, Versions):
            columns = {field.column for field in models[guard.table]._meta.concrete_fields}
            assert set(guard.columns) == columns - approvals


BEHIND_OUR_BACK = [
    "UPDATE subsidies_minimumwage SET amount = amount + 1",
    "UPDATE subsidies_minimumwage SET effective_from = '2009-01-01'",
    "UPDATE subsidies_subsidystandard SET assistant_percent = 200",
    "UPDATE subsidies_subsidystandard SET proration = 'whole_if_on_day', proration_day = 15",
    "UPDATE subsidies_subsidystandard SET assistant_base_b = 9",
    "UPDATE subsidies_subsidystandard SET assistant_extra_max = 9",
    "UPDATE subsidies_subsidystandard SET wage_floor = 1",
    'UPDATE subsidies_subsidystandard SET checks = \'{"contract_missing": "block"}\'',
    "UPDATE subsidies_subsidystandard SET cap_at_cost = NOT cap_at_cost",
    "UPDATE subsidies_subsidystandard SET counting_suspensions = '[]'",
    "UPDATE subsidies_householdband SET secretary_pay = secretary_pay + 1",
    "DELETE FROM subsidies_householdband WHERE from_households = 301",
    "UPDATE townships_policydocument SET title = 'x'",
]


@pytest.mark.parametrize("sql", BEHIND_OUR_BACK)
def test_policy_that_its_owner_changed_is_named_for_every_month_that_used_it(ledger: SubsidyRun, sql: str) -> None:
    assert breaks() == []
    without_triggers()
    execute(sql)
    assert {(found.kind, found.row) for found in breaks()} == {
        ("invariant", run.current_revision_id) for run in SubsidyRun.objects.all()
    }


def test_a_version_that_was_replaced_later_stays_right_for_what_it_was_used_for(ledger: SubsidyRun) -> None:
    a_minimum_wage("2008-09-01", "900.00", more="replaces = true")
    a_policy(POLICY.replace('"180"', '"190"').replace("village_percent", "replaces = true\nvillage_percent"))
    for model in (MinimumWage, SubsidyStandard):
        model._default_manager.filter(approved_at=None).update(approved_at=timezone.now())
    an_approved_run(Month(2009, 8))
    write_down_heads()
    assert list(verify()) == []


def test_the_policy_is_read_once_for_all_months(ledger: SubsidyRun) -> None:
    policy = PolicyThen()
    with CaptureQueriesContext(connection) as queries:
        for run in SubsidyRun.objects.select_related("current_revision"):
            assert run.current_revision is not None
            for month in (Month(2009, 5), run.period):
                assert policy.parameters(month, run.current_revision.calculated_at)["minimum_wage"] == "850.00"
    assert len(queries) == 4
