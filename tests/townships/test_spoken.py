"""Places as people say them: taken where only one can be meant and told, else the likely ones are named."""

import pytest

from tests.builders import a_township, a_unit
from townships.enums import TownshipKind, UnitKind
from townships.models import County
from townships.places import PlaceError, Places

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    County.objects.create(code="330226", name="宁海县")
    street = a_township(name="跃龙街道", kind=TownshipKind.SUBDISTRICT)
    town = a_township(code="330226102", name="长街镇", kind=TownshipKind.TOWN)
    a_unit(township=street, code="330226001001", name="五丰社区", kind=UnitKind.COMMUNITY)
    a_unit(township=town, code="330226102201", name="车岙村委会", kind=UnitKind.VILLAGE)
    a_unit(township=town, code="330226102001", name="山头社区", kind=UnitKind.COMMUNITY)
    a_unit(township=town, code="330226102202", name="山头村委会", kind=UnitKind.VILLAGE)
    return Places.of_county()


@pytest.mark.parametrize("text", ["跃龙", "跃龙街", "跃龙街道办事处", "宁海县跃龙街道", "跃龙 街道"])
def test_a_township_is_found_by_what_people_call_it(places: Places, text: str) -> None:
    assert places.township(text).name == "跃龙街道"


@pytest.mark.parametrize(
    ("township", "text", "name"),
    [
        ("跃龙街道", "五丰", "五丰社区"),
        ("跃龙街道", "五丰社区居委会", "五丰社区"),
        ("跃龙街道", "五丰社区居民委员会", "五丰社区"),
        ("跃龙街道", "跃龙街道五丰社区", "五丰社区"),
        ("长街镇", "车岙", "车岙村委会"),
        ("长街镇", "车岙村", "车岙村委会"),
        ("长街镇", "宁海县长街镇车岙村民委员会", "车岙村委会"),
        ("长街镇", "山头村", "山头村委会"),
        ("长街镇", "山头社区居委会", "山头社区"),
    ],
)
def test_a_unit_is_found_by_what_people_call_it_and_the_reader_is_told(
    places: Places, township: str, text: str, name: str
) -> None:
    assert places.unit(text, township=places.township(township)).name == name
    assert places.taken == {text: name}


@pytest.mark.parametrize(
    ("text", "likely"),
    [("山头", "山头社区、山头村委会"), ("车岙社区", "车岙村委会"), ("车澳村委会", "车岙村委会")],
)
def test_what_may_mean_several_or_another_kind_is_refused_with_the_likely_ones(
    places: Places, text: str, likely: str
) -> None:
    with pytest.raises(PlaceError) as refused:
        places.unit(text, township=places.township("长街镇"))
    assert refused.value.advice.startswith(f"可能是{likely};")
    assert places.taken == {}
