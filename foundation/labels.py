"""String enumerations that carry their Chinese label and need no Django."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """Members are written `name = "identifier", "中文"`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(identifier, label) pairs as Django's `choices` wants them."""
        return [(member.value, member.label) for member in cls]

    @classmethod
    def by_label(cls) -> dict[str, Self]:
        return {member.label: member for member in cls}
