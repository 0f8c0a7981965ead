"""Which units 村(社区) that a file of divisions leaves out may be ones that it has under another code: 村改居 and the
like, by name."""

from collections import defaultdict

from townships.entries import Divisions
from townships.models import GrassrootsUnit
from townships.places import comparable
from townships.spoken import unit_core


def suggestions(divisions: Divisions) -> list[str]:
    """One note for each open unit that is left out while another one of the township has the core of its name."""
    entries = {entry.code for entry in divisions.units}
    left_out = GrassrootsUnit.objects.filter(closed_on=None).exclude(code__in=entries).select_related("township")
    of_core: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in divisions.units:
        of_core[entry.township_code, unit_core(comparable(entry.name)).core].append(entry.code)
    notes = []
    for unit in left_out.order_by("code"):
        alike = of_core[unit.township.code, unit_core(comparable(unit.name)).core]
        if len(alike) == 1:
            notes.append(
                f"{unit.name}({unit.code})不在文件中,名称相近的有 {alike[0]}:是村改居等变动的,"
                f"请加 --follow {unit.code}={alike[0]},或在它的页面办理。"
            )
    return notes
