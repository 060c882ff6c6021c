"""What is said of warnings: written once, through the one writer, for the figures as they stand."""

import hashlib
from collections.abc import Sequence

from . import writing
from .checking import Checked
from .models import Budget, Explanation
from .models.checks import SHORTEST

# what is often the case; a person may also write their own words
REASONS = (
    "已与财政部门业务处室核对，按其意见编列",
    "按上级主管部门统一规定的口径编列",
    "资金文件名称如此，按文件原名编列",
    "本单位情况特殊，已在情况说明中说明",
    "绩效指标按下达文件的规定设置，暂无法量化",
)


class NotExplainable(ValueError):
    """Why a finding takes no explanation: a sentence in Chinese."""


def explain(budget: Budget, one: Checked, reason: str, *, by, address: str | None = None) -> Explanation:
    """Write (or rewrite) the explanation of a warning. NotExplainable; writing.Locked, Refused, Conflicted."""
    return explain_all(budget, [one], reason, by=by, address=address)[0]


def explain_all(
    budget: Budget, checked: Sequence[Checked], reason: str, *, by, address: str | None = None
) -> list[Explanation]:
    """The same explanation of several warnings, in one write: all of them or none. As `explain`."""
    if wrong := next((one for one in checked if not one.can_be_explained), None):
        raise NotExplainable("错误必须改正，不能用说明代替。" if wrong.severity == "error" else "提示不需要说明。")
    reason = reason.strip()
    if len(reason) < SHORTEST:
        raise NotExplainable(f"说明至少{SHORTEST}个字，写清为什么。")
    there = {(one.rule, one.subject): one for one in Explanation.objects.filter(budget=budget)}
    changes = []
    for finding in {(one.finding.rule.id, one.finding.subject[:200]): one.finding for one in checked}.values():
        values = {"digest": finding.digest, "reason": reason[:500], "by": by, "finding": finding.message[:500]}
        key = {"rule": finding.rule.id, "subject": finding.subject[:200]}
        if stored := there.get(tuple(key.values())):
            changes.append(writing.Edit(Explanation, stored.uid, stored.version, values))
        else:
            changes.append(writing.Add(Explanation(budget=budget, **key, **values)))
    written = writing.write(budget, changes, by=by, via="form", address=address)
    return [*written.added, *written.edited] or list(there.values())


def find(checked: Sequence[Checked], rule: str, subject: str, digest: str) -> Checked | None:
    """The finding that a person was looking at; None where it is gone or its figures are others now."""
    return next(
        (
            one
            for one in checked
            if (one.finding.rule.id, one.finding.subject, one.finding.digest) == (rule, subject, digest)
        ),
        None,
    )


def find_all(checked: Sequence[Checked], rule: str, digest: str) -> list[Checked]:
    """The unexplained warnings of a rule, if they are the ones that a person was looking at; else none."""
    found = open_of(checked, rule)
    return found if digest_of(found) == digest else []


def open_of(checked: Sequence[Checked], rule: str) -> list[Checked]:
    return [one for one in checked if one.is_open and one.can_be_explained and one.finding.rule.id == rule]


def digest_of(checked: Sequence[Checked]) -> str:
    """A digest of several findings and their figures, in whatever order they are."""
    parts = sorted(f"{one.finding.subject}\n{one.finding.digest}" for one in checked)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
