"""What a page says to its reader."""

import re

from django.test import Client

HEAVIEST_PAGE = 150_000


def text_of(client: Client, path: str) -> str:
    """The page at `path`, which opens and is light."""
    response = client.get(path)
    assert response.status_code == 200, path
    assert len(response.content) < HEAVIEST_PAGE
    return response.content.decode()


def words(page: str) -> str:
    """What the page says, without its markup and white space."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page))


def names_on(page: str) -> list[str]:
    """The people that a list shows, in order."""
    return re.findall(r'<th scope="row" class="place"><a href="/people/\d+/">([^<]+)</a>', page)
