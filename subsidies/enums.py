"""States of a run and of a township's report, what is done to them, and kinds of stored sheets."""

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


class ReportState(Labelled):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已上报"
    RETURNED = "returned", "退回"
    ACCEPTED = "accepted", "审核通过"


class ReportAction(Labelled):
    SUBMIT = "submit", "上报"
    ACCEPT = "accept", "通过"
    RETURN = "return", "退回"
