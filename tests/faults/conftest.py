"""What happens at the same moment, or in the middle: on a PostgreSQL whose transactions are real."""

import pytest

from accounts.enums import Role
from accounts.models import User
from subsidies.models import LedgerParameters
from tests.builders import a_posting, a_township
from tests.subsidies.policies import a_policy
from tests.users import MakeUser


@pytest.fixture
def county(transactional_db: None, make_user: MakeUser) -> dict[Role, User]:
    """A township with two assistants, and a user of every role that works with its month; of its clerks two."""
    a_policy()
    township = a_township()
    for _ in range(2):
        a_posting(township=township)
    LedgerParameters.objects.create(county=township.county)
    roles = (Role.BUREAU_OFFICER, Role.BUREAU_APPROVER, Role.AUDITOR)
    users = {role: make_user(role) for role in roles}
    make_user(Role.TOWNSHIP_CLERK, username="colleague", township=township)
    return users | {Role.TOWNSHIP_CLERK: make_user(Role.TOWNSHIP_CLERK, township=township)}
