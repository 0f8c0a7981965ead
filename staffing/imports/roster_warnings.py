"""What of a roster is unusual but happens: it is saved once somebody has confirmed it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from foundation.excel.problems import Problem
from staffing.enums import Position
from staffing.imports.roster_layout import NAME, NATIONAL_ID, POSITION, STARTED_ON, UNIT
from staffing.imports.roster_matching import Match
from staffing.imports.roster_stored import Stored
from staffing.models import Posting
from staffing.periods import overlapping
from staffing.written_names import doubts_about
from townships.enums import UnitKind
from townships.places import Places

_KINDS = {
    Position.COMMUNITY_COORDINATOR: {UnitKind.COMMUNITY},
    Position.VILLAGE_COORDINATOR: {UnitKind.VILLAGE, UnitKind.RESIDENTS_COMMITTEE},
}


def place_warnings(matches: Iterable[Match], places: Places) -> list[Problem]:
    """New and changed rows whose unit is of another kind than their position, or does not exist when they start."""
    warnings = []
    for match in matches:
        entry = match.entry
        if entry.unit_id is None or not match.is_touched:
            continue
        unit = places.units[entry.unit_id]
        if UnitKind(unit.kind) not in _KINDS[entry.position]:
            message = f"{unit.name}是{UnitKind(unit.kind).label},没有{entry.position.label}的岗位"
            warnings.append(Problem(entry.row, POSITION, message, "确认后照录,不计发补助"))
        if not unit.exists_on(entry.started_on):
            message = f"{unit.name}在 {entry.started_on} 还没有设立或已经撤销"
            warnings.append(Problem(entry.row, UNIT, message, "确认后照录,没有村(社区)的日子不计发补助"))
    return warnings


def name_warnings(matches: Iterable[Match]) -> list[Problem]:
    """New and changed rows whose name is an unlikely one."""
    return [
        Problem(match.entry.row, NAME, doubt, "确认后照录;不是姓名的请删去这一行或改正")
        for match in matches
        if match.is_touched
        for doubt in doubts_about(match.entry.name)
    ]


def number_warnings(matches: Iterable[Match]) -> list[Problem]:
    """New and changed rows whose id number ends as one does whose last digits Excel has lost: one in eleven of those
    passes the check."""
    return [
        Problem(
            match.entry.row,
            NATIONAL_ID,
            "身份证号末三位是 000,可能是按数字保存时丢掉了后三位",
            "请与本人身份证核对,确认后照录",
        )
        for match in matches
        if match.is_touched and match.entry.national_id is not None and match.entry.national_id.number.endswith("000")
    ]


def overlap_warnings(matches: Sequence[Match], stored: Stored, places: Places) -> list[Problem]:
    """New and changed subsidised rows that overlap another posting of the same person, or another one on the unit."""
    of_row = {id(match.posting): match for match in matches}
    persons: dict[int, dict[int, Posting]] = defaultdict(dict)
    units: dict[int, dict[int, Posting]] = defaultdict(dict)
    key_of: dict[int, int] = {}
    for match in matches:
        if not match.entry.position.is_subsidised:
            continue
        key_of[id(match.posting)] = match.person_key
        persons[match.person_key][id(match.posting)] = match.posting
        if match.entry.unit_id is not None:
            units[match.entry.unit_id][id(match.posting)] = match.posting
    for groups, known in ((persons, stored.by_person), (units, stored.by_unit)):
        for key, postings in groups.items():
            for posting in known.get(key, ()):
                if Position(posting.position).is_subsidised:
                    postings.setdefault(id(posting), posting)
                    key_of.setdefault(id(posting), stored.root(posting.person_id))
    warnings = []
    for postings in persons.values():
        for earlier, later in overlapping(postings.values()):
            if (where := _where(earlier, later, of_row)) is not None and not _same_post(earlier, later):
                message = f"同一人的另一受补助岗位({where[1]})在同一时间"
                warnings.append(Problem(where[0], STARTED_ON, message, "确认后照录,只按先到岗的一个计发补助"))
    for unit_id, postings in units.items():
        for earlier, later in overlapping(postings.values()):
            where = _where(earlier, later, of_row)
            if where is not None and key_of[id(earlier)] != key_of[id(later)]:
                message = f"{places.units[unit_id].name}在同一时间已有另一名协管员({where[1]})"
                warnings.append(Problem(where[0], UNIT, message, "确认后照录,只按先到岗的一人计发补助"))
    return warnings


def _where(earlier: Posting, later: Posting, of_row: Mapping[int, Match]) -> tuple[int, str] | None:
    """The row to warn of, and in words where the other posting is found; None when neither is new or changed."""
    one, other = of_row.get(id(later)), of_row.get(id(earlier))
    if not any(match is not None and match.is_touched for match in (one, other)):
        return None
    if one is not None and other is not None:
        rows = sorted((one.entry.row, other.entry.row))
        return rows[1], f"第 {rows[0]} 行"
    if one is not None:
        return one.entry.row, f"系统中 {earlier.started_on} 起的在岗记录"
    if other is not None:
        return other.entry.row, f"系统中 {later.started_on} 起的在岗记录"
    return None


def _same_post(one: Posting, other: Posting) -> bool:
    """Whether both are on one post: their overlap is refused, so nothing is left to warn of."""
    return (one.township_id, one.unit_id, one.position) == (other.township_id, other.unit_id, other.position)
