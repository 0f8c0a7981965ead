"""A transfer in a real browser: the one clerk sends, the other receives, in three clicks at most from the desk."""

import pytest

from staffing.models import Posting, Transfer
from tests.e2e.steps import Clicks
from tests.e2e.visitor import Visit

pytestmark = pytest.mark.e2e
MOST_CLICKS = 3


def test_both_sides_of_a_transfer(visit: Visit) -> None:
    sender, receiver = visit("clerk_yuelong"), visit("clerk_changjie")
    posting = Posting.objects.filter(township__name="跃龙街道", position="assistant", ended_on=None).latest("pk")
    name = posting.person.name

    sending = Clicks(sender)
    sending.link("调动")
    sender.page.get_by_label("谁要调往其他镇街").select_option(str(posting.pk))
    sending.button("填写调动")
    sender.page.get_by_label("调往哪个镇乡(街道)").select_option(label="长街镇")
    sender.page.get_by_label("在原岗位的最后一天").fill("2010-05-31")
    sender.page.get_by_label("调动原因或依据文件").fill("调令〔2010〕3号")
    sending.button("保存")
    assert f"{name}:调往长街镇已登记,在原岗位做到 2010-05-31,等待对方接收。" in sender.text()

    receiving = Clicks(receiver)
    receiving.link(f"{name}(跃龙街道调来)")
    assert receiver.page.get_by_label("在新岗位的第一天").input_value() == "2010-06-01"
    receiving.button("接收")
    assert f"{name}:已调入长街镇 专职协理员,原岗位做到 2010-05-31,2010-06-01 到岗。" in receiver.page.content()

    assert max(sending.count, receiving.count) <= MOST_CLICKS
    assert Transfer.objects.get(posting=posting).state == "received"
    posting.refresh_from_db()
    assert (str(posting.ended_on), posting.end_kind) == ("2010-05-31", "transferred")
    assert sender.complaints == receiver.complaints == []
