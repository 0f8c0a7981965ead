"""Every door is closed to whoever has not logged in, and says who may open it: found by walking the URLconf."""

import pytest
from django.test import Client

from accounts.permissions import Permission, is_declared
from accounts.routes import Route, routes, walk
from tests.addresses import address

pytestmark = pytest.mark.both
OPEN_TO_ALL = {"login", "healthz", "readyz"}

ROUTES = routes()
API = [route for route in ROUTES if route.path.startswith("/api/")]
PAGES = [route for route in ROUTES if route not in API and route.name not in OPEN_TO_ALL]
METHODS = ["get", "head", "post", "put", "patch", "delete", "options"]


def test_every_view_says_its_methods_and_who_may_use_it() -> None:
    for name, path, view in walk():
        assert is_declared(view), f"{path} does not say who may use it"
        assert getattr(view, "http_methods", ()), f"{path} ({name}) does not say its methods"


def test_every_route_has_a_name_that_means_one_view() -> None:
    views: dict[str, set[object]] = {}
    for name, _, view in walk():
        views.setdefault(name, set()).add(view)
    assert "" not in views
    assert [name for name, found in views.items() if len(found) > 1] == []


def test_only_the_login_and_what_watches_the_server_asks_are_open() -> None:
    assert {route.name for route in ROUTES if route.permission is None} == OPEN_TO_ALL


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.name)
def test_an_anonymous_visitor_is_sent_to_the_login(route: Route, method: str) -> None:
    response = getattr(Client(), method)(address(route))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/login/?next=")


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("route", API, ids=lambda route: route.name)
def test_a_program_that_has_not_logged_in_is_told_so(route: Route, method: str) -> None:
    response = getattr(Client(), method)(address(route))
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/json"


def test_no_view_of_the_api_lets_the_anonymous_in_or_forgoes_the_csrf_token() -> None:
    """The REST framework would do both."""
    views = [view for _, path, view in walk() if path.startswith("/api/")]
    assert views
    assert all(view.login_required and not view.csrf_exempt for view in views)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_permission_is_one_of_the_table(route: Route) -> None:
    assert route.permission in {None, "any", *Permission}
    assert route.scope
