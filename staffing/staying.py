"""Who goes on after the last day of a place: whoever sets that day names them, since nothing is paid to them then."""

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError

from staffing.models import Posting


def demand_named(staying: Iterable[Posting], named: Collection[int], *, effect: str) -> None:
    """ValidationError with whoever of `staying` is not among the `named` postings; `effect` says what becomes of
    them."""
    unnamed = [f"{posting.person.name}({posting.started_on} 到岗)" for posting in staying if posting.pk not in named]
    if unnamed:
        advice = "请先登记离岗日期;确实继续在岗的,请逐人确认。"
        raise ValidationError(f"{effect}:{'、'.join(unnamed)}。{advice}")
