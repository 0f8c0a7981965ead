"""变更记录 of an object: who changed what and when, before → after, read from the events of what it consists of.

Names of fields in events are those of the subject's model, which knows their labels, choices and kinds; what it does
not know, the app declares as `TOLD` beside its events.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.enums import Role
from accounts.events import Event, Told, ToldFields, label_of, saying, told_fields
from accounts.models import AuditEvent, User
from foundation.money import MoneyField

PAGE_SIZE = 20
NOTHING = "空"
_ROLES = {**{role.value: role.label for role in Role}, "command": "", "anonymous": ""}
# The type of a subject as events have it, and its id.
Subject = tuple[str, int]


@dataclass(frozen=True, slots=True)
class About:
    """One of the subjects of a history: what it is called there, and the address of its page.

    `said`: verb -> what its events say of this history's object, in place of their own fields, which tell of more.
    """

    name: str = ""
    address: str = ""
    said: Mapping[str, Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: who did what when, to which subject, what it changed in words, and why."""

    pk: int
    at: datetime
    who: str
    label: str
    about: About
    changes: Sequence[str]
    reason: str


@dataclass(frozen=True, slots=True)
class History:
    """A page of entries, the newest first; `older` is the key that the next page begins below, None on the last."""

    entries: Sequence[Entry] = ()
    is_newest: bool = True
    older: int | None = None


def history(
    about: Mapping[Subject, About], *, which: Q | None = None, before: int | None = None, size: int = PAGE_SIZE
) -> History:
    """What was done with these subjects, and of that only `which`; below the event `before` if one is named.

    One statement. What was refused is no change.
    """
    if not about:
        return History()
    ids: dict[str, list[int]] = defaultdict(list)
    for subject, pk in about:
        ids[subject].append(pk)
    found = Q()
    for subject, keys in sorted(ids.items()):
        found |= Q(subject_type=subject, subject_id__in=sorted(keys))
    events = AuditEvent.objects.filter(found, which or Q(), result="done").order_by("-pk")
    if before is not None:
        events = events.filter(pk__lt=before)
    rows = list(events[: size + 1])
    told = told_fields()
    entries = [_entry(event, about, told) for event in rows[:size]]
    return History(entries, before is None, entries[-1].pk if len(rows) > size else None)


def not_by_other_townships(reader: User, *, except_for: Sequence[Event]) -> Q:
    """What a clerk may read of subjects that several townships share: what was done in the own township or by the
    county, and of what others did only the events named. Everything for whoever reads the county."""
    if reader.reads_county:
        return Q()
    own = Q(actor=None) | Q(actor__township=None) | Q(actor__township=reader.township_id)
    return own | saying(*except_for)


def _entry(event: AuditEvent, about: Mapping[Subject, About], told: ToldFields) -> Entry:
    named = about[event.subject_type, event.subject_id or 0]
    changes = list(_changes(event, about, told)) if named.said is None else named.said.get(event.action, ())
    return Entry(
        pk=event.pk,
        at=event.at,
        who=who_did(event),
        label=label_of(event.subject_type, event.action),
        about=named,
        changes=changes,
        reason=event.reason,
    )


def who_did(event: AuditEvent) -> str:
    """镇街经办 王某, with in whose stead."""
    role = _ROLES.get(event.role, event.role)
    instead = f"(代{event.on_behalf_of_name})" if event.on_behalf_of_name else ""
    return f"{role} {event.actor_name}{instead}".strip()


def _changes(event: AuditEvent, about: Mapping[Subject, About], told: ToldFields) -> Iterator[str]:
    """月工资 1,500.00 → 1,600.00 for each field; what has one side only is stated, empty ones are left out.

    In the order of the model, then those it does not have: a database keeps no order of its own.
    """
    before, after = _fields(event.before), _fields(event.after)
    of_subject = told.get(event.subject_type, {})
    columns = _columns(event.subject_type)
    places = {name: place for place, name in enumerate(columns)}
    for name in sorted({**before, **after}, key=lambda name: (places.get(name, len(places)), name)):
        if name in before and name in after and before[name] == after[name]:
            continue
        field, declared = columns.get(name), of_subject.get(name)
        if declared is not None and not declared.label:
            continue
        label = declared.label if declared else _label(field, name)
        was, now = (_words(side.get(name), field, declared, about) for side in (before, after))
        if name in before and name in after:
            yield f"{label} {was or NOTHING} → {now or NOTHING}"
        elif now:
            yield f"{label} {now}"
        elif was:
            yield f"{label} 原为 {was}"


def _fields(stored: Any) -> dict[str, Any]:
    """A side of an event as fields; a lone value, as events may hold, stands without a name."""
    if stored is None:
        return {}
    return stored if isinstance(stored, dict) else {"": stored}


def _columns(subject: str) -> "Mapping[str, Field[Any, Any]]":
    """The columns of the subject's model by name; none for a subject that is no model any more."""
    for model in apps.get_models():
        if model._meta.model_name == subject:
            return {field.name: field for field in model._meta.fields}
    return {}


def _label(field: "Field[Any, Any] | None", name: str) -> str:
    """What the model calls it; its name where that is all there is."""
    if field is None or str(field.verbose_name) == field.name.replace("_", " "):
        return name
    return str(field.verbose_name)


def _words(value: Any, field: "Field[Any, Any] | None", told: Told | None, about: Mapping[Subject, About]) -> str:
    if value is None or value == "":
        return ""
    if told is not None and told.words is not None:
        return told.words(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_words(item, field, told, about) for item in value)
    if isinstance(value, dict):
        return ",".join(f"{name} {_words(item, None, None, about)}" for name, item in value.items())
    if isinstance(field, ForeignKey) and isinstance(value, int):
        named = about.get((field.related_model._meta.model_name or "", value))
        return named.name if named else f"编号 {value}"
    if isinstance(field, MoneyField):
        return _amount(str(value))
    if field is not None and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return _moment(str(value))


def _amount(text: str) -> str:
    """1,800.00; a text that is no amount stays."""
    try:
        return f"{Decimal(text):,.2f}"
    except InvalidOperation:
        return text


def _moment(text: str) -> str:
    """The time of day of a stored moment, here; any other text stays."""
    if "T" not in text:
        return text
    moment = parse_datetime(text)
    return text if moment is None else f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
