"""The demonstration county, for tests of what people see."""

import pytest

from accounts.models import User
from subsidies.demo.county import DemoCounty
from subsidies.models import SubsidyRun
from tests.subsidies.snapshot import lay_down_demo


@pytest.fixture
def demo(db: None) -> DemoCounty:
    """The demonstration county: two months approved, the third in review, the fourth being reported."""
    return lay_down_demo()


@pytest.fixture
def waiting(demo: DemoCounty) -> SubsidyRun:
    """The run of the demonstration that waits for approval."""
    return SubsidyRun.objects.select_related("current_revision").get(state="in_review")


def demo_user(username: str) -> User:
    return User.objects.get(username=username)
