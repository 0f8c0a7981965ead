"""The contract of the commands: options, JSON keys, exit codes; page, JSON, T1 and database agree."""

import json
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import load_workbook

from foundation.rmb import in_capitals
from subsidies.demo.county import DemoCounty
from subsidies.models import Allocation, AllocationLine, MinimumWage, Revision, SubsidyRun
from subsidies.runs.services import send_back
from tests.subsidies.months import without_triggers
from tests.subsidies.policies import POLICY

pytestmark = pytest.mark.django_db


def said(*words: str, **options: Any) -> str:  # whatever the command takes
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


@pytest.mark.both
def test_json_t1_and_database_say_the_same(waiting: SubsidyRun, tmp_path: Path) -> None:
    revision = waiting.current_revision
    assert revision is not None
    send_back(run=waiting, actor=None, reason="再算一次", now=timezone.now())
    month = json.loads(said("calculate", "2010-04", "--json"))
    path = tmp_path / "t1.xlsx"
    said("export", "2010-04", "--sheet", "T1", "--out", str(path))
    sheet = load_workbook(BytesIO(path.read_bytes()), data_only=True).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    column = next(row for row in rows if "镇乡(街道)" in row).index("合计")
    of_sheet = {row[1]: Decimal(str(row[column])) for row in rows if row[1] and isinstance(row[column], int | float)}

    stored = {row.township_name: row.total for row in Allocation.objects.filter(revision=revision)}
    assert {row["name"]: Decimal(row["total"]) for row in month["townships"]} == stored
    assert of_sheet == stored | {"合计": revision.total}
    assert (
        Decimal(month["total"])
        == revision.total
        == sum((Decimal(line["amount"]) for row in month["townships"] for line in row["lines"]), Decimal(0))
    )
    assert any(in_capitals(revision.total) in str(value) for row in rows for value in row)


def test_total_cells_are_formulas(waiting: SubsidyRun, tmp_path: Path) -> None:
    path = tmp_path / "t1.xlsx"
    said("export", "2010-04", "--sheet", "T1", "--out", str(path))
    sheet = load_workbook(path).worksheets[0]
    total_row = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "合计")
    assert sum(str(value).startswith("=SUM(") for value in total_row) >= 20


def test_the_same_sheet_has_the_same_bytes(demo: DemoCounty, tmp_path: Path) -> None:
    contents = []
    for name in ("one.xlsx", "two.xlsx"):
        said("export", "2010-03", "--sheet", "T1", "--out", str(tmp_path / name))
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]
    # Reading it back warns of nothing, an approved sheet's empty page header included.
    assert load_workbook(BytesIO(contents[0])).worksheets[0].title == "T1 汇总表"


def test_json_has_the_keys_of_the_contract(demo: DemoCounty) -> None:
    month = json.loads(said("calculate", "2010-04", "--preview", "--json"))
    assert set(month) == {"month", "total", "townships"}
    assert month["month"] == "2010-04"
    codes = [row["code"] for row in month["townships"]]
    assert (len(codes), codes) == (18, sorted(codes))
    line = month["townships"][0]["lines"][0]
    assert set(line) == {
        "name", "position", "unit", "for_month", "rate", "counted_days", "month_days", "amount", "reason",
    }  # fmt: skip
    assert (line["position"], line["unit"], line["rate"]) == ("assistant", None, "1764.00")
    missing = [line for row in month["townships"] for line in row["lines"] if line["reason"] == "households_missing"]
    assert [line["rate"] for line in missing] == [None]


def test_a_preview_shows_what_is_due_and_writes_nothing(demo: DemoCounty) -> None:
    before = (Revision.objects.count(), AllocationLine.objects.count())
    month = json.loads(said("calculate", "2011-01", "--preview", "--json"))
    assert {line["for_month"] for row in month["townships"] for line in row["lines"]} == {"2011-01"}
    assert (Revision.objects.count(), AllocationLine.objects.count()) == before


@pytest.mark.parametrize("month", ["2010-13", "2010", "April", "2010-4"])
def test_an_unreadable_month_is_refused(demo: DemoCounty, month: str) -> None:
    with pytest.raises(CommandError, match="月份"):
        said("calculate", month)


def test_no_minimum_wage_in_force_is_said_in_words(demo: DemoCounty) -> None:
    without_triggers()
    MinimumWage.objects.all().delete()
    with pytest.raises(CommandError, match="最低工资标准"):
        said("calculate", "2010-04", "--preview")


def test_seeding_twice_keeps_the_county_and_changes_the_passwords(demo: DemoCounty, tmp_path: Path) -> None:
    path = tmp_path / "demo.json"
    files = []
    for _ in range(2):
        said("seed_demo", json=path)
        files.append(json.loads(path.read_text(encoding="utf-8")))
    assert SubsidyRun.objects.count() == 3
    assert [row["month"] for row in files[0]["months"]] == ["2010-02", "2010-03", "2010-04"]
    assert [row["state"] for row in files[0]["months"]] == ["approved", "approved", "in_review"]
    assert {row["role"] for row in files[0]["users"]} == {
        "township_clerk", "bureau_officer", "bureau_approver", "finance_officer", "auditor", "system_admin",
        "security_admin",
    }  # fmt: skip
    assert len({row["township"] for row in files[0]["users"] if row["township"]}) == 2
    assert not {row["password"] for row in files[0]["users"]} & {row["password"] for row in files[1]["users"]}
    assert all(number.startswith("339900") for number in files[0]["known_id_numbers"])


def test_seeding_keeps_away_from_a_real_county(demo: DemoCounty) -> None:
    from townships.models import County

    County.objects.update(is_demonstration=False)
    with pytest.raises(CommandError, match="真实数据"):
        said("seed_demo")


def policy_file(tmp_path: Path, text: str) -> str:
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_policy_imported_twice_is_the_same_as_once(tmp_path: Path) -> None:
    path = policy_file(tmp_path, POLICY)
    assert "新增 3,变更 0,相同 0" in said("import_policy", path)
    assert "新增 0,变更 0,相同 3" in said("import_policy", path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('assistant_percent = "180"', 'assistant_percent = "一百八"', "不是数字"),
        ('assistant_percent = "180"', 'assistant_percent = "18O"', "不是数字"),
        ('document = "opinion"', 'document = "other"', "没有文件"),
        ("from_households = 0", "from_households = 1", "从 0 开始"),
        ("from_households = 201", "from_households = 101", "逐档增大"),
        ('proration = "calendar_day"', 'proration = "by_hour"', "折算方法"),
        ("effective_from = 2009-01-01", "effective_from = 2009-06-31", "TOML"),
        ("wage_floor", "wage_flor", "不认识的项"),
        (
            "[[standard]]",
            '[[minimum_wage]]\neffective_from = 2008-09-01\namount = "900"\ndocument = "opinion"\n[[standard]]',
            "这一天有两条",
        ),
    ],
)
def test_a_bad_policy_is_refused_whole(tmp_path: Path, old: str, new: str, words: str) -> None:
    errors = StringIO()
    with pytest.raises(CommandError, match="没有导入任何内容"):
        call_command("import_policy", policy_file(tmp_path, POLICY.replace(old, new)), stderr=errors)
    assert words in errors.getvalue()
    assert not MinimumWage.objects.exists()


def test_two_standards_on_one_day_are_refused(tmp_path: Path) -> None:
    standard = POLICY[POLICY.index("[[standard]]") :]
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("import_policy", policy_file(tmp_path, POLICY + standard), stderr=errors)
    assert "这一天有两条" in errors.getvalue()


def test_what_was_used_is_not_edited_but_replaced(demo: DemoCounty, tmp_path: Path) -> None:
    wage = '[[minimum_wage]]\neffective_from = 2008-09-01\namount = "860.00"\ndocument = "opinion"\n'
    with pytest.raises(CommandError):
        said("import_policy", policy_file(tmp_path, wage))
    assert "新增 1" in said("import_policy", policy_file(tmp_path, wage + "replaces = true\n"))
    newest = MinimumWage.objects.latest("pk")
    assert (newest.amount, newest.approved_at, newest.replaces is not None) == (Decimal("860.00"), None, True)
