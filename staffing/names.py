"""The pinyin 拼音 of a name: the initials 拼音首字母 that it is found by, and the spelling that it is sorted by."""

import os
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import islice, product

LONGEST, LONGEST_SPELLING = 200, 300
# A character may be read in several ways (单: d, c, s); of a name at most so many spellings are kept.
_SPELLINGS = 24
_LONGEST_READING = 230
# Surnames that are read otherwise than the same character mostly is.
_SURNAMES = dict(
    pair.split()
    for pair in (
        *(
            "曾 zeng1",
            "单 shan4",
            "解 xie4",
            "仇 qiu2",
            "区 ou1",
            "查 zha1",
            "朴 piao2",
            "盖 ge3",
            "翟 zhai2",
            "乐 yue4",
        ),
        *(
            "覃 qin2",
            "缪 miao4",
            "员 yun4",
            "祭 zhai4",
            "种 chong2",
            "召 shao4",
            "秘 bi4",
            "黑 he4",
            "葛 ge3",
            "华 hua4",
        ),
        *("任 ren2", "尉迟 yu4chi2", "长孙 zhang3sun1", "万俟 mo4qi2", "澹台 tan2tai2"),
    )
)


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


def spelling(name: str) -> str:
    """What the name is sorted by, never empty for a name: 单雄信 is "shan4xiong2xin4 单雄信".

    As a dictionary has it: by syllables, then tones; whoever is written alike stands together.
    """
    read = _SURNAMES.get(name[:2], "")
    rest = name[2:] if read else name
    if not read and rest[:1] in _SURNAMES:
        read, rest = _SURNAMES[rest[0]], rest[1:]
    return f"{read}{''.join(map(_syllable, _parts(rest)))[:_LONGEST_READING]} {name}"[:LONGEST_SPELLING]


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
    _without_phrases()
    from pypinyin import Style, pinyin

    (readings,) = pinyin(part, style=Style.FIRST_LETTER, heteronym=True)
    return tuple(dict.fromkeys(letter for letter in readings if letter.isascii() and letter.isalpha()))


@cache
def _syllable(part: str) -> str:
    """zhang1 for 张; what is written in letters as it is, a character without a reading too, a sign not at all."""
    if part.isascii() or not part.isalpha():
        return part if part.isalnum() else ""
    _without_phrases()
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(part, style=Style.TONE3, neutral_tone_with_five=True))


def _without_phrases() -> None:
    """Names are read character by character: the table of phrases would take 45 MB of memory.

    Said before pypinyin is loaded, which is when it is first needed, since most processes only read.
    """
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
