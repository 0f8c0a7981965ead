"""The pinyin initials 拼音首字母 by which a name is found without a Chinese keyboard."""

import os
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import islice, product

LONGEST = 200
# A character may be read in several ways (单: d, c, s); of a name at most so many spellings are kept.
_SPELLINGS = 24


def initials(name: str) -> str:
    """Every way to spell the name by first letters, each after a space: 单雄信 is " dxx cxx sxx …".

    A name in letters gives those of its words. Empty where nothing can be read.
    """
    letters = [row for row in map(_readings, _parts(name)) if row]
    # The surname's readings vary first: it is the one that is mostly looked for.
    spelled = (" " + "".join(reversed(spelling)) for spelling in product(*reversed(letters))) if letters else ()
    found = ""
    for spelling in islice(spelled, _SPELLINGS):
        if len(found) + len(spelling) <= LONGEST:
            found += spelling
    return found


def _parts(name: str) -> Iterator[str]:
    """Words of letters, and every other character by itself."""
    for word in unicodedata.normalize("NFKC", name).lower().split():
        if word.isascii():
            yield word
        else:
            yield from word


@cache
def _readings(part: str) -> tuple[str, ...]:
    """The first letters that a word or character may begin with, the most usual first."""
    if part.isascii():
        return (part[0],) if part[0].isalnum() else ()
    # Names are read character by character: the table of phrases would take 45 MB of memory. Loaded when first needed,
    # since most processes only read.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    (readings,) = pinyin(part, style=Style.FIRST_LETTER, heteronym=True)
    return tuple(dict.fromkeys(letter for letter in readings if letter.isascii() and letter.isalpha()))
