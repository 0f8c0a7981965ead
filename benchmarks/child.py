"""One process of a benchmark: builds a county, or takes one measurement, in the database that DATABASE_URL names.

Called by `stages.py` with JSON as its argument; answers on stdout with one JSON line for each result.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django


def main(order: Mapping[str, Any]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if order["do"] == "build":
        _build(order)
        return
    for result in _measurements()[order["do"]]():
        sys.stdout.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")


def _build(order: Mapping[str, Any]) -> None:
    from django.core.management import call_command

    from benchmarks.county import build

    call_command("migrate", verbosity=0)
    folder = Path(order["folder"]) if order["folder"] else None
    build(order["lines"], folder=folder, months_back=order["months_back"], one_township=order["one_township"])


def _measurements() -> Mapping[str, Callable[[], list[Any]]]:
    # Models can be imported only once Django is set up.
    from benchmarks import look_up, month_end, pages, roster, writing

    return {
        "look_up": look_up.look_up,
        "writing": writing.compute_and_write,
        "month_end": month_end.month_end,
        "scale": month_end.scale,
        "approval": month_end.approval,
        "sealing": month_end.sealing,
        "verification": month_end.verification,
        "lists": pages.list_pages,
        "sheet": pages.sheet,
        "roster": roster.preview,
    }


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
