"""The chain of seals: without gaps, made with the key, and the one that was written down outside of the database."""

from collections.abc import Iterator

from django.conf import settings

from subsidies.models import Seal
from subsidies.revisions.sealing import heads_written_down, link_of
from subsidies.seals import link_digest
from subsidies.verification.breaks import Break


def chain(seals: list[Seal]) -> Iterator[Break]:
    """One chain without gaps, every link made with the key over the one before."""
    before = ""
    for number, seal in enumerate(seals, 1):
        if seal.sequence != number:
            yield Break(
                "chain", "subsidies_seal", seal.pk, f"封存链在第 {number} 号断开:下一条是第 {seal.sequence} 号"
            )
            return
        if seal.previous != before:
            yield Break("chain", "subsidies_seal", seal.pk, f"第 {number} 号封存没有接在前一条之后")
        if link_digest(link_of(seal)) != seal.digest:
            yield Break("chain", "subsidies_seal", seal.pk, f"第 {number} 号封存的密钥摘要不符,被改动或不是本系统所封")
        before = seal.digest


def heads(seals: list[Seal]) -> Iterator[Break]:
    """The heads that were written down outside of the database are those of the chain, all of them."""
    if seals and not settings.SEAL_FILE.exists():
        yield Break("heads", "", None, "数据库外的封存记录文件不存在")
        return
    try:
        written = heads_written_down()
    except (OSError, ValueError):
        yield Break("heads", "", None, "数据库外的封存记录文件无法读取")
        return
    by_sequence = {seal.sequence: seal.digest for seal in seals}
    for sequence, digest in written:
        if by_sequence.get(sequence) != digest:
            yield Break(
                "heads", "subsidies_seal", None, f"数据库外记录的第 {sequence} 号封存与数据库不符:被删除或重做"
            )
    known = {sequence for sequence, _ in written}
    for seal in seals:
        if seal.sequence not in known:
            yield Break("heads", "subsidies_seal", seal.pk, f"第 {seal.sequence} 号封存没有记在数据库外的文件里")
