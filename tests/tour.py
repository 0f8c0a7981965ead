"""Where each role gets by links in the demonstration: one page of each kind, and the forms on it."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve

from subsidies.demo.seed import LATE, REPORTING, UNDECIDED
from tests.page_forms import Form, forms_of
from tests.users import logged_in
from townships.enums import UnitKind
from townships.models import GrassrootsUnit, Township

# One of every role, and somebody who has not logged in.
NOBODY = ""
EVERYBODY = ("officer", "approver", "finance", "auditor", "clerk_yuelong", "sysadmin", "secadmin", NOBODY)


class FoundForm(NamedTuple):
    """Who was shown it, where it leads, and what it holds."""

    who: str
    address: str
    form: Form


@dataclass
class Tour:
    """`places`: kind of page -> who -> an address of it that opens, or that a form leads to; `forms`: the first one of
    a role that leads to a kind of page, or of anybody where it only asks; `pages`: (who, address) -> the page.

    `starts`: where a user begins besides the first page.
    """

    starts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    everybody: Sequence[str] = EVERYBODY
    places: dict[str, dict[str, str]] = field(default_factory=dict)
    forms: dict[tuple[str, str], FoundForm] = field(default_factory=dict)
    pages: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clients = {who: logged_in(who) if who else Client() for who in self.everybody}
        self.cookies = {who: deepcopy(client.cookies) for who, client in self.clients.items()}
        for who in self.everybody:
            self._look_around(who)

    def send(
        self, who: str, method: str, path: str, fields: Mapping[str, Any], *, is_json: bool = False
    ) -> HttpResponseBase:
        """The answer to a request of somebody whose session is as it was in the beginning."""
        client = self.clients[who]
        client.cookies = deepcopy(self.cookies[who])
        if method == "GET":
            return client.get(path, fields)
        return client.post(path, fields, content_type="application/json") if is_json else client.post(path, fields)

    def _look_around(self, who: str) -> None:
        starts = self.starts.get(who, ())
        waiting, kinds = [*starts, "/"], set[str]()
        while waiting:
            path = waiting.pop(0)
            kind = kind_of(path)
            if not kind or (kind in kinds and path not in starts):
                continue
            kinds.add(kind)
            response = self.send(who, "GET", path, {})
            if response.status_code == 302:
                waiting.insert(0, response.headers["Location"])
            here = urlsplit(path).path
            self.places.setdefault(kind, {})[who] = here
            if response.status_code == 200 and "html" in response.headers["Content-Type"]:
                page = self.pages[who, here] = b"".join(response).decode()
                self._remember_forms(who, here, page)
                waiting += [urljoin(here, link) for link in re.findall(r'<a [^>]*href="([^"#]+)"', page)]

    def _remember_forms(self, who: str, here: str, page: str) -> None:
        for form in forms_of(page):
            for at in (urljoin(here, led) for led in form.addresses):
                self.places.setdefault(kind_of(at), {}).setdefault(who, at)
                whose = who if form.method == "post" else "anybody"
                self.forms.setdefault((whose, kind_of(at)), FoundForm(who, at, form))


def the_tour(everybody: Sequence[str] = EVERYBODY) -> Tour:
    """With pages to begin from that hold a form which the first page of their kind has not."""
    codes = [Township.objects.get(name=name).code for name in (LATE, UNDECIDED[0])]
    village = GrassrootsUnit.objects.filter(township__code="330226001", kind=UnitKind.VILLAGE).earliest("pk")
    starts = {
        "officer": [f"/reports/{REPORTING}/{code}/" for code in codes],
        "clerk_yuelong": [f"/units/{village.code}/"],
    }
    return Tour(starts, everybody)


def kind_of(path: str) -> str:
    """The name of the route; empty where there is none."""
    try:
        return resolve(urlsplit(path).path).url_name or ""
    except Resolver404:
        return ""
