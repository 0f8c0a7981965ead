"""The sentences that Django, its API, its filters and its lockout bring along, and where one of them is said."""

import ast
import gettext
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import axes
import django
import django_filters
import rest_framework
from django.conf import settings

DJANGO, REST, FILTERS, AXES = (
    Path(next(iter(one.__path__))) for one in (django, rest_framework, django_filters, axes)
)
# What speaks to people. Not here: the admin, which is not installed; pages of errors, which are ours.
SPEAKING = (
    *(DJANGO / "forms").rglob("*.py"),
    *(
        DJANGO / "core" / "validators.py",
        DJANGO / "db" / "models" / "base.py",
        DJANGO / "db" / "models" / "constraints.py",
    ),
    *(DJANGO / "db" / "models" / "fields").rglob("*.py"),
    *(DJANGO / "contrib" / "auth" / name for name in ("forms.py", "password_validation.py")),
    *(
        REST / f"{name}.py"
        for name in ("exceptions", "fields", "pagination", "relations", "serializers", "validators")
    ),
    *(FILTERS / "fields.py", FILTERS / "filters.py", AXES / "conf.py"),
)
OWN = Path(settings.BASE_DIR) / "foundation" / "locale" / "zh_Hans" / "LC_MESSAGES"
_MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
_PLACE = re.compile(r"%\(\w+\)[sdr]|%d|\{\w+(?::\w)?\}")


def read(path: Path) -> dict[str, str]:
    """The sentences of a compiled catalogue by what they translate; of a plural, by its singular."""
    with path.open("rb") as file:
        found = vars(gettext.GNUTranslations(file))["_catalog"]
    return {key[0] if isinstance(key, tuple) else key: words for key, words in found.items() if key}


def sentences() -> set[str]:
    """The English sentences in what speaks to people."""
    return {words for path in SPEAKING for words in _marked(path) if words.endswith(".")}


def _marked(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in _MARKS and isinstance(node.args[0].value, str):
                yield node.args[0].value


@cache
def pieces() -> frozenset[str]:
    """Of each sentence, in English and however it comes translated, the longest part without a placeholder."""
    said = whole = sentences()
    for root in (DJANGO / "conf", DJANGO / "contrib" / "auth", REST, FILTERS, AXES):
        for path in root.glob("locale/zh_[HC]*/LC_MESSAGES/django.mo"):
            whole = whole | {words for key, words in read(path).items() if key in said}
    ours = set(read(OWN / "django.mo").values())
    longest = {max(_PLACE.split(words), key=len).strip(" .。") for words in whole - ours}
    return frozenset(piece for piece in longest if len(piece) > 3)


def stock_in(text: str) -> list[str]:
    """What of it comes with Django and is not ours."""
    return sorted(piece for piece in pieces() if piece in text)
