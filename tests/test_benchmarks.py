"""What `make bench` measures: the same on every database, since the README gives a figure for each."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks import databases, stages


def test_every_measurement_is_taken_in_every_database(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: dict[str, list[str]] = {}

    @contextmanager
    def fresh(database: str, folder: Path, name: str) -> Iterator[Mapping[str, str]]:
        yield {"database": database}

    def child(order: Mapping[str, Any], environment: Mapping[str, str]) -> str:
        taken.setdefault(environment["database"], []).append(order["do"])
        return ""

    monkeypatch.setattr(databases, "fresh", fresh)
    monkeypatch.setattr(stages, "_child", child)
    monkeypatch.setattr(stages, "role_pages", lambda database, *_: taken.setdefault(database, []) and [])
    for database in (databases.SQLITE, databases.POSTGRESQL):
        assert list(stages.measured(database, stages.STAGES, china_division=None, before=None)) == []
    assert taken[databases.SQLITE] == taken[databases.POSTGRESQL]
    assert {"look_up", "sheet"} <= set(taken[databases.POSTGRESQL])
