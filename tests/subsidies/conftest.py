"""The demonstration county, for tests of what people see; and a small ledger, for those of what was sealed."""

import pytest

from accounts.models import User
from subsidies.demo.county import DemoCounty
from subsidies.models import SubsidyRun
from subsidies.services.runs import send_back
from subsidies.services.seals import write_down_heads
from tests.builders import a_posting, a_township
from tests.subsidies.months import JUNE, an_approved_run
from tests.subsidies.policies import NOW, a_policy
from tests.subsidies.snapshot import lay_down, lay_down_demo


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


@pytest.fixture
def ledger(db: None) -> SubsidyRun:
    """June and July approved with two assistants, June once returned in between; the heads written down."""
    lay_down(small_ledger)
    write_down_heads()
    return SubsidyRun.objects.get(month=(JUNE + 1).first)


def small_ledger() -> None:
    a_policy()
    township = a_township()
    a_posting(township=township)
    a_posting(township=township)
    first = an_approved_run(JUNE)
    send_back(run=first, actor=None, reason="更正", now=NOW)
    an_approved_run(JUNE)
    an_approved_run(JUNE + 1)
