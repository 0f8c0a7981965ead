"""What changed between what a township reported and what it would report today, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from foundation.dates import Month
from foundation.differences import NOTHING, differing_rows
from subsidies.reports.facts import FORMATS
from subsidies.reports.fields import Facts, labels_of

# In place of a field: the whole posting or unit is new, or no longer registered.
NEW, GONE = "new", "gone"


class FactPart(NamedTuple):
    """One field that changed, in words; `was` is what it said before, empty where it said nothing.

    `by` says who changed it and when, empty where that is not asked or known.
    """

    field: str
    words: str
    by: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class FactChange:
    """What changed of one posting or unit, named by its key."""

    key: str
    name: str
    parts: Sequence[FactPart]

    @property
    def sentence(self) -> str:
        """The change in words; who changed it is said once, at the end, where it is the same for all parts."""
        if len({part.by for part in self.parts}) == 1:
            by = f"({self.parts[0].by})" if self.parts[0].by else ""
            return f"{self.name}:{','.join(part.words for part in self.parts)}{by}"
        told = (part.words + (f"({part.by})" if part.by else "") for part in self.parts)
        return f"{self.name}:{','.join(told)}"


def differences(before: Facts, now: Facts, month: Month, *, number: int) -> list[FactChange]:
    """What changed between two states of a township's facts of a month, both in the format of that number."""
    return list(_differences(before, now, month, number))


def _differences(before: Facts, now: Facts, month: Month, number: int) -> Iterator[FactChange]:
    written = FORMATS[number]
    for key, old, new in differing_rows(before, now):
        labels = labels_of(key)
        was = written.in_words(before, key) if old is not None else {}
        is_now = written.in_words(now, key) if new is not None else {}
        if old is None:
            parts = [FactPart(NEW, f"新增({_told(is_now, labels)})")]
        elif new is None:
            parts = [FactPart(GONE, f"不再登记(原为 {_told(was, labels)})")]
        else:
            parts = [
                FactPart(
                    field, f"{labels[field]} {was[field] or NOTHING} → {is_now[field] or NOTHING}", was=was[field]
                )
                for field in written.changed_fields(before, now, key, last=month.last)
            ]
        if parts:
            yield FactChange(key, (is_now or was)["name"], parts)


def _told(words: Mapping[str, str], labels: Mapping[str, str]) -> str:
    return ",".join(f"{label} {words[field]}" for field, label in labels.items() if words[field] and field != "name")
