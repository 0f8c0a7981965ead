"""A program that speaks to the API as a user of the demonstration."""

from typing import Any

from django.test import Client

from tests.users import demo_user


class Program:
    """Logged in; every answer below 500 is JSON unless it is a file."""

    def __init__(self, username: str, *, enforce_csrf: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=enforce_csrf)
        self.client.force_login(demo_user(username), backend="django.contrib.auth.backends.ModelBackend")

    def get(self, path: str, **query: Any) -> Any:
        response = self.client.get(f"/api/{path}", query)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def status(self, path: str) -> int:
        return self.client.get(f"/api/{path}").status_code

    def post(self, path: str, content: Any, *, key: str = "", **headers: str) -> Any:
        """The response, whatever its status; `content` may be raw text."""
        with_key = {"Idempotency-Key": key} if key else {}
        return self.client.post(
            f"/api/{path}", content, content_type="application/json", headers={**with_key, **headers}
        )

    def all_lines(self, revision: int, **query: Any) -> list[Any]:
        """Every page of a revision's lines."""
        lines: list[Any] = []
        after: dict[str, int] = {}
        while True:
            page = self.get(f"revisions/{revision}/lines/", **query, **after)
            lines += page["results"]
            if page["next"] is None:
                return lines
            after = {"after": page["next"]}
