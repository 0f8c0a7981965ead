"""Characters that nobody sees: some are dropped, of others it is said where they stand. Knows no Django.

Two names that look the same are the same only without them, and one that holds a mark of direction reads backwards.
"""

import unicodedata

LINES = frozenset("\t\n\r")
# Spaces without width, fillers and marks that only tell where a line may break; fonts draw nothing for them.
_NO_WIDTH = frozenset("\u00ad\u034f\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u115f\u1160\u3164\uffa0")
_JOINERS = frozenset("\u200c\u200d")
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def refused_at(text: str) -> int | None:
    """The place, from 1, of the first control character, mark of direction or half a character; None without one.

    Tabs and ends of lines are white space, not control characters.
    """
    if text.isascii() and text.isprintable():
        return None
    return next((place for place, character in enumerate(text, 1) if _is_refused(character)), None)


def without_unseen(text: str) -> str:
    """`text` without what has no width. A joiner stays inside a word of a script that joins, a variation selector
    after the character whose form it selects: names need them."""
    if text.isascii():
        return text
    return "".join(character for at, character in enumerate(text) if not _is_dropped(character, at, text))


def _is_refused(character: str) -> bool:
    return character in _DIRECTIONS or (unicodedata.category(character) in {"Cc", "Cs"} and character not in LINES)


def _is_dropped(character: str, at: int, text: str) -> bool:
    if character in _NO_WIDTH or "\U000e0000" <= character <= "\U000e007f":
        return True
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if character in _JOINERS:
        return not (_joins(before) and _joins(after))
    if _selects_form(character):
        return not before or before.isspace() or before.isascii() or before in _NO_WIDTH
    return False


def _joins(character: str) -> bool:
    """A letter or mark of a script that is neither Latin nor ideographic, such as Uyghur, Mongolian or Tamil."""
    return (
        bool(character)
        and unicodedata.category(character)[0] in "LM"
        and not unicodedata.name(character, "").startswith(("LATIN", "CJK", "VARIATION"))
    )


def _selects_form(character: str) -> bool:
    first, last = ("\ufe00", "\ufe0f") if character < "\U00010000" else ("\U000e0100", "\U000e01ef")
    return first <= character <= last or "\u180b" <= character <= "\u180d"
