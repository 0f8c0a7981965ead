"""The figures of a revision beside those of the month before: what an approver looks over."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from staffing.labels import position_name
from subsidies.revisions.figures import Figures


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure: people or places as whole numbers, amounts in yuan; `before` is None without a month before."""

    label: str
    now: int | Decimal
    before: int | Decimal | None

    @property
    def is_amount(self) -> bool:
        return isinstance(self.now, Decimal)

    @property
    def difference(self) -> int | Decimal | None:
        return None if self.before is None else self.now - self.before


def beside_last_month(now: Figures, before: Figures | None) -> Sequence[FigureRow]:
    """Eighteen figures of a county, each beside that of the month before, None where there is none."""
    assistant, community, village = map(position_name, ("assistant", "community_coordinator", "village_coordinator"))
    rows = (
        (f"{assistant}应配", "assistant_places"),
        (f"{assistant}在岗", "assistants_on_post"),
        (f"{assistant}补助人数", "assistants_subsidised"),
        (f"{assistant}金额", "assistant_amount"),
        ("社区数", "communities"),
        (f"{community}补助人数", "communities_subsidised"),
        (f"{community}金额", "community_amount"),
        ("村居数", "villages"),
        (f"{village}补助人数", "villages_subsidised"),
        (f"{village}金额", "village_amount"),
        ("本月应补", "regular"),
        ("补发", "back_pay"),
        ("扣回", "clawback"),
        ("其他调整", "adjustment"),
        ("合计", "total"),
        ("镇街承担", "township_share"),
        ("结余", "surplus"),
        ("本年累计", "year_to_date"),
    )
    return [
        FigureRow(label, getattr(now, name), None if before is None else getattr(before, name)) for label, name in rows
    ]
