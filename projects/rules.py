"""X17, X18, P01–P07 and Y01–Y04: projects against the tables, their dossiers, their years."""

import re
from collections.abc import Iterator
from unicodedata import normalize

from budget.reporting.comparing import At, Equal, compared
from budget.reporting.matter import Matter, leaf_code, leaf_codes, rows_of
from budget.reporting.rules import Finding, Heading, Severity, Side, Spot, Tally, rule, wan
from budget.reporting.truths import Fault, RecordRule, Whole
from budget.rules.lines import item_spot
from budget.rules.names import plain

CATEGORIES = {"other_running": "其他运转类", "targeted": "特定目标类"}
PROJECTS, SPENDING = "projects", "expenditure"


def _per_category(matter: Matter, tally: Tally) -> Iterator[Finding]:
    grid, three = matter.grid(PROJECTS), matter.grid(SPENDING)
    at, total = grid.column_at("category"), grid.column_at("total")
    for column, name in CATEGORIES.items():
        rows = [row for row in rows_of(grid, ("item",)) if row.cells[at] == name]
        cells = tuple((PROJECTS, row.key, "total") for row in rows)
        left = Side(f"{matter.title(PROJECTS)}{name}各项目相加", sum([row.cells[total] or 0 for row in rows]), cells)
        there = (SPENDING, "total", f"project.{column}")
        yield from compared(
            matter, tally, left, Side(matter.label(there), three.fen("total", there[2]), (there,)), subject=column
        )


rule(
    "X17",
    "项目支出表等于支出总表的项目支出，按类别也相等",
    Equal((At(PROJECTS, "total", "total"),), (At(SPENDING, "total", "project.total"),)),
    Whole(
        _per_category,
        (PROJECTS, SPENDING),
        (),
        ((PROJECTS, "category"), (PROJECTS, "total"), *((SPENDING, f"project.{one}") for one in CATEGORIES)),
    ),
    source="表3、表12",
    related=("X07", "X18"),
)


def _own_lines(matter: Matter, tally: Tally) -> Iterator[Finding]:
    grid = matter.grid(PROJECTS)
    at = grid.column_at("total")
    money = dict(matter.values("checked_items", "item", "fen"))
    rows = rows_of(grid, ("item",))
    for row, item in zip(rows, leaf_codes(rows), strict=True):
        fen = money.get(item)
        if fen is None:
            continue
        if row.cells[at] == fen and tally.pairs is None:
            tally.compared += 1
        else:
            here = (PROJECTS, row.key, "total")
            sides = Side(matter.label(here), grid.fen(row.key, "total"), (here,)), Side("项目明细相加", fen)
            yield from compared(matter, tally, *sides, subject=item)


rule(
    "X18",
    "每个项目的金额等于其明细之和",
    Whole(_own_lines, (PROJECTS,), ("checked_items",), ((PROJECTS, "total"),)),
    source="表12、预算明细",
    related=("X17",),
)

# ---- codes and dossiers

CODE = re.compile(r"\d{8}[0-9A-Z]{13}")


def _code_form(matter: Matter, one) -> str:
    if CODE.fullmatch(one["code"]):
        return ""
    code = re.sub(r"\s", "", one["code"])
    if not code:
        return f"“{one['name']}”没有项目编码"
    return "" if CODE.fullmatch(code) else f"“{one['name']}”的编码 {code} 不是21位（前8位数字，后13位数字或大写字母）"


rule(
    "P01",
    "项目编码是21位",
    RecordRule("dossiers", _code_form, item_spot),
    severity=Severity.WARNING,
    heading=Heading.FORM,
    source="预算管理一体化业务规范（项目编码 21 位）",
    related=("P02",),
)


def _same_codes(matter: Matter, tally: Tally) -> Iterator[Finding]:
    tally.compared += (count := len(matter.distinct("dossiers", "code")))
    if count == len(matter.records("dossiers")):
        return
    for (code,), projects in matter.grouped("dossiers", "code").items():
        if code and len(projects) > 1:
            yield Finding.worded_later(_same_code, code, projects)


def _same_code(code: str, projects: list) -> Finding:
    return Finding(
        f"{len(projects)} 个项目用同一个编码 {code}",
        f"code/{code}",
        tuple(item_spot(one) for one in projects),
        Side("个数", str(len(projects))),
        unit=projects[0]["unit"],
    )


rule(
    "P02",
    "项目编码不重复",
    Whole(_same_codes, (), ("dossiers",)),
    heading=Heading.FORM,
    source="预算管理一体化业务规范（项目编码唯一）",
    related=("P01", "L10"),
)


def _told(matter: Matter, one) -> str:
    lacks = [
        words for name, words in (("overview", "项目概述"), ("basis", "设立依据")) if not (one[name] or "").strip()
    ]
    return f"“{one['name']}”没有填写{'、'.join(lacks)}" if lacks else ""


rule(
    "P03",
    "项目档案写明概述和依据",
    RecordRule("dossiers", _told, item_spot),
    severity=Severity.HINT,
    heading=Heading.DETAILED,
    source="项目支出预算管理办法（项目申报文本）",
)


def _costs(matter: Matter, one) -> "Fault | str":
    if one["costs"] == one["fen"] * 100:
        return ""
    costs = one["costs"] // 100
    words = f"“{one['name']}”测算明细合计 {wan(costs)} 万元，安排 {wan(one['fen'])} 万元，不一致"
    return Fault(words, Side("测算明细", costs), Side("安排金额", one["fen"]))


rule(
    "P04",
    "测算明细合计等于项目金额",
    RecordRule("dossiers", _costs, item_spot, lambda matter, one: one["costs"] is not None),
    severity=Severity.WARNING,
    source="项目支出预算管理办法（经费测算）",
)
WITHHELD = "《预算法》第十四条（涉及国家秘密的除外）；《政府信息公开条例》"


def _withheld(matter: Matter, one) -> str:
    lacks = [words for name, words in (("public_name", "公开时的名称"), ("withheld_reason", "理由")) if not one[name]]
    return f"不公开的项目“{one['name']}”没有写{'、'.join(lacks)}" if lacks else ""


rule(
    "P05",
    "不公开的项目写明理由和公开时的名称",
    RecordRule("dossiers", _withheld, item_spot, lambda matter, one: one["is_withheld"]),
    heading=Heading.FORM,
    source=WITHHELD,
    related=("P06",),
)


def _only_one(matter: Matter, tally: Tally) -> Iterator[Finding]:
    for (unit, _), projects in matter.grouped("dossiers", "unit", "category").items():
        hidden = [one for one in projects if one["is_withheld"]]
        if not hidden:
            continue
        tally.compared += 1
        if len(hidden) == 1 and len(projects) > 1:
            yield Finding(
                f"“{hidden[0]['public_name'] or '不公开的项目'}”是本类别唯一不公开的项目，合计减去其他项目就是它的金额",
                f"only/{hidden[0]['item']}",
                (item_spot(hidden[0]),),
                Side("金额", hidden[0]["fen"]),
                unit=unit,
            )


rule(
    "P06",
    "不公开的项目不能由合计减出",
    Whole(_only_one, (), ("dossiers",)),
    severity=Severity.WARNING,
    heading=Heading.FORM,
    source=WITHHELD,
    related=("P05",),
)

# ---- years


def _years(matter: Matter, one) -> bool:
    return bool(one["total_amount_fen"])


def _within(matter: Matter, one) -> "Fault | str":
    spent = (one["spent_before_fen"] or 0) + one["fen"]
    if spent <= one["total_amount_fen"]:
        return ""
    words = f"“{one['name']}”以前年度和本年共 {wan(spent)} 万元，大于项目总额 {wan(one['total_amount_fen'])} 万元"
    return Fault(words, Side("以前年度加本年", spent), Side("项目总额", one["total_amount_fen"]))


rule(
    "Y01",
    "跨年项目：以前年度加本年不大于项目总额",
    RecordRule("dossiers", _within, item_spot, _years),
    source="项目支出预算管理办法（跨年度项目）",
    related=("Y02",),
)


def _at_the_end(matter: Matter, one) -> "Fault | str":
    spent = (one["spent_before_fen"] or 0) + one["fen"]
    if spent >= one["total_amount_fen"]:
        return ""
    total = wan(one["total_amount_fen"])
    words = f"“{one['name']}”今年结束，以前年度和本年共 {wan(spent)} 万元，项目总额 {total} 万元，没有安排完"
    return Fault(words, Side("以前年度加本年", spent), Side("项目总额", one["total_amount_fen"]))


rule(
    "Y02",
    "跨年项目：结束年度安排完项目总额",
    RecordRule(
        "dossiers", _at_the_end, item_spot, lambda matter, one: _years(matter, one) and one["end_year"] == matter.year
    ),
    severity=Severity.WARNING,
    source="项目支出预算管理办法（跨年度项目）",
    related=("Y01",),
)


def _this_year(matter: Matter, one) -> str:
    start, end = one["start_year"] or matter.year, one["end_year"] or matter.year
    return "" if start <= matter.year <= end else f"“{one['name']}”的起止年度是 {start} 至 {end}，不含 {matter.year}年"


rule(
    "Y03",
    "预算年度在项目的起止年度之内",
    RecordRule("dossiers", _this_year, item_spot, lambda matter, one: bool(one["start_year"] or one["end_year"])),
    severity=Severity.WARNING,
    source="项目档案",
)
DOCUMENT_YEAR = re.compile(r"[(\[〔【](20\d{2})[)\]〕】].{0,3}\d{1,5}号|下达(20\d{2})年")

MAYBE_YEAR = re.compile(r"[(达]20\d\d")  # quick: without it there is no such name


def _from_last_year(matter: Matter, tally: Tally) -> Iterator[Finding]:
    grid = matter.grid(PROJECTS)
    name_at = grid.column_at("name")
    carried = [at for at, column in enumerate(grid.columns) if column.key.startswith("carried_over")]
    rows = rows_of(grid, ("item",))
    if not MAYBE_YEAR.search("\n".join([plain(row.cells[name_at]) for row in rows])):
        return  # all names as one text, a name a line: as a rule none is called after a document
    for row in rows:
        name = row.cells[name_at]
        match = DOCUMENT_YEAR.search(normalize("NFKC", name))
        if not match:
            continue
        tally.compared += 1
        year = match[1] or match[2]
        if int(year) < matter.year and not any(row.cells[at] for at in carried):
            cell = (PROJECTS, row.key, "name")
            yield Finding(
                f"“{name}”以{year}年文件命名，资金全部列本年拨款，是否应为上年结转？",
                f"carried/{leaf_code(row)}",
                (Spot("cell", cell, f"{matter.title(PROJECTS)} {name}"),),
                Side("本年拨款", grid.fen(row.key, "total"), ((PROJECTS, row.key, "total"),)),
                Side("上年结转", 0),
            )


rule(
    "Y04",
    "以上年文件命名的项目是否应列结转",
    Whole(_from_last_year, (PROJECTS,), (), ((PROJECTS, "name"), (PROJECTS, "total"))),
    severity=Severity.HINT,
    source="表12；《预算法》第四十二条（结转资金）",
    related=("N06",),
)
