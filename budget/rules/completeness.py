"""F01–F11: what the document asks beside figures: people, assets, procurement, duties, last year's execution."""

from budget.execution import ADJUSTED, PAID, SUMS, THREE_PUBLIC, TOTAL
from budget.models import Execution
from budget.reporting.matter import Matter
from budget.reporting.rules import Finding, Heading, Severity, Side, Spot, rule, wan
from budget.reporting.truths import Fault, RecordRule, Whole

from .entry import unit_spot

OPERATING = "财政部《地方预决算公开操作规程》（机构、人员、国有资产占用、政府采购情况说明）"
STAFFING = unit_spot("facts", "staffing", label="人员情况")
ASSETS = unit_spot("facts", "assets", label="国有资产占用")

rule(
    "F01",
    "填写了人员编制",
    RecordRule("staffing", lambda matter, one: "" if one["is_filled"] else "没有填写人员情况", STAFFING),
    severity=Severity.WARNING,
    heading=Heading.COMPLETE,
    source=OPERATING,
)


def _posts(matter: Matter, one) -> "Fault | str":
    kinds = [one[name] for name in ("administrative", "institution", "worker")]
    told = sum(number or 0 for number in kinds)
    is_whole = None not in kinds
    if told > one["established"] or (is_whole and told != one["established"]):
        words = f"编制总数 {one['established']}，行政、事业、工勤编制相加 {told}"
        return Fault(words, Side("编制总数", str(one["established"])), Side("各类编制相加", str(told)))
    return ""


rule(
    "F02",
    "各类编制相加等于编制总数",
    RecordRule("staffing", _posts, STAFFING, lambda matter, one: one["is_filled"]),
    source=OPERATING,
)


def _in_office(matter: Matter, one) -> "Fault | str":
    if (one["in_office"] or 0) <= one["established"]:
        return ""
    words = f"实有 {one['in_office']} 人，编制 {one['established']} 人，超编 {one['in_office'] - one['established']} 人"
    return Fault(words, Side("实有人数", str(one["in_office"])), Side("编制总数", str(one["established"])))


rule(
    "F03",
    "实有人数不超过编制",
    RecordRule("staffing", _in_office, STAFFING, lambda matter, one: one["is_filled"] and one["in_office"] is not None),
    severity=Severity.WARNING,
    source="机构编制管理要求；人员情况",
)


def _by_unit(matter: Matter) -> dict[str, dict[str, dict]]:
    found: dict[str, dict[str, dict]] = {}
    for one in matter.records("staffing"):
        found.setdefault(one["unit"], {})
    for one in matter.records("assets"):
        found.setdefault(one["unit"], {})[one["kind"]] = one
    return found


def _finding(unit: str, words: str, left: Side | None = None, right: Side | None = None):
    return Finding(
        words, f"assets/{unit}", (Spot("page", ("facts", "assets"), "国有资产占用"),), left, right, unit=unit
    )


def _assets(matter: Matter, tally):
    for unit, kinds in _by_unit(matter).items():
        tally.compared += 1
        if not kinds:
            yield _finding(unit, "没有填写国有资产占用情况")


rule(
    "F04",
    "填写了国有资产占用情况",
    Whole(_assets, (), ("assets", "staffing")),
    severity=Severity.WARNING,
    heading=Heading.COMPLETE,
    source=OPERATING,
)


def _vehicles(matter: Matter, tally):
    for unit, kinds in _by_unit(matter).items():
        if "vehicles" not in kinds:
            continue
        tally.compared += 1
        all_of = kinds["vehicles"]["number"]
        parts = sum(kinds[name]["number"] for name in ("vehicles_general", "vehicles_enforcement") if name in kinds)
        if parts > all_of:
            words = f"一般公务用车和执法执勤车共 {parts} 辆，大于车辆总数 {all_of} 辆"
            yield _finding(unit, words, Side("其中各类", str(parts)), Side("车辆", str(all_of)))


rule("F05", "各类车辆不多于车辆总数", Whole(_vehicles, (), ("assets", "staffing")), source=OPERATING)


def _running(matter: Matter, tally):
    for unit, kinds in _by_unit(matter).items():
        if "vehicles" not in kinds:
            continue
        tally.compared += 1
        lines = matter.grouped("checked_lines", "unit", "economic").get((unit, "30231"), ())
        cost = sum(line["fen"] for line in lines)
        number = kinds["vehicles"]["number"]
        if cost and not number:
            words = f"没有车辆，却安排了公务用车运行维护费 {wan(cost)} 万元"
        elif number and not cost:
            words = f"有 {number} 辆车，没有安排公务用车运行维护费"
        else:
            continue
        yield _finding(unit, words, Side("公务用车运行维护费", cost), Side("车辆", str(number)))


rule(
    "F06",
    "公务用车运行费与车辆数相符",
    Whole(_running, (), ("assets", "staffing", "checked_lines")),
    severity=Severity.WARNING,
    source="表9、国有资产占用情况",
    related=("X16",),
)


def _procurement(matter: Matter, one) -> "Fault | str":
    if one["listed"] == one["flagged"]:
        return ""
    words = f"政府采购清单 {wan(one['listed'])} 万元，标为政府采购的明细 {wan(one['flagged'])} 万元，不一致"
    return Fault(words, Side("政府采购清单", one["listed"]), Side("标为采购的明细", one["flagged"]))


rule(
    "F07",
    "政府采购清单等于标为政府采购的明细",
    RecordRule(
        "procurement",
        _procurement,
        unit_spot("facts", "procurement", label="政府采购"),
        lambda matter, one: bool(one["listed"] or one["flagged"]),
    ),
    severity=Severity.WARNING,
    source="《政府采购法》第三十三条（政府采购项目列入部门预算）",
)
rule(
    "F08",
    "填写了主要职责",
    RecordRule(
        "duties",
        lambda matter, one: "" if one["count"] else "没有填写主要职责",
        unit_spot("facts", "duties", label="主要职责"),
    ),
    severity=Severity.WARNING,
    heading=Heading.COMPLETE,
    source=OPERATING,
)
rule(
    "F09",
    "专项转移支付都有金额",
    RecordRule(
        "transfers",
        lambda matter, one: "" if one["fen"] else f"专项转移支付“{one['name']}”没有金额",
        lambda one: Spot("page", ("facts", "transfers", one["uid"]), one["name"]),
    ),
    severity=Severity.WARNING,
    heading=Heading.COMPLETE,
    source="《预算法》第十六条；专项转移支付情况说明",
)


def _overspent(matter: Matter, one) -> "Fault | str":
    if one["paid"] <= one["adjusted"]:
        return ""
    words = (
        f"上年{Execution.Kind(one['kind']).label}执行数 {wan(one['paid'])} 万元，"
        f"大于调整预算数 {wan(one['adjusted'])} 万元"
    )
    return Fault(words, Side(PAID, one["paid"]), Side(ADJUSTED, one["adjusted"]))


rule(
    "F10",
    "上年执行数不大于调整预算数",
    RecordRule(
        "execution",
        _overspent,
        lambda one: Spot("page", ("facts", "execution", one["uid"]), Execution.Kind(one["kind"]).label),
    ),
    severity=Severity.WARNING,
    source="《预算法》第十三条（支出以经批准的预算为依据）；表14 预算执行率",
)


def _three_public(matter: Matter, tally):
    """三公 is part of what is paid: looked at where a unit says all of that."""
    for (unit,), rows in matter.grouped("execution", "unit").items():
        known = {one["kind"]: one for one in rows}
        if not {*SUMS[TOTAL]} <= known.keys():
            continue
        tally.compared += 1
        for label, name in ((ADJUSTED, "adjusted"), (PAID, "paid")):
            part, whole = (
                sum(known[kind][name] for kind in SUMS[each] if kind in known) for each in (THREE_PUBLIC, TOTAL)
            )
            if part > whole:
                yield Finding(
                    f"上年{THREE_PUBLIC}{label} {wan(part)} 万元，大于{TOTAL} {wan(whole)} 万元",
                    f"execution/{unit}/{name}",
                    (Spot("page", ("facts", "execution"), "上年预算执行"),),
                    Side(THREE_PUBLIC, part),
                    Side(TOTAL, whole),
                    unit=unit,
                )


rule(
    "F11",
    "上年“三公”经费不大于支出合计",
    Whole(_three_public, (), ("execution",)),
    severity=Severity.WARNING,
    source="“三公”经费是基本支出和项目支出的一部分；表14 “三公经费”控制率",
)
