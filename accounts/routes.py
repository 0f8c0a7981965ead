"""Every route of the URLconf with what its view says of itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.permissions import Permission, scopes


@dataclass(frozen=True)
class Route:
    """`permission`: None where no login is needed, "any" where every role may, "" where nobody may (undeclared).

    `scope`: "anonymous", "any", or how far those reach who have the permission, such as "township/county".
    """

    name: str
    path: str
    methods: list[str]
    permission: str | None
    scope: str


def routes() -> list[Route]:
    return [_route(name, path, view) for name, path, view in walk()]


def walk() -> Iterator[tuple[str, str, Any]]:
    """(name with its namespaces, path pattern, view) of every route."""
    yield from _walk(get_resolver().url_patterns, "", "/")


def _walk(patterns: list[Any], namespace: str, prefix: str) -> Iterator[tuple[str, str, Any]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, path)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or ''}", path, pattern.callback


def _route(name: str, path: str, view: Any) -> Route:
    methods = sorted(getattr(view, "http_methods", ()))
    permission = getattr(view, "permission", None)
    if isinstance(permission, Permission):
        return Route(name, path, methods, permission.value, "/".join(scopes(permission)))
    if not getattr(view, "login_required", True):
        return Route(name, path, methods, None, "anonymous")
    if getattr(view, "for_anyone_logged_in", False):
        return Route(name, path, methods, "any", "any")
    return Route(name, path, methods, "", "")
