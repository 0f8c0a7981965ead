"""Results as one table that reads well in a terminal and is Markdown."""

from collections.abc import Iterable, Sequence

from benchmarks.results import Result

HEADER = ("what", "database", "lines", "floor", "time", "ratio", "statements", "memory", "budget", "kept")
_RIGHT = {2, 3, 4, 5, 6, 7}


def row_of(database: str, result: Result) -> tuple[str, ...]:
    limits = [
        f"≤ {result.budget_ratio:g}×" if result.budget_ratio is not None else "",
        f"≤ {result.budget_seconds:g} s" if result.budget_seconds is not None else "",
        f"≤ {result.budget_statements} statements" if result.budget_statements is not None else "",
    ]
    return (
        result.what,
        database,
        f"{result.lines:,}",
        "" if result.floor is None else _seconds(result.floor),
        _seconds(result.seconds),
        "" if result.ratio is None else f"{result.ratio:.2f}×",
        "" if result.statements is None else str(result.statements),
        "" if result.megabytes is None else f"{result.megabytes:,} MB",
        ", ".join(filter(None, limits)),
        ("yes" if result.is_met else "**no**") if result.has_budget else "",
    )


def table(rows: Iterable[Sequence[str]]) -> str:
    lines = [HEADER, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    rule = [("-" * (width - 1) + ":") if column in _RIGHT else "-" * width for column, width in enumerate(widths)]
    return "\n".join(_line(cells, widths) for cells in (HEADER, rule, *rows))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell.rjust(width) if column in _RIGHT else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join(padded)} |"


def _seconds(seconds: float) -> str:
    if seconds < 0.1:
        return f"{seconds * 1000:.1f} ms"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"
