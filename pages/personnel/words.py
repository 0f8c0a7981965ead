"""What was saved, said once more with its dates and amounts; the person's name goes before it."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from staffing.labels import SETTLES_ITSELF, position_name
from staffing.models import (
    Contract,
    Person,
    PersonProposal,
    Posting,
    Qualification,
    Secondment,
    Suspension,
    Wage,
    WorkingTime,
)

YOUNGEST_GRADUATE = 12  # years of age below which a day of graduation is asked back

# The cleaned fields of a form.
Fields = Mapping[str, Any]


def appointed(posting: Posting, predecessor: Posting | None) -> str:
    """Who was appointed to which post from when, and who left for it."""
    place = f"{posting.township.name}{posting.unit.name if posting.unit else ''}"
    told = f"{posting.person.name}:{posting.started_on} 到岗已登记({place} {position_name(posting.position)})。"
    if predecessor is not None:
        told += f"{predecessor.person.name}:{posting.started_on - timedelta(days=1)} 离岗已登记。"
    return told + SETTLES_ITSELF


def ended(posting: Posting, fields: Fields) -> str:
    return f"{posting.ended_on} 离岗已登记({posting.why_it_ended})。"


def dates_corrected(posting: Posting, fields: Fields) -> str:
    end = f"{posting.ended_on} 离岗" if posting.ended_on else "没有离岗"
    return f"日期已更正为 {posting.started_on} 到岗,{end}。"


def withdrawn(posting: Posting, fields: Fields) -> str:
    return f"{posting.started_on} 到岗的在岗记录已撤销。"


def contract_added(contract: Contract, fields: Fields) -> str:
    return f"劳动合同已登记:{contract_in_words(contract)}。"


def contract_corrected(contract: Contract, fields: Fields) -> str:
    return f"劳动合同已更正:{contract_in_words(contract)}。"


def suspended(stop: Suspension, fields: Fields) -> str:
    return f"停发已登记:{stop_in_words(stop)}。"


def suspension_corrected(stop: Suspension, fields: Fields) -> str:
    return f"停发已更正:{stop_in_words(stop)}。"


def suspension_withdrawn(stop: Suspension, fields: Fields) -> str:
    return f"停发已撤销:{stop_in_words(stop)}。"


def contract_withdrawn(contract: Contract, fields: Fields) -> str:
    return f"劳动合同已撤销:{contract_in_words(contract)}。"


def wage_set(wage: Wage, fields: Fields) -> str:
    return f"工资已登记:{wage_in_words(wage)}。"


def wage_corrected(wage: Wage, fields: Fields) -> str:
    return f"工资已更正:{wage_in_words(wage)}。"


def wage_withdrawn(wage: Wage, fields: Fields) -> str:
    return f"工资已撤销:{wage_in_words(wage)}。"


def retirement_group_set(person: Person, fields: Fields) -> str:
    return f"退休年龄类别已更正为{person.get_retirement_group_display() or '按岗位'}。"


def wage_in_words(wage: Wage) -> str:
    """2010-01-01 起,月工资 1,800.00 元,单位社保 450.00 元."""
    parts = {"月工资": wage.monthly_wage, "单位社保": wage.employer_insurance, "住房公积金": wage.housing_fund}
    said = [f"{label} {_yuan(amount)}" for label, amount in parts.items() if amount is not None]
    return f"{wage.effective_from} 起,{','.join(said) or '未登记'}"


def contract_in_words(contract: Contract) -> str:
    number = f",编号 {contract.number}" if contract.number else ""
    return f"{contract.started_on} 至 {_end(contract.ended_on, '无固定期限')}{number}"


def stop_in_words(stop: Suspension) -> str:
    return f"{stop.started_on} 至 {_end(stop.ended_on, '另行通知')},{stop.get_kind_display()}"


def _end(day: date | None, without: str) -> str:
    return without if day is None else str(day)


def _yuan(amount: Decimal) -> str:
    return f"{amount:,.2f} 元"


def working_time_in_words(row: WorkingTime) -> str:
    return f"{row.effective_from} 起{row}" if row.effective_from else str(row)


def working_time_set(row: WorkingTime, fields: Fields) -> str:
    return f"专职/兼职已登记:{working_time_in_words(row)}。"


def working_time_withdrawn(row: WorkingTime, fields: Fields) -> str:
    return f"专职/兼职的登记已撤销:{working_time_in_words(row)}。"


def qualification_recorded(made: Qualification | PersonProposal, fields: Fields) -> str:
    if isinstance(made, PersonProposal):
        return "此人的资格由别的镇乡(街道)登记,已作为更正申请报县局,审核以前不变。"
    return f"资格已登记:{qualification_in_words(made)}。"


def qualification_withdrawn(row: Qualification, fields: Fields) -> str:
    return f"资格已撤销:{qualification_in_words(row)}。"


def qualification_in_words(row: Qualification) -> str:
    """学历 大专,2009-08-01 取得; without a day nothing is said of it."""
    since = f",{row.obtained_on} 取得" if row.obtained_on else ""
    return f"{row.get_kind_display()} {row}{since}"


def source_set(posting: Posting, fields: Fields) -> str:
    return f"人员来源已登记:{source_in_words(posting)}。"


def source_in_words(posting: Posting) -> str:
    by = f"({posting.recruitment_round})" if posting.recruitment_round else ""
    return f"{posting.get_source_display()}{by}"


def secondment_recorded(row: Secondment, fields: Fields) -> str:
    return f"借调已登记:{secondment_in_words(row)}。"


def secondment_corrected(row: Secondment, fields: Fields) -> str:
    return f"借调已更正:{secondment_in_words(row)}。"


def secondment_withdrawn(row: Secondment, fields: Fields) -> str:
    return f"借调已撤销:{secondment_in_words(row)}。"


def secondment_in_words(row: Secondment) -> str:
    until = f" 至 {row.ended_on}" if row.ended_on else " 起"
    return f"{row.started_on}{until},从{row.home_unit}借调({row.get_kind_display()}编制)"
