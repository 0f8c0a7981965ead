"""The demonstration county as files: divisions, households, grants and a roster that shows every case."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

from subsidies.demo.people import HEADER, DemoPerson, People, RosterRow

FOLDER = Path(__file__).parent
STARTED = date(2009, 3, 1)
CONTRACT_UNTIL = date(2012, 2, 29)
# Both sides of every edge of the bands, and an empty village.
EDGES = (100, 101, 200, 201, 300, 301, 0)
ASSISTANT, COMMUNITY, VILLAGE, PLATFORM = "专职协理员", "社区协管员", "村(居)协管员", "平台工作人员"


@dataclass(frozen=True, slots=True)
class DemoUnit:
    code: str
    name: str
    township: str
    kind: str


@dataclass(frozen=True, slots=True)
class DemoTownship:
    code: str
    name: str
    is_class_a: bool


@dataclass(frozen=True)
class DemoCounty:
    """The files to import, the people in them, and the people of the stories by what happens to them;
    `elected` are in no file."""

    divisions: bytes
    households: bytes
    new_households: bytes
    grants: bytes
    roster: bytes
    people: Sequence[DemoPerson]
    suspended: DemoPerson
    corrected: DemoPerson
    elected: Sequence[DemoPerson]


def demo_county(random: Random) -> DemoCounty:
    """The same county for the same state of `random`."""
    content = (FOLDER / "divisions.csv").read_bytes()
    townships, units = _divisions(content)
    people = People(random)
    rows = [row for township in townships for row in _platform(township, people)]
    rows += [row for township in townships for row in _assistants(township, people, random)]
    rows += [row for unit in units for row in _coordinator(unit, people, random)]
    rows, suspended, corrected = _stories(rows, townships, units, people)
    return DemoCounty(
        divisions=content,
        households=_csv(HOUSEHOLD_HEADER, _households(units, random)),
        new_households=_csv(HOUSEHOLD_HEADER, _new_households(units)),
        grants=_csv(GRANT_HEADER, [[_code(townships, "长街镇"), "1", "2010-03-01", "", "示例批复·待核实"]]),
        roster=_csv(HEADER, [row.cells(number) for number, row in enumerate(rows, 1)]),
        people=list(people.made),
        suspended=suspended,
        corrected=corrected,
        # Last, so that nobody else is invented otherwise.
        elected=[people.another() for _ in range(ELECTED)],
    )


# Whom the villages of one township are about to elect.
ELECTED = 4
HOUSEHOLD_HEADER = ("区划代码", "镇乡(街道)", "村(社区)", "户籍户数", "户籍人口", "统计日期")
GRANT_HEADER = ("township_code", "extra", "effective_from", "ended_on", "document")


def _divisions(content: bytes) -> tuple[list[DemoTownship], list[DemoUnit]]:
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
    townships = [
        DemoTownship(row["code"], row["name"], row["kind"] == "subdistrict" or row["central_town"] == "1")
        for row in rows
        if row["level"] == "township"
    ]
    names = {township.code: township.name for township in townships}
    units = [
        DemoUnit(row["code"], row["name"], names[row["parent_code"]], row["kind"])
        for row in rows
        if row["level"] == "village"
    ]
    return townships, units


def _platform(township: DemoTownship, people: People) -> Iterable[RosterRow]:
    for _ in range(5 if township.is_class_a else 3):
        yield RosterRow(township.name, "", PLATFORM, people.another(), date(2004, 7, 1), education="本科")


def _assistants(township: DemoTownship, people: People, random: Random) -> Iterable[RosterRow]:
    for _ in range(3 if township.is_class_a else 2):
        yield RosterRow(
            township=township.name,
            unit="",
            position=ASSISTANT,
            person=people.another(),
            started_on=STARTED,
            education=random.choice(("大专", "大专", "本科")),
            contract_from=STARTED,
            contract_until=CONTRACT_UNTIL,
            wage=random.choice(("1500.00", "1600.00", "1750.00")),
            insurance="420.00",
            housing_fund="120.00",
            notice="示例公告",
        )


def _coordinator(unit: DemoUnit, people: People, random: Random) -> Iterable[RosterRow]:
    if unit.kind == "community":
        yield RosterRow(
            unit.township, unit.name, COMMUNITY, people.another(), STARTED, wage="1400.00", insurance="400.00"
        )
    elif unit.kind in {"village", "residents_committee"}:
        yield RosterRow(
            township=unit.township,
            unit=unit.name,
            position=VILLAGE,
            person=people.another(),
            started_on=STARTED,
            education=random.choice(("初中", "高中", "大专")),
            full_time="兼职",
            wage="300.00",
            insurance="0.00",
        )


def _households(units: Sequence[DemoUnit], random: Random) -> Iterable[list[str]]:
    villages = [unit for unit in units if unit.kind in {"village", "residents_committee"}]
    # The last one has no count: its coordinator's line says so.
    for index, unit in enumerate(villages[:-1]):
        households = EDGES[index] if index < len(EDGES) else random.randrange(40, 620)
        residents = households * 3
        yield [unit.code, unit.township, unit.name, str(households), str(residents), "2009-01-01"]


def _new_households(units: Sequence[DemoUnit]) -> Iterable[list[str]]:
    """A later count of four villages: two change their band, one does not, one had no count."""
    villages = [unit for unit in units if unit.kind in {"village", "residents_committee"}]
    for unit, households in zip((*villages[:3], villages[-1]), (120, 95, 118, 88), strict=True):
        yield [unit.code, unit.township, unit.name, str(households), str(households * 3), "2010-06-01"]


def _stories(
    rows: list[RosterRow], townships: Sequence[DemoTownship], units: Sequence[DemoUnit], people: People
) -> tuple[list[RosterRow], DemoPerson, DemoPerson]:
    """The cases that a county meets, one of each; `rows` with them built in."""
    at = {(row.township, row.unit): index for index, row in enumerate(rows) if row.unit}
    villages = [unit for unit in units if unit.kind == "village"]
    assistants = [index for index, row in enumerate(rows) if row.position == ASSISTANT]
    by_township = {name: [i for i in assistants if rows[i].township == name] for name in (t.name for t in townships)}

    # A vacancy: nobody at one village. A handover inside March at another. One person at two villages.
    vacant = at[villages[20].township, villages[20].name]
    handed_over = at[villages[21].township, villages[21].name]
    outgoing = rows[handed_over]
    rows[handed_over] = replace(outgoing, ended_on=date(2010, 3, 14))
    rows.append(replace(outgoing, person=people.another(), started_on=date(2010, 3, 15)))
    twice = at[villages[23].township, villages[23].name]
    rows[twice] = replace(
        rows[twice],
        person=rows[at[villages[22].township, villages[22].name]].person,
        started_on=date(2010, 1, 1),
    )
    # Somebody posted where no such post exists.
    nowhere = next(unit for unit in units if unit.kind == "non_standard")
    rows.append(
        RosterRow(nowhere.township, nowhere.name, VILLAGE, people.another(), STARTED, full_time="兼职", wage="300.00")
    )
    # 西店镇 has one assistant more than places; 长街镇 has a fourth, first without and from March with a grant.
    xidian, changjie = by_township["西店镇"], by_township["长街镇"]
    rows.append(replace(rows[xidian[0]], person=people.another(), started_on=date(2009, 9, 1)))
    fourth = replace(rows[changjie[0]], person=people.another(), started_on=date(2010, 3, 2))
    rows.append(fourth)
    # A short contract, a wage below the floor, no contract at all (stopped by the standard), one contract run out.
    yuelong = by_township["跃龙街道"]
    rows[yuelong[0]] = replace(rows[yuelong[0]], contract_until=date(2011, 2, 28))
    rows[yuelong[1]] = replace(rows[yuelong[1]], wage="1200.00")
    rows[yuelong[2]] = replace(rows[yuelong[2]], contract_from=None, contract_until=None)
    meilin = by_township["梅林街道"]
    rows[meilin[0]] = replace(rows[meilin[0]], contract_from=date(2007, 3, 1), contract_until=date(2010, 2, 28))
    suspended = rows[meilin[1]].person
    # No record of a recruitment, and a township with one platform worker less than its norm.
    huchen = by_township["胡陈乡"]
    rows[huchen[0]] = replace(rows[huchen[0]], notice="")
    platform = next(i for i, row in enumerate(rows) if (row.township, row.position) == ("胡陈乡", PLATFORM))
    return [row for index, row in enumerate(rows) if index not in (vacant, platform)], suspended, fourth.person


def _code(townships: Sequence[DemoTownship], name: str) -> str:
    return next(township.code for township in townships if township.name == name)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
