"""What an import changes of a stored row, set and said in words: 月工资 1,500.00 → 1,600.00."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Field, Model

from foundation.differences import Difference
from foundation.excel.problems import shortened
from staffing.imports.changes import Row
from staffing.people.facts import Fact

_BLANK = "空"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a row of the file changes of a stored `row`: the field with what was stored, in words.

    `is_added`: the row was not there, and the field is one that it begins with.
    """

    row: Row
    field: str
    before: object
    words: str
    is_added: bool = False


@dataclass(frozen=True, slots=True)
class Proposed:
    """A fact of a person that the file states otherwise and another township writes: for the bureau to decide."""

    field: str
    value: Fact
    words: str


def set_stated(row: Row, *, is_added: bool = False, **stated: Any) -> list[Change]:
    """Set the fields that the file states (neither None nor empty) and that differ; a change for each."""
    changes = []
    for name, value in stated.items():
        before = getattr(row, name)
        if value in (None, "") or before == value:
            continue
        setattr(row, name, value)
        changes.append(Change(row, name, before, in_words(row, name, before, value), is_added))
    return changes


def in_words(row: Model, name: str, before: Any, after: Any, *, blank: str = _BLANK) -> str:
    """The field by its label, with what was stored and what the file says; `blank` is the word for no value."""
    field = row._meta.get_field(name)
    if not isinstance(field, Field):
        raise TypeError(f"{name} is no column")
    return str(Difference(str(field.verbose_name), _shown(field, before, blank), _shown(field, after, blank)))


def _shown(field: "Field[Any, Any]", value: Any, blank: str) -> str:
    if value in (None, ""):
        return blank
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    if isinstance(value, date):
        return value.isoformat()
    return shortened(str(dict(field.flatchoices).get(value, value)))
