"""R01–R04: figures beside last year's, and the reasons for their changes."""

from collections.abc import Iterator

from budget.reporting.matter import Matter
from budget.reporting.rules import Finding, Heading, Severity, Side, Spot, Tally, rule, wan
from budget.reporting.truths import Changed, Fault, Moved, Whole
from budget.three_public import PARTS

from .lines import campaign

LAW = "《预算法》第十四条；财政部《地方预决算公开操作规程》（增减变化及原因说明）"
UP, DOWN = ("增加", "增长", "上升", "提高"), ("减少", "下降", "降低", "压减")

rule(
    "R01",
    "比较的数字都有上年数",
    Changed(lambda matter, moved: "" if moved.before is not None else "没有上年数，不能比较"),
    severity=Severity.HINT,
    heading=Heading.COMPLETE,
    source=LAW,
    related=("R02",),
)


def is_large(moved: Moved, percent: int, fen: int) -> bool:
    """Whether a change is beyond either limit of the campaign: a share of last year's figure (%), an amount (分)."""
    difference = abs(moved.now - moved.before)
    return difference > fen or difference * 100 > abs(moved.before) * percent


def _reason(matter: Matter, moved: Moved) -> "str | Fault":
    if not moved.is_changed or moved.reason.strip():
        return ""
    word = "增加" if moved.now > moved.before else "减少"
    said = f"比上年{word} {wan(abs(moved.now - moved.before))} 万元"
    limits = campaign(matter)
    if is_large(moved, limits["reason_percent"], limits["reason_fen"]):
        return f"{said}，没有写原因"
    return Fault(f"{said}，没有写原因（增减在规定幅度之内）", severity=Severity.HINT)


rule(
    "R02",
    "与上年不同的数字写明原因（超过规定幅度的须写）",
    Changed(_reason, lambda moved: bool(moved.topic), also=("campaign",)),
    severity=Severity.WARNING,
    heading=Heading.DETAILED,
    source=f"{LAW}；编制设置“增减超过此比例、金额须写原因”",
    related=("R01", "R03"),
)


def _direction(matter: Matter, moved: Moved) -> "str | Fault":
    if not moved.is_changed or not moved.reason:
        return ""
    rises = moved.now > moved.before
    says_up = any(word in moved.reason for word in UP)
    says_down = any(word in moved.reason for word in DOWN)
    if rises and says_down and not says_up:
        return "比上年增加，原因却写减少"
    if not rises and says_up and not says_down:
        return "比上年减少，原因却写增加"
    return ""


rule(
    "R03",
    "原因中的增减与数字一致",
    Changed(_direction, lambda moved: bool(moved.topic)),
    severity=Severity.WARNING,
    source=LAW,
    related=("R02",),
)


def _parts_of_last_year(matter: Matter, tally: Tally) -> Iterator[Finding]:
    known = {moved.cell: moved for moved in matter.records("compared")}
    whole = known.get(("three_public", "total", "total"))
    parts = [known[cell] for name in PARTS if (cell := ("three_public", "total", name)) in known]
    if whole is None or whole.before is None or len(parts) < len(PARTS):
        return
    told = [part.before for part in parts if part.before is not None]
    tally.compared += 1
    is_whole = len(told) == len(PARTS)
    if (is_whole and sum(told) != whole.before) or sum(told) > whole.before:
        yield Finding(
            f"上年“三公”经费合计 {wan(whole.before)}，各项相加 {wan(sum(told))}，不一致",
            "last-year/three_public",
            (Spot("page", ("facts", "lastyear"), "上年数"),),
            Side("上年合计", whole.before),
            Side("上年各项相加", sum(told)),
        )


rule(
    "R04",
    "上年“三公”经费各项相加等于合计",
    Whole(_parts_of_last_year, (), ("compared",)),
    severity=Severity.WARNING,
    source="上年部门预算公开表",
    related=("X15",),
)
