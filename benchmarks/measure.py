"""How time, statements and memory are taken: floor and candidate in turn, medians of five, nothing counted twice."""

import gc
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from statistics import median

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

TIMES = 5

Work = Callable[[], object]
Within = Callable[[], AbstractContextManager[object]]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Medians in seconds, and the median of the ratios of candidate to floor."""

    floor: float
    seconds: float
    ratio: float


def compare(
    *,
    floor: Work,
    candidate: Work,
    floor_within: Within = nullcontext,
    within: Within = nullcontext,
    times: int = TIMES,
    clock: Clock = time.perf_counter,
) -> Comparison:
    """Floor and candidate in turn, so that the drift of a shared machine meets both; a first pair is not counted.

    Each runs in a `within` of its own, whose beginning and end are not timed. What only computes is timed by
    `time.process_time`, which leaves out the turns that others have on the processor.
    """
    pairs = [(seconds_of(floor, floor_within, clock), seconds_of(candidate, within, clock)) for _ in range(times + 1)][
        1:
    ]
    return Comparison(
        floor=median(before for before, _ in pairs),
        seconds=median(after for _, after in pairs),
        ratio=median(after / before for before, after in pairs),
    )


def typical_seconds(work: Work, within: Within = nullcontext, times: int = TIMES) -> float:
    """The median of `times` runs; a first one is not counted."""
    return median([seconds_of(work, within) for _ in range(times + 1)][1:])


def seconds_of(work: Work, within: Within = nullcontext, clock: Clock = time.perf_counter) -> float:
    """One run, with the garbage of those before collected."""
    with within():
        gc.collect()
        begun = clock()
        work()
        return clock() - begun


def statements_of(work: Work, within: Within = nullcontext) -> int:
    """How many SQL statements a run sends; a COPY and an executemany are one each, BEGIN and COMMIT are none."""
    with within(), CaptureQueriesContext(connection) as captured:
        work()
    # The frame of a transaction is not work; within that of `rolled_back` it is a savepoint.
    return sum(
        not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for query in captured.captured_queries
    )


def peak_megabytes() -> int:
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is written within it is gone afterwards, to the last row of the file."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM subsidies_allocationline, subsidies_allocation, subsidies_explanation")


def check_constraints() -> None:
    """What a commit would check: on PostgreSQL the foreign keys. To be called within the time that is taken."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
