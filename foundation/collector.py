"""Pausing Python's search for cycles of garbage while very many values are made that hold none. Pure."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_cycle_search() -> Iterator[None]:
    """Within it, or within a function that it decorates, only reference counts free memory.

    A calculation makes millions of values without a cycle; to look through them again and again takes a fifth of its
    time. Cycles that others make meanwhile are found afterwards.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
