"""A database restored from a backup that is older than the file of seals outside of it."""

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.chain import heads_written_down
from accounts.enums import Role
from accounts.models import Seal, User
from foundation.dates import Month
from subsidies.models import SubsidyRun
from subsidies.refusals import RunRefused
from subsidies.runs.services import approve, calculate, send
from subsidies.verification import verify
from tests.subsidies.months import JUNE
from tests.subsidies.policies import NOW
from tests.subsidies.snapshot import all_rows, put_back

pytestmark = pytest.mark.postgres


def sent(month: Month) -> SubsidyRun:
    return send(run=calculate(month=month, actor=None).run, actor=None, now=NOW)


def test_after_a_restore_nothing_is_approved_until_an_approver_accepts_what_was_lost(county: dict[Role, User]) -> None:
    approve(run=sent(JUNE), actor=None, now=NOW)
    backup = all_rows()
    approve(run=sent(JUNE + 1), actor=None, now=NOW)
    lost = heads_written_down()[-1]
    call_command("flush", interactive=False, verbosity=0)
    put_back(backup)

    july = sent(JUNE + 1)
    with pytest.raises(RunRefused, match="恢复过备份"):
        approve(run=july, actor=None, now=NOW)
    assert (Seal.objects.count(), [found.kind for found in verify()]) == (1, ["heads"])

    approver = county[Role.BUREAU_APPROVER].username
    call_command("accept_seal_file", f"--as={approver}", "--reason=磁盘损坏,恢复了昨天的备份")
    (kept,) = settings.SEAL_FILE.parent.glob("seals.txt.*")
    assert lost[1] in kept.read_text(encoding="ascii")
    approve(run=july, actor=None, now=NOW)
    assert heads_written_down() == list(Seal.objects.values_list("sequence", "digest"))
    assert list(verify()) == []
