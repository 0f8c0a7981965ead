"""States of a run, and how a posting stands on one day."""

from foundation.labels import Labelled


class RunState(Labelled):
    CALCULATED = "calculated", "已核算"
    APPROVED = "approved", "已审批"


class Standing(Labelled):
    """Whether somebody in service on a day holds one of the places then, or why not (domain rules 1-3)."""

    HOLDS_PLACE = "holds_place", "在岗"
    SUSPENDED = "suspended", "停发"
    PART_TIME = "part_time", "非专职,不计入平台人数"
    WITHOUT_POST = "without_post", "所在村(社区)没有这个岗位"
    DUPLICATE = "duplicate", "一人多岗,只计先到岗的一个"
    OVER_QUOTA = "over_quota", "超出补助名额"
