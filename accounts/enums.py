"""Roles: who works with the system, and whose data each may reach."""

from foundation.labels import Labelled


class Role(Labelled):
    TOWNSHIP_CLERK = "township_clerk", "镇街经办"
    BUREAU_OFFICER = "bureau_officer", "县局经办"
    BUREAU_APPROVER = "bureau_approver", "县局审核"
    FINANCE_OFFICER = "finance_officer", "财政经办"
    AUDITOR = "auditor", "审计员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"


class Scope(Labelled):
    """How far a role's reading reaches."""

    TOWNSHIP = "township", "本镇街"
    COUNTY = "county", "全县"
    INSTALLATION = "installation", "系统"


SCOPE_OF_ROLE = {
    Role.TOWNSHIP_CLERK: Scope.TOWNSHIP,
    Role.BUREAU_OFFICER: Scope.COUNTY,
    Role.BUREAU_APPROVER: Scope.COUNTY,
    Role.FINANCE_OFFICER: Scope.COUNTY,
    Role.AUDITOR: Scope.COUNTY,
    Role.SYSTEM_ADMIN: Scope.INSTALLATION,
    Role.SECURITY_ADMIN: Scope.INSTALLATION,
}
