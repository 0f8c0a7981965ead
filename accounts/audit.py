"""The audit: one event for what was done or refused, written in the transaction of whoever calls.

No event holds a personal number: callers pass masked ones, and `record` masks any that slipped through.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from ipaddress import ip_address
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.events import Event
from accounts.models import AuditEvent, User

Response = TypeVar("Response", bound=HttpResponseBase)

# 18 characters, or 15 of the first generation, that are no part of a longer word such as a digest.
_NATIONAL_ID = re.compile(r"(?<![0-9A-Za-z])(\d{6})(?:\d{8}(\d{3}[\dXx])|\d{5}(\d{4}))(?![0-9A-Za-z])")

# The address of the request being answered, so that services need not hand it down; empty in a command.
_current_address: ContextVar[str] = ContextVar("address", default="")


class ChainLink(NamedTuple):
    """The place of an event in the chain of seals, and when it was sealed."""

    sequence: int
    previous_digest: str
    digest: str
    sealed_at: datetime


def record(
    *,
    event: Event,
    actor: User | None,
    on_behalf_of: User | None = None,
    subject: Model | str | None = None,
    before: Any = None,  # any JSON; amounts and dates are written out
    after: Any = None,
    reason: str = "",
    result: str = "done",
    request: HttpRequest | None = None,
    address: str = "",
    chain: ChainLink | None = None,
) -> AuditEvent:
    """Adds an event and returns it.

    Without an actor it was a command, or with a request somebody who had not logged in; `on_behalf_of` is another user
    in whose stead it was done. The address is that of the request being answered where none is given; a sealed event
    bears the time of its seal. ValueError for a subject that the event is not about, a reason of more than 500
    characters, and a whole personal number that was seen without one.
    """
    if len(reason) > 500:
        raise ValueError("a reason has 500 characters at most")
    if event.about_number and not reason.strip():
        raise ValueError("nobody sees a whole personal number without a reason")
    row = subject if isinstance(subject, Model) else None
    subject_type = (row._meta.model_name or "") if row else ""
    if subject_type != event.subject:
        raise ValueError(f"{event} is about {event.subject or 'no row'}, not about {subject_type or 'no row'}")
    name, role = _who(actor, request)
    return AuditEvent.objects.create(
        at=chain.sealed_at if chain else timezone.now(),
        actor=actor,
        actor_name=name,
        on_behalf_of=on_behalf_of,
        on_behalf_of_name=None if on_behalf_of is None else _name(on_behalf_of),
        role=role,
        address=(address or (client_address(request) if request else _current_address.get()))[:45],
        action=event.verb,
        subject_type=subject_type,
        subject_id=row.pk if row else None,
        subject_label="" if subject is None else masked(str(subject))[:200],
        before=_plain(before),
        after=_plain(after),
        reason=masked(reason),
        result=result,
        sequence=chain.sequence if chain else None,
        previous_digest=chain.previous_digest if chain else "",
        digest=chain.digest if chain else "",
    )


def as_download(response: Response, label: str) -> Response:
    """Marks an answer that hands out a file, `label` like "T1 2009-06": it is sent once its event is stored."""
    vars(response)["audit_download"] = label
    return response


def as_refusal(response: Response, event: Event, *, subject: Model | str | None, reason: str) -> Response:
    """Marks an answer that turns somebody away other than by 403: its event is stored when the request is over."""
    vars(response)["audit_refusal"] = Refusal(event, subject, reason)
    return response


class Refusal(NamedTuple):
    event: Event
    subject: Model | str | None
    reason: str


def masked(text: str) -> str:
    """`text` with every number that looks like an id number reduced to its first six and last four."""
    return _NATIONAL_ID.sub(lambda match: f"{match[1]}{'*' * (len(match[0]) - 10)}{match[2] or match[3]}", text)


@contextmanager
def answering(request: HttpRequest) -> Iterator[None]:
    """Within it events carry the request's address."""
    with from_address(client_address(request)):
        yield


@contextmanager
def from_address(address: str) -> Iterator[None]:
    """Within it events carry this address: of a command, the account of the machine that gave it."""
    token = _current_address.set(address)
    try:
        yield
    finally:
        _current_address.reset(token)


def client_address(request: HttpRequest) -> str:
    """Where the request comes from; behind our own proxy that is what the proxy added last. Empty when unknown."""
    candidates = [str(request.META.get("REMOTE_ADDR", ""))]
    if settings.SECURE_PROXY_SSL_HEADER is not None:
        candidates.insert(0, str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip())
    return next((address for address in candidates if _is_address(address)), "")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def who_acts(actor: User | None) -> tuple[str, str]:
    """Name and role of whoever acts, as events tell them; without an actor it is a command."""
    return _who(actor, None)


def _who(actor: User | None, request: HttpRequest | None) -> tuple[str, str]:
    if actor is not None:
        return _name(actor), actor.role
    return ("命令行", "command") if request is None else ("未登录", "anonymous")


def _name(user: User) -> str:
    return masked(str(user))[:60]


def _plain(value: Any) -> Any:
    """`value` as JSON, id numbers masked."""
    if isinstance(value, dict):
        return {masked(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        text = masked(str(value))
        return value if text == str(value) else text
    return masked(value.isoformat() if isinstance(value, date) else str(value))
