"""Who a verb for many is done with: chosen on the list of people, and fixed when its form opens."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone

from accounts.requests import UserRequest
from foundation.asked import number_of, whole_numbers
from pages.filters import PostingFilter
from pages.people import BY_PLACE
from staffing.models import Posting, PostingQuerySet

MOST = 200
TOO_MANY = f"一次最多办 {MOST} 人;请回到人员页,用筛选缩小范围,分几次办。"
NOBODY = "还没有选人。请在人员页勾选要办的人,或筛选以后办全部。"


@dataclass(frozen=True, slots=True)
class Chosen:
    """`stamps`: posting -> what was shown of it when the form opened, as a digest; empty on the form's first page.

    `problem` says why nobody is shown.
    """

    postings: Sequence[Posting]
    stamps: Mapping[int, str]
    left_out: frozenset[int] = frozenset()
    problem: str = ""

    @property
    def kept(self) -> list[Posting]:
        return [posting for posting in self.postings if posting.pk not in self.left_out]


def chosen_by_address(request: UserRequest) -> Chosen:
    """Whoever was ticked, or all that the list's filter shows; 404 where somebody ticked is not the reader's."""
    if "all" in request.GET:
        found = PostingFilter(request.GET, user=request.user, today=timezone.localdate()).found
        postings = _in_order(found.filter(withdrawn_at=None), MOST + 1)
    else:
        visible = Posting.objects.visible_to(request.user)
        ticked = whole_numbers(request.GET, "posting")
        postings = _in_order(visible.filter(pk__in=ticked, withdrawn_at=None), MOST + 1)
        if len(postings) != min(len(ticked), MOST + 1):
            raise Http404
    if len(postings) > MOST:
        return Chosen([], {}, problem=TOO_MANY)
    return Chosen(postings, {}, problem="" if postings else NOBODY)


def chosen_by_form(request: UserRequest) -> Chosen:
    """Whoever the form was opened with; 404 where one of them is not the reader's."""
    pairs = [pair.partition(":") for pair in filter(None, request.POST.get("chosen", "").split(","))]
    stamps = {number_of(pk, "chosen"): stamp for pk, _, stamp in pairs[: MOST + 1]}
    postings = _in_order(Posting.objects.visible_to(request.user).filter(pk__in=stamps), MOST + 1)
    left_out = whole_numbers(request.POST, "out")
    if len(postings) != len(stamps) or len(stamps) > MOST or not left_out <= stamps.keys():
        raise Http404
    return Chosen(postings, stamps, frozenset(left_out), problem="" if postings else NOBODY)


def as_field(stamps: Mapping[int, str]) -> str:
    """What the hidden field `chosen` holds."""
    return ",".join(f"{pk}:{stamp}" for pk, stamp in stamps.items())


def stamp_of(told: Iterable[object]) -> str:
    """A digest of what is shown of a posting, to find that it changed."""
    return hashlib.sha256("|".join(map(str, told)).encode()).hexdigest()[:12]


def _in_order(postings: PostingQuerySet, most: int) -> list[Posting]:
    return list(postings.select_related("person", "township", "unit").order_by(*BY_PLACE)[:most])
