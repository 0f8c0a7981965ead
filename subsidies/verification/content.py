"""The rows of a revision are those that were sealed."""

from collections.abc import Iterator
from itertools import zip_longest

from subsidies.models import Seal
from subsidies.seals import content_of, marks_of
from subsidies.selectors.stored import StoredRevision
from subsidies.verification.breaks import Break

_WORDS = {
    "revision": "版次",
    "allocation": "镇街合计",
    "explanation": "计算说明",
    "line": "补助明细",
    "adjustment": "其他调整",
    "old_difference": "追溯期外差额",
}

_TABLES = {
    "revision": "revision",
    "allocation": "allocation",
    "explanation": "explanation",
    "line": "allocationline",
    "adjustment": "adjustmentline",
    "old_difference": "olddifference",
}


def content(stored: StoredRevision, seals: list[Seal]) -> Iterator[Break]:
    """The rows are those that were sealed; the marks name the ones that are not."""
    if not seals:
        return
    rows = list(stored.rows())
    now = content_of(rows)
    for seal in seals:
        if seal.content == now.digest:
            continue
        named = False
        for entry, mark, sealed in zip_longest(rows, marks_of(now.marks), marks_of(bytes(seal.marks))):
            if mark == sealed:
                continue
            named = True
            if entry is None or sealed is None:
                more = "多了" if sealed is None else "少了"
                yield Break(
                    "content", "subsidies_revision", stored.revision.pk, f"{stored.revision}{more}封存时没有或已有的行"
                )
            else:
                yield Break(
                    "content",
                    f"subsidies_{_TABLES[entry[0]]}",
                    entry[1][0],
                    f"{stored.revision}的{_WORDS[entry[0]]} {entry[1][0]} 在封存后被改动",
                )
            if entry is None or sealed is None or len(rows) * 4 != len(bytes(seal.marks)):
                break
        if not named:
            yield Break("content", "subsidies_revision", stored.revision.pk, f"{stored.revision}的内容与封存时不符")
        return
