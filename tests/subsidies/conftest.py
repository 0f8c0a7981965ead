"""The demonstration county, seeded once a test, for tests of what people see."""

import pytest

from accounts.models import User
from subsidies.demo.county import DemoCounty
from subsidies.demo.seed import seed
from subsidies.models import SubsidyRun


@pytest.fixture
def demo(db: None) -> DemoCounty:
    """Three months of the demonstration county, the last one waiting for approval."""
    return seed(seed_number=1, say=lambda sentence: None)


@pytest.fixture
def waiting(demo: DemoCounty) -> SubsidyRun:
    """The run of the demonstration that waits for approval."""
    return SubsidyRun.objects.select_related("current_revision").get(state="calculated")


def demo_user(username: str) -> User:
    return User.objects.get(username=username)
