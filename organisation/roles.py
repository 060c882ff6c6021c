"""The roles as one dict: who may do what. domain.md, "Who and what"."""

from dataclasses import dataclass

from django.db import models


class Role(models.TextChoices):
    CLERK = "clerk", "单位经办"
    REVIEWER = "reviewer", "单位审核"
    DEPARTMENT = "department", "主管部门"
    FINANCE_OFFICE = "finance_office", "财政业务处室"
    FINANCE_BUDGET = "finance_budget", "财政预算处"
    PERFORMANCE_OFFICE = "performance_office", "绩效处"
    FINANCE_ADMIN = "finance_admin", "预算管理员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计管理员"


@dataclass(frozen=True)
class Powers:
    """What a role may do (`actions`), and where: in its unit and those below it, or everywhere."""

    actions: frozenset[str]
    everywhere: bool = False
    exclusive: bool = False  # held alone: no other role in the same person


def _powers(*actions: str, everywhere: bool = False, exclusive: bool = False) -> Powers:
    return Powers(frozenset(actions), everywhere, exclusive)


ROLES: dict[str, Powers] = {
    Role.CLERK: _powers("view", "edit", "submit", "comment"),
    Role.REVIEWER: _powers("view", "review", "submit", "comment"),
    Role.DEPARTMENT: _powers("view", "review", "comment", "distribute_controls", "remind"),
    Role.FINANCE_OFFICE: _powers("view", "review", "comment", "remind"),
    Role.FINANCE_BUDGET: _powers(
        "view", "review", "comment", "approve", "issue_controls", "remind", "open_stage", everywhere=True
    ),
    Role.PERFORMANCE_OFFICE: _powers("view", "review_performance", "comment", everywhere=True),
    Role.FINANCE_ADMIN: _powers(
        "view",
        "edit",
        "configure",
        "issue_controls",
        "remind",
        "open_stage",
        "export_book",
        "publish",
        everywhere=True,
    ),
    Role.SYSTEM_ADMIN: _powers("manage_units", "manage_users", everywhere=True, exclusive=True),
    Role.SECURITY_ADMIN: _powers("grant_roles", everywhere=True, exclusive=True),
    Role.AUDITOR: _powers("read_logs", everywhere=True, exclusive=True),
}

UNIT_ROLES = frozenset(role for role, powers in ROLES.items() if not powers.everywhere)
EXCLUSIVE_ROLES = frozenset(role for role, powers in ROLES.items() if powers.exclusive)
ADMINISTRATORS = EXCLUSIVE_ROLES | {Role.FINANCE_ADMIN, Role.FINANCE_BUDGET}  # their log-ins are kept more strictly
ACTIONS = frozenset().union(*(powers.actions for powers in ROLES.values()))


@dataclass(frozen=True)
class Allowed:
    """In which states of a budget a move is possible at all, and which action it needs."""

    action: str
    states: frozenset[str]


def _allowed(action: str, *states: str) -> Allowed:
    return Allowed(action, frozenset(states))


# Who is at the step of a submitted budget besides: the step names a role, and only that role moves it on.
MOVES: dict[str, Allowed] = {
    "edit": _allowed("edit", "draft"),
    "submit": _allowed("submit", "draft"),
    "withdraw": _allowed("submit", "submitted", "passed"),
    "pass": _allowed("review", "submitted"),
    "return": _allowed("review", "submitted", "passed"),
    "approve": _allowed("approve", "passed"),
    "reopen": _allowed("configure", "passed"),
}
