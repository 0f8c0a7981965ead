"""How many invented cases a comparison with the naive rules looks at.

EXAMPLES_TIMES makes them so many times as many, then chosen anew each time; `make bench` sets it.
"""

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("EXAMPLES_TIMES", 1))


def examples(number: int, *, steps: int = 50) -> settings:
    """So many cases, always the same ones; a state machine takes so many steps in each."""
    return settings(
        max_examples=number * TIMES,
        derandomize=TIMES == 1,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        stateful_step_count=steps,
    )
