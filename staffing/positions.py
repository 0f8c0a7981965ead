"""Which position a kind of unit 村(社区) has (一.3)."""

from collections.abc import Mapping

from staffing.enums import Position
from townships.enums import UnitKind

POSITIONS_OF_KIND: Mapping[UnitKind, Position | None] = {
    UnitKind.COMMUNITY: Position.COMMUNITY_COORDINATOR,
    UnitKind.VILLAGE: Position.VILLAGE_COORDINATOR,
    UnitKind.RESIDENTS_COMMITTEE: Position.VILLAGE_COORDINATOR,
    UnitKind.NON_STANDARD: None,
}
