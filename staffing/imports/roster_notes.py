"""Notes on a roster: worth knowing, but no reason to refuse it or to ask before it is saved."""

from collections.abc import Sequence
from datetime import date

from foundation.excel.problems import shortened
from staffing.entries import RosterEntry
from staffing.imports.roster_matching import Match
from staffing.models import Posting
from townships.places import Places

_NAMED = 20


def notes_on_absent(matches: Sequence[Match], *, only_township: int | None, today: date) -> list[str]:
    """Who is on post in the township of the import and not in the file: that may be an oversight."""
    if only_township is None:
        return []
    on_post = Posting.objects.filter(township=only_township, withdrawn_at=None, started_on__lte=today)
    on_post = on_post.exclude(ended_on__lt=today).order_by("pk")
    present = {match.posting.pk for match in matches}
    absent = [name for pk, name in on_post.values_list("pk", "person__name") if pk not in present]
    if not absent:
        return []
    names = "、".join(absent[:_NAMED]) + ("等" if len(absent) > _NAMED else "")
    return [f"系统中还有 {len(absent)} 条在岗记录不在文件里,保持不变:{names}。"]


def notes_on_file(missing: Sequence[str], entries: Sequence[RosterEntry], places: Places) -> list[str]:
    """Columns the file lacks, places that were understood, and id numbers that are correct but never issued."""
    notes = []
    if missing:
        notes.append(f"文件没有这些可选的列,按未知处理:{'、'.join(missing)}。")
    notes += notes_on_places(places)
    zero = [entry.row for entry in entries if entry.national_id is not None and entry.national_id.has_zero_sequence]
    if zero:
        notes.append(f"{len(zero)} 行的身份证号顺序码是 000(第 {_some(zero)} 行),一般不会编到,请核对。")
    return notes


def notes_on_places(places: Places) -> list[str]:
    """Which places were named otherwise than in the list of divisions, and what they were taken for."""
    taken = [f"“{shortened(written)}”按{meant}" for written, meant in places.taken.items()]
    if not taken:
        return []
    more = f"等 {len(taken)} 处" if len(taken) > _NAMED else ""
    return [f"地名与区划表不同,已认出:{'、'.join(taken[:_NAMED])}{more}。"]


def notes_on_unchanged(dated: Sequence[int], without_round: Sequence[int]) -> list[str]:
    """Rows whose full or part-time is recorded by days, and rows of open recruitment without a notice."""
    notes = []
    if dated:
        notes.append(
            f"{len(dated)} 行的专职/兼职与系统中按日期登记的不同(第 {_some(dated)} 行),没有改动;"
            "有变动的请在人员页登记专兼职变动。"
        )
    if without_round:
        notes.append(
            f"{len(without_round)} 行的协理员是公开招聘而没有招聘公告(第 {_some(without_round)} 行),会提示未公开招聘。"
        )
    return notes


def _some(rows: Sequence[int]) -> str:
    """The first ten."""
    return "、".join(str(row) for row in rows[:10]) + (" 等" if len(rows) > 10 else "")
