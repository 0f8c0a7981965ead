"""What a finding rests on: the same text for every reader and in every month, until the fact itself changes."""

from staffing.enums import Check
from subsidies.posts.finding_words import Words
from subsidies.rules import days
from subsidies.rules.checks import contract_on, ending_tier
from subsidies.rules.dues import Due, cost_on


def fact_of_posting(check: Check, due: Due, words: Words) -> str:
    """The words of the finding, but for what depends on their reader or moves with the month."""
    posting = due.posting
    day = days.last_day(words.month, due.days.on_post)
    match check:
        case Check.SEVERAL_UNITS | Check.DUPLICATE_PERSON:
            others = sorted(words.other_posts(check, due), key=lambda other: other.id)
            return "同时在岗 " + "、".join(f"{other.id}({other.started_on} 到岗)" for other in others)
        case Check.HOUSEHOLDS_MISSING:
            return "没有生效的户籍户数"
        case Check.SUBSIDY_ABOVE_COST:
            cost = cost_on(day, posting.costs)
            return f"补助标准 {due.result.rate},每月用工成本 {cost.cost if cost else None}"
        case Check.CONTRACT_MISSING:
            return "没有劳动合同"
        case Check.CONTRACT_ENDING:
            contract = contract_on(day, posting.record)
            if contract is not None and contract.ended_on is not None:
                tier = ending_tier((contract.ended_on - day).days, words.requirements)
                return f"合同 {contract.ended_on} 到期,{tier} 天内"
    return words.of_posting(check, due)
