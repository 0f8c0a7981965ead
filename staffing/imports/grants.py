"""Importing grants of extra places 增配批复 from a CSV `township_code,extra,effective_from,ended_on,document`."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from accounts.models import User
from foundation.excel.header import Column, match_header
from foundation.excel.problems import Problem
from foundation.excel.reader import Cell, Table, read_csv
from foundation.excel.values import date_of, text_of, whole_number_of
from staffing.entries import GrantEntry
from staffing.grants import store_grants
from townships.entries import ImportRefusedError, Outcome
from townships.imports.source import digest
from townships.places import PlaceError, Places, comparable

COLUMNS = (
    Column("township_code", aliases=("区划代码", "镇乡(街道)")),
    Column("extra", aliases=("增配人数",)),
    Column("effective_from", aliases=("执行日期",)),
    Column("ended_on", required=False, aliases=("终止日期",)),
    Column("document", aliases=("批复文件",)),
)
_DOCUMENT_LENGTH = 200
Value = TypeVar("Value")


def import_grants(content: bytes, *, actor: User | None, approved: bool) -> Outcome:
    """Store every grant of the file, or none: ImportRefusedError with all problems.

    `approved` says that no run is approved yet; see `store_grants`.
    """
    entries, notes = read_grants(read_csv(content), Places.of_county())
    outcome = store_grants(entries=entries, actor=actor, approved=approved, sha256=digest(content))
    outcome.notes += notes
    return outcome


def read_grants(table: Table, places: Places) -> tuple[list[GrantEntry], list[str]]:
    """The grants of a table and notes on it; ImportRefusedError with all problems of all rows."""
    header = match_header(table, COLUMNS)
    if header.problems:
        raise ImportRefusedError(header.problems)
    problems: list[Problem] = []
    entries = []
    first_rows: dict[tuple[int, date, str], int] = {}
    for row, record in header.records(table):
        entry = _entry(row, record, places, problems)
        if entry is None:
            continue
        first = first_rows.setdefault((entry.township_id, entry.effective_from, comparable(entry.document)), row)
        if first != row:
            problems.append(Problem(row, "township_code", f"与第 {first} 行重复", "同一镇乡同一批复同一天只写一行"))
        entries.append(entry)
    if problems:
        raise ImportRefusedError(problems, header.remarks)
    return entries, header.remarks


def _entry(row: int, cells: Mapping[str, Cell], places: Places, problems: list[Problem]) -> GrantEntry | None:
    before = len(problems)

    def value(column: str, read: Callable[[Cell], Value | None], needed: str) -> Value | None:
        try:
            found = read(cells.get(column))
        except ValueError as error:
            message, _, advice = str(error).partition(";")
            problems.append(Problem(row, column, message, advice))
            return None
        if needed and found in (None, ""):
            problems.append(Problem(row, column, "未填写", needed))
        return found

    code = value("township_code", text_of, "请填写镇乡(街道)的代码或名称")
    extra = value("extra", whole_number_of, "请填写增配人数")
    effective_from = value("effective_from", date_of, "请填写执行日期,如 2009-07-01")
    ended_on = value("ended_on", date_of, "")
    document = value("document", text_of, "请填写批复文件的名称和文号")
    township_id = None
    if code:
        try:
            township_id = places.township(code).pk
        except PlaceError as error:
            problems.append(Problem(row, "township_code", error.message, error.advice))
    if extra == 0:
        problems.append(Problem(row, "extra", "增配人数是 0", "至少 1 人;没有增配的请删去该行"))
    if extra is not None and extra > 100:
        problems.append(Problem(row, "extra", f"增配人数 {extra} 太大", "请核对"))
    if effective_from is not None and ended_on is not None and ended_on < effective_from:
        problems.append(Problem(row, "ended_on", f"终止日期 {ended_on} 早于执行日期 {effective_from}", "请核对日期"))
    if document is not None and len(document) > _DOCUMENT_LENGTH:
        problems.append(Problem(row, "document", f"超过 {_DOCUMENT_LENGTH} 个字", "请缩短"))
    if len(problems) > before or not (township_id and extra and effective_from and document):
        return None
    return GrantEntry(row, township_id, extra, effective_from, ended_on, document)
