"""What a program reads of the months: runs, revisions, lines, sheets, reports; over what its user may see."""

from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from subsidies.api.endpoints import documented
from subsidies.api.filters import LineFilter, MonthQuery, RunFilter, YearQuery
from subsidies.api.paging import ByKey, NewestFirst
from subsidies.api.reading import user_of
from subsidies.api.serializers import (
    AllocationsWords,
    ExplainedLineWords,
    IssuedSheetWords,
    LineWords,
    MonthsWords,
    OldDifferenceWords,
    ReportsWords,
    RunHistoryWords,
    RunWords,
)
from subsidies.known_runs import all_runs, runs_within
from subsidies.models import Allocation, AllocationLine, OldDifference, Revision, SheetFile, SubsidyRun
from subsidies.reports.overview import reports_page
from subsidies.revisions.figures import added_up, figures_by_township
from subsidies.revisions.line_pages import line_page
from subsidies.revisions.old_differences import with_reasons
from subsidies.revisions.run_history import keeps_lines, run_history, run_totals
from subsidies.runs.next_steps import next_step
from subsidies.runs.pages import month_list
from subsidies.sheets.files import sheet_answer
from subsidies.sheets.register import XLSX
from townships.models import Township

MONTH = OpenApiParameter(
    "month", OpenApiTypes.STR, required=True, pattern=r"^\d{4}-\d{2}$", description="月份,YYYY-MM"
)

YEAR = OpenApiParameter("year", OpenApiTypes.INT, description="年份;不写是最近的一年")


class Runs(ListAPIView[SubsidyRun]):
    """The runs, the newest first."""

    queryset = SubsidyRun.objects.none()
    serializer_class = RunWords
    pagination_class = NewestFirst
    filter_backends = (DjangoFilterBackend,)
    filterset_class = RunFilter

    @documented("月度核算的列表,新的在前", RunWords(many=True), 400)
    def get(self, request: Request) -> Response:
        allocations = Allocation.objects.visible_to(user_of(request))
        runs = runs_within(allocations).select_related("current_revision")
        page = self.paginate_queryset(self.filter_queryset(runs)) or []
        return self.get_paginated_response(RunWords(run_totals(page, allocations), many=True).data)


class Months(APIView):
    """The months of a year: what each comes to."""

    @documented("一年的各月合计", MonthsWords, 400, parameters=[YEAR])
    def get(self, request: Request) -> Response:
        year = asked(YearQuery(request.query_params))["year"]
        return Response(MonthsWords(month_list(Allocation.objects.visible_to(user_of(request)), year)).data)


class Run(APIView):
    """A run with its revisions and the steps that may follow."""

    @documented("一次核算和它的各版", RunHistoryWords, 404)
    def get(self, request: Request, pk: int) -> Response:
        return Response(run_words(visible_run(user_of(request), pk), user_of(request)))


class RevisionAllocations(APIView):
    """A revision by township: the figures of the page of the month."""

    @documented("一版的分镇乡(街道)补助", AllocationsWords, 404)
    def get(self, request: Request, pk: int) -> Response:
        revision = visible_revision(user_of(request), pk)
        townships = figures_by_township(revision, Allocation.objects.visible_to(user_of(request)))
        content = {
            "id": revision.pk,
            "run": revision.run_id,
            "month": revision.run.period,
            "number": revision.number,
            "figures": added_up(townships),
            "townships": townships,
        }
        return Response(AllocationsWords(content).data)


class RevisionLines(ListAPIView[AllocationLine]):
    """The lines of a revision in the order of the sheet."""

    queryset = AllocationLine.objects.none()
    serializer_class = LineWords
    pagination_class = ByKey
    filter_backends = (DjangoFilterBackend,)
    filterset_class = LineFilter

    @documented("一版的补助明细", LineWords(many=True), 400, 404)
    def get(self, request: Request, pk: int) -> Response:
        revision = visible_revision(user_of(request), pk)
        lines = AllocationLine.objects.visible_to(user_of(request)).filter(allocation__revision=revision)
        page = self.paginate_queryset(self.filter_queryset(lines.select_related("allocation", "explanation")))
        return self.get_paginated_response(LineWords(page, many=True).data)


class RevisionOldDifferences(ListAPIView[OldDifference]):
    """The differences older than the window that a revision holds as hints."""

    queryset = OldDifference.objects.none()
    serializer_class = OldDifferenceWords
    pagination_class = ByKey
    filter_backends = ()

    @documented("一版的超出追溯期的差额", OldDifferenceWords(many=True), 400, 404)
    def get(self, request: Request, pk: int) -> Response:
        revision = visible_revision(user_of(request), pk)
        rows = OldDifference.objects.visible_to(user_of(request)).filter(allocation__revision=revision)
        page = self.paginate_queryset(with_reasons(rows).select_related("allocation"))
        return self.get_paginated_response(OldDifferenceWords(page, many=True).data)


class Line(APIView):
    """How one amount came about."""

    @documented("一条明细和它的计算步骤", ExplainedLineWords, 404)
    def get(self, request: Request, pk: int) -> Response:
        lines = AllocationLine.objects.visible_to(user_of(request))
        joined = lines.select_related("allocation__revision__run", "posting", "explanation")
        return Response(ExplainedLineWords(line_page(get_object_or_404(joined, pk=pk))).data)


class SheetOfRun(APIView):
    """A sheet of a run, the same bytes as from its page."""

    @documented("一次核算的表格(xlsx)", {(200, XLSX): OpenApiTypes.BINARY}, 404)
    def get(self, request: Request, pk: int, kind: str) -> HttpResponse:
        run = visible_run(user_of(request), pk)
        if run.current_revision is None:
            raise Http404
        return sheet_answer(run.current_revision, kind, Allocation.objects.visible_to(user_of(request)))


class IssuedSheets(APIView):
    """The sheets that were issued of a run, with their numbers and sums."""

    @documented("一次核算出具过的表格", IssuedSheetWords(many=True), 404)
    def get(self, request: Request, pk: int) -> Response:
        run = visible_run(user_of(request), pk)
        issued = SheetFile.objects.visible_to(user_of(request)).filter(revision__run=run).defer("content")
        rows = issued.select_related("revision__run", "township", "issued_by").order_by("pk")
        return Response(IssuedSheetWords(rows, many=True).data)


class Reports(APIView):
    """How far the townships have come with a month."""

    @documented("一个月的镇街月报", ReportsWords, 400, parameters=[MONTH])
    def get(self, request: Request) -> Response:
        month = asked(MonthQuery(request.query_params))["month"]
        townships = Township.objects.visible_to(user_of(request))
        return Response(ReportsWords(reports_page(month, townships, today=timezone.localdate())).data)


def asked(query: Form) -> dict[str, Any]:
    """What an address asks for; a 400 by field where that makes no sense."""
    if not query.is_valid():
        raise ValidationError({name: list(map(str, told)) for name, told in query.errors.items()})
    return query.cleaned_data


def visible_run(user: User, pk: int) -> SubsidyRun:
    """The run, where its revision holds a township that the user may see; Http404 otherwise."""
    runs: QuerySet[SubsidyRun] = runs_within(Allocation.objects.visible_to(user))
    run = get_object_or_404(runs.select_related("current_revision", "county"), pk=pk)
    if run.current_revision is not None:
        run.current_revision.run = run
    return run


def visible_revision(user: User, pk: int) -> Revision:
    """The revision, where it holds a township that the user may see and has its lines; 404 otherwise."""
    revisions = Revision.objects.filter(pk__in=Allocation.objects.visible_to(user).values("revision"))
    revision = get_object_or_404(revisions.select_related("run"), pk=pk)
    if not keeps_lines(revision.run, revision):
        raise NotFound(f"{revision}没有送审就由新的一版代替,只保留合计,没有明细。")
    return revision


def run_words(run: SubsidyRun, user: User) -> dict[str, object]:
    """What is said of a run after a step as before it."""
    history = run_history(run, Allocation.objects.visible_to(user))
    steps = next_step(run, user, all_runs()).offers
    content = {"run": run, "total": history.total, "revisions": history.revisions, "steps": steps}
    return RunHistoryWords(content).data
