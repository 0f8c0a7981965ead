"""states: the page docs/states.md, drawn from the table of states."""

from typing import Any

from django.core.management.base import BaseCommand

from subsidies.sheets.states_page import states_page


class Command(BaseCommand):
    help = "画出 docs/states.md:月度核算、镇街月报和调动的状态图和动作表。"

    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        self.stdout.write(states_page(), ending="")
