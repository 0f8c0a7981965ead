"""The forms of a page as a browser reads them: what each would send, and what Enter in a field of one does."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

# What a browser sends without having been asked to, or never sends with a form.
_NO_FIELDS = {"submit", "button", "reset", "image"}


@dataclass
class Button:
    """A button that sends its form, to `address` where it names one."""

    address: str
    name: str
    value: str
    is_disabled: bool


@dataclass
class Form:
    """`kinds`: the type of each field by its name; `sent`: what goes up if nothing is touched; `offered`: the values
    that a field of boxes or a list lets choose from."""

    action: str = ""
    method: str = "get"
    kinds: dict[str, str] = field(default_factory=dict)
    sent: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    @property
    def addresses(self) -> set[str]:
        """Where its buttons lead; the address of the form where it has none."""
        return {button.address or self.action for button in self.buttons if not button.is_disabled} or {self.action}


class _Forms(HTMLParser):
    """The forms by their id; fields and buttons join the form around them, or the one they name."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self.around = self.area = self.list = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.around = given.get("id") or f"form {len(self.forms)}"
            form = self._form(self.around)
            form.action, form.method = given.get("action", ""), given.get("method", "get").lower()
        form, name = self._form(given.get("form", self.around)), given.get("name", "")
        if tag == "input" and given.get("type", "text") not in _NO_FIELDS:
            self._input(form, name, given)
        elif tag == "textarea":
            form.kinds[name], form.sent[name] = "textarea", [""]
            self.area, self.around_area = name, form
        elif tag == "select":
            form.kinds[name], self.list = "select", name
        elif tag == "option" and self.list:
            self._option(form, given)
        elif tag == "button" and given.get("type", "submit") == "submit":
            button = Button(given.get("formaction", ""), name, given.get("value", ""), "disabled" in given)
            form.buttons.append(button)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.around_area.sent[self.area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.around = ""
        elif tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.list = ""

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind = form.kinds[name] = given.get("type", "text")
        value = given.get("value", "on" if kind in {"checkbox", "radio"} else "")
        sent = form.sent.setdefault(name, [])
        if kind in {"checkbox", "radio"}:
            form.offered.setdefault(name, []).append(value)
            if "checked" not in given:
                return
        if kind != "file":
            sent.append(value)

    def _option(self, form: Form, given: dict[str, str]) -> None:
        """The one that is chosen, else the first."""
        offered, value = form.offered.setdefault(self.list, []), given.get("value", "")
        if not offered or "selected" in given:
            form.sent[self.list] = [value]
        offered.append(value)

    def _form(self, name: str) -> Form:
        return self.forms.setdefault(name, Form())


def forms_of(page: str) -> list[Form]:
    parser = _Forms()
    parser.feed(page)
    return list(parser.forms.values())


def enter_in(page: str, name: str) -> Button | None:
    """The button that Enter in the field presses, the first one of its form; None in an area, where it is a new line.

    A browser does nothing where that button is disabled.
    """
    form = next(form for form in forms_of(page) if name in form.kinds)
    return None if form.kinds[name] == "textarea" else form.buttons[0]
