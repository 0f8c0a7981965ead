"""Budget: a roster of 10,000 rows is read, checked and previewed within eight seconds."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from benchmarks.measure import compare
from benchmarks.results import Result
from foundation.excel.reader import read_any
from staffing.imports.roster import import_roster, preview_roster
from tests.builders import TODAY, an_id_number
from tests.staffing.rosters import a_roster, a_row
from townships.enums import UnitKind
from townships.models import GrassrootsUnit

ROWS = 10_000
_NAME = "roster.xlsx"
_POSITIONS = {UnitKind.COMMUNITY: "社区协管员", UnitKind.VILLAGE: "村(居)协管员"}


def preview() -> list[Result]:
    """The floor: reading the cells of the file, in the process that shields ours from it.

    The candidate: the preview of its import, with every check of every row. Half of the rows are stored already.
    """
    rows = list(islice(_rows(), ROWS))
    stored, whole = a_roster(*rows[: ROWS // 2]), a_roster(*rows)
    import_roster(stored, _NAME, actor=None, today=TODAY, facts_from=None, accept_warnings=True)
    found = compare(
        floor=lambda: read_any(whole, _NAME),
        candidate=lambda: preview_roster(whole, _NAME, today=TODAY, facts_from=None),
    )
    return [Result.of("preview a roster", len(rows), found, budget_seconds=8.0)]


def _rows() -> Iterator[dict[str, Any]]:
    """A coordinator for each unit, of a person of whom nobody has heard."""
    units = GrassrootsUnit.objects.filter(kind__in=[kind.value for kind in _POSITIONS]).select_related("township")
    for serial, unit in enumerate(units.order_by("pk")):
        # 999 numbers for each day of birth.
        born_on = date(1970, 1, 1) + timedelta(days=serial // 999)
        yield a_row() | {
            "镇乡(街道)": unit.township.name,
            "村(社区)": unit.name,
            "岗位类别": _POSITIONS[UnitKind(unit.kind)],
            "姓名": f"测算{serial}",
            "身份证号": an_id_number(serial % 999 + 1, born_on=born_on),
            "合同编号": f"R-{serial}",
        }
