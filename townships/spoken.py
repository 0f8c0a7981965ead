"""Names of places as people say them: 车岙村 for 车岙村委会, 跃龙街道办事处 for 跃龙街道, after the county or not."""

import re
from typing import NamedTuple

from townships.enums import UnitKind

_TOWNSHIP_ENDINGS = re.compile(r"(?:人民政府|政府)?(?:街道办事处|办事处|街道|镇|乡|街)?(?:人民政府|政府)?$")
# Longest first: an ending says of what kind the unit is, or at least of what kinds it may be.
_UNIT_ENDINGS: tuple[tuple[str, frozenset[UnitKind]], ...] = (
    ("社区居民委员会", frozenset({UnitKind.COMMUNITY})),
    ("社区居委会", frozenset({UnitKind.COMMUNITY})),
    ("村民委员会", frozenset({UnitKind.VILLAGE})),
    ("居民委员会", frozenset({UnitKind.RESIDENTS_COMMITTEE, UnitKind.COMMUNITY})),
    ("居委会", frozenset({UnitKind.RESIDENTS_COMMITTEE, UnitKind.COMMUNITY})),
    ("行政村", frozenset({UnitKind.VILLAGE})),
    ("村委会", frozenset({UnitKind.VILLAGE})),
    ("社区", frozenset({UnitKind.COMMUNITY})),
    ("村", frozenset({UnitKind.VILLAGE})),
)
_SHORTEST = 2


class SpokenUnit(NamedTuple):
    """The core of a unit's name, and the kinds that its ending allows; no ending allows all."""

    core: str
    kinds: frozenset[UnitKind]


def township_core(name: str, county: str) -> str:
    """What is left of a township's name without county and ending; both as `comparable` writes them."""
    rest = name.removeprefix(county) or name
    core = _TOWNSHIP_ENDINGS.sub("", rest)
    return core if len(core) >= _SHORTEST else rest


def unit_core(name: str, *before: str) -> SpokenUnit:
    """The unit without whichever of the names `before` it stands first, such as the county's and the township's."""
    rest = name
    for prefix in before:
        if prefix and len(rest) >= len(prefix) + _SHORTEST:
            rest = rest.removeprefix(prefix)
    for ending, kinds in _UNIT_ENDINGS:
        if rest.endswith(ending) and len(rest) > len(ending):
            return SpokenUnit(rest.removesuffix(ending), kinds)
    return SpokenUnit(rest, frozenset(UnitKind))
