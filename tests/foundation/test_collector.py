"""The search for cycles is paused within and goes on afterwards, also after an error and one within the other."""

import gc

import pytest

from foundation.collector import without_cycle_search


def test_the_search_is_paused_within_and_goes_on_afterwards() -> None:
    with without_cycle_search():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_the_search_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="wrong"), without_cycle_search():
        raise ValueError("wrong")

    assert gc.isenabled()


def test_the_outer_pause_lasts_longer_than_the_inner_one() -> None:
    with without_cycle_search():
        with without_cycle_search():
            pass
        assert not gc.isenabled()


def test_a_function_is_paused_each_time_it_is_called() -> None:
    @without_cycle_search()
    def is_searching() -> bool:
        return gc.isenabled()

    assert [is_searching(), is_searching()] == [False, False]
