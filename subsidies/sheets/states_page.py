"""docs/states.md: the states of runs, reports and transfers as diagrams and tables, drawn from their tables."""

from collections.abc import Iterator, Sequence

from accounts.enums import Role
from accounts.permissions import ALLOWED
from foundation.labels import Labelled
from staffing.transfers.steps import STEPS, Step
from subsidies.workflow import REPORT_TRANSITIONS, RUN_TRANSITIONS, Transition

_HEAD = """# 状态

月度核算、镇街月报和调动有哪些状态、从一个状态到另一个要办哪一步、由谁办。系统的按钮、接口和检查都出自同样的表
`subsidies/workflow.py` 和 `staffing/transfers/steps.py`;本页由 `manage.py states` 画出,不要手工修改。
"""


def states_page() -> str:
    """The page as Markdown, roles as in an installation with strict separation."""
    parts = [_HEAD]
    for title, table in (("月度核算", RUN_TRANSITIONS), ("镇街月报", REPORT_TRANSITIONS)):
        parts += [f"## {title}\n", "\n".join(_diagram(table)), "", "\n".join(_table(table)), ""]
    parts += ["## 调动\n", "\n".join(_diagram(STEPS)), "", "\n".join(_table_of_transfers()), ""]
    return "\n".join(parts)


def _diagram(table: Sequence[Transition] | Sequence[Step]) -> Iterator[str]:
    states = _states(table)
    sources = {row.source for row in table}
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from (f'    state "{state.label}" as {state.value}' for state in states)
    for row in table:
        source = "[*]" if row.source is None else row.source.value
        yield f"    {source} --> {row.target.value} : {row.action.label}"
    yield from (f"    {state.value} --> [*]" for state in states if state not in sources)
    yield "```"


def _table(table: Sequence[Transition]) -> Iterator[str]:
    yield "| 动作 | 从 | 到 | 由谁办理 | 须写原因 | 不能由谁办理 |"
    yield "|---|---|---|---|---|---|"
    for row in table:
        cells = (
            _named(row.action),
            _named(row.source) if row.source is not None else "还没有",
            _named(row.target),
            "、".join(role.label for role in Role if role in ALLOWED[row.permission]),
            "是" if row.needs_reason else "",
            ";".join(party.label for party in row.barred),
        )
        yield "| " + " | ".join(cells) + " |"


def _table_of_transfers() -> Iterator[str]:
    yield "| 动作 | 从 | 到 | 由谁办理 | 须写原因 |"
    yield "|---|---|---|---|---|"
    for step in STEPS:
        cells = (
            _named(step.action),
            _named(step.source) if step.source is not None else "还没有",
            _named(step.target),
            f"{'调入' if step.is_receivers else '调出'}镇街的{Role.TOWNSHIP_CLERK.label}",
            "是" if step.needs_reason else "",
        )
        yield "| " + " | ".join(cells) + " |"


def _states(table: Sequence[Transition] | Sequence[Step]) -> list[Labelled]:
    """Every state of the table, in the order in which it is reached."""
    return list(dict.fromkeys(row.target for row in table) | dict.fromkeys(row.source for row in table if row.source))


def _named(word: Labelled) -> str:
    return f"{word.label} `{word.value}`"
