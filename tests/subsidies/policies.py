"""The policy that tests calculate with, brought in through the real import."""

from datetime import UTC, datetime

from subsidies.policy.file import read_policy
from subsidies.policy.services import Counts, import_policy

NOW = datetime(2009, 6, 30, 4, 0, tzinfo=UTC)
POLICY = """
[[document]]
id = "opinion"
title = "意见"
[[minimum_wage]]
effective_from = 2008-09-01
amount = "850.00"
document = "opinion"
[[standard]]
effective_from = 2009-01-01
document = "opinion"
assistant_percent = "180"
community_percent = "180"
wage_floor = "1300.00"
village_percent = "40"
proration = "calendar_day"
assistant_base = { A = 3, B = 2 }
assistant_extra_max = 2
platform_minimum = { A = 5, B = 3 }
bands = [{ from_households = 0, secretary_pay = "500.00" }, { from_households = 101, secretary_pay = "600.00" },
         { from_households = 201, secretary_pay = "700.00" }, { from_households = 301, secretary_pay = "800.00" }]
"""
NEW_WAGE = """
[[minimum_wage]]
effective_from = {day}
amount = "{amount}"
document = "opinion"
{more}
"""


def a_policy(text: str = POLICY, *, more: str = "", now: datetime = NOW) -> Counts:
    """Import a policy file."""
    return import_policy(policy=read_policy((text + more).encode()), actor=None, now=now)


def a_minimum_wage(day: str, amount: str, *, more: str = "") -> Counts:
    """Import one more minimum wage."""
    return a_policy(NEW_WAGE.format(day=day, amount=amount, more=more))
