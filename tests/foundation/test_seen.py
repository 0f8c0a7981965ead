"""A form tells what others changed of the facts that it showed."""

import base64

import pytest

from foundation.seen import changed_since, seen_token

FACTS = {"姓名": "张三", "离岗日期": ""}


def test_nothing_is_told_where_nothing_changed() -> None:
    assert changed_since(seen_token("person 1", FACTS), "person 1", FACTS) == []


def test_what_changed_is_told_with_both_values() -> None:
    token = seen_token("person 1", FACTS)
    found = changed_since(token, "person 1", {"姓名": "张珊", "离岗日期": "2010-01-31"})
    assert list(map(str, found)) == ["姓名 张三 → 张珊", "离岗日期 无 → 2010-01-31"]


def test_facts_cannot_be_read_in_the_token() -> None:
    token = seen_token("person 1", FACTS)
    assert "张三".encode() not in base64.urlsafe_b64decode(token)
    assert token != seen_token("person 1", FACTS)


@pytest.mark.parametrize("token", ["x", "号", "AAAA", "=", seen_token.__doc__ or ""])
def test_what_is_no_token_is_out_of_date(token: str) -> None:
    assert [found.before for found in changed_since(token, "person 1", FACTS)] == ["已过期"]


def test_a_token_of_another_subject_is_out_of_date() -> None:
    assert changed_since(seen_token("person 2", FACTS), "person 1", FACTS)


def test_a_program_sends_none() -> None:
    assert changed_since("", "person 1", FACTS) == []
