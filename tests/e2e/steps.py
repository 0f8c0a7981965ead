"""What a clerk does with the mouse in more than one journey."""

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
