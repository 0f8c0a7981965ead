"""What a program may do with a month: calculate it, and take the steps of the table of states."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.audit import as_refusal
from foundation.dates import Month
from subsidies.api.endpoints import KEY, documented
from subsidies.api.errors import refused
from subsidies.api.reading import user_of
from subsidies.api.serializers import CalculateWords, RunHistoryWords, StepWords
from subsidies.api.views import run_words, visible_run
from subsidies.enums import RunAction
from subsidies.events import RUN_STEPS, SubsidyEvent
from subsidies.refusals import RunRefused
from subsidies.rules.rulebook import MissingParameter
from subsidies.runs import services as runs
from subsidies.steps import Seen


class Transitions(APIView):
    """One step with a run; the service asks for the permission of the step."""

    @documented(
        "办理一步:送审、审批、退回、作废", RunHistoryWords, 400, 404, 409, 422, request=StepWords, parameters=[KEY]
    )
    def post(self, request: Request, pk: int) -> HttpResponse:
        user = user_of(request)
        run = visible_run(user, pk)
        asked = StepWords(data=request.data)
        asked.is_valid(raise_exception=True)
        action = RunAction(asked.validated_data["action"])
        try:
            runs.take_step(
                action,
                run=run,
                actor=user,
                now=timezone.now(),
                seen=Seen(asked.validated_data["revision"], asked.validated_data["state"]),
                reason=asked.validated_data["reason"],
            )
        except (RunRefused, MissingParameter) as error:
            return as_refusal(refused(error), RUN_STEPS[action], subject=run, reason=str(error)[:500])
        return Response(run_words(visible_run(user, pk), user))


class Calculation(APIView):
    """The run of a month that is open, or the next one; the same result writes nothing."""

    @documented(
        "核算一个月;有新的一版回答 201,结果相同回答 200",
        {200: RunHistoryWords, 201: RunHistoryWords},
        400,
        409,
        422,
        request=CalculateWords,
        parameters=[KEY],
    )
    def post(self, request: Request, period: Month) -> HttpResponse:
        user = user_of(request)
        asked = CalculateWords(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            done = runs.calculate(month=period, actor=user, seen=Seen(asked.validated_data["expected"]))
        except (RunRefused, MissingParameter) as error:
            return as_refusal(
                refused(error), SubsidyEvent.CALCULATE_FIRST, subject=period.label, reason=str(error)[:500]
            )
        return Response(
            run_words(visible_run(user, done.run.pk), user),
            status=201 if done.is_new else 200,
            headers={"Location": reverse("api_run", args=[done.run.pk])},
        )
