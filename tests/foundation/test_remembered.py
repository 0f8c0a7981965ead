"""A function is called once for each distinct argument."""

import pytest

from foundation.remembered import Remembered


def test_each_distinct_argument_is_worked_out_once() -> None:
    asked: list[int] = []

    def square(number: int) -> int:
        asked.append(number)
        return number * number

    squares = Remembered(square)

    assert [squares[number] for number in (3, 4, 3, 4)] == [9, 16, 9, 16]
    assert asked == [3, 4]


def test_an_argument_that_fails_is_not_remembered() -> None:
    thirds: Remembered[int, int] = Remembered(lambda number: 9 // number)

    with pytest.raises(ZeroDivisionError):
        thirds[0]

    assert (dict(thirds), thirds[3]) == ({}, 3)
