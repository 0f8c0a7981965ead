"""The words of the API: the glossary's identifiers, amounts as text with two decimals, months YYYY-MM, dates ISO."""

from typing import Any

from rest_framework import serializers

from foundation.rounding import from_fen
from subsidies.enums import ReportState, RunAction, RunState
from subsidies.models import AllocationLine
from subsidies.reports.statuses import Progress
from subsidies.revisions.figures import Figures
from subsidies.runs.services import STEPS
from subsidies.workflow import RUN_TRANSITIONS

# What a serializer reads are dataclasses of the selectors; the stubs want one type for each.
Words = serializers.Serializer[Any]


class Amount(serializers.DecimalField):
    """Yuan, as text with two decimals."""

    def __init__(self, **options: Any) -> None:  # those of every field
        super().__init__(max_digits=15, decimal_places=2, **options)


class FieldProblem(Words):
    field = serializers.CharField()
    detail = serializers.CharField()


class Problem(Words):
    """Why something was not done."""

    code = serializers.CharField()
    detail = serializers.CharField()
    errors = FieldProblem(many=True)  # type: ignore[assignment]  # the metaclass takes fields off the class


class RunWords(Words):
    """A run; `total` is that of the townships which the reader may see."""

    id = serializers.IntegerField(source="run.pk")
    month = serializers.CharField(source="run.period")
    number = serializers.IntegerField(source="run.number")
    state = serializers.ChoiceField(source="run.state", choices=RunState.choices())
    state_label = serializers.CharField(source="run.state_label")
    revision = serializers.IntegerField(source="run.current_revision.number")
    revision_id = serializers.IntegerField(source="run.current_revision_id")
    total = Amount()
    sent_at = serializers.DateTimeField(source="run.sent_at", allow_null=True)
    approved_at = serializers.DateTimeField(source="run.approved_at", allow_null=True)
    returned_at = serializers.DateTimeField(source="run.returned_at", allow_null=True)
    voided_at = serializers.DateTimeField(source="run.voided_at", allow_null=True)


class MonthRowWords(Words):
    """A run of the year; `difference` to the approved month before, null where there is none to compare with."""

    run = serializers.IntegerField(source="run.pk")
    month = serializers.CharField(source="run.period")
    number = serializers.IntegerField(source="run.number")
    state = serializers.ChoiceField(source="run.state", choices=RunState.choices())
    total = Amount()
    difference = Amount(allow_null=True)


class MonthsWords(Words):
    """The months of one year, newest first; `approved` is what the approved ones come to together."""

    year = serializers.IntegerField(allow_null=True)
    years = serializers.ListField(child=serializers.IntegerField())
    approved = Amount()
    months = MonthRowWords(source="rows", many=True)


class IssuedSheetWords(Words):
    """A sheet as it was issued; `is_withdrawn` once its run is no longer approved with that revision."""

    id = serializers.IntegerField(source="pk")
    number = serializers.CharField()
    sheet = serializers.CharField()
    revision = serializers.IntegerField(source="revision.number")
    township = serializers.CharField(source="township.code", default=None, allow_null=True)
    sha256 = serializers.CharField()
    issued_by = serializers.CharField(source="issued_by.display_name", default="", allow_blank=True)
    issued_at = serializers.DateTimeField()
    is_withdrawn = serializers.BooleanField()


class RevisionWords(Words):
    id = serializers.IntegerField(source="revision.pk")
    number = serializers.IntegerField(source="revision.number")
    calculated_at = serializers.DateTimeField(source="revision.calculated_at")
    sent_at = serializers.DateTimeField(source="revision.sent_at", allow_null=True)
    digest = serializers.CharField(source="revision.digest")
    total = Amount()
    is_current = serializers.BooleanField()
    has_lines = serializers.BooleanField()


class OfferWords(Words):
    """A step from the run's state; `refusal` is empty where this user may take it."""

    action = serializers.ChoiceField(choices=RunAction.choices())
    label = serializers.CharField()  # type: ignore[assignment]  # the metaclass takes fields off the class
    needs_reason = serializers.BooleanField()
    refusal = serializers.CharField(allow_blank=True)


class RunHistoryWords(RunWords):
    revisions = RevisionWords(many=True)
    steps = OfferWords(many=True)


class FiguresWords(Words):
    """The figures of a township or of all; `bands` are people subsidised by the lower bound of their band."""

    assistant_places = serializers.IntegerField()
    assistants_on_post = serializers.IntegerField()
    assistants_subsidised = serializers.IntegerField()
    assistant_amount = Amount()
    communities = serializers.IntegerField()
    communities_subsidised = serializers.IntegerField()
    community_amount = Amount()
    villages = serializers.IntegerField()
    villages_subsidised = serializers.IntegerField()
    village_amount = Amount()
    bands = serializers.SerializerMethodField()
    regular = Amount()
    back_pay = Amount()
    clawback = Amount()
    adjustment = Amount()
    total = Amount()
    township_share = Amount()
    surplus = Amount()
    cost_unknown = serializers.IntegerField()
    year_to_date = Amount()
    previous_total = Amount()

    def get_bands(self, figures: Figures) -> dict[str, int]:
        return {str(bound): people for bound, people in figures.bands.items()}


class AllocationWords(Words):
    code = serializers.CharField(source="allocation.township_code")
    name = serializers.CharField(source="allocation.township_name")
    township_class = serializers.CharField(source="allocation.township_class", allow_blank=True)
    is_late = serializers.BooleanField(source="allocation.is_late")
    settled_until = serializers.DateField(source="allocation.settled_until", allow_null=True)
    total = Amount(source="figures.total")
    assistant_rates = serializers.ListField(child=Amount())
    figures = FiguresWords()


class AllocationsWords(Words):
    """A revision by township; `total` and `figures` are those of `townships` together."""

    id = serializers.IntegerField()
    run = serializers.IntegerField()
    month = serializers.CharField()
    number = serializers.IntegerField()
    total = Amount(source="figures.total")
    figures = FiguresWords()
    townships = AllocationWords(many=True)


class LineWords(Words):
    """A line: the keys of `calculate --json`, and what is stored besides."""

    id = serializers.IntegerField(source="pk")
    township = serializers.CharField(source="allocation.township_code")
    posting = serializers.IntegerField(source="posting_id")
    name = serializers.CharField(source="person_name")
    position = serializers.CharField()
    unit = serializers.SerializerMethodField()
    unit_name = serializers.CharField(allow_blank=True)
    for_month = serializers.CharField(source="period")
    rate = Amount(allow_null=True)
    counted_days = serializers.IntegerField()
    month_days = serializers.IntegerField()
    due = Amount()
    posted_before = Amount()
    amount = Amount()
    reason = serializers.CharField(allow_blank=True)
    cause = serializers.CharField(allow_blank=True)
    findings = serializers.SerializerMethodField()
    households = serializers.IntegerField(allow_null=True)
    band = serializers.IntegerField(allow_null=True)
    cost = Amount(allow_null=True)
    township_share = Amount(allow_null=True)
    surplus = Amount(allow_null=True)
    share_level = Amount(allow_null=True)
    surplus_level = Amount(allow_null=True)
    component = serializers.CharField(allow_null=True)
    fund_source = serializers.IntegerField(source="source_id", allow_null=True)
    by_source = serializers.SerializerMethodField()
    explanation = serializers.CharField(source="explanation.sentence")

    def get_unit(self, line: AllocationLine) -> str | None:
        return line.unit_code or None

    def get_by_source(self, line: AllocationLine) -> dict[str, str]:
        """Where the amount comes from several sources, how much from each, by its id."""
        return {str(source): f"{from_fen(fen):.2f}" for source, fen in line.by_source or ()}

    def get_findings(self, line: AllocationLine) -> list[str]:
        return [name for name in line.findings.split(",") if name]


class OldDifferenceWords(Words):
    """A difference older than the window: in no total; `reason` is null until somebody answered for it."""

    id = serializers.IntegerField(source="pk")
    township = serializers.CharField(source="allocation.township_code")
    posting = serializers.IntegerField(source="posting_id")
    name = serializers.CharField(source="person_name")
    position = serializers.CharField()
    unit_name = serializers.CharField(allow_blank=True)
    for_month = serializers.CharField(source="period")
    due = Amount()
    posted_before = Amount()
    difference = Amount()
    cause = serializers.CharField()
    reason = serializers.CharField(allow_null=True)


class StepOfLineWords(Words):
    label = serializers.CharField()  # type: ignore[assignment]  # the metaclass takes fields off the class
    value = serializers.CharField()
    basis = serializers.CharField(allow_blank=True)


class LostDaysWords(Words):
    label = serializers.CharField()  # type: ignore[assignment]  # the metaclass takes fields off the class
    days = serializers.CharField()


class ExplainedLineWords(Words):
    """One line with its way to the amount; days are in words, such as 1–3、7 日."""

    line = LineWords()
    run = serializers.IntegerField(source="run.pk")
    month = serializers.CharField(source="run.period")
    revision = serializers.IntegerField(source="revision.number")
    is_current = serializers.BooleanField()
    settles_earlier_month = serializers.BooleanField()
    steps = StepOfLineWords(many=True)
    counted = serializers.CharField(allow_blank=True)
    lost = LostDaysWords(many=True)
    findings = serializers.ListField(child=serializers.CharField())


class ReportWords(Words):
    """How far a township has come; what comes with a report is null while there is none."""

    code = serializers.CharField(source="township.code")
    name = serializers.CharField(source="township.name")
    progress = serializers.ChoiceField(choices=Progress.choices())
    progress_label = serializers.CharField(source="progress.label")
    state = serializers.ChoiceField(
        source="report.state", choices=ReportState.choices(), default=None, allow_null=True
    )
    submission = serializers.IntegerField(source="report.submission", default=0)
    submitted_at = serializers.DateTimeField(source="report.submitted_at", default=None, allow_null=True)
    decided_at = serializers.DateTimeField(source="report.decided_at", default=None, allow_null=True)
    is_stale = serializers.BooleanField()
    changes = serializers.ListField(child=serializers.CharField())


class ReportsWords(Words):
    month = serializers.CharField()
    due_on = serializers.DateField()
    accepted = serializers.IntegerField()
    reports = ReportWords(many=True, source="rows")


class StepWords(Words):
    """A step with a run: the revision and the state that were seen, and the reason where one is asked for.

    The state may be left out where only one leads to the step: nobody returns an approval without having seen it.
    """

    action = serializers.ChoiceField(choices=[(action.value, action.label) for action in STEPS])
    revision = serializers.IntegerField(min_value=1)
    state = serializers.ChoiceField(
        choices=[(state.value, state.label) for state in RunState], allow_blank=True, default=""
    )
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        sources = [row.source for row in RUN_TRANSITIONS if row.action == attrs["action"]]
        if not attrs["state"] and len(sources) > 1:
            raise serializers.ValidationError({"state": "这一步在几种状态下都能办,请写明看到的状态。"})
        return attrs


class CalculateWords(Words):
    """The number of the revision that was seen, 0 where there is none yet."""

    expected = serializers.IntegerField(min_value=0)
