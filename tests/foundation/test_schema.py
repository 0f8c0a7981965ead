"""The database has exactly the migrations of the program: neither fewer nor more."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import DjangoAssertNumQueries

from foundation.schema import (
    SchemaDiffers,
    demand_program_schema,
    demand_program_schema_lately,
    differences,
)

pytestmark = pytest.mark.both

A1, A2, A12 = ("a", "0001"), ("a", "0002"), ("a", "0001_0002")
OTHER = ("gone", "0001")


@pytest.mark.parametrize(
    ("applied", "program", "missing", "unknown"),
    [
        ([A1], {A1: []}, [], []),
        ([A1], {A1: [], A2: []}, [A2], []),
        ([A1, A2], {A1: []}, [], [A2]),
        ([A1, OTHER], {A1: []}, [], []),  # of an app that the program does not have
        ([A1, A2], {A12: [A1, A2]}, [], []),  # squashed since
        ([A1], {A12: [A1, A2]}, [A12], []),
        ([A12, A1, A2], {A12: [A1, A2]}, [], []),
        ([], {A1: []}, [A1], []),
    ],
)
def test_what_differs_is_named(
    applied: list[tuple[str, str]],
    program: dict[tuple[str, str], list[tuple[str, str]]],
    missing: list[tuple[str, str]],
    unknown: list[tuple[str, str]],
) -> None:
    assert differences(applied, program) == (missing, unknown)


@pytest.fixture
def trusted_for_five_seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """As in a server that has just started; the clock is the list's one number."""
    now = [100.0]
    monkeypatch.setattr("foundation.schema.TRUSTED_SECONDS", 5.0)
    monkeypatch.setattr("foundation.schema._Trust.until", 0.0)
    monkeypatch.setattr("foundation.schema.time.monotonic", lambda: now[0])
    return now


@pytest.mark.django_db
def test_it_is_asked_of_the_database_once_in_five_seconds(
    trusted_for_five_seconds: list[float], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for second, statements in ((0.0, 1), (0.0, 0), (4.9, 0), (5.0, 1), (9.9, 0)):
        trusted_for_five_seconds[0] = 100 + second
        with django_assert_num_queries(statements):
            demand_program_schema_lately()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DELETE FROM django_migrations WHERE app = 'staffing' AND name LIKE '0002%'", "比程序旧(缺 staffing.0002"),
        (
            "INSERT INTO django_migrations (app, name, applied) VALUES ('staffing', '9999_later', '2030-01-01')",
            "比程序新",
        ),
        ("UPDATE django_migrations SET name = '9999_x' WHERE app = 'foundation'", "不是同一系列"),
    ],
)
def test_a_database_of_another_version_is_refused_until_it_is_mended(
    trusted_for_five_seconds: list[float], change: str, told: str
) -> None:
    rows = list(MigrationRecorder(connection).migration_qs.order_by("pk"))
    demand_program_schema_lately()
    with connection.cursor() as cursor:
        cursor.execute(change)
    trusted_for_five_seconds[0] += 5
    for _ in range(2):  # it is not trusted in between
        with pytest.raises(SchemaDiffers, match=told.replace("(", r"\(")):
            demand_program_schema_lately()
    recorder = MigrationRecorder(connection)
    recorder.flush()
    recorder.Migration.objects.bulk_create(rows)
    demand_program_schema_lately()
    demand_program_schema()
