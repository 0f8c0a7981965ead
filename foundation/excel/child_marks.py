"""What the reading library does not tell of a sheet, read from its XML: errors, unsaved formulas, what is hidden.

Part of the child process (child.py), so it imports nothing of the project. Rows and columns are numbered from 1.
"""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

# Without one of these a sheet has nothing to tell, and is not parsed a second time.
TELLING = re.compile(rb"""\bt\s*=\s*["']e["']|<(?:[\w.-]+:)?f[\s/>]|\bhidden\s*=|&#""")
REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
TRUE = {"1", "true", "on"}
MOST_CELLS = 3_000_000


class TooMany(Exception):
    """More cells than any sheet of people has."""


@dataclass
class Marks:
    """`errors` are cells with what they show, such as #N/A; `unsaved` formulas without a value."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unsaved: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


def marks_of(sheet: bytes) -> Marks:
    """The marks of one sheet; ExpatError for what is no XML."""
    marks = Marks()
    if TELLING.search(sheet):
        _Sheet(marks).parse(sheet)
    return marks


def path_of_sheet(workbook: bytes, relations: bytes, name: str) -> str | None:
    """The member of the archive, in lower case, that holds the sheet of this name."""
    key = None
    for tag, attributes in _elements(workbook):
        if tag == "sheet" and attributes.get("name") == name:
            key = next(
                (value for attribute, value in attributes.items() if attribute.rpartition(":")[2] == "id"), None
            )
            break
    for tag, attributes in _elements(relations):
        if tag == "Relationship" and attributes.get("Id") == key:
            target = attributes.get("Target", "").replace("\\", "/")
            return (target.lstrip("/") if target.startswith("/") else f"xl/{target}").lower()
    return None


def _elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes))
    parser.Parse(xml, True)
    return found


class _Sheet:
    """The parser's state: in which cell it is, and what it has seen of that."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self.row = self.column = self.cells = 0
        self.kind = ""
        self.has_formula = self.in_value = self.has_value = False
        self.text: list[str] = []

    def parse(self, sheet: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.Parse(sheet, True)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self.cells += 1
            if self.cells > MOST_CELLS:
                raise TooMany
            reference = REFERENCE.fullmatch(attributes.get("r", ""))
            self.column = column_of(reference[1]) if reference else self.column + 1
            self.kind = attributes.get("t", "")
            self.has_formula = self.has_value = False
            self.text = []
        elif name == "f":
            self.has_formula = True
        elif name == "v":
            self.in_value = True
            # A formula that comes to no text is saved as one: <v></v> of the kind "str".
            self.has_value = self.kind == "str"
        elif name == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number.isdecimal() else self.row + 1
            self.column = 0
            if attributes.get("hidden", "").lower() in TRUE:
                self.marks.hidden_rows.append(self.row)
        elif name == "col" and attributes.get("hidden", "").lower() in TRUE:
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal():
                self.marks.hidden_columns.append((int(first), int(last)))

    def characters(self, text: str) -> None:
        if self.in_value:
            self.text.append(text)
            self.has_value = True

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "v":
            self.in_value = False
        elif name == "c":
            if self.kind == "e":
                self.marks.errors[self.row, self.column] = "".join(self.text).strip() or "#N/A"
            elif self.has_formula and not self.has_value:
                self.marks.unsaved.append((self.row, self.column))


def column_of(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
