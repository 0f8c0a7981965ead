"""A step is sealed only next to the file of seals that belongs to the chain; after an incident an approver accepts."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.enums import Role
from accounts.models import AuditEvent, Seal
from accounts.seal_file import Agreement, agreement_of_heads
from subsidies.enums import RunState
from subsidies.models import SubsidyRun
from subsidies.refusals import RunRefused
from subsidies.runs.services import approve, void
from subsidies.verification import verify
from tests.subsidies.months import JUNE, a_sent_run
from tests.subsidies.policies import NOW
from tests.users import MakeUser
from townships.models import County

pytestmark = pytest.mark.both

ONE, TWO, THREE = (1, "a"), (2, "b"), (3, "c")


@pytest.mark.parametrize(
    ("written", "agreed"),
    [
        ([ONE, TWO, THREE], Agreement.SAME),
        ([THREE, ONE, TWO, TWO], Agreement.SAME),  # two servers may write down the same seal
        ([ONE, TWO], Agreement.LAST_MISSING),
        ([ONE], Agreement.DIFFERS),
        ([ONE, THREE], Agreement.DIFFERS),
        ([], Agreement.DIFFERS),
        (None, Agreement.DIFFERS),
        ([ONE, TWO, (3, "x")], Agreement.DIFFERS),
        ([ONE, TWO, THREE, (4, "d")], Agreement.DIFFERS),
    ],
)
def test_only_the_last_seal_may_be_missing(written: list[tuple[int, str]] | None, agreed: Agreement) -> None:
    assert agreement_of_heads([ONE, TWO, THREE], written) is agreed


@pytest.mark.parametrize(
    ("written", "agreed"), [(None, Agreement.SAME), ([], Agreement.SAME), ([ONE], Agreement.DIFFERS)]
)
def test_a_new_chain_begins_with_no_file_or_an_empty_one(
    written: list[tuple[int, str]] | None, agreed: Agreement
) -> None:
    assert agreement_of_heads([], written) is agreed


def lines() -> list[str]:
    return settings.SEAL_FILE.read_text(encoding="ascii").splitlines(keepends=True)


def keep(kept: list[str]) -> None:
    settings.SEAL_FILE.write_text("".join(kept), encoding="ascii")


def commit() -> None:
    """What waits for the end of the transaction is done, as when it ends."""
    waiting, connection.run_on_commit = connection.run_on_commit, []
    for _, function, *_ in waiting:
        function()


def test_a_last_seal_that_a_crash_kept_out_is_made_good_and_told(ledger: SubsidyRun) -> None:
    run = a_sent_run(JUNE + 2)
    keep(lines()[:-1])
    approve(run=run, actor=None, now=NOW)
    commit()
    assert AuditEvent.objects.get(action="mend_seal_file").after == {"sequence": 4}
    assert len(lines()) == 5
    assert list(verify()) == []


OTHERWISE: list[Callable[[], object]] = [
    lambda: keep(lines()[:-2]),
    lambda: keep(lines()[1:]),
    lambda: keep([*lines(), f"5 {'a' * 64} 2009-08-01T00:00:00+00:00\n"]),
    lambda: settings.SEAL_FILE.unlink(),
]


# As a crash or a full disk leaves the last line.
TORN: list[Callable[[], object]] = [
    lambda: keep([*lines()[:-1], lines()[-1][:-1]]),
    lambda: keep([*lines()[:-1], lines()[-1][:-12]]),
    lambda: keep([*lines()[:-1], lines()[-1].rpartition(" ")[0] + " "]),
    lambda: keep([*lines()[:-1], lines()[-1][:20]]),
    lambda: keep([*lines()[:-1], lines()[-1][:-12] + "\n"]),
]


@pytest.mark.parametrize("spoil", [*OTHERWISE, *TORN])
@pytest.mark.parametrize("step", [approve, void])
def test_anything_else_stops_every_step_that_seals(
    ledger: SubsidyRun, spoil: Callable[[], object], step: Callable[..., SubsidyRun]
) -> None:
    run = a_sent_run(JUNE + 2)
    spoil()
    reason = {"reason": "作废"} if step is void else {}
    with pytest.raises(RunRefused, match="封存记录文件"):
        step(run=run, actor=None, now=NOW, **reason)
    run.refresh_from_db()
    assert (run.state, Seal.objects.count()) == (RunState.IN_REVIEW, 4)


@pytest.mark.parametrize("spoil", [*OTHERWISE, *TORN, lambda: keep(["nonsense\n"])])
def test_an_approver_accepts_the_chain_as_it_stands_and_the_old_file_is_kept(
    ledger: SubsidyRun, make_user: MakeUser, spoil: Callable[[], object]
) -> None:
    run = a_sent_run(JUNE + 2)
    make_user(Role.BUREAU_APPROVER, username="approver")
    spoil()
    old = settings.SEAL_FILE.read_bytes() if settings.SEAL_FILE.exists() else None
    said = StringIO()
    call_command("accept_seal_file", "--as=approver", "--reason=恢复了昨天的备份", stdout=said)
    commit()
    kept = [file.read_bytes() for file in settings.SEAL_FILE.parent.glob("seals.txt.*")]
    assert kept == ([] if old is None else [old])
    event = AuditEvent.objects.get(action="accept_seal_file")
    assert (event.actor_name, event.reason) == ("县局审核", "恢复了昨天的备份")
    assert event.after == {"seals": 4}
    assert event.address.startswith("命令行")
    assert list(verify()) == []
    approve(run=run, actor=None, now=NOW)
    commit()
    assert len(lines()) == 5


@pytest.mark.parametrize(
    ("username", "reason", "why"),
    [
        ("bureau_officer", "恢复", "没有「审批"),
        ("nobody", "恢复", "没有用户名"),
        ("bureau_approver", " ", "须写明原因"),
        ("bureau_approver", "恢" * 501, "最多 500"),
        ("left", "恢复", "没有用户名"),
    ],
)
def test_nobody_else_accepts_and_nobody_without_a_reason(
    ledger: SubsidyRun, make_user: MakeUser, username: str, reason: str, why: str
) -> None:
    for role in (Role.BUREAU_OFFICER, Role.BUREAU_APPROVER):
        make_user(role)
    left = make_user(Role.BUREAU_APPROVER, username="left")
    left.is_active = False
    left.save()
    keep(lines()[1:])
    before = lines()
    with pytest.raises(CommandError, match=why):
        call_command("accept_seal_file", f"--as={username}", f"--reason={reason}")
    commit()
    assert lines() == before
    assert not AuditEvent.objects.filter(action="accept_seal_file").exists()


def test_what_agrees_is_not_accepted_for_a_second_time(ledger: SubsidyRun, make_user: MakeUser) -> None:
    make_user(Role.BUREAU_APPROVER)
    with pytest.raises(CommandError, match="不需要接受"):
        call_command("accept_seal_file", "--as=bureau_approver", "--reason=试试")


@pytest.mark.django_db
def test_the_demonstration_is_not_begun_next_to_the_file_of_another_database() -> None:
    keep([f"1 {'a' * 64} 2009-08-01T00:00:00+00:00\n"])
    with pytest.raises(CommandError, match="属于另一个数据库"):
        call_command("seed_demo")
    assert not County.objects.exists()
