"""The database itself keeps when a run was approved and where the ledger begins; without its triggers it would not."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from subsidies.models import LedgerParameters, SubsidyRun
from subsidies.runs.services import send_back
from tests.builders import a_posting, a_township
from tests.subsidies.months import JUNE, an_approved_run, execute, without_triggers
from tests.subsidies.policies import NOW, a_policy

pytestmark = [pytest.mark.django_db, pytest.mark.both]
OF_RUNS = [
    "UPDATE subsidies_subsidyrun SET approved_at = '2009-01-01 00:00:00+00:00'",
    "UPDATE subsidies_subsidyrun SET sent_at = '2009-01-01 00:00:00+00:00'",
    "UPDATE subsidies_subsidyrun SET state = 'returned', approved_at = NULL, returned_at = approved_at,"
    " sent_at = '2009-01-01 00:00:00+00:00'",
]
OF_LEDGERS = [
    "UPDATE subsidies_ledgerparameters SET first_month = '2009-05-01'",
    "UPDATE subsidies_ledgerparameters SET first_month = NULL",
    "UPDATE subsidies_ledgerparameters SET id = id + 1",
    "DELETE FROM subsidies_ledgerparameters",
]
REPLACE = (
    "INSERT OR REPLACE INTO subsidies_ledgerparameters"
    " (id, county_id, first_month, retro_months, reports_required, report_due_day)"
    " SELECT {id}, county_id, '2009-05-01', retro_months, reports_required, report_due_day"
    " FROM subsidies_ledgerparameters"
)


@pytest.fixture
def approved() -> SubsidyRun:
    """June, approved: the ledger begins with it."""
    a_policy()
    a_posting(township=a_township())
    return an_approved_run(JUNE)


def refused(sql: str) -> None:
    with pytest.raises(IntegrityError, match=r"goes by its states|keeps its first month"), transaction.atomic():
        execute(sql)


@pytest.mark.parametrize("sql", OF_RUNS + OF_LEDGERS)
def test_when_a_run_was_approved_and_where_the_ledger_begins_is_kept(approved: SubsidyRun, sql: str) -> None:
    refused(sql)


@pytest.mark.parametrize("sql", OF_RUNS + OF_LEDGERS)
def test_without_its_trigger_the_change_goes_through(approved: SubsidyRun, sql: str) -> None:
    without_triggers()
    execute(sql)


@pytest.mark.parametrize("key", ["id", "id + 1000"])
def test_no_ledger_is_replaced_on_sqlite(approved: SubsidyRun, key: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    refused(REPLACE.format(id=key))
    without_triggers()
    execute(REPLACE.format(id=key))
    assert LedgerParameters.objects.get().first_month == date(2009, 5, 1)


@pytest.mark.postgres
def test_the_ledgers_are_not_emptied(approved: SubsidyRun) -> None:
    execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing is pending that forbids it anyway
    refused("TRUNCATE subsidies_ledgerparameters CASCADE")


def test_a_ledger_without_an_approved_month_begins_anew(approved: SubsidyRun) -> None:
    """Straight in the database, as services do it."""
    send_back(run=approved, actor=None, reason="更正", now=NOW)
    execute("UPDATE subsidies_ledgerparameters SET first_month = '2009-04-01'")
    refused("UPDATE subsidies_ledgerparameters SET first_month = '2009-05-01'")
    execute("UPDATE subsidies_ledgerparameters SET first_month = NULL, retro_months = 6")
    assert LedgerParameters.objects.get().first_month is None
