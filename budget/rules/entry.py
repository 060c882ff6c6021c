"""L13–L15 and C01: what is still unfinished, amounts, estimates, control numbers."""

from collections.abc import Iterator
from itertools import compress, count, repeat
from operator import mod

from budget import three_public
from budget.models.items import BASIC_CATEGORIES, PROJECT_CATEGORIES
from budget.reporting.matter import Matter
from budget.reporting.rules import Finding, Heading, Severity, Side, Spot, Tally, rule, wan
from budget.reporting.truths import Fault, RecordRule, Whole, line_finding

from .lines import campaign


def unit_spot(*page: str, label: str = ""):
    return lambda record: Spot("page", page, label)


rule(
    "L13",
    "没有未完成的明细行",
    RecordRule(
        "draft_rows",
        lambda matter, one: f"有 {one['count']} 行明细没有完成" if one["count"] else "",
        unit_spot("basic", label="基本支出"),
    ),
    heading=Heading.COMPLETE,
    source="送审要求",
)


def _uneven(matter: Matter, tally: Tally) -> Iterator[Finding]:
    step, lines = campaign(matter)["entry_step"], matter.records("checked_lines")
    tally.compared += len(lines)
    for at in compress(count(), map(mod, matter.column("checked_lines", "fen"), repeat(step))):
        yield line_finding(lines, at, "金额不是录入精度的整数倍", "fen/")


rule(
    "L14",
    "金额是录入精度的整数倍",
    Whole(_uneven, (), ("checked_lines", "campaign")),
    source="编制设置“录入精度”",
)


def _estimate(matter: Matter, one) -> "Fault | str":
    if one["estimated"] >= one["spent"]:
        return ""
    words = f"资金 {one['fund']} 测算收入 {wan(one['estimated'])} 万元，安排支出 {wan(one['spent'])} 万元，支出大于收入"
    return Fault(words, Side("收入测算", one["estimated"]), Side("安排支出", one["spent"]))


rule(
    "L15",
    "每种资金的支出不大于测算的收入",
    RecordRule(
        "estimates",
        _estimate,
        lambda one: Spot("page", ("income", "", one["fund"], str(one["carried_over"])), "收入"),
    ),
    source="《预算法》第十二条（收支平衡）；表1年终结转结余",
    related=("X02", "A04"),
)

KINDS = {"total": (), "basic": BASIC_CATEGORIES, "project": PROJECT_CATEGORIES, "three_public": ()}


def _used(matter: Matter, control) -> int:
    """What the units' lines take of a control number (分); money brought over is not counted."""
    categories = KINDS[control["kind"]]
    of_units = matter.grouped("checked_lines", "unit")
    return sum(
        line["fen"]
        for unit in control["units"]
        for line in of_units.get((unit,), ())
        if not line["carried_over"]
        and line["fund"].startswith(control["fund"])
        and (not categories or line["category"] in categories)
        and (control["kind"] != "three_public" or line["economic"] in three_public.CLASSES)
    )


def _control(matter: Matter, control) -> "Fault | str":
    used = _used(matter, control)
    if used <= control["limit"]:
        return ""
    over = wan(used - control["limit"])
    return Fault(
        f"{control['label']}：已安排 {wan(used)} 万元，控制数 {wan(control['limit'])}，超出 {over}",
        Side("已安排", used),
        Side("控制数", control["limit"]),
        Severity.ERROR if control["mode"] == "stop" else Severity.WARNING,
    )


rule(
    "C01",
    "安排的支出不超过下达的控制数",
    RecordRule(
        "control_numbers",
        _control,
        lambda one: Spot("page", ("lines", "", one["kind"], one["fund"]), one["label"]),
        lambda matter, control: control["mode"] != "ignore",
        ("checked_lines",),
    ),
    source="财政部门下达的部门预算控制数（一下）",
)
