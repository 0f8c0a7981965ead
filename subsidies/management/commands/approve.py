"""approve: approve the run of a month that waits for approval."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.management.acting import acting_user, add_acting_user, demand_acting_approver
from subsidies.enums import RunState
from subsidies.management.arguments import month
from subsidies.models import SubsidyRun
from subsidies.refusals import RunRefused
from subsidies.rules.rulebook import MissingParameter
from subsidies.runs.services import approve, send


class Command(BaseCommand):
    help = (
        "审批一个月的核算。以 --as 指定的县局审核人员办理,权限、回避与登录办理相同;还没有审核人员账号的,不指定也可以。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", type=month, metavar="YYYY-MM", help="月份")
        add_acting_user(parser)

    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        run = SubsidyRun.objects.filter(month=options["month"].first).order_by("number").last()
        if run is None:
            raise CommandError(f"{options['month'].label}还没有核算,请先运行 calculate {options['month']}。")
        try:
            with acting_user(options) as approver, transaction.atomic():
                demand_acting_approver(approver)
                if approver is None and run.state == RunState.CALCULATED:
                    run = send(run=run, actor=None, now=timezone.now())
                approved = approve(run=run, actor=approver, now=timezone.now())
        except (PermissionDenied, RunRefused, MissingParameter) as error:
            raise CommandError(str(error)) from error
        total = approved.current_revision.total if approved.current_revision else 0
        self.stdout.write(f"{approved}已审批,合计 {total:,.2f} 元。")
