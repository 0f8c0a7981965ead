"""What was saved, said once more with its dates and amounts; the person's name goes before it."""

from datetime import date
from decimal import Decimal

from pages.personnel.doubts import Fields
from staffing.models import Contract, Posting, Suspension, Wage


def dates_done(posting: Posting, fields: Fields) -> str:
    end = f",{posting.ended_on} 离岗" if posting.ended_on else ",没有离岗日期"
    return f"在岗日期已登记:{posting.started_on} 到岗{end}。"


def withdrawn(posting: Posting, fields: Fields) -> str:
    return f"{posting.started_on} 到岗的在岗记录已撤销。"


def contract_added(contract: Contract, fields: Fields) -> str:
    return f"劳动合同已登记:{_contract(contract)}。"


def contract_corrected(contract: Contract, fields: Fields) -> str:
    return f"劳动合同已更正:{_contract(contract)}。"


def suspended(stop: Suspension, fields: Fields) -> str:
    return f"停发已登记:{_stop(stop)}。"


def suspension_corrected(stop: Suspension, fields: Fields) -> str:
    return f"停发已更正:{_stop(stop)}。"


def suspension_withdrawn(stop: Suspension, fields: Fields) -> str:
    return f"停发已撤销:{_stop(stop)}。"


def wage_set(wage: Wage, fields: Fields) -> str:
    parts = {"月工资": wage.monthly_wage, "单位社保": wage.employer_insurance, "住房公积金": wage.housing_fund}
    said = [f"{label} {_yuan(amount)}" for label, amount in parts.items() if amount is not None]
    return f"工资已登记:{wage.effective_from} 起,{','.join(said)}。"


def _contract(contract: Contract) -> str:
    number = f",编号 {contract.number}" if contract.number else ""
    return f"{contract.started_on} 至 {_end(contract.ended_on, '无固定期限')}{number}"


def _stop(stop: Suspension) -> str:
    return f"{stop.started_on} 至 {_end(stop.ended_on, '另行通知')},{stop.get_kind_display()}"


def _end(day: date | None, without: str) -> str:
    return without if day is None else str(day)


def _yuan(amount: Decimal) -> str:
    return f"{amount:,.2f} 元"
