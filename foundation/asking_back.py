"""Improbable entries are asked back once, with the reason, and then taken.

A doubt is a sentence that names what was entered. The form comes back with its doubts in words and, for each, a hidden
mark that it was asked. Saved again with the same doubts it is taken; a doubt that nobody was asked is asked first.
The marks are a courtesy to whoever types, no guard: what must not be is refused elsewhere.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

# The hidden field of the form; its template is components/asked_back.html.
ASKED = "asked"


@dataclass(frozen=True, slots=True)
class AskingBack:
    """`doubts` to be asked now, none where each was asked before; `marks` go into the form in any case."""

    doubts: Sequence[str] = ()
    marks: Sequence[str] = ()

    @property
    def is_needed(self) -> bool:
        return bool(self.doubts)


def asking_back(doubts: Iterable[str], fields: QueryDict) -> AskingBack:
    """What has to be asked about a form that was sent with `fields`: all its doubts as soon as one of them is new."""
    asked, found = set(fields.getlist(ASKED)), list(dict.fromkeys(doubts))
    marks = [_mark(doubt) for doubt in found]
    return AskingBack(found if set(marks) - asked else (), marks)


def asked_and_saved(
    form: forms.Form, doubts: Callable[[], Iterable[str]], fields: QueryDict, save: Callable[[], str]
) -> tuple[str, AskingBack]:
    """Saves a bound form that is valid and about which nothing is left to ask: what `save` says of it, else nothing.

    Why `save` refused, by ValidationError, stands in the form's own errors then.
    """
    if not form.is_valid():
        return "", AskingBack()
    asking = asking_back(doubts(), fields)
    if not asking.is_needed:
        try:
            return save(), asking
        except ValidationError as error:
            for message in error.messages:
                form.add_error(None, message)
    return "", asking


def _mark(doubt: str) -> str:
    return hashlib.sha256(doubt.encode()).hexdigest()[:16]
