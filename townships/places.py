"""Finding townships and units by code or by name, all of a county loaded once."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from foundation.excel.problems import shortened
from townships.enums import UnitKind
from townships.models import County, GrassrootsUnit, Township, UnitName
from townships.spoken import township_core, unit_core

_LONGEST, _LIKENESS, _MOST_COMPARISONS = 30, 0.5, 200


class PlaceError(ValueError):
    """A place that is not found, or of which several have the name: what is wrong, and what to do."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class Places:
    """Townships and units of the county, by code and by name; a unit's name is known within its township only.

    A name as people say it, or one of before, is taken where it can mean one place only; `taken` are those, as written
    -> as meant.
    """

    def __init__(
        self,
        townships: Iterable[Township],
        units: Iterable[GrassrootsUnit],
        county: str = "",
        earlier_names: Iterable[UnitName] = (),
    ) -> None:
        self.townships = {township.pk: township for township in townships}
        self.units = {unit.pk: unit for unit in units}
        self.taken: dict[str, str] = {}
        self._compared = 0
        self._county = comparable(county)
        self._township_of_text: dict[str, Township] = {}
        self._townships_of_core: dict[str, list[Township]] = defaultdict(list)
        self._unit_of_code: dict[str, GrassrootsUnit] = {}
        self._unit_of_name: dict[tuple[int, str], GrassrootsUnit] = {}
        self._units_of_core: dict[tuple[int, str], list[GrassrootsUnit]] = defaultdict(list)
        self._units_once_called: dict[tuple[int, str], set[int]] = defaultdict(set)
        for township in self.townships.values():
            self._township_of_text[township.code] = township
            self._township_of_text[comparable(township.name)] = township
            self._townships_of_core[township_core(comparable(township.name), self._county)].append(township)
        # A closed unit gives way to an open one of the same name.
        for unit in sorted(self.units.values(), key=lambda unit: unit.closed_on is None):
            self._unit_of_code[unit.code] = unit
            self._unit_of_name[unit.township_id, comparable(unit.name)] = unit
            if unit.closed_on is None:
                self._units_of_core[unit.township_id, unit_core(comparable(unit.name)).core].append(unit)
        for earlier in earlier_names:
            unit = self.units[earlier.unit_id]
            self._units_once_called[unit.township_id, comparable(earlier.name)].add(unit.pk)

    @classmethod
    def of_county(cls) -> "Places":
        """Every township and unit stored, in four queries."""
        county = County.objects.values_list("name", flat=True).first() or ""
        return cls(Township.objects.all(), GrassrootsUnit.objects.all(), county, UnitName.objects.all())

    def township(self, text: str) -> Township:
        """The township with this code or name, or the only one that can be meant; PlaceError when there is none."""
        wanted = comparable(text)
        if (township := self._township_of_text.get(wanted)) is not None:
            return township
        core = township_core(wanted, self._county)
        meant = self._townships_of_core.get(core, [])
        if len(meant) == 1:
            self.taken[text.strip()] = meant[0].name
            return meant[0]
        likely = [row.name for row in meant] or self._like(core, self._townships_of_core)
        raise PlaceError(f"没有“{shortened(text)}”这个镇乡(街道)", _advice(likely))

    def unit(self, text: str, *, township: Township | None) -> GrassrootsUnit:
        """The unit with this code, or with this name in `township`, or the only one there that can be meant;
        PlaceError otherwise."""
        wanted = comparable(text)
        unit = self._unit_of_code.get(wanted)
        if unit is None and township is not None:
            unit = self._unit_of_name.get((township.pk, wanted)) or self._spoken(text, township)
        if unit is None:
            raise self._no_unit(text, township)
        if township is not None and unit.township_id != township.pk:
            owner = self.townships[unit.township_id].name
            raise PlaceError(
                f"“{shortened(text)}”属于{owner},不属于{township.name}", "请核对镇乡(街道)与村(社区)是否对应"
            )
        return unit

    def _spoken(self, text: str, township: Township) -> GrassrootsUnit | None:
        once_called = self._units_once_called.get((township.pk, comparable(text)), ())
        meant = [self.units[pk] for pk in once_called] or self._meant(comparable(text), township)
        if len(meant) != 1:
            return None
        self.taken[text.strip()] = meant[0].name
        return meant[0]

    def _meant(self, wanted: str, township: Township) -> list[GrassrootsUnit]:
        """The open units of the township whose name has the same core and whose kind the ending allows."""
        spoken = unit_core(wanted, self._county, comparable(township.name))
        alike = self._units_of_core.get((township.pk, spoken.core), [])
        return [unit for unit in alike if UnitKind(unit.kind) in spoken.kinds]

    def _no_unit(self, text: str, township: Township | None) -> PlaceError:
        wanted = comparable(text)
        place = township.name if township is not None else "本县"
        elsewhere = [] if township is None else self._townships_with(wanted)
        if elsewhere:
            return PlaceError(
                f"{place}没有“{shortened(text)}”,{'、'.join(elsewhere)}有", "请核对镇乡(街道)与村(社区)是否对应"
            )
        likely: list[str] = []
        if township is not None:
            core = unit_core(wanted, self._county, comparable(township.name)).core
            here = {name: units for (pk, name), units in self._units_of_core.items() if pk == township.pk}
            likely = [unit.name for unit in here.get(core, [])] or self._like(core, here)
        return PlaceError(f"{place}没有“{shortened(text)}”这个村(社区)", _advice(likely))

    def _townships_with(self, unit_name: str) -> list[str]:
        return [self.townships[pk].name for pk, name in self._unit_of_name if name == unit_name]

    def _like(self, core: str, of_core: Mapping[str, Sequence[Township | GrassrootsUnit]]) -> list[str]:
        """Names whose core is like this one; of very many wrong ones only for the first, since comparing is slow."""
        self._compared += 1
        if self._compared > _MOST_COMPARISONS:
            return []
        alike = get_close_matches(core[:_LONGEST], of_core, n=3, cutoff=_LIKENESS)
        return [row.name for found in alike for row in of_core[found]]


def _advice(likely: Sequence[str]) -> str:
    if likely:
        return f"可能是{'、'.join(likely)};请按区划表填写名称或代码"
    return "请按区划表填写名称或代码;新设的先导入区划"


def comparable(text: str) -> str:
    """`text` as names are compared: full-width forms made narrow, white space removed."""
    return "".join(unicodedata.normalize("NFKC", text).split())
