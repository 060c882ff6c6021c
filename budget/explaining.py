"""What is said of a warning: written once, through the one writer, for the figures as they stand."""

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
    if not one.can_be_explained:
        raise NotExplainable("错误必须改正，不能用说明代替。" if one.severity == "error" else "提示不需要说明。")
    reason = reason.strip()
    if len(reason) < SHORTEST:
        raise NotExplainable(f"说明至少{SHORTEST}个字，写清为什么。")
    finding = one.finding
    values = {"digest": finding.digest, "reason": reason[:500], "by": by, "finding": finding.message[:500]}
    subject = finding.subject[:200]
    stored = Explanation.objects.filter(budget=budget, rule=finding.rule.id, subject=subject).first()
    if stored is None:
        change = writing.Add(Explanation(budget=budget, rule=finding.rule.id, subject=subject, **values))
    else:
        change = writing.Edit(Explanation, stored.uid, stored.version, values)
    written = writing.write(budget, [change], by=by, via="form", address=address)
    return (*written.added, *written.edited, stored)[0]


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
