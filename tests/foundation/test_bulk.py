"""Rows written in bulk read like rows saved one by one, on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction

from accounts.models import AuditEvent
from foundation.bulk import insert_rows, next_ids
from foundation.http import WriteInReadError, reading
from staffing.models import Person
from subsidies.models import LedgerParameters, MinimumWage
from townships.models import County, PolicyDocument

pytestmark = [pytest.mark.django_db, pytest.mark.both]

AWKWARD = "制表\t换行\n反斜杠\\N 引号'\" \\. 𠮷 NULL"
EVENT = ("at", "actor_name", "role", "address", "action", "subject_type", "subject_label", "before", "after")
LEDGER = ("county", "first_month", "retro_months", "reports_required", "report_due_day")
REST = ("reason", "result", "previous_digest", "digest")


def documents(count: int) -> list[tuple[object, ...]]:
    return [(f"d{number}", "意见", "", date(2009, 1, 1)) for number in range(count)]


def test_text_comes_back_as_it_was() -> None:
    assert insert_rows(PolicyDocument, ["key", "title", "number", "issued_on"], [("a", AWKWARD, "", None)]) == 1
    document = PolicyDocument.objects.get()
    assert (document.title, document.number, document.issued_on) == (AWKWARD, "", None)


def test_money_and_dates_and_links_come_back_as_they_were() -> None:
    document = PolicyDocument.objects.create(key="a", title="意见")
    rows: list[tuple[object, ...]] = [(date(2009, n, 1), Decimal("850.05") * n, document.pk) for n in (1, 2)]
    insert_rows(MinimumWage, ["effective_from", "amount", "document"], rows)
    assert list(MinimumWage.objects.order_by("pk").values_list("effective_from", "amount", "document_id")) == rows


def test_values_as_they_are_stored_come_back_as_the_model_has_them() -> None:
    document = PolicyDocument.objects.create(key="a", title="意见")
    rows: list[tuple[object, ...]] = [("2009-01-01", 85005, document.pk)]
    insert_rows(MinimumWage, ["effective_from", "amount", "document"], rows, are_stored=True)
    wage = MinimumWage.objects.get()
    assert (wage.effective_from, wage.amount) == (date(2009, 1, 1), Decimal("850.05"))

    county = County.objects.create(code="330226", name="宁海县")
    insert_rows(LedgerParameters, [*LEDGER], [(county.pk, None, 12, 1, 25)], are_stored=True)
    assert LedgerParameters.objects.values_list(*LEDGER).get() == (county.pk, None, 12, True, 25)


def test_json_times_and_bytes_come_back_as_they_were() -> None:
    at = datetime(2009, 6, 15, 8, 30, tzinfo=UTC)
    values = (at, "甲", "auditor", "", "read", "", "", {"户数": [1, None, "\\"]}, None, "", "done", "", "")
    insert_rows(AuditEvent, [*EVENT, *REST], [values])
    assert AuditEvent.objects.values_list(*EVENT, *REST).get() == values
    insert_rows(
        Person,
        ["name", "national_id_encrypted", "national_id_masked", "national_id_tail_index", "sex"],
        [("张三", b"\x00\\\xff\n", "", "", "")],
    )
    assert bytes(Person.objects.get().national_id_encrypted or b"") == b"\x00\\\xff\n"


def test_bulk_rows_equal_saved_rows() -> None:
    insert_rows(PolicyDocument, ["key", "title", "number", "issued_on"], [("a", "意见", "", date(2009, 1, 1))])
    PolicyDocument.objects.create(key="b", title="意见", number="", issued_on=date(2009, 1, 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, number, issued_on FROM townships_policydocument")
        one, other = cursor.fetchall()
    assert one == other


def test_no_rows_are_no_rows() -> None:
    assert insert_rows(PolicyDocument, ["key"], []) == 0


def test_a_generator_is_taken_row_by_row() -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        yield from documents(3)

    assert insert_rows(PolicyDocument, ["key", "title", "number", "issued_on"], rows()) == 3
    assert PolicyDocument.objects.count() == 3


def test_fractions_of_a_fen_are_refused() -> None:
    document = PolicyDocument.objects.create(key="a", title="意见")
    row = (date(2009, 1, 1), Decimal("0.001"), document.pk)
    with pytest.raises(ValidationError, match="两位小数"), transaction.atomic():
        insert_rows(MinimumWage, ["effective_from", "amount", "document_id"], [row])


@pytest.mark.parametrize("last", [("short",), ("d0", "意见", "", None)])
def test_all_or_nothing(last: tuple[object, ...]) -> None:
    columns = ["key", "title", "number", "issued_on"]
    with pytest.raises((ValueError, IntegrityError)), transaction.atomic():
        insert_rows(PolicyDocument, columns, [*documents(3), last])
    assert not PolicyDocument.objects.exists()


@pytest.mark.postgres
def test_errors_are_djangos() -> None:
    with pytest.raises(DataError), transaction.atomic():
        insert_rows(PolicyDocument, ["key", "title", "number"], [("x" * 81, "", "")])


def test_a_reading_request_is_refused_and_outside_it_goes_through() -> None:
    columns = ["key", "title", "number", "issued_on"]
    with reading(), pytest.raises(WriteInReadError):
        insert_rows(PolicyDocument, columns, documents(1))
    with reading(), pytest.raises(WriteInReadError):
        next_ids(PolicyDocument, 1)
    assert not PolicyDocument.objects.exists()
    assert insert_rows(PolicyDocument, columns, documents(1)) == 1


def test_reserved_ids_belong_to_nobody_else() -> None:
    saved = PolicyDocument.objects.create(key="before", title="")
    first, second = next_ids(PolicyDocument, 3), next_ids(PolicyDocument, 2)
    later = PolicyDocument.objects.create(key="later", title="")
    everything = [saved.pk, *first, *second, later.pk]
    assert everything == sorted(set(everything))
    insert_rows(PolicyDocument, ["id", "key", "title", "number"], [(id_, f"k{id_}", "", "") for id_ in first])
    assert PolicyDocument.objects.create(key="last", title="").pk > later.pk


def test_ids_of_removed_rows_are_not_given_again() -> None:
    removed = PolicyDocument.objects.create(key="a", title="")
    number = removed.pk
    removed.delete()
    assert next_ids(PolicyDocument, 1)[0] > number


def test_no_ids_are_no_ids() -> None:
    assert list(next_ids(PolicyDocument, 0)) == []


@pytest.mark.django_db(transaction=True)
def test_reserving_outside_a_transaction_is_refused_on_sqlite() -> None:
    if connection.vendor == "sqlite":
        with pytest.raises(transaction.TransactionManagementError):
            next_ids(PolicyDocument, 1)
    else:
        assert len(next_ids(PolicyDocument, 1)) == 1
