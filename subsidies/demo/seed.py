"""Seeding the demonstration county: users, files through the real imports, three months, a late correction."""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from random import Random

from django.conf import settings
from django.utils import timezone

from accounts.chain import agreement_of_file
from accounts.enums import Role
from accounts.models import User
from accounts.seal_file import Agreement
from foundation.dates import Month
from staffing.enums import Education, Position, Settlement, SuspensionKind
from staffing.imports.grants import import_grants
from staffing.imports.roster import import_roster
from staffing.many.election_seats import seats_of
from staffing.many.elections import TypedTable, save_election
from staffing.models import Person, Posting
from staffing.people.proposals import propose_correction
from staffing.postings.services import correct_dates
from staffing.terms.suspensions import suspend
from staffing.transfers.services import ask_transfer
from staffing.units.following import convert_unit
from subsidies.calculation.parameters import set_parameters
from subsidies.demo.county import FOLDER, DemoCounty, demo_county
from subsidies.demo.people import DemoPerson
from subsidies.models import SubsidyRun
from subsidies.policy.file import read_policy
from subsidies.policy.services import import_policy
from subsidies.reports.services import accept_report, acknowledge, return_report, submit_report
from subsidies.runs.services import approve, calculate, send
from townships.enums import UnitKind
from townships.imports.divisions import read_divisions
from townships.imports.households import import_households
from townships.imports.source import digest
from townships.models import County, GrassrootsUnit, Township
from townships.services import store_divisions

# Two months approved, the third in review, the fourth being reported.
MONTHS = (Month(2010, 2), Month(2010, 3), Month(2010, 4))
REPORTING = Month(2010, 5)
# What has become of the reports of the fourth month; the townships not named have theirs accepted.
LATE, RETURNED, UNDECIDED = "桑洲镇", "跃龙街道", ("长街镇", "力洋镇", "梅林街道")
CONVERTING = "桥头胡街道"
ELECTING, ELECTED_ON = "跃龙街道", date(2010, 7, 1)
CLERKS = {"clerk_changjie": "长街镇", "clerk_yuelong": "跃龙街道"}
USERS = {
    "officer": Role.BUREAU_OFFICER,
    "approver": Role.BUREAU_APPROVER,
    "finance": Role.FINANCE_OFFICER,
    "auditor": Role.AUDITOR,
    "sysadmin": Role.SYSTEM_ADMIN,
    "secadmin": Role.SECURITY_ADMIN,
}
Say = Callable[[str], None]


class NotADemo(Exception):
    """The database holds a real county, or its file of seals is another's: the demonstration keeps away from it."""


@dataclass(frozen=True)
class DemoLogin:
    username: str
    password: str
    role: Role
    township: str | None


def seed(*, seed_number: int, say: Say) -> DemoCounty:
    """The whole demonstration into an empty database; nothing where it is seeded already. Raises NotADemo."""
    county = demo_county(Random(seed_number))  # noqa: S311  # invented data, not a secret
    stored = County.objects.first()
    if stored is not None:
        if not stored.is_demonstration:
            raise NotADemo("数据库里已有真实数据,不能装入示例。请换一个数据库。")
        return county
    _demand_own_file_of_seals()
    say("导入区划、政策、户数、增配批复……")
    divisions, _ = read_divisions(county.divisions)
    store_divisions(
        divisions=divisions, actor=None, approved=True, effective_from=None, sha256=digest(county.divisions)
    )
    County.objects.update(is_demonstration=True)
    now = timezone.now()
    import_policy(policy=read_policy((FOLDER / "policy.toml").read_bytes()), actor=None, now=now)
    import_households(county.households, "households.csv", actor=None, approved=True)
    import_grants(county.grants, actor=None, approved=True)
    say("导入花名册……")
    import_roster(
        county.roster, "roster.csv", actor=None, today=timezone.localdate(), facts_from=None, accept_warnings=True
    )
    officer, approver = _staff()
    suspend(
        posting=_posting_of(county.suspended),
        kind=SuspensionKind.UNPAID_LEAVE,
        started_on=date(2010, 3, 10),
        ended_on=date(2010, 3, 20),
        reason="示例:停薪留职",
        actor=officer,
    )
    for month in MONTHS[:-1]:
        say(f"核算并审批{month.label}……")
        run = calculate(month=month, actor=officer).run
        for township in Township.objects.order_by("code"):
            _explain(township, month, officer)
        send(run=run, actor=officer, now=timezone.now())
        approve(run=run, actor=approver, now=timezone.now())
    set_parameters(reports_required=True, actor=None)
    # A late fact: on post since the first of March, entered as the second. The next month pays the difference.
    late = _posting_of(county.corrected)
    correct_dates(posting=late, started_on=date(2010, 3, 1), ended_on=None, reason="示例:到岗日期更正", actor=officer)
    _convert_a_village(officer)
    _report(MONTHS[-1], officer, leave=())
    say(f"核算{MONTHS[-1].label}并送审……")
    send(run=calculate(month=MONTHS[-1], actor=officer).run, actor=officer, now=timezone.now())
    _report(REPORTING, officer, leave=(LATE,))
    # What came in after the first approval waits for its own.
    import_households(county.new_households, "households.csv", actor=None, approved=False)
    import_policy(policy=read_policy((FOLDER / "new_wage.toml").read_bytes()), actor=None, now=timezone.now())
    _prepare_election(county)
    _send_and_propose()
    return county


def _convert_a_village(officer: User) -> None:
    """From the middle of a month to come a village is a community, and its coordinator goes on there."""
    villages = GrassrootsUnit.objects.filter(township__name=CONVERTING, kind=UnitKind.VILLAGE.value).order_by("code")
    village = villages[0]
    convert_unit(
        unit=village,
        name=f"{village.name.removesuffix('村委会')}社区",
        code=f"{village.township.code}099",
        kind=UnitKind.COMMUNITY,
        first_day=date(2010, 6, 16),
        reason="示例:同意撤村建居的批复",
        settled=dict.fromkeys(village.postings.values_list("pk", flat=True), Settlement.MOVES),
        actor=officer,
    )


def _send_and_propose() -> None:
    """A clerk sends an assistant to the township of another, and says otherwise what that one has on record of
    somebody: both wait."""
    clerk = User.objects.get(username="clerk_changjie")
    receiving = Township.objects.get(name=ELECTING)
    assistants = Posting.objects.filter(position=Position.ASSISTANT.value, withdrawn_at=None).order_by("pk")
    ask_transfer(
        posting=assistants.filter(township=clerk.township, ended_on=None)[0],
        last_day=date(2010, 6, 30),
        to_township=receiving,
        document="示例:调动通知",
        actor=clerk,
    )
    propose_correction(
        person=assistants.filter(township=receiving)[0].person,
        after={"education": Education.POSTGRADUATE.value},
        reason="示例:原在我镇任职,有毕业证书复印件",
        actor=clerk,
        now=timezone.now(),
    )


def _prepare_election(county: DemoCounty) -> None:
    """An election that a clerk has begun to type: two stay, four are new, and of one the number is still missing."""
    township = Township.objects.get(name=ELECTING)
    seats = seats_of(township, ELECTED_ON)
    cells = {seat.key: {"stays": "是"} for seat in seats[:2]}
    for seat, person in zip(seats[2:], county.elected, strict=False):
        cells[seat.key] = {"name": person.name, "number": person.national_id, "education": "大专", "wage": "1600"}
    del cells[seats[5].key]["number"]
    save_election(
        township=township,
        elected_on=ELECTED_ON,
        document="示例:村(社区)换届结果的批复",
        table=TypedTable(cells),
        seen=0,
        actor=User.objects.get(role=Role.TOWNSHIP_CLERK.value, township=township),
        now=timezone.now(),
    )


def _report(month: Month, officer: User, *, leave: Collection[str]) -> None:
    """The reports of a month, each by its clerk where the township has one; in the last month not all are accepted."""
    clerks = {user.township_id: user for user in User.objects.filter(role=Role.TOWNSHIP_CLERK.value)}
    now = timezone.now()
    for township in Township.objects.exclude(name__in=leave).order_by("code"):
        clerk = clerks.get(township.pk)
        _explain(township, month, clerk)
        confirmed = set(Posting.objects.filter(township=township).values_list("pk", flat=True))
        report = submit_report(township=township, month=month, confirmed=confirmed, actor=clerk, now=now)
        if month == REPORTING and township.name == RETURNED:
            reason = "示例:请补报新签的劳动合同"
            return_report(report=report, reason=reason, actor=officer, now=now)
        elif month != REPORTING or township.name not in UNDECIDED:
            accept_report(report=report, actor=officer, now=now)


def _explain(township: Township, month: Month, actor: User | None) -> None:
    """One reason for every finding of the township."""
    acknowledge(township=township, month=month, chosen=lambda row: True, reason="示例:情况属实,正在办理", actor=actor)


def _demand_own_file_of_seals() -> None:
    """Before anything is stored: next to the file of another database no month of this one could be approved."""
    try:
        agrees = agreement_of_file() is Agreement.SAME
    except (OSError, ValueError):
        agrees = False
    if not agrees:
        raise NotADemo(
            f"封存记录文件 {settings.SEAL_FILE.name} 属于另一个数据库:请移走它,或用 SEAL_FILE 写明另一个位置。"
        )


def logins() -> list[DemoLogin]:
    """A new random password for every user of the demonstration."""
    _staff()
    found = []
    for user in User.objects.filter(username__in=[*USERS, *CLERKS]).select_related("township").order_by("pk"):
        password = secrets.token_urlsafe(9)
        user.set_password(password)
        user.is_active = True
        user.save(update_fields=["password", "is_active"])
        code = getattr(user.township, "code", None)
        found.append(DemoLogin(user.username, password, Role(user.role), code))
    return found


def month_states() -> list[tuple[str, str]]:
    """(YYYY-MM, state) of every run, oldest first."""
    runs = SubsidyRun.objects.order_by("month", "number")
    return [(str(run.period), run.state) for run in runs]


def _staff() -> tuple[User, User]:
    """The users of the demonstration, made where they are missing; officer and approver."""
    for username, role in USERS.items():
        _user(username, role, None)
    for username, township in CLERKS.items():
        _user(username, Role.TOWNSHIP_CLERK, Township.objects.get(name=township))
    return User.objects.get(username="officer"), User.objects.get(username="approver")


def _user(username: str, role: Role, township: Township | None) -> None:
    if not User.objects.filter(username=username).exists():
        name = f"示例{township.name if township else ''}{role.label}"
        User.objects.create_user(
            username=username, password=secrets.token_urlsafe(24), role=role, township=township, display_name=name
        )


def _posting_of(person: DemoPerson) -> Posting:
    found = Person.objects.with_national_id(person.national_id).get()
    return Posting.objects.filter(person=found).get()
