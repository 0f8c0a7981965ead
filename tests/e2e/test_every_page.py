"""Every page that a role reaches by its links is sound: found by following them, so that new pages join."""

import os
from collections import Counter
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse

from subsidies.demo.seed import CLERKS, USERS
from tests.e2e import soundness
from tests.e2e.soundness import barriers, faults_at, faults_of, faults_on_paper
from tests.e2e.visitor import Visit, Visitor

pytestmark = pytest.mark.e2e

# One clerk is like another.
READERS = [*USERS, next(iter(CLERKS))]
# How many pages of one kind are worth a look; the first one is searched for barriers.
OF_ONE_KIND = 2


@pytest.fixture(scope="session")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file for the elements of each page that was searched; one for all processes of this run."""
    folder = tmp_path_factory.getbasetemp()
    shared = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "searched"
    shared.mkdir(exist_ok=True)
    return shared


@pytest.mark.parametrize("username", READERS)
def test_every_page_of_a_role_is_sound(visit: Visit, username: str, searched: Path) -> None:
    """Found, light, quiet, from no other host, within the width of the window and of the paper, without barriers."""
    assert faults_met_by(visit(username), searched) == []


def test_whoever_logs_in_through_the_form_is_at_home(visit: Visit, passwords: dict[str, str]) -> None:
    officer = visit("officer")
    officer.page.context.clear_cookies()
    officer.open(reverse("people"))
    officer.page.get_by_label("用户名").fill("officer")
    officer.page.get_by_label("密码").fill(passwords["officer"])
    officer.page.get_by_role("button", name="登录").click()
    officer.page.wait_for_url(officer.address + reverse("people"))
    assert officer.complaints == []


def test_pages_that_no_link_leads_to_are_sound(visit: Visit) -> None:
    clerk = visit("clerk_changjie")
    found = [*faults_at(clerk, "/no-such-page/", 404), *faults_at(clerk, reverse("policy"), 403)]
    clerk.page.context.clear_cookies()
    found += faults_at(clerk, reverse("login"), 200)
    assert found == []


def test_a_fault_is_found(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them, planted in a page that has none."""
    visitor = visit("officer")
    answer = visitor.fetch(reverse("months"))
    assert answer is not None
    assert [*faults_of(visitor, answer), *faults_on_paper(visitor), *barriers(visitor)] == []

    visitor.page.evaluate(
        """() => {
            const wide = document.createElement("p")
            wide.style.width = "700px"
            wide.textContent = "too wide when enlarged"
            const cut = document.createElement("div")
            cut.className = "fit"
            cut.style.display = "inline-block"
            document.body.append(document.createElement("input"), document.createElement("h1"), wide, cut)
        }"""
    )
    monkeypatch.setattr(soundness, "HEAVIEST_PAGE", 1)
    found = [*faults_of(visitor, answer, 404), *faults_on_paper(visitor), *barriers(visitor)]
    assert [fault.split()[0] for fault in found] == ["answers", "has", "weighs", "is", "prints", "label"]


def faults_met_by(visitor: Visitor, searched: Path) -> list[str]:
    """The faults of all pages that the links lead to from the first one on, and what the browser complained about.

    A page made of the same elements as one that was `searched` is the same on paper, and is not searched again.
    """
    waiting, seen, kinds = [urlsplit(visitor.page.url).path], set[str](), Counter[str]()
    found: list[str] = []
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if path in seen or kinds[kind] == OF_ONE_KIND:
            continue
        seen.add(path)
        kinds[kind] += 1
        answer = visitor.fetch(path)
        if answer is None:
            continue
        faults = faults_of(visitor, answer)
        if is_new(elements_of(visitor), searched):
            faults += faults_on_paper(visitor)
            faults += barriers(visitor) if kinds[kind] == 1 else []
        found += [f"{path} {fault}" for fault in faults]
        waiting += links(visitor)
    return found + visitor.complaints


def is_new(elements: str, searched: Path) -> bool:
    """Whether no process has searched a page of these elements; from now on one has."""
    try:
        (searched / sha256(elements.encode()).hexdigest()).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def elements_of(visitor: Visitor) -> str:
    """What the page is made of, its menu left aside: names and classes of its elements in order."""
    names = "elements => elements.map(element => element.tagName + element.className).join()"
    return str(visitor.page.eval_on_selector_all("main *", names))


def kind_of(path: str) -> str:
    """The name of the route; a file has its own address for a kind."""
    try:
        return resolve(urlsplit(path).path).url_name or path
    except Resolver404:
        return path


def links(visitor: Visitor) -> list[str]:
    """Addresses of our own pages that the page leads to, as paths."""
    found: list[str] = visitor.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    assert all(link.startswith(visitor.address) for link in found)
    parts = [urlsplit(link) for link in found]
    return [part.path + (f"?{part.query}" if part.query else "") for part in parts]
