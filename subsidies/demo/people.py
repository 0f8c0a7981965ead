"""Invented people: names, id numbers with the unassigned prefix 339900, rows of a roster."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

PREFIX = "339900"
NOTE = "示例·虚构"
HEADER = (
    "镇乡(街道)",
    "村(社区)",
    "岗位类别",
    "姓名",
    "身份证号",
    "学历",
    "专职/兼职",
    "到岗日期",
    "离岗日期",
    "合同编号",
    "合同起始",
    "合同终止",
    "月工资",
    "单位社保",
    "联系电话",
    "备注",
    "住房公积金",
    "招聘公告",
    "计算机操作",
)
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗葛娄鲍应尤邬潘储童叶"
_GIVEN = "建国志强秀英海燕丽娟永明小红文军晓东桂芳立新春梅亚萍国平雪峰爱华佳宁思远"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    name: str
    national_id: str


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One posting as the roster has it; empty text where the cell is empty."""

    township: str
    unit: str
    position: str
    person: DemoPerson
    started_on: date
    ended_on: date | None = None
    education: str = "大专"
    full_time: str = "专职"
    contract_from: date | None = None
    contract_until: date | None = None
    wage: str = ""
    insurance: str = ""
    housing_fund: str = ""
    notice: str = ""

    def cells(self, number: int) -> list[str]:
        """The row in the order of HEADER."""
        return [
            self.township,
            self.unit,
            self.position,
            self.person.name,
            self.person.national_id,
            self.education,
            self.full_time,
            str(self.started_on),
            str(self.ended_on or ""),
            f"示例{number:04d}" if self.contract_from else "",
            str(self.contract_from or ""),
            str(self.contract_until or ""),
            self.wage,
            self.insurance,
            "",
            NOTE,
            self.housing_fund,
            self.notice,
            "是",
        ]


class People:
    """Gives out invented people, never the same id number twice."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.made: list[DemoPerson] = []

    def another(self) -> DemoPerson:
        born_on = date(1965, 1, 1) + timedelta(days=self._random.randrange(9000))
        body = f"{PREFIX}{born_on:%Y%m%d}{len(self.made) % 999 + 1:03d}"
        name = self._random.choice(_SURNAMES)
        start = self._random.randrange(0, len(_GIVEN), 2)
        name += _GIVEN[start : start + 2]
        person = DemoPerson(name, body + check_character(body))
        if any(other.national_id == person.national_id for other in self.made):
            return self.another()
        self.made.append(person)
        return person


def check_character(body: str) -> str:
    """The last character of an id number with these 17 digits (GB 11643, MOD 11-2)."""
    remainder = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11
    return "10X98765432"[remainder]
