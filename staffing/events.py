"""What is recorded of people and their postings, of units that close, of imports and of grants of places."""

from enum import unique

from accounts.events import Event, EventKind, Told, ToldFields
from staffing.enums import Education, TransferAction
from staffing.labels import full_time_label, position_name


@unique
class StaffingEvent(Event):
    """Entering what waits for approval, and looking at something, change no fact."""

    REGISTER_PERSON = EventKind("person", "register_person", "登记人员", changes_facts=True, is_editing=True)
    MERGE_PEOPLE = EventKind("person", "merge_people", "合并人员记录", changes_facts=True, is_editing=True)
    UNMERGE_PERSON = EventKind("person", "unmerge_person", "取消合并", changes_facts=True, is_editing=True)
    CORRECT_PERSON = EventKind("person", "correct_person", "更正人员信息", changes_facts=True, is_editing=True)
    # Whoever proposed what is accepted edited it: the proposal names them (subsidies/revisions/parties.py).
    PROPOSE_CORRECTION = EventKind("personproposal", "propose_correction", "提出更正申请")
    ACCEPT_PROPOSAL = EventKind("person", "accept_proposal", "采纳更正申请", changes_facts=True)
    REFUSE_PROPOSAL = EventKind("personproposal", "refuse_proposal", "不予采纳更正申请")
    # It says who is pointed out, and decides on no amount.
    SET_RETIREMENT_GROUP = EventKind("person", "set_retirement_group", "更正退休年龄类别")
    REVEAL_NATIONAL_ID = EventKind("person", "reveal_national_id", "查看完整身份证号", about_number=True)

    RECORD_QUALIFICATION = EventKind(
        "qualification", "record_qualification", "登记资格", changes_facts=True, is_editing=True
    )
    WITHDRAW_QUALIFICATION = EventKind(
        "qualification", "withdraw_qualification", "撤销资格", changes_facts=True, is_editing=True
    )

    APPOINT = EventKind("posting", "appoint", "登记到岗", changes_facts=True, is_editing=True)
    END_POSTING = EventKind("posting", "end_posting", "登记离岗", changes_facts=True, is_editing=True)
    CORRECT_DATES = EventKind("posting", "correct_dates", "登记或更正在岗日期", changes_facts=True, is_editing=True)
    WITHDRAW_POSTING = EventKind("posting", "withdraw_posting", "撤销在岗记录", changes_facts=True, is_editing=True)
    SET_SOURCE = EventKind("posting", "set_source", "登记人员来源", changes_facts=True, is_editing=True)
    ADD_CONTRACT = EventKind("contract", "add_contract", "登记劳动合同", changes_facts=True, is_editing=True)
    CORRECT_CONTRACT = EventKind("contract", "correct_contract", "更正劳动合同", changes_facts=True, is_editing=True)
    WITHDRAW_CONTRACT = EventKind("contract", "withdraw_contract", "撤销劳动合同", changes_facts=True, is_editing=True)
    SET_WAGE = EventKind("wage", "set_wage", "登记工资", changes_facts=True, is_editing=True)
    CORRECT_WAGE = EventKind("wage", "correct_wage", "更正工资", changes_facts=True, is_editing=True)
    WITHDRAW_WAGE = EventKind("wage", "withdraw_wage", "撤销工资", changes_facts=True, is_editing=True)
    SUSPEND = EventKind("suspension", "suspend", "登记停发", changes_facts=True, is_editing=True)
    CORRECT_SUSPENSION = EventKind("suspension", "correct_suspension", "更正停发", changes_facts=True, is_editing=True)
    WITHDRAW_SUSPENSION = EventKind(
        "suspension", "withdraw_suspension", "撤销停发", changes_facts=True, is_editing=True
    )

    SET_WORKING_TIME = EventKind("workingtime", "set_working_time", "登记专兼职", changes_facts=True, is_editing=True)
    WITHDRAW_WORKING_TIME = EventKind(
        "workingtime", "withdraw_working_time", "撤销专兼职登记", changes_facts=True, is_editing=True
    )
    # Platform staff have no lines, and who is related to whom decides on no amount.
    RECORD_SECONDMENT = EventKind("secondment", "record_secondment", "登记借调")
    CORRECT_SECONDMENT = EventKind("secondment", "correct_secondment", "更正借调")
    WITHDRAW_SECONDMENT = EventKind("secondment", "withdraw_secondment", "撤销借调")
    DECLARE_KIN = EventKind("kindeclaration", "declare_kin", "登记近亲属关系声明")
    WITHDRAW_KIN_DECLARATION = EventKind("kindeclaration", "withdraw_kin_declaration", "撤销近亲属关系声明")

    # What a check asks of an appointment is whether there was a round, which no verb changes of a posting.
    OPEN_ROUND = EventKind("recruitmentround", "open_round", "登记公开招聘")
    CORRECT_ROUND = EventKind("recruitmentround", "correct_round", "更正公开招聘")
    WITHDRAW_ROUND = EventKind("recruitmentround", "withdraw_round", "撤销公开招聘")

    # Entering it changes no fact; whoever entered one that was received has edited (parties.py).
    ASK_TRANSFER = EventKind("transfer", TransferAction.ASK.value, "登记调出", is_editing=True)
    RECEIVE_TRANSFER = EventKind(
        "transfer", TransferAction.RECEIVE.value, "接收调动", changes_facts=True, is_editing=True
    )
    REFUSE_TRANSFER = EventKind("transfer", TransferAction.REFUSE.value, "退回调动")
    WITHDRAW_TRANSFER = EventKind("transfer", TransferAction.WITHDRAW.value, "撤回调动")

    IMPORT_ROSTER = EventKind("importbatch", "import_roster", "导入花名册", changes_facts=True, is_editing=True)
    UNDO_IMPORT = EventKind("importbatch", "undo_import", "撤销一次导入", changes_facts=True, is_editing=True)
    # Typing it changes no fact; whoever typed one that was carried out has edited (parties.py).
    PREPARE_ELECTION = EventKind("election", "prepare_election", "填写换届", is_editing=True)
    DROP_ELECTION = EventKind("election", "drop_election", "清空填写中的换届")
    HOLD_ELECTION = EventKind("importbatch", "hold_election", "办理换届", changes_facts=True, is_editing=True)
    SET_WAGES = EventKind("importbatch", "set_wages", "批量调整工资", changes_facts=True, is_editing=True)
    RENEW_CONTRACTS = EventKind("importbatch", "renew_contracts", "批量续签合同", changes_facts=True, is_editing=True)
    SUSPEND_MANY = EventKind("importbatch", "suspend_many", "批量停发", changes_facts=True, is_editing=True)
    SET_SOURCES = EventKind("importbatch", "set_sources", "批量登记人员来源", changes_facts=True, is_editing=True)
    UNDO_BATCH = EventKind("importbatch", "undo_batch", "撤销一次批量办理", changes_facts=True, is_editing=True)
    # Refused when it was to be confirmed.
    IMPORT_PENDING_ROSTER = EventKind("pendingimport", "import_roster", "导入花名册")

    CLOSE_UNIT = EventKind("grassrootsunit", "close_unit", "撤销村(社区)", changes_facts=True, is_editing=True)
    MERGE_UNIT = EventKind("grassrootsunit", "merge_unit", "合并村(社区)", changes_facts=True, is_editing=True)
    CONVERT_UNIT = EventKind("grassrootsunit", "convert_unit", "改设村(社区)", changes_facts=True, is_editing=True)
    REOPEN_UNIT = EventKind("grassrootsunit", "reopen_unit", "恢复村(社区)", changes_facts=True, is_editing=True)

    GRANT_PLACES = EventKind("establishmentgrant", "grant_places", "登记增配批复")
    APPROVE_GRANT = EventKind("establishmentgrant", "approve_grant", "审核通过增配批复", changes_facts=True)
    END_GRANT = EventKind("grantending", "end_grant", "登记增配终止")
    APPROVE_GRANT_ENDING = EventKind(
        "establishmentgrant", "approve_grant_ending", "审核通过增配终止", changes_facts=True
    )
    IMPORT_GRANTS = EventKind("importbatch", "import_grants", "导入增配批复", changes_facts=True)
    IMPORT_WAITING_GRANTS = EventKind("", "import_grants", "导入增配批复,等待审核")


EVENTS: tuple[Event, ...] = tuple(StaffingEvent)


def _education(value: str) -> str:
    return {row.value: row.label for row in Education}.get(value, value)


# The person or the posting that something belongs to is named beside it.
_HIDDEN = Told()
_OF_PERSON = {
    "person": _HIDDEN,
    "proposal": _HIDDEN,
    "name": Told("姓名"),
    "national_id": Told("身份证号"),
    "phone": Told("联系电话"),
    "education": Told("学历", _education),
    "has_computer_skill": Told("计算机操作"),
    "merged_into": Told("合并到"),
    "into": Told("合并到"),
}
_OF_POSTING = {"posting": _HIDDEN}
TOLD: ToldFields = {
    "person": _OF_PERSON,
    "personproposal": _OF_PERSON,
    "qualification": {"person": _HIDDEN},
    "posting": {
        "person": _HIDDEN,
        "township": Told("镇乡(街道)"),
        "unit": Told("村(社区)"),
        "position": Told("岗位类别", position_name),
        "is_full_time": Told("专职/兼职", full_time_label),
    },
    "contract": _OF_POSTING,
    "wage": _OF_POSTING,
    "suspension": {**_OF_POSTING, "cause": Told("停发原因")},
    "workingtime": {**_OF_POSTING, "is_full_time": Told("专职/兼职", full_time_label)},
    "secondment": _OF_POSTING,
    "kindeclaration": {**_OF_POSTING, "has_kin": Told("有近亲属在本单位")},
    "transfer": {**_OF_POSTING, "to_township": Told("调入镇乡(街道)"), "new_posting": _HIDDEN},
    "importbatch": {"withdrawn": Told("撤销的在岗记录")},
}
