"""The demonstration county and its users; and a small ledger, for tests of what was sealed."""

from subsidies.runs.services import send_back
from tests.builders import a_posting, a_township
from tests.subsidies.months import JUNE, an_approved_run
from tests.subsidies.policies import NOW, a_policy


def small_ledger() -> None:
    """June and July approved with two assistants, June once returned in between."""
    a_policy()
    township = a_township()
    a_posting(township=township)
    a_posting(township=township)
    first = an_approved_run(JUNE)
    send_back(run=first, actor=None, reason="更正", now=NOW)
    an_approved_run(JUNE)
    an_approved_run(JUNE + 1)
