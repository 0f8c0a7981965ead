"""Severities in a policy file: every check is accepted, but nobody's subsidy is stopped for a place."""

import pytest

from staffing.enums import Check, Severity
from subsidies.models import AllocationLine
from subsidies.policy.file import PolicyFile, read_policy
from tests.subsidies.policies import POLICY


def with_severity(check: Check, severity: Severity) -> PolicyFile:
    return read_policy(f'{POLICY}\nchecks = {{ {check} = "{severity}" }}\n'.encode())


@pytest.mark.parametrize("check", Check)
@pytest.mark.parametrize("severity", [Severity.OFF, Severity.HINT])
def test_every_check_may_be_a_hint_or_switched_off(check: Check, severity: Severity) -> None:
    policy = with_severity(check, severity)
    assert (policy.problems, policy.standards[0].columns["checks"]) == ([], {check.value: severity.value})


@pytest.mark.parametrize("check", Check)
def test_only_checks_of_postings_may_block(check: Check) -> None:
    policy = with_severity(check, Severity.BLOCK)
    if check.is_of_posting:
        assert (policy.problems, policy.standards[0].columns["checks"]) == ([], {check.value: "block"})
    else:
        (problem,) = policy.problems
        assert f"“{check.label}”查的是镇乡(街道)和岗位" in problem.sentence()
        assert "请写 hint" in problem.sentence()


def test_a_line_can_hold_every_check_there_is_of_postings() -> None:
    length = AllocationLine._meta.get_field("findings").max_length
    assert length is not None
    assert len(",".join(check for check in Check if check.is_of_posting)) <= length
