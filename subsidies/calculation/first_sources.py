"""Which fund source paid a line of the first method, which keeps none: the one that its revision names."""

from foundation.remembered import Remembered
from staffing.enums import Position
from subsidies.models import FundSource, Revision
from subsidies.rules.ledger import Source


class FirstSources:
    """Reads each revision once, and the sources once."""

    def __init__(self) -> None:
        self._of_revision: Remembered[int, dict[str, Source]] = Remembered(self._read)

    def of(self, revision: int, position: Position) -> Source:
        return self._of_revision[revision].get(position.value)

    @staticmethod
    def _read(revision: int) -> dict[str, Source]:
        funding = Revision.objects.values_list("basis", flat=True).get(pk=revision)["funding"]
        ids = dict(FundSource.objects.values_list("name", "pk"))
        return {row["position"]: ids.get(row["source"]) for row in funding}
