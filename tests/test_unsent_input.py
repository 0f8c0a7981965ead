"""Input that no form sends is told in words by every route, to everybody, in every field; nothing is written."""

from datetime import date
from random import Random

import pytest

from accounts.routes import routes
from pages.days import DayChoice, day_choice
from subsidies.demo.county import DemoCounty
from subsidies.models import AllocationLine, SubsidyRun
from tests.tour import Tour, the_tour
from tests.unsent import Walk
from townships.models import Township

SEED = 1
TO_PROGRAMS: dict[str, dict[str, object]] = {
    "api_transitions": {"action": "return", "revision": 1, "state": "in_review", "reason": "更正"},
    "api_calculate": {"expected": 0},
}


@pytest.mark.long
def test_what_no_form_sends_is_told_in_words_and_writes_nothing(waiting: SubsidyRun) -> None:
    line = AllocationLine.objects.filter(allocation__revision=waiting.current_revision_id).earliest("pk")
    ids = {"runs": waiting.pk, "revisions": waiting.current_revision_id or 0, "lines": line.pk}
    walk = Walk(Random(SEED), the_tour(), ids)
    walk.everywhere(routes())
    walk.in_programs(TO_PROGRAMS)
    walk.in_forms()
    assert walk.faults == []


def test_a_fault_is_found(demo: DemoCounty, monkeypatch: pytest.MonkeyPatch) -> None:
    """A null character that nobody minds, an exception, something written."""

    def fails(*args: object) -> None:
        raise LookupError("not found")

    def writes(asked: object, today: date) -> DayChoice:
        Township.objects.update(name="改")
        return day_choice(None, today)

    walk = Walk(Random(SEED), Tour(everybody=("clerk_yuelong",)), {})
    monkeypatch.setattr("accounts.middleware.demand_storable", lambda request: None)
    walk.ask("clerk_yuelong", "GET", "/desk/", {"x": "\0"}, expected={400})
    monkeypatch.setattr("pages.views.people.whole_number", fails)
    walk.ask("clerk_yuelong", "GET", "/people/", {"after": "x"})
    monkeypatch.setattr("pages.views.people.day_choice", writes)
    walk.ask("clerk_yuelong", "POST", "/people/by-number/", {"tail": "1234"})
    assert [fault.partition(": ")[2] for fault in walk.faults] == [
        "200",
        "LookupError not found",
        "200, wrote to ['townships_township']",
    ]
