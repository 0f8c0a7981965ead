"""What a clerk does with the mouse in more than one journey."""

from django.urls import reverse

from tests.e2e.visitor import Visitor


def press(visitor: Visitor, name: str) -> None:
    """Click the button and wait for the page that answers."""
    with visitor.page.expect_navigation():
        visitor.page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def answer_findings(clerk: Visitor) -> None:
    """One reason for all that is still open."""
    reason = clerk.page.get_by_label("情况说明(一句话")
    if reason.count():
        clerk.page.get_by_label("全部").check()
        reason.fill("情况属实,正在办理")
        press(clerk, "填写说明")


def submit(clerk: Visitor) -> None:
    clerk.page.locator("main").get_by_role("button", name="上报").first.click()
    clerk.page.get_by_text("已上报,等待县局审核").wait_for()


class Clicks:
    """A visitor who begins at the desk; `count` is how often they clicked since then.

    Typing, choosing and ticking one by one are not counted; Enter in a search counts as the click on its button.
    """

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.count = 0
        visitor.open(reverse("desk"))

    def menu(self, name: str) -> None:
        self._follow("header", name)

    def link(self, name: str) -> None:
        self._follow("main", name)

    def button(self, name: str) -> None:
        self.count += 1
        press(self.visitor, name)

    def find(self, who: str) -> None:
        """In the search of the desk."""
        field = self.visitor.page.get_by_label("姓名、拼音首字母或身份证号末 4 至 6 位")
        field.fill(who)
        self.count += 1
        with self.visitor.page.expect_navigation():
            field.press("Enter")

    def open(self, summary: str) -> None:
        """What is folded on the page."""
        self.count += 1
        self.visitor.page.locator("main summary", has_text=summary).click()

    def _follow(self, part: str, name: str) -> None:
        self.count += 1
        with self.visitor.page.expect_navigation():
            self.visitor.page.locator(part).get_by_role("link", name=name, exact=True).first.click()
