"""Locks that do not wait: who comes second is told so at once.

Order: the ledger (the month's lock), townships by id, the head of the chain of seals last. On SQLite the transaction
itself is the lock.
"""

from typing import Any

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from subsidies.models import LedgerParameters
from subsidies.refusals import RunBusy, RunRefused
from townships.models import County, Township

BUSY = "另一个人正在办理同一事项,请稍等几秒,刷新页面核对后再办。"


def locked_ledger() -> LedgerParameters:
    """The ledger's one row, locked to the end of the transaction: one step of one run at a time. Raises RunBusy."""
    try:
        with transaction.atomic():  # a refused lock leaves the transaction usable
            parameters = LedgerParameters.objects.select_for_update(nowait=True).first()
    except OperationalError as error:
        raise RunBusy(BUSY) from error
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
    try:
        with transaction.atomic():
            list(rows.select_for_update(nowait=True, no_key=True))
    except OperationalError as error:
        raise RunBusy(BUSY) from error


def locked_township(township: Township) -> Township:
    """The township's row, locked to the end of the transaction: one step of its report at a time. Raises RunBusy."""
    try:
        with transaction.atomic():
            return Township.objects.select_for_update(nowait=True, no_key=True).get(pk=township.pk)
    except OperationalError as error:
        raise RunBusy(BUSY) from error
