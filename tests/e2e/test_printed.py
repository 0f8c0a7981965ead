"""Pages on paper: a total stands once, under the last row of its table."""

import pytest
from django.urls import reverse

from subsidies.demo.seed import MONTHS
from tests.e2e.printed import text_on_pages
from tests.e2e.visitor import Visit

pytestmark = pytest.mark.e2e


def test_the_total_of_a_township_is_printed_once_on_all_pages(visit: Visit) -> None:
    officer = visit("officer")
    officer.open(reverse("township_sheet", args=[MONTHS[-1], 1, "330226101"]))
    officer.page.emulate_media(media="print")
    rows = ["".join(row.split()) for row in officer.page.locator("tfoot tr").all_inner_texts()]
    pages = text_on_pages(officer.page.pdf(prefer_css_page_size=True))
    assert len(pages) > 1
    assert rows
    assert pages[0].find("序号") > 0 == pages[1].find("序号"), "the header stands on every page"
    # Rows of different tables differ here.
    assert {row: [page.count(row) for page in pages if row in page] for row in rows} == {row: [1] for row in rows}
