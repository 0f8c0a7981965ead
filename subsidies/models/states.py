"""What the table of states asks of stored rows, as a condition of their table."""

from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db.models import Q

from subsidies.workflow import StateRow, times_of


def state_agrees_with_its_times(table: Sequence[StateRow]) -> Q:
    """Each row has a state of the table and, of all its times, those of that state."""
    return reduce(or_, (_just_its_times(row, times_of(table)) for row in table))


def _just_its_times(row: StateRow, times: Sequence[str]) -> Q:
    asked = (name for name in times if name not in row.may_keep)
    return Q(state=row.state.value, **{f"{name}__isnull": name not in row.times for name in asked})
