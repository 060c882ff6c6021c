"""L01–L12: truths about lines and items."""

from collections.abc import Collection, Iterator
from functools import cache

from budget import three_public
from budget.models.items import BASIC_CATEGORIES, PROJECT_CATEGORIES
from budget.reporting.comparing import Over, value_of
from budget.reporting.matter import Cell, Matter, leaf_code, rows_of
from budget.reporting.rules import Finding, Heading, Severity, Side, Spot, Tally, rule, wan
from budget.reporting.truths import Fault, FirstOf, LineRule, RecordRule, Whole

DIMENSIONS = {"function": "功能分类", "economic": "部门经济分类", "government": "政府经济分类", "fund": "资金性质"}
IMPLEMENTING = "《预算法实施条例》第六条（功能分类到项，基本支出经济分类到款）"


def _told(matter: Matter) -> dict[str, dict[str, set[str]]]:
    """By what the edition says of codes (`is_leaf` …) and by dimension the codes that it says it of."""
    told: dict[str, dict[str, set[str]]] = {
        flag: {name: set() for name in DIMENSIONS} for flag in ("is_leaf", "is_of_edition", "is_unspecified")
    }
    for one in matter.records("code_facts"):
        for flag, codes in told.items():
            if one[flag]:
                codes[one["dimension"]].add(one["code"])
    return told


def _codes_are(flag: str, words: str) -> tuple[LineRule, ...]:
    """A check of each dimension: what the edition says of its codes."""

    def check(dimension: str) -> LineRule:
        def test(matter: Matter, code: str) -> str:
            return "" if code in matter.once(_told)[flag][dimension] else f"{DIMENSIONS[dimension]} {code}{words}"

        def untold(matter: Matter, codes: Collection[tuple]) -> list[tuple]:
            told = matter.once(_told)[flag][dimension]
            return [one for one in codes if one[0] not in told]

        return LineRule((dimension,), test, also=("code_facts",), suspects=untold)

    return tuple(check(dimension) for dimension in DIMENSIONS)


rule(
    "L01",
    "明细只用末级科目（功能分类到项、经济分类到款）",
    *_codes_are("is_leaf", "不是末级科目，请细化"),
    heading=Heading.DETAILED,
    source=IMPLEMENTING,
    related=("L03", "L04"),
)
rule(
    "L02",
    "明细的科目属于本年度科目版本",
    *_codes_are("is_of_edition", "不属于本年度科目版本"),
    source="《政府收支分类科目》（本年度版本）",
    related=("N03",),
)


def _is_unspecified(matter: Matter, dimension: str, code: str) -> bool:
    return code in matter.once(_told)["is_unspecified"][dimension]


def campaign(matter: Matter) -> dict:
    return matter.records("campaign")[0]


def _function(matter: Matter, function: str):
    if not _is_unspecified(matter, "function", function):
        return ""
    allowed = campaign(matter)["allow_unspecified_function"]
    return Fault("功能分类未细化到项", severity=Severity.WARNING if allowed else Severity.ERROR)


rule(
    "L03",
    "功能分类细化到项",
    LineRule(("function",), _function, also=("code_facts", "campaign")),
    heading=Heading.DETAILED,
    source=IMPLEMENTING,
    related=("L01",),
)


def _unspecified_economic(matter: Matter, category: str, economic: str, government: str) -> bool:
    return _is_unspecified(matter, "economic", economic) or _is_unspecified(matter, "government", government)


def _maybe_unspecified(matter: Matter, combinations: Collection[tuple]) -> list[tuple]:
    told = matter.once(_told)["is_unspecified"]
    economics, governments = told["economic"], told["government"]
    return [one for one in combinations if one[1] in economics or one[2] in governments]


def _basic_economic(matter: Matter, category: str, economic: str, government: str) -> str:
    return "基本支出的经济分类未细化到款" if _unspecified_economic(matter, category, economic, government) else ""


def _project_economic(matter: Matter, category: str, economic: str, government: str):
    if not _unspecified_economic(matter, category, economic, government):
        return ""
    allowed = campaign(matter)["allow_unspecified_economic"]
    return Fault("项目支出的经济分类未细化到款", severity=Severity.HINT if allowed else Severity.ERROR)


rule(
    "L04",
    "基本支出的经济分类细化到款",
    LineRule(
        ("category", "economic", "government"),
        _basic_economic,
        {"category": BASIC_CATEGORIES},
        ("code_facts",),
        _maybe_unspecified,
    ),
    heading=Heading.DETAILED,
    source=IMPLEMENTING,
    related=("L01",),
)
rule(
    "L05",
    "项目支出的经济分类细化到款",
    LineRule(
        ("category", "economic", "government"),
        _project_economic,
        {"category": PROJECT_CATEGORIES},
        ("code_facts", "campaign"),
        _maybe_unspecified,
    ),
    severity=Severity.HINT,
    heading=Heading.DETAILED,
    source="财政部关于部门预算编制细化的要求；编制设置“项目支出经济分类可未细化”",
    related=("L04",),
)


def _pairs(matter: Matter) -> set[tuple[str, str, str]]:
    """Department class, government class and nature ("": of either) that go together."""
    return {(one["economic"], one["government"], one["nature"]) for one in matter.records("pairs")}


def _unpaired(matter: Matter, combinations: Collection[tuple]) -> list[tuple]:
    pairs = matter.once(_pairs)
    return [
        (nature, economic, government)
        for nature, economic, government in combinations
        if (economic, government, "") not in pairs and (economic, government, nature) not in pairs
    ]


def _pair(matter: Matter, nature: str, economic: str, government: str):
    allowed = sorted({other for known, other, of in matter.once(_pairs) if known == economic and of in ("", nature)})
    if not allowed or government in allowed or _is_unspecified(matter, "economic", economic):
        return ""
    severity = Severity(campaign(matter)["pair_severity"])
    return Fault(
        f"{nature}的 {economic} 应对应政府经济分类 {'、'.join(allowed)}，现为 {government}",
        Side("政府经济分类", government),
        Side("对照表", "、".join(allowed)),
        severity,
    )


rule(
    "L06",
    "部门经济分类与政府经济分类按单位性质对应",
    LineRule(("nature", "economic", "government"), _pair, None, ("pairs", "campaign", "code_facts"), _unpaired),
    severity=Severity.WARNING,
    source="《政府预算支出经济分类与部门预算支出经济分类对照表》",
    related=("N04",),
)


def _merit_pay_by_table(matter: Matter, tally: Tally) -> Iterator[Finding]:
    grid = matter.grid("general_basic_by_economic")
    for row in rows_of(grid, ("economic+government",)):
        economic, _, government = leaf_code(row).partition("+")
        if economic != "30107":
            continue
        tally.compared += 1
        if government.startswith("501"):
            cell = ("general_basic_by_economic", row.key, "basic.total")
            yield Finding(
                f"{matter.label(cell)}：绩效工资（30107）对应行政单位的 {government}，行政单位一般没有绩效工资",
                "/".join(cell),
                (Spot("cell", cell, matter.label(cell)),),
                Side("金额", grid.fen(row.key, "basic.total"), (cell,)),
            )


rule(
    "L07",
    "行政单位不列绩效工资（30107）",
    FirstOf(
        (
            LineRule(
                ("nature", "economic"),
                lambda matter, nature, economic: "行政性质的项目列了绩效工资（30107）" if nature == "行政" else "",
                {"economic": ("30107",)},
            ),
            Whole(_merit_pay_by_table, ("general_basic_by_economic",)),
        )
    ),
    severity=Severity.WARNING,
    source="《支出经济分类科目》30107 说明（事业单位工作人员绩效工资）",
)

# 款 whose 项 are of government funds, and of state capital, as far as the classes of 2024 show it
OF_FUNDS = (
    *("20707", "20709", "20710", "20822", "20823", "20829", "21160", "21161"),
    *("21208", "21210", "21211", "21213", "21214", "21215", "21216", "21217", "21218", "21219"),
    *("21366", "21367", "21369", "21370", "21371", "21460", "21462", "21463", "21464", "21468", "21469"),
    *("21470", "21471", "21472", "21562", "22904", "22908", "22960", "23004", "23104", "23204", "23304", "234"),
)
OF_CAPITAL = ("223", "20804")


def _fund_and_function(matter: Matter, function: str, fund: str) -> str:
    wrong = _unlike(function, fund)
    return "" if wrong and _is_unspecified(matter, "function", function) else wrong


def _all_unlike(matter: Matter, combinations: Collection[tuple]) -> list[tuple]:
    return [one for one in combinations if _unlike(*one)]


@cache
def _unlike(function: str, fund: str) -> str:
    if fund.startswith("12") and not function.startswith(OF_FUNDS):
        return f"政府性基金安排的支出应列基金的功能分类，{function} 不是"
    if fund.startswith("13") and not function.startswith(OF_CAPITAL):
        return f"国有资本经营预算安排的支出应列223类，{function} 不是"
    if fund.startswith("11") and function.startswith((*OF_FUNDS, "223")):
        return f"{function} 是政府性基金或国有资本经营预算的科目，不能用一般公共预算资金"
    return ""


rule(
    "L08",
    "资金性质与功能分类相符（基金预算用基金科目）",
    LineRule(("function", "fund"), _fund_and_function, also=("code_facts",), suspects=_all_unlike),
    severity=Severity.WARNING,
    source="《政府收支分类科目》政府性基金预算、国有资本经营预算支出功能分类",
)

# economic class → the functions it usually stands on
TYPICAL = {
    "30108": ("2080505",),
    "30109": ("2080506",),
    "30110": ("21011",),
    "30111": ("21011",),
    "30113": ("2210201",),
}
TYPICAL_NAMES = {
    "30108": "基本养老保险缴费",
    "30109": "职业年金",
    "30110": "职工基本医疗保险缴费",
    "30111": "公务员医疗补助缴费",
    "30113": "住房公积金",
}
TYPICAL_OF = {"2080505": ("30108",), "2080506": ("30109",), "2210201": ("30113",)}


def _typical(matter: Matter, function: str, economic: str) -> str:
    if economic in TYPICAL and not function.startswith(TYPICAL[economic]):
        return f"{TYPICAL_NAMES[economic]}（{economic}）通常列 {'、'.join(TYPICAL[economic])}，现列 {function}"
    if function in TYPICAL_OF and economic not in TYPICAL_OF[function]:
        return f"功能分类 {function} 通常只列经济分类 {'、'.join(TYPICAL_OF[function])}，现列 {economic}"
    return ""


def _typical_by_table(matter: Matter, tally: Tally) -> Iterator[Finding]:
    """Without lines: what table 6 says of a class against what table 3 says of the functions it usually stands on."""
    three, six = matter.grid("expenditure"), "general_basic_by_economic"
    for economics, functions in ((("30108",), "2080505"), (("30109",), "2080506"), (("30113",), "2210201")):
        over = Over(six, "basic.total", lambda code, of=economics: code.startswith(of), "")
        cells = over.cells(matter)
        amount = value_of(matter, cells)
        if not amount:
            continue
        tally.compared += 1
        rows = [row for row in rows_of(three, ("function",)) if leaf_code(row) == functions]
        there = sum(three.fen(row.key, "basic.personnel.wages") for row in rows)
        if amount <= there:
            continue
        other: list[Cell] = [
            ("expenditure", row.key, "basic.personnel.wages")
            for row in rows_of(three, ("function",))
            if leaf_code(row)[:5] == functions[:5]
            and leaf_code(row) not in TYPICAL_OF
            and three.fen(row.key, "basic.personnel.wages") >= amount - there
        ]
        spots = tuple(Spot("cell", cell, matter.label(cell)) for cell in (*other, *(name for name, _ in cells)))
        where = f"，现似列 {'、'.join(leaf_code(three.row(cell[1])) for cell in other)}" if other else ""
        name = TYPICAL_NAMES[economics[0]]
        typical = tuple(("expenditure", row.key, "basic.personnel.wages") for row in rows)
        yield Finding(
            f"{name} {wan(amount)} 万元通常列 {functions}，{matter.title('expenditure')}该科目只有 {wan(there)}{where}",
            f"typical/{economics[0]}",
            spots,
            Side(f"{matter.title(six)} {economics[0]}", amount, tuple(name for name, _ in cells)),
            Side(f"{matter.title('expenditure')} {functions}", there, typical),
        )


rule(
    "L09",
    "社会保险、住房公积金的经济分类列在通常的功能分类下",
    FirstOf(
        (
            LineRule(("function", "economic"), _typical, {"economic": TYPICAL, "function": TYPICAL_OF}),
            Whole(_typical_by_table, ("expenditure", "general_basic_by_economic")),
        )
    ),
    severity=Severity.WARNING,
    source="《政府收支分类科目》2080505、2080506、21011、2210201 说明；表3、表6",
)


def item_spot(record) -> Spot:
    kind = "project" if record["category"] in PROJECT_CATEGORIES else "item"
    return Spot(kind, (record["item"],), record["name"])


def _same_names(matter: Matter, tally: Tally) -> Iterator[Finding]:
    tally.compared += (count := len(matter.records("checked_items")))
    if len(set(matter.values("checked_items", "unit", "name"))) == count:
        return
    for (_, name), items in matter.grouped("checked_items", "unit", "name").items():
        if len(items) > 1:
            yield Finding(
                f"有 {len(items)} 个项目都叫“{name}”，分在不同类别",
                f"name/{items[0]['item']}",
                tuple(item_spot(one) for one in items),
                Side("个数", str(len(items))),
                unit=items[0]["unit"],
            )


rule(
    "L10",
    "一个单位没有同名的项目",
    Whole(_same_names, (), ("checked_items",)),
    severity=Severity.WARNING,
    heading=Heading.FORM,
    source="项目库管理要求（一个项目一个名称）",
    related=("P02",),
)
rule(
    "L11",
    "每个项目都安排了金额",
    RecordRule("checked_items", lambda matter, one: "" if one["fen"] else f"“{one['name']}”没有安排金额", item_spot),
    severity=Severity.WARNING,
    heading=Heading.COMPLETE,
    source="表7、表12（没有金额的项目不列）",
)
rule(
    "L12",
    "“三公”经费用一般公共预算资金安排",
    LineRule(
        ("economic", "fund"),
        lambda matter, economic, fund: "" if fund.startswith("11") else f"{economic} 用 {fund} 资金安排，不在表9之内",
        {"economic": three_public.CLASSES},
    ),
    severity=Severity.HINT,
    source="表9（只反映一般公共预算）；《党政机关厉行节约反对浪费条例》",
    related=("X16",),
)
