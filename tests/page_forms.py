"""The forms of a page as a browser reads them: what each would send, and what Enter in a field of one does."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

# Of inputs: buttons of another age.
_NO_FIELDS = {"submit", "button", "reset", "image"}
_KEEPS_ENTER = {"textarea", "select", "file", "hidden"}


@dataclass
class Button:
    """A submit button; `address` where it names one.

    `is_idle`: pressed, it does nothing, since it would close a dialog and stands in none.
    """

    address: str
    name: str
    value: str
    is_disabled: bool
    is_idle: bool


@dataclass
class Form:
    """`kinds`: the type of each field by its name; `sent`: what goes up if nothing is touched; `offered`: the values
    that a field of boxes or a list lets choose from. An address of "." is that of the page."""

    action: str = "."
    method: str = "get"
    kinds: dict[str, str] = field(default_factory=dict)
    sent: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def leads_by_enter(self, name: str) -> str:
        """The address that Enter in the field leads to; empty where nothing happens.

        A browser presses the first button of the form, which does nothing where it is disabled; from a tick Chromium
        presses the first that is not. In an area Enter is a new line.
        """
        if self.kinds[name] in _KEEPS_ENTER:
            return ""
        if not self.buttons:
            return self.action
        first = self.buttons[0]
        if self.kinds[name] in {"checkbox", "radio"}:
            first = next((button for button in self.buttons if not button.is_disabled), first)
        return "" if first.is_disabled or first.is_idle else first.address or self.action

    @property
    def steps(self) -> list[Button]:
        """The buttons that do something."""
        return [button for button in self.buttons if not button.is_disabled and not button.is_idle]

    @property
    def addresses(self) -> set[str]:
        """Where its buttons lead; the address of the form where it has none."""
        return {button.address or self.action for button in self.steps} or {self.action}


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
            form.action, form.method = given.get("action") or ".", given.get("method", "get").lower()
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
            is_idle = given.get("formmethod") == "dialog"
            form.buttons.append(
                Button(given.get("formaction", ""), name, given.get("value", ""), "disabled" in given, is_idle)
            )

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
    return [form for name, form in parser.forms.items() if name]


def enter_in(page: str, name: str) -> str:
    """The address that Enter in the field leads to; empty where nothing happens."""
    return next(form for form in forms_of(page) if name in form.kinds).leads_by_enter(name)
