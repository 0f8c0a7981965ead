"""Severities in a policy file: every check is accepted, but nobody's subsidy is stopped for a place."""

import pytest

from staffing.enums import Check, Severity
from subsidies.models import AllocationLine, SubsidyStandard
from subsidies.policy.file import PolicyFile, read_policy
from subsidies.policy.in_force import standard_parameters, standards_in_force
from subsidies.policy.words import standard_words
from tests.subsidies.policies import POLICY, a_policy


def with_severity(check: Check, severity: Severity) -> PolicyFile:
    return read_policy(f'{POLICY}\nchecks = {{ {check} = "{severity}" }}\n'.encode())


@pytest.mark.parametrize("check", Check)
@pytest.mark.parametrize("severity", [Severity.OFF, Severity.HINT])
def test_every_check_may_be_a_hint_or_switched_off(check: Check, severity: Severity) -> None:
    policy = with_severity(check, severity)
    assert (policy.problems, policy.standards[0].columns["checks"]) == ([], {check.value: severity.value})


@pytest.mark.parametrize("check", Check)
def test_only_checks_of_postings_that_look_at_the_month_may_block(check: Check) -> None:
    policy = with_severity(check, Severity.BLOCK)
    if check is Check.CONTRACT_ENDING:
        (problem,) = policy.problems
        assert "[[standard]] 第 1 条 checks contract_ending" in problem.sentence()
        assert "合同还没有到期" in problem.sentence()
    elif check is Check.RETIREMENT_AGE:
        (problem,) = policy.problems
        assert "只提醒办理退休,不能停发谁的补助" in problem.sentence()
        assert "请写 hint" in problem.sentence()
    elif check.is_of_posting:
        assert (policy.problems, policy.standards[0].columns["checks"]) == ([], {check.value: "block"})
    else:
        (problem,) = policy.problems
        assert f"“{check.label}”查的是镇乡(街道)和岗位" in problem.sentence()
        assert "请写 hint" in problem.sentence()


@pytest.mark.django_db
def test_a_stored_standard_by_which_an_ending_contract_blocks_can_still_be_read() -> None:
    a_policy()
    SubsidyStandard.objects.update(checks={"contract_ending": "block"})
    (standard,) = standards_in_force()
    parameters = standard_parameters(standard)
    assert parameters.checks == {Check.CONTRACT_ENDING: Severity.BLOCK}
    assert standard_words(standard)


def test_a_line_can_hold_every_check_there_is_of_postings() -> None:
    length = AllocationLine._meta.get_field("findings").max_length
    assert length is not None
    assert len(",".join(check for check in Check if check.is_of_posting and check.is_in_digests)) <= length
