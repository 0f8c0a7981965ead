"""Reading a county's divisions from a CSV `code,name,parent_code,level,kind[,central_town]`."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foundation.excel.header import Column, match_header
from foundation.excel.problems import Problem
from foundation.excel.reader import Cell, read_csv
from foundation.excel.values import text_of
from townships.entries import CountyEntry, Divisions, ImportRefusedError, TownshipEntry, UnitEntry
from townships.enums import TownshipKind, UnitKind

COLUMNS = (
    Column("code", required=True, aliases=("区划代码", "代码")),
    Column("name", required=True, aliases=("名称",)),
    Column("parent_code", required=True, aliases=("上级代码",)),
    Column("level", required=True, aliases=("级别", "层级")),
    Column("kind", required=True, aliases=("类别",)),
    Column("central_town", required=False, aliases=("中心镇",)),
)
_LEVELS = {
    "county": "county",
    "township": "township",
    "village": "village",
    "县": "county",
    "镇乡(街道)": "township",
    "乡镇": "township",
    "村(社区)": "village",
    "村": "village",
}
_TOWNSHIP_KINDS = {str(kind): kind for kind in TownshipKind} | TownshipKind.by_label()
_UNIT_KINDS = {str(kind): kind for kind in UnitKind} | UnitKind.by_label() | {"村": UnitKind.VILLAGE}
_YES = {"是", "1", "true", "yes", "y", "中心镇"}
_NO = {"否", "0", "false", "no", "n", ""}


@dataclass(frozen=True, slots=True)
class _Line:
    """One row as text; `central_town` None where the file has no such column."""

    row: int
    code: str
    name: str
    parent_code: str
    level: str
    kind: str
    central_town: str | None


def read_divisions(content: bytes, *, county_code: str | None = None) -> tuple[Divisions, list[str]]:
    """The divisions in a CSV, and notes on it; ImportRefusedError with all problems of the file."""
    table = read_csv(content)
    header = match_header(table, COLUMNS)
    if header.problems:
        raise ImportRefusedError(header.problems)
    problems: list[Problem] = []
    lines = [_line(row, record, problems) for row, record in header.records(table)]
    notes = [f"未识别的列已忽略:{'、'.join(header.unknown)}。"] if header.unknown else []
    return _assembled(lines, problems, county_code=county_code), notes


def _line(row: int, record: Mapping[str, Cell], problems: list[Problem]) -> _Line:
    texts = {}
    for column, cell in record.items():
        try:
            texts[column] = unicodedata.normalize("NFKC", text_of(cell)).strip()
        except ValueError as error:
            texts[column] = ""
            problems.append(Problem(row, column, str(error), ""))
    return _Line(
        row=row,
        code=texts["code"],
        name=texts["name"],
        parent_code=texts["parent_code"],
        level=_LEVELS.get(texts["level"], ""),
        kind=texts["kind"],
        central_town=texts.get("central_town"),
    )


def _assembled(lines: Sequence[_Line], problems: list[Problem], *, county_code: str | None) -> Divisions:
    problems += _row_problems(lines)
    counties = [line for line in lines if line.level == "county"]
    if len(counties) != 1:
        problems.append(
            Problem(None, "level", f"文件中有 {len(counties)} 个县(level 为 county 的行)", "一个文件只写一个县")
        )
        raise ImportRefusedError(problems)
    county = counties[0]
    if county_code is not None and county.code != county_code:
        problems.append(Problem(county.row, "code", f"文件是 {county.code} 的,不是 {county_code} 的", "请核对文件"))
    town_lines = [line for line in lines if line.level == "township"]
    codes = {line.code for line in town_lines}
    townships = [_township(line, county.code, problems) for line in town_lines]
    units = [_unit(line, codes, problems) for line in lines if line.level == "village"]
    if problems:
        raise ImportRefusedError(sorted(problems, key=lambda problem: problem.row or 0))
    return Divisions(
        CountyEntry(county.code, county.name),
        tuple(township for township in townships if township is not None),
        tuple(unit for unit in units if unit is not None),
    )


def _row_problems(lines: Sequence[_Line]) -> list[Problem]:
    problems = []
    rows_of_code = Counter(line.code for line in lines)
    for line in lines:
        if not (line.code.isascii() and line.code.isdigit() and len(line.code) <= 12):
            problems.append(Problem(line.row, "code", f"区划代码“{line.code}”不是 12 位以内的数字", "请改正代码"))
        elif rows_of_code[line.code] > 1:
            problems.append(Problem(line.row, "code", f"区划代码 {line.code} 在文件中重复", "请只保留一行"))
        if not line.name:
            problems.append(Problem(line.row, "name", "名称为空", "请填写名称"))
        elif len(line.name) > 60:
            problems.append(Problem(line.row, "name", "名称超过 60 个字", "请缩短名称"))
        if not line.level:
            problems.append(
                Problem(line.row, "level", "级别无法识别", "请写 county、township 或 village(县、乡镇、村)")
            )
    return problems


def _township(line: _Line, county_code: str, problems: list[Problem]) -> TownshipEntry | None:
    kind = _TOWNSHIP_KINDS.get(line.kind)
    is_central: bool | None = None
    if kind is None:
        known = "、".join(f"{kind}({kind.label})" for kind in TownshipKind)
        problems.append(Problem(line.row, "kind", f"镇乡(街道)类别“{line.kind}”无法识别", f"请写 {known}"))
    if line.parent_code != county_code:
        problems.append(
            Problem(line.row, "parent_code", f"上级代码 {line.parent_code} 不是本县 {county_code}", "请核对上级代码")
        )
    if line.central_town is not None:
        answer = line.central_town.lower()
        if answer not in _YES | _NO:
            problems.append(Problem(line.row, "central_town", f"“{line.central_town}”无法识别", "请写 是 或 否"))
        is_central = answer in _YES
        if is_central and kind not in (TownshipKind.TOWN, None):
            problems.append(Problem(line.row, "central_town", "只有镇可以是中心镇", "请改为 否,或改正类别"))
    return None if kind is None else TownshipEntry(line.row, line.code, line.name, kind, is_central)


def _unit(line: _Line, township_codes: set[str], problems: list[Problem]) -> UnitEntry | None:
    kind = _UNIT_KINDS.get(line.kind)
    if kind is None:
        known = "、".join(f"{kind}({kind.label})" for kind in UnitKind)
        problems.append(Problem(line.row, "kind", f"村(社区)类别“{line.kind}”无法识别", f"请写 {known}"))
    if line.parent_code not in township_codes:
        problems.append(
            Problem(
                line.row,
                "parent_code",
                f"文件中没有代码为 {line.parent_code} 的镇乡(街道)",
                "请核对上级代码,或补上该行",
            )
        )
    return None if kind is None else UnitEntry(line.row, line.code, line.name, line.parent_code, kind)
