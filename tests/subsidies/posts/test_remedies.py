"""Every check rests on a clause, and tells a clerk in one sentence what to do."""

import re

import pytest
from django.conf import settings

from staffing.enums import Check, Position
from subsidies.posts.finding_words import remedy_of
from subsidies.rules.checks import CLAUSES, clause_of


@pytest.mark.parametrize("check", Check)
@pytest.mark.parametrize("position", Position)
def test_every_check_has_a_clause_and_one_sentence_of_what_to_do(check: Check, position: Position) -> None:
    assert clause_of(check, position) in {"一.1", "一.2", "一.3", "二.1", "退休规定"}
    remedy = remedy_of(check, position)
    assert (remedy.count("。"), remedy[-1]) == (1, "。")
    assert "请" in remedy


def test_the_checks_stand_in_the_order_of_the_opinion() -> None:
    clauses = [CLAUSES[check] for check in Check]
    assert clauses == sorted(clauses, key=["一.1", "一.2", "一.3", "二.1", "退休规定"].index)


def test_assistants_and_coordinators_are_asked_by_their_own_clause() -> None:
    assert clause_of(Check.VACANCY, Position.ASSISTANT) == "一.2"
    assert clause_of(Check.VACANCY, Position.VILLAGE_COORDINATOR) == "一.3"
    assert "增配批复" in remedy_of(Check.OVER_QUOTA, Position.ASSISTANT)
    assert "增配批复" not in remedy_of(Check.OVER_QUOTA, Position.COMMUNITY_COORDINATOR)


@pytest.mark.parametrize("check", [Check.HOUSEHOLDS_MISSING, Check.HOUSEHOLDS_ZERO])
def test_households_are_entered_where_the_clerk_is_sent(check: Check) -> None:
    remedy = remedy_of(check, Position.VILLAGE_COORDINATOR)
    assert "报送" not in remedy
    (place,) = re.findall("该村\\(居\\)的页面“(.+?)”", remedy)
    page = (settings.BASE_DIR / "templates/pages/unit.html").read_text(encoding="utf-8")
    assert f"<summary>{place}</summary>" in page


def test_only_checks_of_somebody_on_post_can_stop_a_subsidy() -> None:
    assert [check.value for check in Check if not check.is_of_posting] == [
        "platform_below_norm",
        "platform_short",
        "vacancy",
    ]
