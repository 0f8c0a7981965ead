"""One process that visits pages of the demonstration county as their roles do, whenever it is told to.

It stands alone and goes by usernames and addresses only, so that `role_pages.py` can let it run in another checkout
too: the folder that it is started in. Reads numbers of pages, a line each; answers a line of JSON to each.
"""

import gc
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

MONTH, RUN = "2010-05", "2010-04/1"
TOWNSHIP, CLERK = "330226101", "clerk_changjie"
# What it is called, who visits it, where it is.
PAGES = (
    ("desk of a clerk", CLERK, "/desk/"),
    ("desk of an officer", "officer", "/desk/"),
    ("report of a township", CLERK, f"/reports/{MONTH}/{TOWNSHIP}/"),
    ("month to approve", "approver", f"/months/{RUN}/approve/"),
    ("month", "officer", f"/months/{RUN}/"),
    ("townships", "officer", "/townships/"),
    ("township", "officer", f"/townships/{TOWNSHIP}/"),
)


def main() -> None:
    sys.path.insert(0, str(Path.cwd()))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("seed_demo", stdout=sys.stderr)
    browsers = {username: _browser(username) for _, username, _ in PAGES}
    for number in sys.stdin:
        _, username, address = PAGES[int(number)]
        sys.stdout.write(json.dumps(_visit(browsers[username], address)) + "\n")
        sys.stdout.flush()


def _browser(username: str) -> Any:  # Django can be imported only once it is set up
    from django.contrib.auth import get_user_model
    from django.test import Client

    browser = Client(SERVER_NAME="localhost")
    user = get_user_model().objects.get(username=username)
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def _visit(browser: Any, address: str) -> dict[str, float]:
    """Seconds of the processor, and then, in a visit of its own, every statement that it sends."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    gc.collect()
    begun = time.process_time()
    status = browser.get(address).status_code
    seconds = time.process_time() - begun
    if status != 200:
        raise RuntimeError(f"{address} answers {status}")
    with CaptureQueriesContext(connection) as captured:
        browser.get(address)
    return {"seconds": seconds, "statements": len(captured)}


if __name__ == "__main__":
    main()
