"""Locks that do not wait: who comes second is told so at once.

Order: the ledger (the month's lock), townships by id, the head of the chain of seals last. On SQLite the transaction
itself is the lock.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from foundation.busy import is_busy
from foundation.schema import demand_program_schema
from subsidies.models import LedgerParameters
from subsidies.refusals import RunBusy, RunRefused
from townships.models import County, Township

T = TypeVar("T")
BUSY = "另一个人正在办理同一事项,请稍等几秒,刷新页面核对后再办。"


def locked_ledger() -> LedgerParameters:
    """The ledger's one row, locked to the end of the transaction: one step of one run at a time.

    Raises RunBusy, and SchemaDiffers where the database is that of another version.
    """
    parameters = _not_waiting(lambda: LedgerParameters.objects.select_for_update(nowait=True).first())
    # Never by a program that the tables are not made for, whatever it asked a moment ago.
    demand_program_schema()
    if parameters is not None:
        return parameters
    county = County.objects.first()
    if county is None:
        raise RunRefused("还没有镇乡(街道),请先导入区划。")
    LedgerParameters.objects.get_or_create(county=county)
    return locked_ledger()


def locked_townships(which: QuerySet[Any, Any]) -> None:
    """The rows of these townships, by id, locked like one: no step of a report of theirs meanwhile. Raises RunBusy."""
    rows = Township.objects.filter(pk__in=which).order_by("pk").values_list("pk")
    _not_waiting(lambda: list(rows.select_for_update(nowait=True, no_key=True)))


def locked_township(township: Township) -> Township:
    """The township's row, locked to the end of the transaction: one step of its report at a time. Raises RunBusy."""
    return _not_waiting(lambda: Township.objects.select_for_update(nowait=True, no_key=True).get(pk=township.pk))


def _not_waiting(read: Callable[[], T]) -> T:
    """What `read` returns. RunBusy where somebody else holds the lock, the transaction usable as before; a database
    that is broken says so itself."""
    try:
        with transaction.atomic():
            return read()
    except OperationalError as error:
        if is_busy(error):
            raise RunBusy(BUSY) from error
        raise
