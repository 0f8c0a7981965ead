"""The charts of the desk: each says what it draws, and its table gives the same numbers."""

import re
from collections.abc import Sequence

import pytest

from subsidies.demo.county import DemoCounty
from tests.reading import text_of, words
from tests.users import BUSINESS, logged_in
from townships.models import Township

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("username", BUSINESS)
def test_every_chart_says_what_it_draws_and_has_its_table(demo: DemoCounty, username: str) -> None:
    page = text_of(logged_in(username), "/desk/")
    charts = re.findall(r'<svg class="chart" role="img" aria-labelledby="([\w-]+)"', page)
    assert charts == ["places-chart", "months-chart", "ages-chart"]
    for name in charts:
        title = re.search(rf'<title id="{name}">([^<]{{20,}})</title>', page)
        assert title is not None, name
    for figure in re.findall(r"<figure>.*?</figure>", page, re.DOTALL):
        assert figure.count('<details class="reveal"><summary>看数字</summary></details>') == 1
        assert 'class="wide fit revealed"' in figure
    assert set(re.findall(r"url\(#(\w+)\)", page)) <= set(re.findall(r'<pattern id="(\w+)"', page))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def told_by_table(title: str, cells: Sequence[str]) -> list[str]:
    """Of the cells of a row those that the title of the chart tells as well."""
    if title.startswith("各月补助"):
        return [cells[4]]
    if title.startswith("人员配备"):
        return [*cells[:2], *(cell for cell in cells[2:4] if cell != "–")]
    return [cell.replace("–", "0") for cell in cells]


def test_a_chart_and_its_table_give_the_same_numbers(demo: DemoCounty) -> None:
    page = text_of(logged_in("officer"), "/desk/")
    compared = {}
    for figure in re.findall(r"<figure>.*?</figure>", page, re.DOTALL):
        drawn, table = figure.split("<tbody>")
        found = re.search(r"<title[^>]*>([^:<]+):([^<]+)。</title>", drawn)
        assert found is not None
        title = found[1]
        said = re.split(r",(?=\d{4}年)|;", found[2])
        rows = table.partition("</tbody>")[0].split("</tr>")[:-1]
        for row, words_of_row in zip(rows, said, strict=True):
            label, *cells = [words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
            told = words(words_of_row)
            assert told.startswith(label)
            assert re.findall(r"\d[\d,.]*", told.removeprefix(label)) == told_by_table(title, cells), label
        compared[title.partition(",")[0]] = len(rows)
    assert compared == {"各月补助合计": 3, "人员配备": Township.objects.count(), "在岗人员年龄": 3}
