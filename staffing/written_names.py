"""What a name 姓名 is, as it is written: one kind of dot, no spaces between ideographs, and what looks like none."""

import re
import unicodedata
from collections.abc import Iterator

from foundation.unseen import without_unseen
from townships.places import comparable

SHORTEST, LONGEST = 2, 30
DOT = "·"
# The dots between the parts of a name that keyboards and old systems give.
_DOTS = re.compile(r"\s*[·•．・‧∙･]\s*")
_ID_NUMBER = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15})(?!\d)")
_TOTALS = ("合计", "小计", "总计", "共计")
_LOST = "?�"


def written_name(text: str) -> str:
    """The name as it is kept. ValueError says what is wrong with what cannot be one, and after a semicolon what to do.

    张 三 is 张三, but a name in letters keeps its spaces. Blank text stays blank.
    """
    name = _DOTS.sub(DOT, " ".join(without_unseen(text).split()))
    if not name.isascii():
        name = "".join(name.split())
    if not name:
        return ""
    if _ID_NUMBER.search(unicodedata.normalize("NFKC", name)):
        raise ValueError("姓名里有身份证号;请把号码填到身份证号一列,这里只写姓名")
    if not any(map(_is_of_names, name)) and not set(name) & set(_LOST):
        raise ValueError("这不是姓名;请核对是不是填错了列")
    if len(name) < SHORTEST:
        raise ValueError("姓名只有一个字;请填写完整的姓名")
    if len(name) > LONGEST:
        raise ValueError(f"姓名超过 {LONGEST} 个字;请只写姓名")
    if name.startswith(DOT) or name.endswith(DOT):
        raise ValueError("姓名的开头或末尾是一个点;请填写完整的姓名")
    return name


def is_same_name(one: str, other: str) -> bool:
    """Whether two names differ only in width, spaces, case or the kind of dot."""
    return comparable(_DOTS.sub(DOT, one)) == comparable(_DOTS.sub(DOT, other))


def doubts_about(name: str) -> Iterator[str]:
    """What of a written name is unlikely, in words: it is asked about once, and then taken."""
    if any(total in name for total in _TOTALS):
        yield f"“{name}”看来是合计,不是姓名"
    if set(name) & set(_LOST):
        yield f"“{name}”里有没能转换的字"
    signs = "".join(dict.fromkeys(c for c in name if not _is_of_names(c) and c not in _LOST and c not in f" {DOT}"))
    if signs:
        yield f"“{name}”里有“{signs}”"


def _is_of_names(character: str) -> bool:
    """A letter or ideograph of any script, one for private use (rare characters of older systems), or a mark on one.

    A joiner is part of a word: `without_unseen` has left none elsewhere.
    """
    category = unicodedata.category(character)
    return category[0] in "LM" or category in {"Co", "Cn"} or character in "\u3007\u200c\u200d-'’"
