"""docs/states.md says what the tables of states say."""

import io
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from staffing.transfers.steps import STEPS, Step
from subsidies.workflow import REPORT_TRANSITIONS, RUN_TRANSITIONS, Transition

PAGE = Path(settings.BASE_DIR) / "docs" / "states.md"


def drawn() -> str:
    out = io.StringIO()
    call_command("states", stdout=out)
    return out.getvalue()


def test_the_committed_page_is_what_the_table_draws() -> None:
    assert PAGE.read_text(encoding="utf-8") == drawn()


def test_every_step_is_an_arrow_and_a_row() -> None:
    page = drawn()
    steps: list[Transition | Step] = [*RUN_TRANSITIONS, *REPORT_TRANSITIONS, *STEPS]
    for row in steps:
        source = row.source.value if row.source else "[*]"
        assert f"    {source} --> {row.target.value} : {row.action.label}\n" in page
        assert f"| {row.action.label} `{row.action.value}` |" in page
    assert page.count(" : ") == len(RUN_TRANSITIONS) + len(REPORT_TRANSITIONS) + len(STEPS)
