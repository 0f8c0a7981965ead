"""Input that no form sends: what is sent, and a walk that sends it to every route as everybody, in every field."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urljoin

from django import forms
from django.apps import apps as registry
from django.conf import settings
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django_filters import FilterSet

from accounts.routes import Route, routes
from foundation.answers import API
from foundation.http import only_reads
from subsidies.api.paging import PageQuery
from tests.addresses import address
from tests.page_forms import Form
from tests.tour import NOBODY, Tour, kind_of

ROOT = Path(settings.BASE_DIR)
# What no database takes; half a surrogate pair comes with JSON only.
NULLS = ("\0", "张\0三")
HALF = "\ud800"
ODD = (
    *("", " ", "abc", "0", "-1", "1.5", "1e9", "1e999999999", "NaN", "Infinity", "²", "١٢", "9" * 25),
    *(str(2**63 - 1), str(2**63), "true", "null", "[]", "{}", ":::", "household_count:9:x", "%00", "' OR 1=1 --"),
    *("2009-13", "0000-00", "9999-99", "2999-12", "1900-01", "2009-6", "0000", "9999", "1949", "2199-12", "1950-01"),
    *("2009-02-30", "0000-01-01", "0001-01-01", "9999-12-31", "1949-10-01", "2199-12-31"),
    *("//elsewhere.example/", "/\\elsewhere.example", "javascript:x", "../", "<b>", "\x01", "\x7f", "\u202e"),
)
DIGITS = "9" * 5000
# What a form's empty fields hold where another field is odd.
GOOD = {"text": "按文件办理", "textarea": "按文件办理", "date": "2010-05-12", "number": "1", "month": "2010-05"}
# What is kept of an answer that refuses, and of who asked.
_KEPT = ("accounts_auditevent", "django_session", "axes_")
# They need no field that could be odd, or only a reason, which may be any words.
FIELDLESS = {
    *("logout", "issue_sheet", "issue_township_sheet", "withdraw_adjustment", "drop_election"),
    *("accept_proposal", "refuse_proposal", "refuse_transfer", "withdraw_transfer", "delete_filter"),
}


def field_names() -> list[str]:
    """Of every form and filter, in the templates, and read by a view itself."""
    apps = {app.name: Path(app.path) for app in registry.get_app_configs() if Path(app.path).parent == ROOT}
    ours = [form for form in _subclasses(forms.BaseForm) if form.__module__.partition(".")[0] in apps]
    names = {f"{form.prefix}-{name}" if form.prefix else name for form in ours for name in form.base_fields}
    names.update(*(filters.base_filters for filters in _subclasses(FilterSet)), PageQuery().get_fields())
    for pattern, files in (
        (r'<(?:input|textarea|select|button)\b[^>]*\bname="([\w-]+)"', (ROOT / "templates").rglob("*.html")),
        (
            r'\b(?:GET|POST|fields|data)(?:\.get(?:list)?\(|, )"([\w-]+)"',
            (path for app in apps.values() for path in app.rglob("*.py")),
        ),
    ):
        names.update(name for path in files for name in re.findall(pattern, path.read_text(encoding="utf-8")))
    return sorted(names)


def _subclasses(base: type) -> Iterator[Any]:
    derived: list[type] = base.__subclasses__()
    for one in derived:
        yield one
        yield from _subclasses(one)


@dataclass
class Walk:
    """Sends it, as everybody of a tour; each request is undone.

    `ids`: an id for addresses that no link leads to, by the word before it.
    """

    chance: Random
    tour: Tour
    ids: Mapping[str, int]
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = field_names()

    def everywhere(self, routes_: Sequence[Route]) -> None:
        """One null character, then something odd in every field, by every method of the routes."""
        for who in self.tour.everybody:
            for route in routes_:
                at = self._at(route, who)
                null = {self.chance.choice(self.names): self.chance.choice(NULLS)}
                self.ask(who, self.chance.choice(route.methods), at, null, expected={400})
                for method in route.methods:
                    for _ in range(4 if at.startswith(API) else 1):
                        self.ask(who, method, at, {name: self.chance.choice(ODD) for name in self.names})
                if who in self.tour.places.get(route.name, ()):
                    self.ask(who, self.chance.choice(route.methods), at, dict.fromkeys(self.names, DIGITS))
                if re.search(r"/\d+/", at):
                    number = self.chance.choice(["9" * 25, DIGITS])
                    self.ask(who, route.methods[0], re.sub(r"/\d+/", f"/{number}/", at), {})

    def in_programs(self, bodies: Mapping[str, Mapping[str, object]]) -> None:
        """Something odd, then half a character, in each field of what an officer's program sends to the routes."""
        for name, body in bodies.items():
            at = self._at(next(route for route in routes() if route.name == name), NOBODY)
            for key in body:
                odd = {**body, key: self.chance.choice((*ODD, DIGITS))}
                self.ask("officer", "POST", at, odd, is_json=True, may_be_good=True)
                self.ask("officer", "POST", at, {**body, key: HALF}, is_json=True, expected={400})

    def in_forms(self) -> None:
        """Something odd in one field of a form that is good otherwise."""
        for who, at, form in self.tour.forms.values():
            good = {name: values or _good(form, name) for name, values in form.sent.items() if name}
            for name in good:
                button = self.chance.choice([None, *form.steps])
                fields = {**good, name: [self.chance.choice((*ODD, DIGITS))]}
                if button and button.name:
                    fields[button.name] = [button.value]
                where = urljoin(at, button.address) if button and button.address else at
                self.ask(who, form.method.upper(), where, fields, may_be_good=True)

    def ask(
        self,
        who: str,
        method: str,
        path: str,
        fields: Mapping[str, Any],
        *,
        is_json: bool = False,
        may_be_good: bool = False,
        expected: set[int] | None = None,
    ) -> None:
        """Notes an exception, an error of ours, another status than expected, and what was written all the same."""
        sent = [f"{name[:20]}={str(text)[:30]!r}" for name, text in fields.items()]
        told = f"{who or 'nobody'} {method} {path[:60]} {' '.join(sent[:2])}"
        logging.disable()  # of a refusal a whole traceback would be written down
        try:
            with transaction.atomic():
                with _written_to() as tables:
                    response = self.tour.send(who, method, path, fields, is_json=is_json)
                after = {table: _rows(table) for table in tables}
                transaction.set_rollback(True)
            before = {table: _rows(table) for table in after}
        except Exception as error:  # whatever it is, it is what is looked for
            self.faults.append(f"{told}: {type(error).__name__} {str(error)[:80]}")
            return
        finally:
            logging.disable(logging.NOTSET)
        status = response.status_code
        if status >= 500 or (expected and status not in expected) or (status >= 400 and not _has_words(response)):
            self.faults.append(f"{told}: {status}")
        written = [table for table in after if after[table] != before[table]]
        if written and (status >= 400 or not may_be_good) and kind_of(path) not in FIELDLESS:
            self.faults.append(f"{told}: {status}, wrote to {written}")

    def _at(self, route: Route, who: str) -> str:
        """Where the links led this user, or another one; an address that the pattern matches where they led nobody."""
        led = self.tour.places.get(route.name, {})
        example = re.sub(r"/(\w+)/1/", lambda found: f"/{found[1]}/{self.ids.get(found[1], 1)}/", address(route))
        return led.get(who) or next(iter(led.values()), example)


def _good(form: Form, name: str) -> list[str]:
    """What is chosen or typed where the page has nothing."""
    offered = [value for value in form.offered.get(name, ()) if value]
    return offered[:1] or [GOOD.get(form.kinds[name], "")]


def _has_words(response: HttpResponseBase) -> bool:
    """Whether the answer says something in Chinese; one without a body says it by its status."""
    content = getattr(response, "content", b"").decode()
    return not content or re.search("[\u4e00-\u9fff]", content) is not None


@contextmanager
def _written_to() -> Iterator[set[str]]:
    """The tables that statements were meant to change meanwhile, whether or not the change was kept."""
    tables: set[str] = set()

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not only_reads(sql) and (named := re.search(r'(?:INTO|UPDATE|FROM)\s+"(\w+)"', sql)):
            tables.add(named[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield tables
    tables -= {table for table in tables if table.startswith(_KEPT)}


def _rows(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608  # a name from a statement of ours
        return list(cursor.fetchall())
