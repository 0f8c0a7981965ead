"""换届: typed over days, problems at their cells, carried out and undone as one."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import AuditEvent
from staffing.enums import Education, Position
from staffing.many.election_holding import HeldElection, hold_election
from staffing.many.election_seats import seats_of
from staffing.many.elections import drop_election, typed_table, with_pasted
from staffing.many.undoing import obstacles, undo_batch
from staffing.models import Election, ImportBatch, Person, Posting, Wage
from staffing.people.merging import merge_people
from staffing.postings.services import correct_dates
from tests.builders import (
    a_national_id,
    a_person,
    a_posting,
    a_township,
    a_unit,
    a_wage,
    an_id_number,
    education_of,
    works_full_time,
)
from tests.staffing.elections import (
    DAY,
    DOCUMENT,
    NOW,
    a_township_with_villages,
    elected,
    new_number,
    planned,
    prepared,
    problems,
    rows,
    stored,
)
from tests.users import MakeUser
from townships.enums import UnitKind
from townships.models import Township

pytestmark = pytest.mark.django_db
LAST = date(2010, 5, 31)


@pytest.fixture
def township() -> Township:
    return a_township_with_villages(4)


def held(election: Election) -> HeldElection:
    return hold_election(election=election, seen=election.saved, actor=None, today=DAY)


def undone(batch: ImportBatch) -> ImportBatch:
    return undo_batch(batch=batch, reason="录错", settled=0, actor=None, now=NOW)


def on_post(day: date) -> dict[str, list[str]]:
    """Unit -> names of those in service on the day."""
    found: dict[str, list[str]] = {}
    for posting in Posting.objects.in_service_on(day).select_related("unit", "person").order_by("pk"):
        found.setdefault(posting.unit.name if posting.unit else "", []).append(posting.person.name)
    return found


def test_incumbents_leave_the_day_before_and_the_elected_come(township: Township) -> None:
    cells = {"education": "大专", "full_time": "兼职", "wage": "1,800.00"}
    done = held(prepared(township, {1: elected(1, **cells), 2: elected(2), 3: {"stays": "是"}}))
    assert on_post(LAST) == {f"第{place}村": [f"现任{place}"] for place in (1, 2, 3, 4)}
    assert on_post(DAY) == {"第1村": ["新任一"], "第2村": ["新任二"], "第3村": ["现任3"], "第4村": ["现任4"]}
    left = Posting.objects.get(person__name="现任1")
    assert (left.ended_on, left.why_it_ended) == (LAST, f"换届({DOCUMENT})")
    came = Posting.objects.get(person__name="新任一")
    assert (came.started_on, works_full_time(came), came.position) == (DAY, False, Position.VILLAGE_COORDINATOR)
    assert came.wages.get().monthly_wage == Decimal("1800.00")
    assert education_of(Person.objects.get(name="新任一")) == Education.COLLEGE
    assert (done.batch.kind, done.batch.created_count, done.batch.changed_count) == ("election", 2, 2)
    event = AuditEvent.objects.get(action="hold_election")
    assert (event.subject_id, event.reason) == (done.batch.pk, DOCUMENT)
    assert event.after == {"elected_on": str(DAY), "left": 2, "came": 2, "stayed": 1}


def test_who_is_elected_again_keeps_the_posting_and_gets_a_wage_that_is_another(township: Township) -> None:
    before = list(Posting.objects.order_by("pk").values())
    a_wage(posting=Posting.objects.get(person__name="现任1"), monthly_wage=Decimal("1500.00"))
    a_wage(posting=Posting.objects.get(person__name="现任2"), monthly_wage=Decimal("1500.00"))
    again = {"name": "现任2", "number": an_id_number(2), "wage": "1600"}
    held(prepared(township, {1: {"stays": "√", "wage": "1500"}, 2: again}))
    assert list(Posting.objects.order_by("pk").values()) == before
    wages = Wage.objects.filter(effective_from=DAY)
    assert [(wage.posting.person.name, wage.monthly_wage, wage.employer_insurance) for wage in wages] == [
        ("现任2", Decimal("1600.00"), Decimal("400.00"))
    ]


def test_two_change_villages_and_one_only_leaves(township: Township) -> None:
    swapped = {
        1: {"name": "现任2", "number": an_id_number(2)},
        2: {"name": "现任1", "number": an_id_number(1)},
        3: {"last_day": "2010年4月30日"},
    }
    held(prepared(township, swapped))
    assert on_post(DAY) == {"第1村": ["现任2"], "第2村": ["现任1"], "第4村": ["现任4"]}
    assert Posting.objects.get(person__name="现任3").ended_on == date(2010, 4, 30)
    assert Person.objects.count() == 4


def test_undoing_restores_everybody(township: Township) -> None:
    a_wage(posting=Posting.objects.get(person__name="现任3"))
    before = [list(model.objects.order_by("pk").values()) for model in (Posting, Wage)]
    batch = held(prepared(township, {1: elected(1), 2: elected(2), 3: {"stays": "是", "wage": "1700"}})).batch
    assert undone(batch).undone_reason == "录错"
    live = Posting.objects.filter(withdrawn_at=None).order_by("pk")
    assert [list(live.values()), list(Wage.objects.live().order_by("pk").values())] == before
    assert Election.objects.get().state == "undone"
    batch.refresh_from_db()
    assert obstacles(batch, settled=0) == [f"这次办理已于 {NOW:%Y-%m-%d} 撤销。"]
    with pytest.raises(ValidationError):
        undone(batch)
    # A next one may be prepared.
    held(prepared(township, {1: elected(1)}))


def test_nothing_is_undone_that_somebody_built_upon(township: Township) -> None:
    batch = held(prepared(township, {1: elected(1), 2: elected(2)})).batch
    assert obstacles(batch, settled=0) == []
    assert "1 条新的在岗记录已计入审批过的月份" in obstacles(batch, settled=1)[0]
    came, left = (Posting.objects.get(person__name=name) for name in ("新任一", "现任2"))
    correct_dates(posting=came, started_on=date(2010, 6, 5), ended_on=None, reason="更正", actor=None)
    correct_dates(posting=left, started_on=left.started_on, ended_on=date(2010, 5, 1), reason="更正", actor=None)
    told = obstacles(batch, settled=0)
    assert "后来又办理过 1 次更正" in told[0]
    assert "现任2" in told[1]
    with pytest.raises(ValidationError):
        undone(batch)
    assert on_post(date(2010, 6, 6))["第1村"] == ["新任一"]


@pytest.mark.parametrize(
    ("cells", "column", "told"),
    [
        ({"name": "新任"}, "number", "请填写 18 位身份证号"),
        ({"number": new_number(1)}, "name", "请填写新任姓名"),
        ({"name": "新任", "number": "33990019850307001"}, "number", "少了 1 位"),
        ({"name": "新任", "number": new_number(1)[:-1] + "Y"}, "number", "身份证号"),
        ({"name": "新任", "number": "3.39900E+17"}, "number", "按数字保存的长号码"),
        (elected(1, first_day="2010-05-31", last_day="2010-05-31"), "first_day", "现任 2010-05-31 才离任"),
        (elected(1, first_day="六月一日"), "first_day", "看不懂日期"),
        ({"last_day": "2008-12-31"}, "last_day", "2009-01-01 才到岗"),
        ({"stays": "是", "name": "别人"}, "name", "连任的是现任1"),
        ({"stays": "是", "last_day": "2010-05-31"}, "last_day", "连任的不填离任日期"),
        ({"stays": "是", "full_time": "兼职"}, "full_time", "个人页更正"),
        ({"stays": "可能"}, "stays", "无法识别"),
        ({"wage": "1800"}, "name", "没有填姓名和身份证号"),
        (elected(1, wage="一千八"), "wage", "不是金额"),
        (elected(1, education="高小"), "education", "无法识别"),
        ({"name": "合同", "number": an_id_number(3)}, "name", "登记的姓名是“现任3”"),
        ({"name": "现任3", "number": an_id_number(3)}, "number", "第3村任职(2009-01-01 起),时间重叠"),
    ],
)
def test_a_problem_stands_at_its_cell(township: Township, cells: dict[str, str], column: str, told: str) -> None:
    found = problems(township, {1: cells})
    assert told in found["第1村", column]
    election = prepared(township, {1: cells, 2: elected(2)})
    with pytest.raises(ValidationError):
        held(election)
    assert (Posting.objects.count(), ImportBatch.objects.count()) == (4, 0)


@pytest.mark.parametrize(
    "cell", ['=HYPERLINK("http://x")', "<img src=x onerror=alert(1)>", "{{7*7}}", "𠮷野家", "张\u202e三"]
)
def test_odd_texts_are_names_or_are_told(township: Township, cell: str) -> None:
    found = problems(township, {1: elected(1, name=cell)})
    if ("第1村", "name") not in found:
        held(prepared(township, {1: elected(1, name=cell)}))
        assert Person.objects.filter(name=cell).exists()


def test_one_number_is_elected_in_one_village(township: Township) -> None:
    found = problems(township, {1: elected(1), 2: elected(1)})
    assert found == {("第2村", "number"): "与第1村填的是同一个号码;一人只能任一处"}


def test_nothing_of_another_township_is_told_and_nobody_is_taken_from_there(township: Township) -> None:
    elsewhere = a_township(code="330226002", name="桃源街道")
    stranger = a_person(name="外人", national_id=a_national_id(90), education=Education.BACHELOR)
    a_posting(township=elsewhere, person=stranger)
    found = problems(township, {1: {"name": "某人", "number": an_id_number(90), "education": "大专"}})
    assert "别的镇乡(街道)还在岗" in found["第1村", "number"]
    assert "别的镇乡(街道)登记的姓名不同" in found["第1村", "name"]
    assert "外人" not in str(found)
    assert "本科" not in str(found)


def test_a_merged_record_is_the_person_it_counts_as(township: Township) -> None:
    duplicate = a_person(name="现任1", national_id=a_national_id(95))
    merge_people(
        duplicate=duplicate, into=Person.objects.get(national_id_index=a_index(1)), reason="同一人", actor=None
    )
    plan = planned(township, {1: {"name": "现任1", "number": an_id_number(95)}})
    assert (plan.problems, len(plan.staying), plan.leaving) == ({}, 1, [])
    assert ("第2村", "number") in problems(township, {2: {"name": "现任1", "number": an_id_number(95)}})


def a_index(serial: int) -> str:
    return Person.objects.with_national_id(an_id_number(serial)).get().national_id_index or ""


def test_without_a_day_every_row_needs_its_own(township: Township) -> None:
    plan = planned(township, {1: elected(1), 2: elected(2, first_day="2010-7-1")}, day=None)
    assert {column for _, column in plan.problems} == {"first_day"}
    assert len(plan.problems) == 1


def test_a_row_typed_beside_somebody_who_left_since_is_told(township: Township) -> None:
    election = prepared(township, {1: elected(1)})
    posting = Posting.objects.get(person__name="现任1")
    correct_dates(posting=posting, started_on=posting.started_on, ended_on=date(2010, 3, 1), reason="辞职", actor=None)
    with pytest.raises(ValidationError, match="有变动"):
        held(election)
    assert not ImportBatch.objects.exists()


def test_what_was_typed_is_kept_unreadable_and_one_draft_a_township(township: Township) -> None:
    election = prepared(township, {1: elected(1)})
    assert election.typed_encrypted is not None
    assert new_number(1).encode() not in bytes(election.typed_encrypted)
    assert typed_table(stored(township)).cells == rows(township, {1: elected(1)})
    with pytest.raises(IntegrityError, match=r"election_prepared_once|UNIQUE"), transaction.atomic():
        Election.objects.create(township=township)
    event = AuditEvent.objects.get(action="prepare_election")
    assert new_number(1) not in str(event.after)


def test_a_done_election_keeps_no_table(township: Township) -> None:
    held(election := prepared(township, {1: elected(1)}))
    with pytest.raises(IntegrityError, match="election_is_emptied"), transaction.atomic():
        Election.objects.filter(pk=election.pk).update(typed_encrypted=b"x")


def test_whoever_saves_over_somebody_is_told(township: Township, make_user: MakeUser) -> None:
    clerk = make_user(Role.TOWNSHIP_CLERK, township=township)
    prepared(township, {1: elected(1)}, actor=clerk)
    with pytest.raises(ValidationError, match="保存过这张表"):
        prepared(township, {2: elected(2)})
    with pytest.raises(ValidationError, match="又保存过"):
        hold_election(election=stored(township), seen=0, actor=clerk, today=DAY)
    prepared(township, {2: elected(2)}, seen=1)
    assert typed_table(stored(township)).cells == rows(township, {2: elected(2)})


def test_it_is_carried_out_once(township: Township) -> None:
    election = prepared(township, {1: elected(1)})
    held(election)
    with pytest.raises(ValidationError, match="没有重复办理"):
        held(election)
    with pytest.raises(ValidationError):
        drop_election(election=election, actor=None)
    assert Posting.objects.count() == 5


def test_a_dropped_table_leaves_nothing_but_its_event(township: Township) -> None:
    drop_election(election=prepared(township, {1: elected(1)}), actor=None)
    assert (Election.objects.count(), Posting.objects.count()) == (0, 4)
    assert AuditEvent.objects.filter(action="drop_election").exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TOWNSHIP_CLERK])
def test_only_who_may_edit_people_does_it(township: Township, make_user: MakeUser, role: Role) -> None:
    election, user = prepared(township, {1: elected(1)}), make_user(role)
    with pytest.raises(PermissionDenied):
        prepared(township, {}, actor=user, seen=1)
    with pytest.raises(PermissionDenied):
        hold_election(election=election, seen=1, actor=user, today=DAY)
    with pytest.raises(PermissionDenied):
        drop_election(election=election, actor=user)


def test_a_pasted_block_fills_the_rows_of_its_villages(township: Township) -> None:
    text = f"村名\t姓名\t身份证号\t序号\n第 2 村\t新任二\t{new_number(2)}\t1\n第９村\t某人\t1\t2\n第2村\t又一个\t\t3"
    typed = rows(township, {2: {"wage": "1500", "name": "旧"}})
    table = with_pasted(text, typed, seats_of(township, DAY), township=township, today=DAY)
    assert table.cells == rows(township, {2: {"wage": "1500", "name": "新任二", "number": new_number(2)}})
    assert table.left == "村名\t姓名\t身份证号\t序号\n第９村\t某人\t1\t2\n第2村\t又一个\t\t3"
    assert [line.partition(";")[0] for line in table.unmatched] == [
        "粘贴的第 3 行:跃龙街道没有“第９村”这个村(社区)",
        "粘贴的第 4 行:第2村在粘贴的内容里出现了不止一次",
        "粘贴的表头里有不认识的列,没有读入:序号。",
    ]


def test_of_two_incumbents_a_pasted_row_means_the_one_it_names(township: Township) -> None:
    seats = seats_of(township, DAY)
    second = a_person(name="第二人")
    a_posting(
        township=township,
        unit=seats[0].unit,
        person=second,
        position=Position.VILLAGE_COORDINATOR,
        started_on=date(2010, 1, 1),
    )
    seats = seats_of(township, DAY)
    text = "村名\t现任\t离任日期\n第1村\t第二人\t2010-4-30\n第2村\t没这个人\t2010-4-30"
    table = with_pasted(text, {}, seats, township=township, today=DAY)
    assert table.cells == {seats[1].key: {"last_day": "2010-4-30"}}
    assert "现任不是粘贴的那个人" in table.unmatched[0]


def test_seats_are_the_places_of_coordinators_that_exist_on_the_day(township: Township) -> None:
    a_unit(township=township, name="五丰社区", kind=UnitKind.COMMUNITY, code="330226001001")
    a_unit(township=township, name="开发区", kind=UnitKind.NON_STANDARD, code="330226001002")
    a_unit(township=township, name="撤了村", kind=UnitKind.VILLAGE, code="330226001003", closed_on=LAST)
    a_posting(township=township)
    seats = seats_of(township, DAY)
    assert [(seat.unit.name, seat.position.value, seat.incumbent is None) for seat in seats[:2]] == [
        ("五丰社区", "community_coordinator", True),
        ("第1村", "village_coordinator", False),
    ]
    assert len(seats) == 5


def test_a_plan_takes_as_many_statements_for_forty_as_for_four(township: Township) -> None:
    many = a_township_with_villages(40, code="330226002", name="桃源街道")

    def statements(of: Township, number: int) -> int:
        by_place = {place: elected(place) for place in range(1, number + 1)}
        with CaptureQueriesContext(connection) as captured:
            assert planned(of, by_place).problems == {}
        return len(captured)

    # Seats are read twice: once for the keys of the rows.
    assert statements(township, 4) == statements(many, 40) <= 8
