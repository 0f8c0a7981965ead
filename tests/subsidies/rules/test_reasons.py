"""Rule 7: the first reason that applies; and every line says in words why it is this amount."""

from itertools import combinations

import pytest

from staffing.enums import Check, Position, Severity
from subsidies.rules.facts import CountyFacts
from subsidies.rules.parameters import WholeIfOnDay
from subsidies.rules.results import Reason
from tests.subsidies.rules.builders import STANDARD, VILLAGE, county, dues, posting, reasons, standard, unit

ORDER = ("unit_without_post", "suspended", "duplicate_person", "over_quota")
# When each kind takes days from posting 9: the two halves of January stand for the two kinds of a pair.
HALVES = (("2010-01-01", "2010-01-15"), ("2010-01-16", "2010-01-31"))


def losing(kinds: tuple[str, str]) -> CountyFacts:
    """A village coordinator (posting 9) who loses each half of the month to another kind."""
    spans = dict(zip(kinds, HALVES, strict=True))
    opened = closed = None
    if "unit_without_post" in spans:
        start, end = spans["unit_without_post"]
        opened, closed = ("2010-01-16", None) if start == "2010-01-01" else (None, "2010-01-15")
    others = []
    if "duplicate_person" in spans:
        start, end = spans["duplicate_person"]
        # Began earlier elsewhere, and does not compete outside the span.
        others.append(posting(1, person=9, started="2008-01-01", ended=end, suspended=[("2008-01-01", before(start))]))
    if "over_quota" in spans:
        start, end = spans["over_quota"]
        suspended = [("2008-01-01", before(start))]
        others.append(posting(2, unit=VILLAGE, started="2008-01-01", ended=end, suspended=suspended))
    suspended = [spans["suspended"]] if "suspended" in spans else []
    return county(
        *others,
        posting(9, unit=VILLAGE, suspended=suspended),
        units=[unit(opened=opened, closed=closed)],
    )


def before(start: str) -> str:
    return "2009-12-31" if start == "2010-01-01" else "2010-01-15"


@pytest.mark.parametrize("pair", list(combinations(ORDER, 2)), ids="-".join)
@pytest.mark.parametrize("is_turned", [False, True])
def test_first_kind_of_lost_days_is_the_reason(pair: tuple[str, str], is_turned: bool) -> None:
    """Whichever took any of the days, in their order and not in the order of the days."""
    kinds = (pair[1], pair[0]) if is_turned else pair

    due = dues(losing(kinds))[9]

    assert due.key.counted == 0
    assert due.result.reason == pair[0]
    labels = " ".join(step.label for step in due.result.steps)
    assert all(Reason(kind).label in labels for kind in pair)


def test_day_lost_twice_is_lost_to_the_place_first() -> None:
    facts = county(posting(1, unit=VILLAGE, suspended=[("2009-01-01", None)]), units=[unit(closed="2009-12-31")])

    assert reasons(dues(facts)) == {1: "unit_without_post"}


def test_lost_days_are_the_reason_before_households_checks_and_day() -> None:
    rules = standard(proration=WholeIfOnDay(15), checks={Check.COMPUTER_SKILL: Severity.BLOCK})
    facts = county(
        posting(1, unit=VILLAGE, has_computer_skill=False),
        posting(2, unit=VILLAGE, has_computer_skill=False, started="2009-06-01"),
        posting(3, unit=VILLAGE, has_computer_skill=False, started="2009-06-01", suspended=[("2009-07-01", None)]),
        units=[unit(counts=[])],
    )

    assert reasons(dues(facts, rules)) == {1: "households_missing", 2: "over_quota", 3: "suspended"}


def test_one_counted_day_leaves_lost_days_to_the_steps() -> None:
    due = dues(county(posting(1, suspended=[("2010-01-02", None)])))[1]

    assert (due.result.reason, str(due.amount)) == ("", "49.35")
    assert ("不计天数:停发", "30 天") in {(step.label, step.value) for step in due.result.steps}


def test_missing_households_come_before_a_blocking_check() -> None:
    rules = standard(checks={Check.COMPUTER_SKILL: Severity.BLOCK})
    facts = county(posting(1, unit=VILLAGE, has_computer_skill=False), units=[unit(counts=[])])

    assert reasons(dues(facts, rules)) == {1: "households_missing"}


def test_blocking_check_comes_before_the_day() -> None:
    rules = standard(proration=WholeIfOnDay(15), checks={Check.COMPUTER_SKILL: Severity.BLOCK})
    facts = county(
        posting(1, started="2010-01-16", has_computer_skill=False),
        posting(2, unit=VILLAGE, started="2010-01-16"),
        units=[unit(counts=[])],
    )

    assert reasons(dues(facts, rules)) == {1: "computer_skill", 2: "households_missing"}


def test_every_line_says_why_in_one_sentence() -> None:
    facts = county(
        posting(1),
        posting(2, started="2010-01-11"),
        posting(3, started="2010-01-12"),
        posting(4, suspended=[("2009-01-01", None)]),
        posting(5, unit=VILLAGE),
    )

    sentences = {number: due.result.sentence for number, due in dues(facts).items()}

    assert sentences == {
        1: "2010年1月补助标准 1,530.00 元,全月计发,应补 1,530.00 元。",
        2: "2010年1月补助标准 1,530.00 元,计发 21/31 天,应补 1,036.45 元。",
        3: "2010年1月不补助:超出补助名额。",
        4: "2010年1月不补助:停发。",
        5: "2010年1月补助标准 320.00 元,全月计发,应补 320.00 元。",
    }


def test_sentences_of_a_check_and_of_the_day() -> None:
    rules = standard(proration=WholeIfOnDay(31), checks={Check.CONTRACT_MISSING: Severity.BLOCK})
    facts = county(posting(1, contracts=()), posting(2, ended="2010-01-30"), posting(3, unit=VILLAGE))

    sentences = {number: due.result.sentence for number, due in dues(facts, rules).items()}

    assert sentences == {
        1: "2010年1月未签劳动合同,按现行标准停发补助。",
        2: "2010年1月 31 日不在计发之列,按规定本月不补助。",
        3: "2010年1月补助标准 320.00 元,基准日在岗,全月计发,应补 320.00 元。",
    }


def test_steps_lead_from_the_minimum_wage_to_the_amount() -> None:
    due = dues(county(posting(1, started="2010-01-11")), STANDARD)[1]

    assert [tuple(step) for step in due.result.steps] == [
        ("最低工资标准", "850.00 元/月(2008-09-01 起)", "wage"),
        ("补助标准", "850.00 × 180% = 1,530.00 元/月", "二.1"),
        ("在岗天数", "21 天(当月 31 天)", "一.2"),
        ("计发天数", "21 天", "一.2"),
        ("折算", "1,530.00 × 21 ÷ 31 = 1,036.45 元", "opinion"),
    ]


def test_every_step_names_what_it_rests_on() -> None:
    rules = standard(proration=WholeIfOnDay(15), checks={Check.COMPUTER_SKILL: Severity.BLOCK})
    facts = county(
        posting(1, suspended=[("2010-01-05", "2010-01-20")]),
        posting(2, person=1, unit=VILLAGE, started="2010-01-02", ended="2010-01-20"),
        posting(3, has_computer_skill=False),
        posting(4, started="2010-01-03"),
        posting(5, unit=VILLAGE, started="2010-01-10"),
        posting(6, unit=VILLAGE, position=Position.COMMUNITY_COORDINATOR),
    )

    bases = {step.label: step.basis for due in dues(facts, rules).values() for step in due.result.steps}

    assert "" not in bases.values()
    assert bases["不计天数:停发"] == "opinion"
    assert bases["检查"] == "一.2;opinion"
    assert bases["基准日"] == "opinion"
    assert bases["不计天数:所在村(社区)没有这个岗位"] == "一.3"


@pytest.mark.parametrize(
    ("households", "label"), [(0, "100 户以下"), (101, "101–200 户"), (300, "201–300 户"), (301, "301 户以上")]
)
def test_steps_name_the_band(households: int, label: str) -> None:
    facts = county(posting(1, unit=VILLAGE), units=[unit(counts=[("2009-01-01", households)])])

    steps = dues(facts)[1].result.steps

    assert [step.value for step in steps if step.label == "户数档次"] == [label]


def test_position_that_the_unit_has_not_got_is_the_reason_even_without_households() -> None:
    facts = county(posting(1, unit=VILLAGE, position=Position.COMMUNITY_COORDINATOR))

    assert reasons(dues(facts)) == {1: "unit_without_post"}
