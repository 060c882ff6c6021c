"""G01–G11 and G15: the linter of projects' goals and indicators."""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from budget.reporting.matter import Matter
from budget.reporting.rules import Finding, Heading, Severity, Side, Spot, Tally, rule
from budget.reporting.truths import Fault, RecordRule, Whole

from .values import BENEFIT, SATISFACTION, is_percentage, is_share, is_too_long, lacks_measure, names_itself

GUIDE = "《项目支出绩效目标编制指南》、财预〔2020〕10号《项目支出绩效评价管理办法》"
COST, OUTPUT = "成本指标", "产出指标"
SAID = ("level_1", "name", "value")  # what many projects say alike
DECIDING = (*SAID, "operator", "measure")  # all that the tests of an indicator look at


def project_spot(record) -> Spot:
    return Spot("project", (record["item"],), record.get("project") or record["name"])


def indicator_spot(record) -> Spot:
    return Spot("indicator", (record["item"], record["uid"]), f"{record['project']}：{record['name']}")


rule(
    "G01",
    "每个项目都有绩效目标",
    RecordRule(
        "project_goals", lambda matter, one: "" if one["text"].strip() else f"“{one['name']}”没有绩效目标", project_spot
    ),
    severity=Severity.HINT,
    heading=Heading.COMPLETE,
    source=GUIDE,
    related=("G02",),
)


def _items_by_level(matter: Matter) -> dict[str, set[str]]:
    """一级指标 → the projects that have such an indicator."""
    found: dict[str, set[str]] = defaultdict(set)
    for item, level in matter.values("project_indicators", "item", "level_1"):
        found[level].add(item)
    return found


def _kinds(level: str):
    def find(matter: Matter, tally: Tally) -> Iterator[Finding]:
        has = matter.once(_items_by_level).get(level, ())
        for project in matter.records("project_goals"):
            tally.compared += 1
            if project["item"] not in has:
                spot = project_spot(project)
                words = f"“{project['name']}”没有{level}"
                yield Finding(words, f"{level}/{project['item']}", (spot,), Side(level, "没有"), unit=project["unit"])

    return Whole(find, (), ("project_indicators", "project_goals"))


rule(
    "G02",
    "每个项目都有成本指标",
    _kinds(COST),
    severity=Severity.WARNING,
    heading=Heading.COMPLETE,
    source=GUIDE,
    related=("G03",),
)
rule(
    "G03",
    "每个项目都有产出、效益和满意度指标",
    *(_kinds(level) for level in (OUTPUT, BENEFIT, SATISFACTION)),
    severity=Severity.WARNING,
    heading=Heading.COMPLETE,
    source=GUIDE,
    related=("G02",),
)


def _names_itself(matter: Matter, one) -> "Fault | str":
    value = one["value"].strip()
    if names_itself(one["level_1"], one["name"], value):
        words = f"“{one['project']}”的{one['level_1']}“{one['name']}”：指标值“{value}”与名称重复，没有说出要达到什么"
        return Fault(words, Side("名称", one["name"]), Side("指标值", value))
    return ""


rule(
    "G04",
    "指标值不重复指标名称（效益指标可以定性）",
    RecordRule(
        "project_indicators",
        _names_itself,
        indicator_spot,
        lambda matter, one: one["level_1"] != BENEFIT,
        by=DECIDING,
    ),
    severity=Severity.WARNING,
    heading=Heading.DETAILED,
    source=GUIDE,
    related=("G05",),
)


def _rate(matter: Matter, one) -> "Fault | str":
    if is_percentage(one["value"]):
        return ""
    words = f"“{one['project']}”的“{one['name']}”是比率，指标值“{one['value']}”应为百分比"
    return Fault(words, Side("指标值", one["value"]))


rule(
    "G05",
    "“…率”“…满意度”的指标值是百分比",
    RecordRule(
        "project_indicators",
        _rate,
        indicator_spot,
        lambda matter, one: is_share(one["level_1"], one["name"]),
        by=DECIDING,
    ),
    severity=Severity.WARNING,
    heading=Heading.DETAILED,
    source=GUIDE,
    related=("G04", "G06", "G15"),
)


def _operator(matter: Matter, one) -> "Fault | str":
    if one["operator"] == "定性":
        return ""
    value = Side("指标值", one["value"])
    if not one["operator"]:
        return Fault(f"“{one['project']}”的“{one['name']}”：“{one['value']}”没有计算符号（≥、≤、=）", value)
    if lacks_measure(one["operator"], one["measure"]):
        return Fault(f"“{one['project']}”的“{one['name']}”：“{one['value']}”没有计量单位", value)
    return ""


rule(
    "G06",
    "数量指标有计算符号和计量单位",
    RecordRule("project_indicators", _operator, indicator_spot, by=DECIDING),
    severity=Severity.WARNING,
    heading=Heading.DETAILED,
    source=GUIDE,
)
DIGIT, FORMULA = re.compile(r"\d"), re.compile(r"[=＝]|[×*]\s*100")


def _notes(matter: Matter, tally: Tally) -> Iterator[Finding]:
    for (note,), found in matter.grouped("department_indicators", "explanation").items():
        tally.compared += 1
        if note and len(found) > 1:
            names = "、".join(one["name"] for one in found)
            is_formula = bool(FORMULA.search(note))
            yield Finding(
                f"{names}的说明完全相同{'（同一个公式）' if is_formula else ''}：{note[:40]}",
                f"note/{note[:60]}",
                tuple(
                    Spot("page", ("performance", "indicators", str(one.get("uid", ""))), one["name"]) for one in found
                ),
                Side("指标", names),
                severity=Severity.WARNING if is_formula else Severity.HINT,
            )


rule(
    "G07",
    "不同指标的说明不相同",
    Whole(_notes, (), ("department_indicators",)),
    severity=Severity.WARNING,
    heading=Heading.FORM,
    source="表14",
)


def _weights(matter: Matter, tally: Tally) -> Iterator[Finding]:
    weighed: dict[str, list] = defaultdict(list)
    for at, weight in enumerate(matter.column("project_indicators", "weight")):
        if weight:
            weighed[matter.column("project_indicators", "item")[at]].append(at)
    tally.compared += len(weighed)
    for item, found in weighed.items():
        records = [matter.records("project_indicators")[at] for at in found]
        total = sum(Decimal(one["weight"]) for one in records)
        if total not in (100, 90):
            yield Finding(
                f"“{records[0]['project']}”各指标权重相加 {total.normalize():f}，应为100（或90，另10分为预算执行率）",
                f"weights/{item}",
                (project_spot(records[0]),),
                Side("权重相加", f"{total.normalize():f}"),
                Side("应为", "100"),
                unit=records[0]["unit"],
            )


rule(
    "G08",
    "指标权重相加为100（或90）",
    Whole(_weights, (), ("project_indicators",)),
    severity=Severity.WARNING,
    source=GUIDE,
)


def _first_of(matter: Matter, item: str) -> dict:
    """The first indicator of a project."""
    return matter.records("project_indicators")[matter.column("project_indicators", "item").index(item)]


def _word_for_word(matter: Matter, tally: Tally) -> Iterator[Finding]:
    said: dict[str, list[int]] = defaultdict(list)
    number: dict[tuple, int] = {}  # of each combination of words
    items = matter.column("project_indicators", "item")
    for item, words in zip(items, matter.values("project_indicators", *SAID), strict=True):
        said[item].append(number.setdefault(words, len(number)))
    tally.compared += len(said)
    alike: dict[frozenset[int], list[str]] = defaultdict(list)
    for item, words in said.items():
        alike[frozenset(words)].append(item)
    for same in [same for same in alike.values() if len(same) > 1]:
        yield Finding.worded_later(_alike, matter, same)


def _alike(matter: Matter, items: list[str]) -> Finding:
    projects = [_first_of(matter, item) for item in items]
    names = "”和“".join(one["project"] for one in projects)
    return Finding(
        f"“{names}”的指标一字不差",
        f"same/{items[0]}",
        tuple(project_spot(one) for one in projects),
        Side("项目数", str(len(projects))),
        unit=projects[0]["unit"],
    )


rule(
    "G09",
    "没有两个项目的指标完全相同",
    Whole(_word_for_word, (), ("project_indicators",)),
    severity=Severity.WARNING,
    heading=Heading.DETAILED,
    source=GUIDE,
)
rule(
    "G10",
    "三级指标名称不超过30个字",
    RecordRule(
        "project_indicators",
        lambda matter, one: (
            f"“{one['project']}”的指标名称“{one['name']}”有 {len(one['name'])} 个字" if is_too_long(one["name"]) else ""
        ),
        indicator_spot,
        by=DECIDING,
    ),
    severity=Severity.WARNING,
    heading=Heading.FORM,
    source="预算管理一体化业务规范（KPI_LV3 30 字）",
)


def _twice(matter: Matter, tally: Tally) -> Iterator[Finding]:
    fields = ("item", "level_1", "name")
    different = len(set(matter.values("project_indicators", *fields)))
    tally.compared += different
    if different == len(matter.records("project_indicators")):
        return
    for (item, level, name), found in matter.grouped("project_indicators", *fields).items():
        if len(found) > 1:
            yield Finding(
                f"“{found[0]['project']}”的{level}“{name}”列了 {len(found)} 次",
                f"twice/{item}/{level}/{name}",
                tuple(indicator_spot(one) for one in found),
                Side("次数", str(len(found))),
                unit=found[0]["unit"],
            )


rule(
    "G11",
    "一个项目的指标不重复",
    Whole(_twice, (), ("project_indicators",)),
    severity=Severity.WARNING,
    heading=Heading.FORM,
    source="表15",
)


def _countable(matter: Matter, tally: Tally) -> Iterator[Finding]:
    outputs: dict[str, set[str]] = defaultdict(set)
    for item, level, value in matter.values("project_indicators", "item", "level_1", "value"):
        if level == OUTPUT:
            outputs[item].add(value)
    tally.compared += len(outputs)
    for item in [item for item, values in outputs.items() if not DIGIT.search("".join(values))]:
        project = _first_of(matter, item)
        yield Finding(
            f"“{project['project']}”的产出指标没有一个是数量",
            f"countable/{item}",
            (project_spot(project),),
            Side("产出指标", str(len(outputs[item]))),
            unit=project["unit"],
        )


rule(
    "G15",
    "每个项目至少有一个数量化的产出指标",
    Whole(_countable, (), ("project_indicators",)),
    severity=Severity.WARNING,
    heading=Heading.DETAILED,
    source=GUIDE,
    related=("G04",),
)
