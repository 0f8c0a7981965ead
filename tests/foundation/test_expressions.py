"""Many rows come over as texts, the same on both databases."""

from datetime import date
from decimal import Decimal

import pytest

from foundation.expressions import Numbers, as_text, numbers_of
from subsidies.models import MinimumWage
from townships.models import PolicyDocument

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def a_wage(year: int, yuan: str, document: PolicyDocument) -> MinimumWage:
    return MinimumWage.objects.create(effective_from=date(year, 1, 1), amount=Decimal(yuan), document=document)


def test_of_each_group_the_numbers_of_its_rows() -> None:
    one, other = (PolicyDocument.objects.create(key=key, title="意见") for key in "ab")
    for year, yuan, document in ((2009, "850.00", one), (2010, "0.01", other), (2011, "950.00", other)):
        a_wage(year, yuan, document)
    texts = MinimumWage.objects.values("document").annotate(fen=Numbers("amount")).order_by("document")
    assert [sorted(numbers_of(text)) for text in texts.values_list("fen", flat=True)] == [[85000], [1, 95000]]


def test_of_no_rows_there_are_no_numbers() -> None:
    assert MinimumWage.objects.aggregate(fen=Numbers("amount"))["fen"] is None
    assert numbers_of("") == []


def test_a_date_is_its_text_and_none_is_none() -> None:
    PolicyDocument.objects.create(key="a", title="意见", issued_on=date(2009, 6, 1))
    PolicyDocument.objects.create(key="b", title="意见")
    assert list(PolicyDocument.objects.order_by("key").values_list("key", as_text("issued_on"))) == [
        ("a", "2009-06-01"),
        ("b", None),
    ]
