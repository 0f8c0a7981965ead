"""What of a transfer is improbable, to be asked back once, and what was saved, in sentences."""

from collections.abc import Iterator
from datetime import date, timedelta

from pages.personnel.doubts import of_first_day, of_leaving, of_monthly_wage
from pages.personnel.words import Fields
from pages.transfers.forms import TermsForm
from staffing.labels import position_name
from staffing.models import Person, Posting, Transfer

# Until the other side has spoken.
NOTHING_YET = "对方接收以前,人员、工资和补助都不变。"
EFFECT = "接收以后,补助从新岗位的第一天起算到新的镇乡(街道);涉及已审批月份的,差额在下一次核算中补发或扣回。"


def doubts_of_asking(posting: Posting, fields: Fields, today: date) -> Iterator[str]:
    yield from of_leaving(posting, {"ended_on": fields["last_day"]}, today)


def doubts_of_receiving(form: TermsForm, person: Person, last_day: date, today: date) -> Iterator[str]:
    """A gap between the posts, a place that somebody holds, a day far ahead, a strange wage."""
    first_day = form.cleaned_data["first_day"]
    gap = (first_day - last_day).days - 1
    if gap > 0:
        yield f"原岗位做到 {last_day},新岗位从 {first_day} 起,中间 {gap} 天不在岗,不计补助。"
    holders = form.chosen.holders
    if holders:
        yield f"{form.chosen.label}:一个村(社区)只补助一人,请核对{'、'.join(holders)}是否已离岗。"
    yield from of_first_day(person, first_day, today, position=form.chosen.place.position)
    wage = form.cleaned_data["monthly_wage"]
    if wage is not None:
        yield from of_monthly_wage(wage, first_day)


def asked(transfer: Transfer, fields: Fields) -> str:
    return f"调往{transfer.to_township.name}已登记,在原岗位做到 {transfer.last_day},等待对方接收。"


def received(transfer: Transfer) -> str:
    return f"已调入{where(transfer.new_posting)},原岗位做到 {transfer.last_day},{_since(transfer)}。"


def refused(transfer: Transfer) -> str:
    return f"已退回{transfer.posting.township.name},仍在原岗位。"


def called_back(transfer: Transfer) -> str:
    return f"调往{transfer.to_township.name}的调动已撤回,仍在原岗位。"


def where(posting: Posting | None) -> str:
    """长街镇范家村 村(居)协管员; empty for none."""
    if posting is None:
        return ""
    unit = posting.unit.name if posting.unit else ""
    return f"{posting.township.name}{unit} {position_name(posting.position)}"


def next_day(day: date) -> date:
    return day + timedelta(days=1)


def _since(transfer: Transfer) -> str:
    return f"{transfer.new_posting.started_on} 到岗" if transfer.new_posting else ""
