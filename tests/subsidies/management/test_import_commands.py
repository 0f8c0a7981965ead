"""The import commands: what they say, and that they fail with every problem on its own line."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from staffing.enums import Position, Settlement
from staffing.models import Posting
from subsidies.models import LedgerParameters, SubsidyStandard
from subsidies.refusals import RunBusy
from tests.builders import a_posting, a_township, a_workbook
from tests.staffing.rosters import a_roster, a_row
from tests.subsidies.policies import POLICY
from townships.models import GrassrootsUnit, HouseholdCount

DIVISIONS = """code,name,parent_code,level,kind
330226,宁海县,3302,county,county
330226001,跃龙街道,330226,township,subdistrict
330226001001,五丰社区,330226001,village,community
"""

pytestmark = pytest.mark.django_db


def said(command: str, *arguments: Any, **options: Any) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def failed(command: str, *arguments: Any, **options: Any) -> str:
    with pytest.raises(CommandError) as error:
        said(command, *arguments, **options)
    assert error.value.returncode == 1
    return str(error.value)


def a_file(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_divisions_households_and_grants(tmp_path: Path) -> None:
    divisions = a_file(tmp_path, "divisions.csv", DIVISIONS)
    assert "新增 3,变更 0,相同 0" in said("import_divisions", divisions)
    assert "新增 0,变更 0,相同 3" in said("import_divisions", divisions, county="330226")

    header = ("区划代码", "镇乡(街道)", "村(社区)", "户籍户数", "户籍人口", "统计日期")
    row = ("330226001001", None, None, 301, 900, "2009-01-01")
    households = a_file(tmp_path, "households.xlsx", a_workbook(header, row))
    assert "新增 1,变更 0,相同 0" in said("import_households", households)
    csv = a_file(tmp_path, "households.csv", f"{','.join(header)}\n330226001001,,,301,900,2009-01-01\n")
    assert "相同 1" in said("import_households", csv)
    assert HouseholdCount.objects.in_force().get().unit == GrassrootsUnit.objects.get()

    rows = "township_code,extra,effective_from,ended_on,document\n330226001,2,2009-07-01,,甲\n"
    assert "新增 1" in said("import_grants", a_file(tmp_path, "grants.csv", rows))


def test_a_folder_needs_its_county(tmp_path: Path) -> None:
    assert "--county" in failed("import_divisions", tmp_path)
    assert "areas.csv" in failed("import_divisions", tmp_path, county="330226")


def test_divisions_say_what_follows_a_village_and_what_becomes_of_its_people(tmp_path: Path) -> None:
    def file(*units: str) -> Path:
        return a_file(tmp_path, "divisions.csv", DIVISIONS + "".join(f"{row}\n" for row in units))

    old, new = "330226001200,范家村委会,330226001,village,village", "330226001002,范家社区,330226001,village,community"
    third = "330226001201,王家村委会,330226001,village,village"
    said("import_divisions", file(old, third))
    village = GrassrootsUnit.objects.get(code="330226001200")
    a_posting(township=village.township, unit=village, position=Position.VILLAGE_COORDINATOR)
    given: dict[str, Any] = {
        "effective_from": date(2009, 6, 16),
        "follow": [("330226001200", "330226001002")],
        "close": ["330226001201"],
        "reason": "宁政〔2009〕1号",
    }
    assert "还有人在岗:张三" in failed("import_divisions", file(new), **given)
    assert GrassrootsUnit.objects.filter(closed_on=None).count() == 3
    assert "--effective-from" in failed("import_divisions", file(new), **given | {"effective_from": None})
    assert "没有代码为 9 的" in failed("import_divisions", file(new), **given | {"follow": [], "close": ["9"]})
    told = said("import_divisions", file(new), **given, people=Settlement.MOVES)
    assert "范家村委会(330226001200)从 2009-06-16 起由范家社区(330226001002)接续" in told
    assert "王家村委会(330226001201)登记为 2009-06-15 撤销" in told
    village.refresh_from_db()
    change = village.followed_by.get()
    assert (village.closed_on, change.kind, change.later.postings.count()) == (date(2009, 6, 15), "converted", 1)


def test_divisions_name_what_may_follow_a_village_that_is_left_out(tmp_path: Path) -> None:
    old, new = "330226001200,范家村委会,330226001,village,village", "330226001002,范家社区,330226001,village,community"
    said("import_divisions", a_file(tmp_path, "old.csv", f"{DIVISIONS}{old}\n"))
    told = said("import_divisions", a_file(tmp_path, "new.csv", f"{DIVISIONS}{new}\n"))
    assert "请加 --follow 330226001200=330226001002" in told


@pytest.mark.parametrize("command", ["import_divisions", "import_households", "import_grants", "import_roster"])
def test_a_file_that_is_not_there_is_said_so(command: str, tmp_path: Path) -> None:
    assert "没有这个文件" in failed(command, tmp_path / "none.csv")


@pytest.mark.parametrize("command", ["import_divisions", "import_households", "import_grants", "import_roster"])
def test_a_file_that_cannot_be_read_is_said_so(command: str, tmp_path: Path) -> None:
    assert "。" in failed(command, a_file(tmp_path, "x.csv", b""))


def test_every_problem_is_a_line_of_its_own(tmp_path: Path) -> None:
    a_township()
    roster = a_file(tmp_path, "roster.xlsx", a_roster(a_row(1, 岗位类别="保安"), a_row(2, 到岗日期="2009-06-31")))
    lines = failed("import_roster", roster).splitlines()
    assert len(lines) == 4
    assert "共 2 处问题" in lines[0]
    assert [line[:6] for line in lines[1:3]] == ["第 2 行「", "第 3 行「"]
    assert failed("import_roster", roster, check=True).splitlines() == lines


def test_a_check_saves_nothing_and_says_what_would_be(tmp_path: Path) -> None:
    a_township()
    roster = a_file(tmp_path, "roster.xlsx", a_roster(a_row(1), a_row(2)))
    assert "新增 2,变更 0,相同 0" in said("import_roster", roster, check=True)
    assert not Posting.objects.exists()
    assert "新增 2,变更 0,相同 0" in said("import_roster", roster)
    assert "新增 0,变更 0,相同 2" in said("import_roster", roster, check=True)


def test_warnings_stop_an_import_until_they_are_accepted(tmp_path: Path) -> None:
    a_township()
    said("import_roster", a_file(tmp_path, "a.xlsx", a_roster(a_row(1))))
    roster = a_file(tmp_path, "b.xlsx", a_roster(a_row(1, 姓名="张珊")))
    assert "--accept-warnings" in failed("import_roster", roster)
    assert "--accept-warnings" in failed("import_roster", roster, check=True)
    assert "变更 1" in said("import_roster", roster, check=True, accept_warnings=True)
    assert "变更 1" in said("import_roster", roster, accept_warnings=True)


def test_policy_is_not_imported_while_a_run_is_approved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(POLICY, encoding="utf-8")
    county = a_township().county
    call_command("import_policy", str(file), stdout=StringIO())
    assert not LedgerParameters.objects.exists()  # nothing to lock, and none is made
    SubsidyStandard.objects.all().delete()
    LedgerParameters.objects.create(county=county)

    def busy() -> None:
        raise RunBusy("另一个人正在办理")

    with monkeypatch.context() as patch:
        patch.setattr("subsidies.policy.services.locked_ledger", busy)
        with pytest.raises(CommandError, match="另一个人正在办理"):
            call_command("import_policy", str(file), stdout=StringIO())
    assert not SubsidyStandard.objects.exists()
    call_command("import_policy", str(file), stdout=StringIO())
    assert SubsidyStandard.objects.exists()
