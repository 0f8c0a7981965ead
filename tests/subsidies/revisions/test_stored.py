"""Rows as they are stored: every stored type has the columns of its model, in its order."""

import pytest
from django.db import models

from subsidies.models import AdjustmentLine, Allocation, AllocationLine, Explanation, KeptStaffing, OldDifference
from subsidies.revisions.formats import KINDS
from subsidies.revisions.revision_rows import LINE_COLUMNS
from subsidies.revisions.stored import (
    Row,
    StoredAdjustment,
    StoredAllocation,
    StoredExplanation,
    StoredLine,
    StoredOldDifference,
    StoredStaffing,
)

STORED: dict[type[models.Model], type[Row]] = {
    Allocation: StoredAllocation,
    Explanation: StoredExplanation,
    AllocationLine: StoredLine,
    AdjustmentLine: StoredAdjustment,
    OldDifference: StoredOldDifference,
    KeptStaffing: StoredStaffing,
}


def columns(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields]


@pytest.mark.parametrize("model", [kind.model for kind in KINDS])
def test_names_and_order_are_those_of_the_model(model: type[models.Model]) -> None:
    assert list(STORED[model]._fields) == columns(model)  # type: ignore[attr-defined]  # each is a NamedTuple


def test_a_line_is_written_with_every_column_that_is_read() -> None:
    """Its key is the database's, its allocation and explanation are written before it."""
    assert set(LINE_COLUMNS) == set(columns(AllocationLine)) - {"id", "allocation", "explanation"}
