"""Where somebody may go on in a township: its own posts, and those of its units, with who is there."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from staffing.enums import Position
from staffing.labels import position_name
from staffing.models import Posting
from staffing.positions import POSITIONS_OF_KIND
from staffing.transfers.services import Place
from townships.enums import UnitKind
from townships.models import Township

_OF_TOWNSHIP = (Position.ASSISTANT, Position.PLATFORM_STAFF)


class PlaceChoice(NamedTuple):
    """A place as a form offers it: `key` is what it sends, `holders` are the names of those who are there."""

    key: str
    place: Place
    holders: Sequence[str]

    @property
    def label(self) -> str:
        name = position_name(self.place.position)
        if self.place.unit is None:
            return name
        there = f"{'、'.join(self.holders)}在岗" if self.holders else "空缺"
        return f"{self.place.unit.name} {name}({there})"


def places_of(township: Township, day: date) -> list[PlaceChoice]:
    """The township's posts, then its units with a post that exist on the day, by code. Two statements."""
    holders: dict[int | None, list[str]] = defaultdict(list)
    at_units = Posting.objects.filter(township=township, unit__isnull=False).in_service_on(day)
    for unit, name in at_units.order_by("started_on", "pk").values_list("unit", "person__name"):
        holders[unit].append(name)
    found = [PlaceChoice(position.value, Place(position), ()) for position in _OF_TOWNSHIP]
    exists = Q(closed_on__isnull=True) | Q(closed_on__gte=day)
    for row in township.units.filter(exists):
        position = POSITIONS_OF_KIND[UnitKind(row.kind)]
        if position is not None:
            found.append(PlaceChoice(f"unit-{row.pk}", Place(position, row), holders[row.pk]))
    return found
