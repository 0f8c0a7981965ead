"""What a page shows of an upload: all its problems, or what importing it would do; long lists in pages."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from foundation.excel.problems import Problem
from staffing.imports.pending import Result
from townships.entries import Outcome, RowOutcome, RowResult

SHORT, LONG = 50, 200
WHOLE_FILE = "整个文件"
PROBLEMS, WARNINGS = "problems", "warnings"
_TITLES = {PROBLEMS: "要改正的问题", WARNINGS: "须核对的情况"} | {
    result.value: {"new": "新增的人员", "changed": "有变更的人员", "same": "与系统相同的人员"}[result.value]
    for result in RowResult
}


@dataclass(frozen=True)
class Part:
    """A stretch of one list. `first` and `last` count from 1; `next_from` and `previous_from` None at the ends."""

    show: str
    title: str
    total: int
    first: int
    problems: Sequence[Problem] = ()
    rows: Sequence[RowOutcome] = ()
    next_from: int | None = None
    previous_from: int | None = None
    column: str = ""

    @property
    def last(self) -> int:
        return self.first + len(self.problems) + len(self.rows) - 1


@dataclass(frozen=True)
class ResultPage:
    """`columns` are those with problems, and how many each has; `parts` begin each list, or are the one asked for."""

    result: Result
    parts: Sequence[Part]
    columns: Sequence[tuple[str, int]]
    rows_with_problems: int
    is_one_list: bool

    @property
    def is_refused(self) -> bool:
        return bool(self.result.outcome.problems)


def result_page(result: Result, *, show: str = "", column: str = "", start: int = 0) -> ResultPage:
    """The beginnings of the lists, or with `show` one list from a place on, of one column if `column` is given."""
    outcome = result.outcome
    counts = Counter(problem.column or WHOLE_FILE for problem in outcome.problems)
    return ResultPage(
        result=result,
        parts=[_part(outcome, show, column, max(start, 0), LONG)] if show in _TITLES else _beginnings(outcome),
        columns=counts.most_common(),
        rows_with_problems=len({problem.row for problem in outcome.problems if problem.row is not None}),
        is_one_list=show in _TITLES,
    )


def _beginnings(outcome: Outcome) -> list[Part]:
    """Problems alone where there are any, since nothing can be said of a file before they are mended."""
    if outcome.problems:
        parts = [_part(outcome, PROBLEMS, "", 0, LONG), _part(outcome, WARNINGS, "", 0, SHORT)]
    else:
        shown = (RowResult.CHANGED, RowResult.NEW, RowResult.SAME)
        parts = [_part(outcome, WARNINGS, "", 0, LONG), *(_part(outcome, result, "", 0, SHORT) for result in shown)]
    return [part for part in parts if part.total]


def _part(outcome: Outcome, show: str, column: str, start: int, length: int) -> Part:
    problems: Sequence[Problem] = ()
    rows: Sequence[RowOutcome] = ()
    if show in (PROBLEMS, WARNINGS):
        problems = outcome.problems if show == PROBLEMS else outcome.warnings
        if column:
            problems = [problem for problem in problems if (problem.column or WHOLE_FILE) == column]
    else:
        rows = [row for row in outcome.rows if row.result == show or (show == RowResult.CHANGED and row.changes)]
    total = len(problems) + len(rows)
    end = start + length
    return Part(
        show=show,
        title=_TITLES[show],
        total=total,
        first=start + 1,
        problems=problems[start:end],
        rows=rows[start:end],
        next_from=end if end < total else None,
        previous_from=max(start - length, 0) if start else None,
        column=column,
    )
