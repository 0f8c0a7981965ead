"""parameters: the ledger's parameters of this installation, shown and set."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.management.acting import acting_user, add_acting_user, demand_acting_approver
from subsidies.calculation.parameters import set_parameters, stop_requiring_reports
from subsidies.calculation.windows import told_of_longer_window
from subsidies.locks import locked_ledger
from subsidies.refusals import RunRefused


class Command(BaseCommand):
    help = (
        "显示或设定账目参数:是否须有镇街月报、月报截止日、追溯月数。账目起始月由第一次审批确定。"
        "有审核人员账号以后,设定须以 --as 指定的审核人员办理;停用镇街月报须写明原因,随即封存。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reports-required", choices=["yes", "no"], help="核算是否须有审核通过的镇街月报")
        parser.add_argument("--report-due-day", type=int, metavar="DAY", help="月报截止日,1 到 31")
        parser.add_argument("--retro-months", type=int, metavar="N", help="追溯月数,0 到 120")
        parser.add_argument("--reason", default="", help="停用镇街月报的原因")
        add_acting_user(parser)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        required, longer = options["reports_required"], options["retro_months"]
        wanted = {"report_due_day": options["report_due_day"], "retro_months": longer}
        try:
            with acting_user(options) as actor:
                if required is not None or any(value is not None for value in wanted.values()):
                    demand_acting_approver(actor)
                told = [] if longer is None else told_of_longer_window(locked_ledger(), longer)
                if required == "no":
                    stop_requiring_reports(reason=options["reason"], actor=actor, now=timezone.now())
                parameters = set_parameters(reports_required=required == "yes" or None, **wanted, actor=actor)
        except (PermissionDenied, RunRefused) as error:
            raise CommandError(str(error)) from error
        first = f"{parameters.first_month:%Y-%m}" if parameters.first_month else "未定"
        reports = "须有" if parameters.reports_required else "不要求"
        due, retro = parameters.report_due_day, parameters.retro_months
        self.stdout.write(f"账目起始月 {first};镇街月报:{reports},每月 {due} 日截止;追溯 {retro} 个月。")
        for sentence in told:
            self.stdout.write(f"请核对:{sentence}。")
