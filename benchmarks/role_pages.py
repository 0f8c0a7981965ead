"""Budgets: pages that each role opens daily, on the demonstration county: at most 20 statements each.

Beside another checkout of this project, visited in turn, also how much of its processor time they take.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import IO

from benchmarks import databases
from benchmarks.results import Result
from benchmarks.visits import PAGES

ROOT = Path(__file__).parent.parent
TIMES = 15
# Every request's own statements, of session and user, are among them.
MOST_STATEMENTS = 20


class _Visitor:
    """A process of `visits.py` in one checkout, with an empty database of its own."""

    def __init__(self, checkout: Path, environment: Mapping[str, str]) -> None:
        command = [sys.executable, str(ROOT / "benchmarks" / "visits.py")]
        # A fixed program; the folder is the caller's own.
        self._process = subprocess.Popen(  # noqa: S603
            command, cwd=checkout, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def visit(self, page: int) -> tuple[float, int]:
        """Seconds and statements."""
        told, heard = _pipe(self._process.stdin), _pipe(self._process.stdout)
        told.write(f"{page}\n")
        told.flush()
        answer = json.loads(heard.readline())
        return answer["seconds"], answer["statements"]

    def close(self) -> None:
        _pipe(self._process.stdin).close()
        self._process.wait()


def role_pages(database: str, folder: Path, before: Path | None) -> Iterator[Result]:
    """A row a page; `before` is another checkout to compare with."""
    with ExitStack() as stack:

        def visitor(checkout: Path, name: str) -> _Visitor:
            environment = stack.enter_context(databases.fresh(database, folder, name))
            found = _Visitor(checkout, environment)
            stack.callback(found.close)
            return found

        ours = visitor(ROOT, "bench_pages")
        theirs = visitor(before.resolve(), "bench_pages_before") if before else None
        for page, (what, _, _) in enumerate(PAGES):
            yield _compared(what, page, ours, theirs)


def _compared(what: str, page: int, ours: _Visitor, theirs: _Visitor | None) -> Result:
    """In turn; a first pair is not counted."""
    pairs = [(theirs.visit(page) if theirs else None, ours.visit(page)) for _ in range(TIMES + 1)][1:]
    floors = [before[0] for before, _ in pairs if before]
    return Result(
        what,
        0,
        median(seconds for _, (seconds, _) in pairs),
        floor=median(floors) if floors else None,
        ratio=median(after[0] / before[0] for before, after in pairs if before) if floors else None,
        statements=max(statements for _, (_, statements) in pairs),
        budget_statements=MOST_STATEMENTS,
    )


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("the process was started without pipes")
    return stream
