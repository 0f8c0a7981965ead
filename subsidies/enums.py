"""States of a run and of a report, what is done to them, and how a posting stands on one day."""

from foundation.labels import Labelled


class RunState(Labelled):
    CALCULATED = "calculated", "已核算"
    IN_REVIEW = "in_review", "待审批"
    APPROVED = "approved", "已审批"
    RETURNED = "returned", "退回"
    VOIDED = "voided", "作废"


class RunAction(Labelled):
    CALCULATE = "calculate", "核算"
    SEND = "send", "送审"
    APPROVE = "approve", "审批"
    RETURN = "return", "退回"
    VOID = "void", "作废"


class Component(Labelled):
    """What of a subsidy a line pays."""

    POST = "post", "岗位补助"
    INSURANCE = "insurance", "社保补助"


class ReportState(Labelled):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已上报"
    RETURNED = "returned", "退回"
    ACCEPTED = "accepted", "审核通过"


class ReportAction(Labelled):
    SUBMIT = "submit", "上报"
    ACCEPT = "accept", "通过"
    RETURN = "return", "退回"


class EntryKind(Labelled):
    """What was entered and counts only once it is approved."""

    HOUSEHOLD_COUNT = "household_count", "户籍户数"
    TOWNSHIP_STATUS = "township_status", "区划状态"
    GRANT = "grant", "增配批复"
    GRANT_ENDING = "grant_ending", "增配终止"
    MINIMUM_WAGE = "minimum_wage", "最低工资标准"
    STANDARD = "standard", "补助标准"
    RETIREMENT_AGE = "retirement_age", "退休年龄"


class RunHint(Labelled):
    """What is found of a run itself: always a hint, whatever the standard says of its checks."""

    BEYOND_RETRO_LIMIT = "beyond_retro_limit", "超出追溯期的差额"
    ADJUSTED_AND_SETTLED = "adjusted_and_settled", "已作其他调整,核算又有差额"


class Standing(Labelled):
    """Whether somebody in service on a day holds one of the places then, or why not (domain rules 1-3)."""

    HOLDS_PLACE = "holds_place", "在岗"
    SUSPENDED = "suspended", "停发"
    PART_TIME = "part_time", "非专职,不计入平台人数"
    WITHOUT_POST = "without_post", "所在村(社区)没有这个岗位"
    DUPLICATE = "duplicate", "一人多岗,只计先到岗的一个"
    OVER_QUOTA = "over_quota", "超出补助名额"
