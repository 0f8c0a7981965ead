"""Budget: looking up and explaining 60,000 lines costs four times a bare loop over integers, or less."""

import time
from decimal import Decimal

from benchmarks.county import MONTH
from benchmarks.measure import compare
from benchmarks.results import Result
from foundation.rounding import ZERO, to_fen
from subsidies.policy.in_force import rulebook, standards_in_force
from subsidies.posts.facts import county_facts
from subsidies.rules.dues import dues_of_month
from subsidies.rules.formulas import Circumstances, MonthFormulas


def look_up() -> list[Result]:
    """The floor: a bare loop over integers that comes to the same total. One pass over as many pairs as there are
    lines; for each the rate is looked up in a dictionary, multiplied by the counted days, divided by those of the
    month, and added up.

    The candidate: one pass over the circumstances of the lines, as competition and checks leave them; for each its
    remembered outcome is looked up, the amount added up and the sentence that explains it taken. The memory begins
    empty, as it does for every month.
    """
    parameters = rulebook(standards_in_force()).for_month(MONTH)
    dues = dues_of_month(MONTH, county_facts(since=MONTH.first, until=MONTH.last), parameters).values()
    lines: list[Circumstances] = [
        (due.posting.position, due.days, due.households, due.key.blocked_by, due.key.cap) for due in dues
    ]
    number_of = {key: number for number, key in enumerate({due.key for due in dues})}
    pairs = [(number_of[due.key], due.key.counted) for due in dues]
    rates = {number_of[due.key]: to_fen(due.result.rate or ZERO) for due in dues}

    def bare_loop() -> int:
        total, days = 0, MONTH.days
        for number, counted in pairs:
            total += rates[number] * counted // days
        return total

    def explained() -> tuple[Decimal, str]:
        total, sentence = ZERO, ""
        outcomes = MonthFormulas(MONTH, parameters).outcomes
        for circumstances in lines:
            _, result = outcomes[circumstances]
            total += result.amount
            sentence = result.sentence
        return total, sentence

    comparison = compare(floor=bare_loop, candidate=explained, times=25, clock=time.process_time)
    return [Result.of("look up and explain", len(lines), comparison, budget=4)]
