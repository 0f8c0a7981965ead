"""Finding townships and units by code or by name, all of a county loaded once."""

import unicodedata
from collections.abc import Iterable

from foundation.excel.problems import shortened
from townships.models import GrassrootsUnit, Township


class PlaceError(ValueError):
    """A place that is not found, or of which several have the name: what is wrong, and what to do."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class Places:
    """Townships and units of the county, by code and by name; a unit's name is known within its township only."""

    def __init__(self, townships: Iterable[Township], units: Iterable[GrassrootsUnit]) -> None:
        self.townships = {township.pk: township for township in townships}
        self.units = {unit.pk: unit for unit in units}
        self._township_of_text: dict[str, Township] = {}
        self._unit_of_code: dict[str, GrassrootsUnit] = {}
        self._unit_of_name: dict[tuple[int, str], GrassrootsUnit] = {}
        for township in self.townships.values():
            self._township_of_text[township.code] = township
            self._township_of_text[comparable(township.name)] = township
        # A closed unit gives way to an open one of the same name.
        for unit in sorted(self.units.values(), key=lambda unit: unit.closed_on is None):
            self._unit_of_code[unit.code] = unit
            self._unit_of_name[unit.township_id, comparable(unit.name)] = unit

    @classmethod
    def of_county(cls) -> "Places":
        """Every township and unit stored, in two queries."""
        return cls(Township.objects.all(), GrassrootsUnit.objects.all())

    def township(self, text: str) -> Township:
        """The township with this code or name; PlaceError when there is none."""
        township = self._township_of_text.get(comparable(text))
        if township is None:
            raise PlaceError(f"没有“{shortened(text)}”这个镇乡(街道)", "请按区划表填写名称或代码;新设的先导入区划")
        return township

    def unit(self, text: str, *, township: Township | None) -> GrassrootsUnit:
        """The unit with this code, or with this name in `township`; PlaceError otherwise."""
        wanted = comparable(text)
        unit = self._unit_of_code.get(wanted)
        if unit is None and township is not None:
            unit = self._unit_of_name.get((township.pk, wanted))
        if unit is None:
            place = township.name if township is not None else "本县"
            elsewhere = [] if township is None else self._townships_with(wanted)
            if elsewhere:
                raise PlaceError(
                    f"{place}没有“{shortened(text)}”,{'、'.join(elsewhere)}有", "请核对镇乡(街道)与村(社区)是否对应"
                )
            raise PlaceError(
                f"{place}没有“{shortened(text)}”这个村(社区)", "请按区划表填写名称或代码;新设的先导入区划"
            )
        if township is not None and unit.township_id != township.pk:
            owner = self.townships[unit.township_id].name
            raise PlaceError(
                f"“{shortened(text)}”属于{owner},不属于{township.name}", "请核对镇乡(街道)与村(社区)是否对应"
            )
        return unit

    def _townships_with(self, unit_name: str) -> list[str]:
        return [self.townships[pk].name for pk, name in self._unit_of_name if name == unit_name]


def comparable(text: str) -> str:
    """`text` as names are compared: full-width forms made narrow, white space removed."""
    return "".join(unicodedata.normalize("NFKC", text).split())
