"""A second ledger beside the application's: a plain dictionary of what was posted, and the naive rules."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Q

from foundation.dates import Month, months_between
from foundation.rounding import ZERO, from_fen
from subsidies.enums import ReportState
from subsidies.models import (
    Adjustment,
    AdjustmentLine,
    Allocation,
    AllocationLine,
    FundSource,
    LedgerParameters,
    OldDifference,
    SubsidyRun,
    TownshipReport,
)
from subsidies.policy.in_force import rulebook, standards_in_force
from subsidies.posts.facts import county_facts
from subsidies.rules.facts import CountyFacts
from tests.subsidies.rules.naive import Made, Rules, naive_due
from tests.subsidies.rules.naive_ledger import (
    Cell,
    NaiveBooks,
    NaiveLine,
    naive_entries,
    naive_old_differences,
    naive_window,
)
from townships.models import Township


class SecondLedger:
    """What each approved run posted and how far it settled each township, by the id of the run."""

    def __init__(self) -> None:
        self.posted: dict[int, dict[Cell, NaiveLine]] = {}
        self.reached: dict[int, dict[int, Month]] = {}
        self.first_month: Month | None = None

    def post(self, run: SubsidyRun) -> None:
        """An approval."""
        self.posted[run.pk] = {
            cell: line._replace(made=_as_known_by(line.made, run.period)) for cell, line in self._expected(run).items()
        }
        self.reached[run.pk] = self._settles(run.period)
        self.first_month = self.first_month or run.period

    def take_back(self, run: SubsidyRun) -> None:
        """The return of an approved run."""
        del self.posted[run.pk], self.reached[run.pk]

    def differences_of(self, run: SubsidyRun) -> list[str]:
        """Where lines and hints of a run that was calculated just now are not what the naive rules give."""
        sums, settles = self._sums(), self._settles(run.period)
        expected = {cell: line[:-1] for cell, line in self._expected(run).items()}
        lines = AllocationLine.objects.filter(allocation__revision=run.current_revision_id)
        found = {(line.posting_id, line.period): _told(line) for line in lines}
        allocations = Allocation.objects.filter(revision=run.current_revision_id)
        until = {row.township_id: Month.of(row.settled_until) for row in allocations if row.settled_until}
        wrong = [
            f"{cell}: {found.get(cell)}, naively {expected.get(cell)}"
            for cell in found.keys() | expected.keys()
            if found.get(cell) != expected.get(cell)
        ]
        hints = OldDifference.objects.filter(allocation__revision=run.current_revision_id)
        kept = {(hint.posting_id, hint.period): hint.difference for hint in hints}
        old = naive_old_differences(
            self.first_month,
            self._window(run.period),
            self._facts(run.period),
            in_force(),
            sums,
            self._unsettled(),
        )
        wrong += [] if kept == old else [f"older than the window {kept}, naively {old}"]
        return wrong if until == settles else [*wrong, f"settles {until}, naively {settles}"]

    def _expected(self, run: SubsidyRun) -> dict[Cell, NaiveLine]:
        month = run.period
        return naive_entries(
            month,
            self._window(month),
            self._facts(month),
            in_force(),
            self._books(),
            _sources(),
            self._settles(month),
            self._unsettled(),
        )

    def _books(self) -> NaiveBooks:
        """Every approval once more, in their order."""
        books, sources = NaiveBooks(), _sources()
        for entries in self.posted.values():
            books.approve(entries, sources)
        return books

    def unsettled_cells(self, month: Month, before: Mapping[int, Month]) -> list[str]:
        """Just after an approval: (posting, month) of which the sum of all runs is not what is due.

        `before` is each township's first month that no run had settled by then.
        """
        facts, rules, sums = self._facts(month), in_force(), self._sums()
        window, reached = self._window(month), self._reached()
        wrong = []
        for for_month in months_between(min([*window, *before.values()]), month):
            due = naive_due(facts, rules, for_month)
            for posting in facts.postings:
                town = posting.township
                is_in_reach = for_month in window or for_month >= before[town]
                if town not in reached or for_month > reached[town] or not is_in_reach:
                    continue
                line, paid = due.get(posting.id), sums.get((posting.id, for_month), ZERO)
                if paid != (line.amount if line else ZERO):
                    wrong.append(f"{posting.id} {for_month}: posted {paid}, due {line}")
        return wrong

    def adjustments_amiss(self, month: Month) -> list[str]:
        """Just after an approval of `month`: adjustments that not exactly one approved run holds."""
        held = Counter(
            AdjustmentLine.objects.filter(allocation__revision__current_for__in=list(self.posted)).values_list(
                "adjustment", flat=True
            )
        )
        return [
            f"{row.pk} of {row.month}: held {held[row.pk]} times"
            for row in Adjustment.objects.all()
            if held[row.pk] != (row.withdrawn_at is None and row.month <= month.first)
        ]

    def unsettled(self) -> dict[int, Month]:
        """Each township's first month that no run has settled; empty before the first approval."""
        return self._unsettled() if self.first_month else {}

    def _settles(self, month: Month) -> dict[int, Month]:
        """How far a run of `month` settles each township."""
        if not LedgerParameters.objects.get().reports_required:
            return dict.fromkeys(Township.objects.values_list("pk", flat=True), month)
        until = self._reached()
        accepted = TownshipReport.objects.filter(state=ReportState.ACCEPTED.value)
        reports = {(report.township_id, report.period) for report in accepted}
        for town, unsettled in self._unsettled().items():
            following = unsettled if self.first_month else month
            while (town, following) in reports:
                until[town] = following
                following += 1
        return {town: min(reached, month) for town, reached in until.items()}

    def _reached(self) -> dict[int, Month]:
        found: dict[int, Month] = {}
        for reached in self.reached.values():
            for town, month in reached.items():
                found[town] = max(found.get(town, month), month)
        return found

    def _unsettled(self) -> dict[int, Month]:
        first, reached = self.first_month or Month(2999, 12), self._reached()
        towns = Township.objects.values_list("pk", flat=True)
        return {town: max(first, reached[town] + 1) if town in reached else first for town in towns}

    def _sums(self) -> dict[Cell, Decimal]:
        books = self._books()
        return {cell: books.amount(cell) for cell in books.posted}

    def _window(self, month: Month) -> list[Month]:
        run = SubsidyRun.objects.filter(month=month.first).order_by("number").last()
        reach = run.retro_months if run else LedgerParameters.objects.get().retro_months
        return naive_window(month, self.first_month, reach)

    def _facts(self, month: Month) -> CountyFacts:
        """Everything that there is: whoever was posted stays in sight."""
        posted = {posting for lines in self.posted.values() for posting, _ in lines}
        since = min([*self._window(month), *self.unsettled().values(), self.first_month or month]).first
        return county_facts(since=since, until=month.last, also=Q(pk__in=posted))


def in_force() -> Rules:
    book = rulebook(standards_in_force())
    return Rules(tuple(book.standards), tuple(book._minimum_wages))


def _sources() -> Mapping[Month, int]:
    """The county pays everybody from one source, ever."""
    (source,) = FundSource.objects.all()
    return defaultdict(lambda: source.pk)


def _told(line: AllocationLine) -> tuple[object, ...]:
    """What a stored line says of what the naive one says."""
    assert line.component == "post"
    moved = {source: from_fen(fen) for source, fen in line.by_source or ()}
    return line.amount, line.reason, line.cause, moved, line.township_share, line.surplus


def _as_known_by(made: Made, month: Month) -> Made:
    """A last day on post that lies after the month of the run is none yet."""
    return made._replace(ended=made.ended if made.ended is not None and made.ended <= month.last else None)
