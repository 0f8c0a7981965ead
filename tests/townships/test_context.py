"""The frame of every page says when the county's people and numbers are invented."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from tests.builders import a_county
from tests.users import ClientOf
from townships.models import County

SENTENCE = "示例数据:人员和户数均为虚构"


def frame_says_so(client: Client, path: str) -> bool:
    return SENTENCE in client.get(path).content.decode()


@pytest.mark.django_db
def test_a_demonstration_says_so_on_its_pages_as_soon_as_it_is_seeded(client_of: ClientOf) -> None:
    visitor, administrator = Client(), client_of(Role.SYSTEM_ADMIN)
    a_county()
    assert not frame_says_so(visitor, "/login/")

    County.objects.update(is_demonstration=True)

    assert frame_says_so(visitor, "/login/")
    assert frame_says_so(administrator, "/")
    assert frame_says_so(administrator, "/no-such-page/")


@pytest.mark.django_db
def test_a_real_county_says_nothing_and_asks_once(client_of: ClientOf) -> None:
    administrator = client_of(Role.SYSTEM_ADMIN)
    a_county()

    with CaptureQueriesContext(connection) as captured:
        page = administrator.get("/").content.decode()

    assert SENTENCE not in page
    assert len([query for query in captured if "is_demonstration" in query["sql"]]) == 1
