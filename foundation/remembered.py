"""A function as a mapping that works out each distinct argument once. Pure."""

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Remembered(dict[K, V]):
    """`remembered[argument]` is `function(argument)`; a dictionary, so that what is known is found without a call."""

    def __init__(self, function: Callable[[K], V]) -> None:
        super().__init__()
        self.function = function

    def __missing__(self, key: K) -> V:
        self[key] = value = self.function(key)
        return value
