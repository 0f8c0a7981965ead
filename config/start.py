"""Beginning to work, as a command or as a server: whatever stands in the way is told in one sentence, without a
traceback."""

import sys
from collections.abc import Callable
from typing import NoReturn

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import execute_from_command_line
from django.core.wsgi import get_wsgi_application
from django.db import Error, connection

from foundation.busy import is_busy
from foundation.outages import DatabaseNotReady, not_ready

# Commands that ask nothing of the tables; and those that make them what they have to be, or serve whatever they are.
_WITHOUT_DATABASE = frozenset(
    {
        "check", "collectstatic", "dbshell", "diffsettings", "findstatic", "init_keys", "makemigrations", "routes",
        "showmigrations", "sqlmigrate", "states", "test",
    }
)  # fmt: skip
_BEFORE_MIGRATION = frozenset({"demo", "grant_application_role", "migrate", "runserver"})
_HELP = frozenset({"help", "--help", "-h", "version", "--version"})
# gunicorn gives up at this status, and does not start one worker after the other.
_NO_WORKER_CAN_START = 3


def run_command(arguments: list[str]) -> None:
    """What manage.py does; exits with status 1 and a sentence where the installation does not allow the command."""
    name = arguments[1] if len(arguments) > 1 else "help"
    if name in _HELP or "--help" in arguments:
        execute_from_command_line(arguments)
        return
    _load_settings(status=1)
    try:
        _demand_what_it_needs(name)
        execute_from_command_line(arguments)
    except (DatabaseNotReady, Error) as error:
        sentence = _sentence(error)
        if sentence is None or "--traceback" in arguments:
            raise
        _stop(sentence, status=1)


def served_application() -> WSGIHandler:
    """The application for a server.

    It does not start without keys, or with others than the data needs. A database that cannot serve yet is told on
    standard error, and to whoever opens a page.
    """
    _load_settings(status=_NO_WORKER_CAN_START)
    application = get_wsgi_application()
    # Models can be imported only once Django is set up.
    from config.database_keys import KeysDiffer
    from config.ready import demand_ready

    try:
        demand_ready()
    except KeysDiffer as error:
        _stop(error.operator, status=_NO_WORKER_CAN_START)
    except (DatabaseNotReady, Error) as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        sys.stderr.write(f"{sentence}\n")
    finally:
        connection.close()  # what forks afterwards opens its own
    return application


def _load_settings(*, status: int) -> None:
    try:
        settings.INSTALLED_APPS  # noqa: B018  # the first attribute loads them
    except ImproperlyConfigured as error:
        _stop(str(error), status=status)


def _demand_what_it_needs(name: str) -> None:
    if name in _WITHOUT_DATABASE:
        return
    django.setup()
    from config.database_keys import demand_recorded_keys
    from config.ready import demand_ready

    demand: Callable[[], None] = demand_recorded_keys if name in _BEFORE_MIGRATION else demand_ready
    demand()


def _sentence(error: Exception) -> str | None:
    if is_busy(error):
        return "数据库正忙,没有执行;请稍后再试。"
    trouble = not_ready(error)
    return trouble.operator if trouble is not None else None


def _stop(sentence: str, *, status: int) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(status)
