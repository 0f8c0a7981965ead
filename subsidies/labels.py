"""Chinese words for what a line stores as identifiers and masks."""

from collections.abc import Iterator, Mapping

from foundation.labels import Labelled
from staffing.enums import Check
from subsidies.enums import RunHint
from subsidies.rules.causes import Cause
from subsidies.rules.results import Reason

# Said of a township whose report is not accepted, whether it was never sent up, waits, or was given back.
NOT_SETTLED = "本月未结算"

_REASONS: Mapping[str, Labelled] = {str(member): member for enum in (Reason, Check) for member in enum}


def reason_label(reason: str) -> str:
    """Why no money flows: a Reason, or the check that blocks; empty stays empty."""
    return _REASONS[reason].label if reason else ""


def cause_label(cause: str) -> str:
    """Why a month differs from what was paid for it; empty stays empty."""
    return Cause(cause).label if cause else ""


def finding_label(name: str) -> str:
    """What a check or a run found, by its identifier."""
    return RunHint(name).label if name in set(RunHint) else Check(name).label


def check_labels(findings: str) -> list[str]:
    """The hints of a line, stored as identifiers with commas between."""
    return [Check(name).label for name in findings.split(",") if name]


def day_ranges(mask: int, month_days: int | None = None) -> str:
    """A set of days in words: 1–3、7 日; 全月 where it is all of `month_days`; empty for none."""
    if month_days is not None and mask == (1 << month_days) - 1:
        return "全月"
    ranges = [str(first) if first == last else f"{first}–{last}" for first, last in _runs(mask)]
    return "、".join(ranges) + " 日" if ranges else ""


def _runs(mask: int) -> Iterator[tuple[int, int]]:
    """First and last day of each unbroken run."""
    first = None
    for number in range(1, mask.bit_length() + 2):
        is_in = mask >> (number - 1) & 1
        if is_in and first is None:
            first = number
        if not is_in and first is not None:
            yield first, number - 1
            first = None
