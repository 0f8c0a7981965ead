"""What a roster says of where people came from: the source, and the round of open recruitment of their notice."""

from collections import defaultdict
from collections.abc import Iterable

from foundation.excel.problems import Problem, shortened
from staffing.entries import RosterEntry
from staffing.enums import Position, PostingSource
from staffing.imports.roster_changes import Change, in_words
from staffing.imports.roster_details import Details
from staffing.imports.roster_layout import NOTICE, SOURCE, SOURCES
from staffing.imports.roster_matching import Match
from staffing.models import RecruitmentRound

_OPEN = PostingSource.OPEN_RECRUITMENT
_BLANK = "空"


class Rounds:
    """The rounds of some townships, with those that the file adds; read in one statement."""

    def __init__(self, townships: Iterable[int]) -> None:
        self.by_township: dict[int, list[RecruitmentRound]] = defaultdict(list)
        found = RecruitmentRound.objects.live().filter(township__in=set(townships))
        for round_ in found.order_by("is_historical", "pk"):
            self.by_township[round_.township_id].append(round_)

    def of_notice(self, township: int, notice: str) -> RecruitmentRound:
        """The round with this notice by title, number or both; a new one, not saved, where there is none."""
        for round_ in self.by_township[township]:
            if notice in (round_.notice_title, round_.notice_number, str(round_)):
                return round_
        round_ = RecruitmentRound(township_id=township, notice_title=notice)
        self.by_township[township].append(round_)
        return round_

    @property
    def new(self) -> list[RecruitmentRound]:
        return [round_ for rounds in self.by_township.values() for round_ in rounds if round_.pk is None]


def revise_sources(matches: Iterable[Match], rounds: Rounds, details: Details, problems: list[Problem]) -> None:
    """Set source and round of the postings. A blank cell leaves what is recorded; of an assistant of whom nothing is,
    it says that there is no record (一.2)."""
    for match in matches:
        stated = _stated(match, rounds, problems)
        if stated is None:
            continue
        posting, (source, round_) = match.posting, stated
        changes = []
        if posting.source != source:
            words = in_words(posting, "source", posting.source, source)
            changes.append(Change(posting, "source", posting.source, words))
        if posting.recruitment_round is not round_ and posting.recruitment_round_id != (round_ and round_.pk):
            words = f"{NOTICE} {posting.recruitment_round or _BLANK} → {round_ or _BLANK}"
            changes.append(Change(posting, "recruitment_round_id", posting.recruitment_round_id, words))
        posting.source, posting.recruitment_round = source.value, round_
        if not match.is_new:
            match.changes += changes
    details.new_rounds = rounds.new


def _stated(
    match: Match, rounds: Rounds, problems: list[Problem]
) -> tuple[PostingSource, RecruitmentRound | None] | None:
    """Source and round as the row has them; None where it leaves what is recorded."""
    entry, posting = match.entry, match.posting
    if not entry.source and not entry.notice:
        is_asked = entry.asks_for_recruitment and entry.position is Position.ASSISTANT
        return (PostingSource.OTHER, None) if is_asked and not posting.source else None
    if posting.recruitment_round is not None and _says_the_same(entry, posting.recruitment_round):
        return None
    source = SOURCES.get(entry.source) if entry.source else _OPEN
    if source is None:
        message = f"“{shortened(entry.source)}”无法识别"
        problems.append(Problem(entry.row, SOURCE, message, f"请填写 {'、'.join(PostingSource.by_label())} 之一"))
        return None
    if source is not _OPEN and entry.notice:
        advice = "公开招聘的,请把人员来源改为公开招聘;不是的,请清空招聘公告"
        problems.append(Problem(entry.row, NOTICE, f"人员来源是{source.label},却填了招聘公告", advice))
        return None
    if source is not _OPEN:
        return source, None
    if entry.notice:
        return _OPEN, rounds.of_notice(entry.township_id, entry.notice)
    return _OPEN, posting.recruitment_round


def _says_the_same(entry: RosterEntry, round_: RecruitmentRound) -> bool:
    """Whether the row says what the roster said before rounds were kept, or names the same notice."""
    notices = ("", round_.notice_title, round_.notice_number, str(round_))
    is_same_source = entry.source in ("", round_.stated_source) or SOURCES.get(entry.source) is _OPEN
    return is_same_source and entry.notice in notices


def without_round(matches: Iterable[Match]) -> list[int]:
    """The rows of assistants who are said to come by open recruitment and name no notice."""
    return [
        match.entry.row
        for match in matches
        if match.is_touched
        and match.entry.position is Position.ASSISTANT
        and match.posting.source == _OPEN
        and match.posting.recruitment_round is None
    ]
