"""`routes`: every route with its methods and who may use it."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from accounts.routes import routes


class Command(BaseCommand):
    help = (
        "Lists every route: name, path, methods, permission, scope. The permission is empty (null) where no login is "
        'needed and "any" where every role may. The scope is "anonymous", "any", or how far those reach who have the '
        'permission: "township", "county", "installation", several joined by "/".'
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as a JSON list of objects with these keys")

    def handle(self, *args: Any, **options: Any) -> None:
        found = routes()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(route) for route in found], ensure_ascii=False, indent=1))
            return
        for route in found:
            columns = (route.name, route.path, ",".join(route.methods), route.permission or "", route.scope)
            self.stdout.write("\t".join(columns))
