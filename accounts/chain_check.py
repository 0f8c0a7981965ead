"""Whether the chain of seals is whole: without gaps, made with the key, and as it was written down elsewhere."""

from collections.abc import Callable, Iterator, Mapping

from django.conf import settings

from accounts.breaks import Break
from accounts.chain import heads_written_down, link_of
from accounts.models import Seal
from accounts.seals import CURRENT_FORMAT, link_digest

LinkDigest = Callable[[Seal], str]
"""The keyed digest of a stored seal, made anew."""


def digest_of_link(seal: Seal) -> str:
    return link_digest(link_of(seal))


def chain(seals: list[Seal], links: Mapping[int, LinkDigest]) -> Iterator[Break]:
    """One chain without gaps, every link made with the key over the one before.

    `links` has for each format how its links are digested. A seal of a format that this program does not know is
    named, and its link taken as it stands.
    """
    before = ""
    for number, seal in enumerate(seals, 1):
        if seal.sequence != number:
            yield Break(
                "chain", "subsidies_seal", seal.pk, f"封存链在第 {number} 号断开:下一条是第 {seal.sequence} 号"
            )
            return
        if seal.previous != before:
            yield Break("chain", "subsidies_seal", seal.pk, f"第 {number} 号封存没有接在前一条之后")
        digest = links.get(seal.format_number)
        if digest is None:
            yield unknown_format(seal)
        elif not _names_its_subject(seal) or digest(seal) != seal.digest:
            yield Break("chain", "subsidies_seal", seal.pk, f"第 {number} 号封存的密钥摘要不符,被改动或不是本系统所封")
        before = seal.digest


def unknown_format(seal: Seal) -> Break:
    """That a newer program made the seal, in words."""
    return Break(
        "format",
        "subsidies_seal",
        seal.pk,
        f"第 {seal.sequence} 号封存是第 {seal.format_number} 种格式,本程序只认得到第 {CURRENT_FORMAT} 种,"
        "请用更新的程序核验",
    )


def _names_its_subject(seal: Seal) -> bool:
    """The first format does so by the revision alone, those after it by type and id, and a revision both ways."""
    if seal.format_number == 1:
        return (seal.format, seal.subject_type, seal.subject_id, seal.key) == (None, None, None, None)
    of_revision = seal.subject_id if seal.subject_type == Seal.OF_REVISION else None
    return seal.subject_id is not None and seal.revision_id == of_revision


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
