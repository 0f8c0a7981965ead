"""One problem of an uploaded table: where it is, what is wrong and what to do."""

from dataclasses import dataclass

_QUOTED = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """`row` is the number Excel shows, None for the whole file; `column` is a header name or empty."""

    row: int | None
    column: str
    message: str
    advice: str

    def sentence(self) -> str:
        """One Chinese line: 第 5 行「身份证号」:校验码不对;请核对后重新填写。"""
        row = "" if self.row is None else f"第 {self.row} 行"
        place = row + (f"「{self.column}」" if self.column else "")
        said = ";".join(part.strip("。;") for part in (self.message, self.advice) if part)
        return f"{place}:{said}" if place else said


def shortened(text: str) -> str:
    """What a sentence quotes of a cell: a file may hold a novel in each of them."""
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
