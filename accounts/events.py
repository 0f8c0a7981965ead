"""What an event can say: each app declares its own in `events.py` as `EVENTS`, and nothing else is recorded.

The stored words of an event, its subject's type and its verb, never change: what was written years ago is still read,
and verified. What is told of it otherwise may change.
"""

import importlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, unique
from types import ModuleType
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True, slots=True)
class EventKind:
    """`subject` is the name of the model it is about, empty where it is about no row; `verb` is what was done.

    `changes_facts`: people, places, policy or adjustments are other than before, so that a month may come out
    otherwise. `is_editing`: whoever did it edited what a run is made of, and does not approve that run.
    `about_number`: somebody saw a whole personal number, and said why.
    """

    subject: str
    verb: str
    label: str
    changes_facts: bool = False
    is_editing: bool = False
    about_number: bool = False


class Event(Enum):
    """Members are written `NAME = EventKind(subject, verb, label, …)` in the enumeration of an app."""

    subject: str
    verb: str
    label: str
    changes_facts: bool
    is_editing: bool
    about_number: bool

    def __init__(self, kind: EventKind) -> None:
        self.subject, self.verb, self.label = kind.subject, kind.verb, kind.label
        self.changes_facts, self.is_editing = kind.changes_facts, kind.is_editing
        self.about_number = kind.about_number


@dataclass(frozen=True, slots=True)
class Told:
    """What a field of an event is called in a history, and how a value reads, where its model does not say it.

    Without a label the history leaves the field out: it says what the reader sees already.
    """

    label: str = ""
    words: Callable[[Any], str] | None = None


# Subject -> field -> how it is told. The app of a subject declares it as `TOLD` beside its events.
ToldFields = Mapping[str, Mapping[str, Told]]


@unique
class AccountEvent(Event):
    """Who came in, who was turned away, what was handed out. Paths, files and roles are no rows."""

    LOGIN = EventKind("", "login", "登录")
    LOGOUT = EventKind("", "logout", "退出")
    LOGIN_FAILED = EventKind("user", "login_failed", "登录失败")
    LOGIN_FAILED_OF_NOBODY = EventKind("", "login_failed", "登录失败")
    LOCKED_OUT = EventKind("user", "locked_out", "登录被锁定")
    LOCKED_OUT_OF_NOBODY = EventKind("", "locked_out", "登录被锁定")
    REFUSED = EventKind("", "refused", "没有权限")
    SAVE_FILTER = EventKind("savedfilter", "save_filter", "保存常用筛选")
    DELETE_FILTER = EventKind("savedfilter", "delete_filter", "删除常用筛选")
    DOWNLOAD = EventKind("", "download", "下载")
    ADD_USER = EventKind("user", "add_user", "建立账号")
    GRANT_APPLICATION_ROLE = EventKind("", "grant_application_role", "授予数据库角色权限")
    MEND_SEAL_FILE = EventKind("", "mend_seal_file", "补记最后一次封存")
    ACCEPT_SEAL_FILE = EventKind("", "accept_seal_file", "接受封存记录文件")


EVENTS: tuple[Event, ...] = tuple(AccountEvent)


def declared_events() -> Iterator[Event]:
    """The events of every installed app."""
    for module in _declarations():
        yield from module.EVENTS


def told_fields() -> ToldFields:
    """How histories tell fields of events, as every installed app declares it."""
    return {subject: fields for module in _declarations() for subject, fields in getattr(module, "TOLD", {}).items()}


def _declarations() -> Iterator[ModuleType]:
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "events"):
            yield importlib.import_module(f"{config.name}.events")


def label_of(subject: str, verb: str) -> str:
    """What a stored event says; its verb where no app declares it."""
    return next((event.label for event in declared_events() if (event.subject, event.verb) == (subject, verb)), verb)


def saying(*events: Event) -> Q:
    """The stored events that say one of these."""
    verbs: dict[str, set[str]] = defaultdict(set)
    for event in events:
        verbs[event.subject].add(event.verb)
    # Q(pk__in=[]) finds nothing.
    found = Q(pk__in=[])
    for subject, of_subject in verbs.items():
        found |= Q(subject_type=subject, action__in=sorted(of_subject))
    return found
