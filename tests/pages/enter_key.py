"""What a browser does when Enter is pressed in a field of a page: it presses the first button of the field's form."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """Names of its fields; (address, value) of its buttons in the order of the page."""

    action: str = ""
    fields: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    """The forms of a page by their id; fields and buttons join the form around them, or the one they name.

    A text area, where Enter is a new line, and a drop-down list are no such fields.
    """

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self.around = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.around = given.get("id") or f"form {len(self.forms)}"
            self._form(self.around).action = given.get("action", "")
        form = self._form(given.get("form", self.around))
        if tag == "input" and given.get("type") != "hidden":
            form.fields.add(given.get("name", ""))
        elif tag == "button" and given.get("type", "submit") == "submit":
            form.buttons.append((given.get("formaction", ""), given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.around = ""

    def _form(self, name: str) -> Form:
        return self.forms.setdefault(name, Form())


def enter_in(page: str, name: str) -> tuple[str, str]:
    """The address that Enter in the field leads to, and the value of the button that it presses."""
    parser = _Forms()
    parser.feed(page)
    form = next(form for form in parser.forms.values() if name in form.fields)
    address, value = form.buttons[0]
    return address or form.action, value
