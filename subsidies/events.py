"""What is recorded of the money: runs, reports, sheets, adjustments, policy and the parameters of the ledger."""

from collections.abc import Mapping
from enum import unique

from accounts.events import Event, EventKind, Told, ToldFields
from staffing.enums import Check
from subsidies.enums import ReportAction, RunAction


@unique
class SubsidyEvent(Event):
    """What waits for approval is no change of the facts."""

    CALCULATE = EventKind("subsidyrun", RunAction.CALCULATE.value, "核算月度补助")
    SEND = EventKind("subsidyrun", RunAction.SEND.value, "送审月度核算")
    APPROVE = EventKind("subsidyrun", RunAction.APPROVE.value, "审批月度核算")
    RETURN = EventKind("subsidyrun", RunAction.RETURN.value, "退回月度核算")
    VOID = EventKind("subsidyrun", RunAction.VOID.value, "作废月度核算")
    ACKNOWLEDGE_FINDINGS_OF_RUN = EventKind("subsidyrun", "acknowledge_findings", "填写情况说明")
    ACKNOWLEDGE_OLD_DIFFERENCES = EventKind("subsidyrun", "acknowledge", "说明超出追溯期的差额")
    # Refused before there was a run.
    CALCULATE_FIRST = EventKind("", RunAction.CALCULATE.value, "核算月度补助")

    SUBMIT_REPORT = EventKind("townshipreport", "submit_report", "上报月报")
    ACCEPT_REPORT = EventKind("townshipreport", "accept_report", "审核通过月报")
    RETURN_REPORT = EventKind("townshipreport", "return_report", "退回月报")
    ACKNOWLEDGE_FINDINGS = EventKind("townshipreport", "acknowledge", "填写情况说明")
    ATTACH_SCANS = EventKind("townshipreport", "attach_scans", "上传月报扫描件")
    WITHDRAW_SCAN = EventKind("townshipreport", "withdraw_scan", "撤下月报扫描件")
    # What is refused is told of the township: there may be no report yet.
    SUBMIT_REPORT_OF_TOWNSHIP = EventKind("township", "submit_report", "上报月报")
    ACCEPT_REPORT_OF_TOWNSHIP = EventKind("township", "accept_report", "审核通过月报")
    RETURN_REPORT_OF_TOWNSHIP = EventKind("township", "return_report", "退回月报")
    ATTACH_SCANS_OF_TOWNSHIP = EventKind("township", "attach_scans", "上传月报扫描件")
    WITHDRAW_SCAN_OF_TOWNSHIP = EventKind("township", "withdraw_scan", "撤下月报扫描件")

    ISSUE_SHEET = EventKind("sheetfile", "issue_sheet", "出具表格")

    ADJUST = EventKind("adjustment", "adjust", "登记其他调整", changes_facts=True, is_editing=True)
    WITHDRAW_ADJUSTMENT = EventKind(
        "adjustment", "withdraw_adjustment", "撤销其他调整", changes_facts=True, is_editing=True
    )
    SET_PARAMETERS = EventKind("ledgerparameters", "set_parameters", "设定账目参数")
    STOP_REQUIRING_REPORTS = EventKind("ledgerparameters", "stop_reports", "停用镇街月报")

    IMPORT_POLICY = EventKind("", "import_policy", "导入补助政策", changes_facts=True)
    ENTER_POLICY = EventKind("", "enter_policy", "导入补助政策,等待审核")
    APPROVE_MINIMUM_WAGE = EventKind("minimumwage", "approve_policy", "审核最低工资标准", changes_facts=True)
    APPROVE_STANDARD = EventKind("subsidystandard", "approve_policy", "审核补助标准", changes_facts=True)
    # It changes no amount.
    APPROVE_RETIREMENT_AGE = EventKind("retirementage", "approve_policy", "审核退休年龄")
    REJECT_ENTRIES = EventKind("", "reject_entries", "退回待审核的登记")


EVENTS: tuple[Event, ...] = tuple(SubsidyEvent)


def _checks(values: list[str]) -> str:
    labels = {check.value: check.label for check in Check}
    return "、".join(labels.get(value, value) for value in values)


# Whose history it is says the month.
TOLD: ToldFields = {
    "townshipreport": {
        "month": Told(),
        "digest": Told(),
        "submission": Told("第几次上报"),
        "findings": Told("说明的提示数"),
        "checks": Told("提示", _checks),
        "people": Told("逐人的原因"),
        "files": Told("扫描件", lambda files: "、".join(str(file.get("name")) for file in files)),
        "name": Told("扫描件"),
        "sha256": Told(),
    }
}

# The steps of a run and of a report by their action; refused ones of reports are told of the township.
RUN_STEPS: Mapping[RunAction, SubsidyEvent] = {
    RunAction.CALCULATE: SubsidyEvent.CALCULATE,
    RunAction.SEND: SubsidyEvent.SEND,
    RunAction.APPROVE: SubsidyEvent.APPROVE,
    RunAction.RETURN: SubsidyEvent.RETURN,
    RunAction.VOID: SubsidyEvent.VOID,
}
REPORT_STEPS: Mapping[ReportAction, SubsidyEvent] = {
    ReportAction.SUBMIT: SubsidyEvent.SUBMIT_REPORT,
    ReportAction.ACCEPT: SubsidyEvent.ACCEPT_REPORT,
    ReportAction.RETURN: SubsidyEvent.RETURN_REPORT,
}
REFUSED_REPORT_STEPS: Mapping[ReportAction, SubsidyEvent] = {
    ReportAction.SUBMIT: SubsidyEvent.SUBMIT_REPORT_OF_TOWNSHIP,
    ReportAction.ACCEPT: SubsidyEvent.ACCEPT_REPORT_OF_TOWNSHIP,
    ReportAction.RETURN: SubsidyEvent.RETURN_REPORT_OF_TOWNSHIP,
}
