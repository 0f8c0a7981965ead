"""Positions, education, suspensions and the checks of the opinion."""

from foundation.labels import Labelled


class Position(Labelled):
    """岗位类别; everything but platform staff is subsidised (一.1–一.3, 二.1)."""

    PLATFORM_STAFF = "platform_staff", "平台工作人员"
    ASSISTANT = "assistant", "专职协理员"
    COMMUNITY_COORDINATOR = "community_coordinator", "社区协管员"
    VILLAGE_COORDINATOR = "village_coordinator", "村(居)协管员"

    @property
    def is_subsidised(self) -> bool:
        return self is not Position.PLATFORM_STAFF

    @property
    def has_unit(self) -> bool:
        return self in (Position.COMMUNITY_COORDINATOR, Position.VILLAGE_COORDINATOR)


SUBSIDISED = (Position.ASSISTANT, Position.COMMUNITY_COORDINATOR, Position.VILLAGE_COORDINATOR)


class Education(Labelled):
    """学历, from low to high."""

    PRIMARY = "primary", "小学"
    JUNIOR_SECONDARY = "junior_secondary", "初中"
    SENIOR_SECONDARY = "senior_secondary", "高中"
    VOCATIONAL = "vocational", "中专"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科"
    POSTGRADUATE = "postgraduate", "研究生"

    @property
    def is_college_or_above(self) -> bool:
        return self in (Education.COLLEGE, Education.BACHELOR, Education.POSTGRADUATE)


class ComputerLevel(Labelled):
    """计算机操作; `none` says that it was asked and there is no such skill."""

    NONE = "none", "不熟悉"
    SKILLED = "skilled", "熟悉"


class QualificationKind(Labelled):
    """资格 kinds."""

    EDUCATION = "education", "学历"
    COMPUTER = "computer", "计算机操作"
    CERTIFICATE = "certificate", "证书"


class PostingSource(Labelled):
    """人员来源 of somebody who is appointed (一.1–一.3)."""

    OPEN_RECRUITMENT = "open_recruitment", "公开招聘"
    INTERNAL_TRANSFER = "internal_transfer", "内部调剂"
    SECONDMENT = "secondment", "借调"
    PUBLIC_WELFARE_POST = "public_welfare_post", "公益性岗位"
    VILLAGE_CADRE = "village_cadre", "村(居)干部兼任"
    OTHER = "other", "其他或未说明"


class SecondmentKind(Labelled):
    """编制性质 of the home unit's post."""

    CIVIL_SERVANT = "civil_servant", "公务员"
    INSTITUTION = "institution", "事业"
    OTHER = "other", "其他"


class Sex(Labelled):
    FEMALE = "female", "女"
    MALE = "male", "男"


class RetirementGroup(Labelled):
    """Whose retirement age it is: men, women on posts of cadres, women on posts of workers."""

    MALE = "male", "男职工"
    FEMALE_CADRE = "female_cadre", "女干部"
    FEMALE_WORKER = "female_worker", "女工人"


# What may be recorded of a woman; a man has no choice.
RECORDED_GROUPS = (RetirementGroup.FEMALE_CADRE, RetirementGroup.FEMALE_WORKER)


class ContractKind(Labelled):
    """合同类型: with the township itself, or through another employer."""

    TOWNSHIP = "township", "镇街聘用"
    DISPATCH = "dispatch", "劳务派遣"
    OTHER_EMPLOYER = "other_employer", "其他单位聘用"


class ProposalKind(Labelled):
    """更正申请: other facts of a person, or two records of one."""

    CORRECT = "correct", "更正人员信息"
    MERGE = "merge", "合并人员记录"


class ProposalState(Labelled):
    """Whoever undoes the import that proposed it withdraws a proposal."""

    WAITING = "waiting", "等待县局审核"
    ACCEPTED = "accepted", "已采纳"
    REFUSED = "refused", "不予采纳"
    WITHDRAWN = "withdrawn", "已撤回"


class SuspensionKind(Labelled):
    """停发 kinds; which of them go on counting is a parameter of the standard."""

    UNPAID_LEAVE = "unpaid_leave", "停薪留职"
    DISCIPLINARY = "disciplinary", "停职"
    SECONDED_AWAY = "seconded_away", "借调离岗"
    SICK_LEAVE = "sick_leave", "病假"
    MATERNITY_LEAVE = "maternity_leave", "产假"


class BatchKind(Labelled):
    """What was done for many at once, and is undone at once."""

    ROSTER = "roster", "导入花名册"
    GRANTS = "grants", "导入增配批复"
    ELECTION = "election", "换届"
    WAGES = "wages", "批量调整工资"
    CONTRACTS = "contracts", "批量续签合同"
    SUSPENSIONS = "suspensions", "批量停发"
    RECRUITMENT = "recruitment", "批量登记人员来源"


class WageWay(Labelled):
    """How new wages of many follow from the old ones."""

    AMOUNT = "amount", "统一改为(元)"
    MORE = "more", "每人增加(元)"
    PERCENT = "percent", "每人增加(%)"


class ElectionState(Labelled):
    PREPARING = "preparing", "正在填写"
    DONE = "done", "已办理"
    UNDONE = "undone", "已撤销"


class EndKind(Labelled):
    """离岗原因: why somebody left a post; further words stand beside it."""

    RESIGNED = "resigned", "辞职"
    DISMISSED = "dismissed", "解聘"
    CONTRACT_ENDED = "contract_ended", "合同到期"
    RETIRED = "retired", "退休"
    ELECTION = "election", "换届"
    FAILED_APPRAISAL = "failed_appraisal", "考核不合格"
    MISCONDUCT = "misconduct", "违纪违法"
    CIVIL_SERVICE = "civil_service", "录用为公务员或事业编"
    CONFLICT = "conflict", "任职冲突"
    TRANSFERRED = "transferred", "调出"
    UNIT_CLOSED = "unit_closed", "村(社区)撤并"
    DIED = "died", "死亡"
    OTHER = "other", "其他"


class Settlement(Labelled):
    """What becomes of somebody on post at a unit that ends."""

    LEAVES = "leaves", "离岗"
    MOVES = "moves", "随转到新的村(社区)继续在岗"
    STAYS = "stays", "仍登记在这里,知道不再计发补助"


class TransferState(Labelled):
    WAITING = "waiting", "等待接收"
    RECEIVED = "received", "已接收"
    REFUSED = "refused", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


class TransferAction(Labelled):
    ASK = "ask", "登记调出"
    RECEIVE = "receive", "接收"
    REFUSE = "refuse", "退回"
    WITHDRAW = "withdraw", "撤回"


class Severity(Labelled):
    OFF = "off", "不检查"
    HINT = "hint", "提示"
    BLOCK = "block", "停发补助"


class Check(Labelled):
    """What postings and places are checked for, in the order of the opinion: of several that block, the first is the
    reason."""

    PLATFORM_BELOW_NORM = "platform_below_norm", "平台工作人员未配足"
    PLATFORM_SHORT = "platform_short", "平台未配足而协理员享受补助"
    VACANCY = "vacancy", "缺员"
    OVER_QUOTA = "over_quota", "超出补助名额"
    EDUCATION = "education", "学历未达大专"
    RECRUITMENT = "recruitment", "未公开招聘"
    COMPUTER_SKILL = "computer_skill", "不熟悉计算机操作"
    CONTRACT_MISSING = "contract_missing", "未签劳动合同"
    CONTRACT_EXPIRED = "contract_expired", "劳动合同已到期"
    CONTRACT_SHORT = "contract_short", "劳动合同期限不足"
    CONTRACT_THIRD_PARTY = "contract_third_party", "合同不是与镇街签订"
    CONTRACT_ENDING = "contract_ending", "劳动合同即将到期"
    ASSISTANT_PART_TIME = "assistant_part_time", "协理员不是专职"
    COMMUNITY_PART_TIME = "community_part_time", "社区协管员不是专职"
    SEVERAL_UNITS = "several_units", "一人兼任多个村(社区)"
    DUPLICATE_PERSON = "duplicate_person", "一人多岗,只补先到岗的一个"
    WAGE_BELOW_FLOOR = "wage_below_floor", "月工资低于下限"
    HOUSEHOLDS_MISSING = "households_missing", "没有已审核的户籍户数"
    HOUSEHOLDS_ZERO = "households_zero", "户籍户数为零"
    SUBSIDY_ABOVE_COST = "subsidy_above_cost", "补助高于用工成本"
    COST_UNKNOWN = "cost_unknown", "用工成本未登记,无法核对上限"
    RETIREMENT_AGE = "retirement_age", "已过退休年龄"

    @property
    def is_of_posting(self) -> bool:
        """Whether it is found of somebody on post, and may stop that line; the others are of a township or a unit."""
        return self not in (Check.PLATFORM_BELOW_NORM, Check.PLATFORM_SHORT, Check.VACANCY)

    @property
    def is_in_digests(self) -> bool:
        """Whether lines and digests hold it: not what a later fact takes away, and not what rests on no money."""
        return self not in (Check.CONTRACT_ENDING, Check.RETIREMENT_AGE)
