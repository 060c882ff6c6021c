"""N01–N05: codes and their names as they stand in the tables."""

from collections.abc import Iterator

from budget.reporting.grid import Grid, GridRow
from budget.reporting.matter import Matter, leaf_code, rows_of
from budget.reporting.rules import Finding, Heading, Severity, Side, Spot, Tally, rule
from budget.reporting.truths import RecordRule, Whole

FUNCTION_TABLES = (
    "revenue",
    "expenditure",
    "general_expenditure",
    "government_fund_expenditure",
    "state_capital_expenditure",
)
ECONOMIC_TABLES = ("general_basic_by_economic", "by_economic", "agency_operating")
BOOK = "《政府收支分类科目》（本年度版本）"


def named_codes(matter: Matter) -> Iterator[tuple[str, str, str, str, str, str]]:
    """(dimension, code, name as printed, table, row, column of the name) of every code that a table prints."""
    for table in FUNCTION_TABLES:
        grid = matter.grid(table)
        for row in rows_of(grid) if grid else ():
            if row.kind.startswith("function"):
                yield "function", leaf_code(row), _word(grid, row, "name"), table, row.key, "name"
    for table in ECONOMIC_TABLES:
        grid = matter.grid(table)
        for row in rows_of(grid, ("economic", "economic+government")) if grid else ():
            codes = leaf_code(row).split("+")
            for dimension, code in zip(("economic", "government"), codes, strict=False):
                column = f"{dimension}.name"
                yield dimension, code, _word(grid, row, column), table, row.key, column


def _every_code(matter: Matter) -> list[tuple[str, str, str, str, str, str]]:
    return list(named_codes(matter))


def _word(grid: Grid, row: GridRow, column: str) -> str:
    value = row.cells[grid.column_at(column)]
    return value if isinstance(value, str) else ""


def _spot(matter: Matter, table: str, row: str, column: str) -> Spot:
    return Spot("cell", (table, row, column), f"{matter.title(table)} {row.rpartition('/')[2].partition('+')[0]}")


def _names(matter: Matter, tally: Tally) -> Iterator[Finding]:
    for dimension, code, name, table, row, column in matter.once(_every_code):
        right = matter.names.get(dimension, {}).get(code)
        if right is None:
            continue
        tally.compared += 1
        if name != right:
            yield Finding(
                f"{matter.title(table)} {code}：“{name}”应为“{right}”",
                f"{table}/{code}/{dimension}",
                (_spot(matter, table, row, column),),
                Side(f"{matter.title(table)} {code}", name),
                Side("科目版本", right),
            )


rule("N01", "科目名称与本年度科目版本一致", Whole(_names), heading=Heading.FORM, source=BOOK, related=("N02", "N03"))


def _two_names(matter: Matter, tally: Tally) -> Iterator[Finding]:
    found: dict[tuple[str, str], dict[str, list[tuple[str, str, str]]]] = {}
    for dimension, code, name, table, row, column in matter.once(_every_code):
        found.setdefault((dimension, code), {}).setdefault(name, []).append((table, row, column))
    for (_, code), names in found.items():
        tally.compared += 1
        if len(names) > 1:
            words = [f"{matter.title(places[0][0])}为“{name}”" for name, places in names.items()]
            spots = tuple(_spot(matter, *places[0]) for places in names.values())
            first, second, *_ = names
            yield Finding(
                f"同一科目 {code} 名称不同：{'，'.join(words)}",
                code,
                spots,
                Side(spots[0].label, first),
                Side(spots[1].label, second),
            )


rule("N02", "同一科目在各表中名称相同", Whole(_two_names), heading=Heading.FORM, source=BOOK, related=("N01",))


def _known(matter: Matter, tally: Tally) -> Iterator[Finding]:
    for dimension, code, _, table, row, column in matter.once(_every_code):
        names = matter.names.get(dimension)
        if not names:
            continue
        tally.compared += 1
        if code not in names:
            yield Finding(
                f"{matter.title(table)}：科目 {code} 不在本年度科目版本中",
                f"{table}/{code}/{dimension}",
                (_spot(matter, table, row, column),),
                Side(matter.title(table), code),
            )


rule("N03", "各表的科目都在本年度科目版本中", Whole(_known), heading=Heading.FORM, source=BOOK, related=("N01", "L02"))


def _pairs(matter: Matter, tally: Tally) -> Iterator[Finding]:
    allowed: dict[str, set[str]] = {}
    for record in matter.records("pairs"):
        allowed.setdefault(record["economic"], set()).add(record["government"])
    for table in ("general_basic_by_economic", "by_economic"):
        grid = matter.grid(table)
        for row in rows_of(grid, ("economic+government",)) if grid else ():
            economic, _, government = leaf_code(row).partition("+")
            known = allowed.get(economic)
            if not known:
                continue
            tally.compared += 1
            if government not in known:
                yield Finding(
                    f"{matter.title(table)}：部门经济分类 {economic} 不能对应政府经济分类 {government}"
                    f"（可对应 {'、'.join(sorted(known))}）",
                    f"{table}/{leaf_code(row)}",
                    (_spot(matter, table, row.key, "economic.code"),),
                    Side("部门经济分类", economic),
                    Side("政府经济分类", government),
                )


rule(
    "N04",
    "表中两种经济分类的对应关系在对照表内",
    Whole(_pairs, (), ("pairs",)),
    severity=Severity.WARNING,
    source="《政府预算支出经济分类与部门预算支出经济分类对照表》",
    related=("L06",),
)


def _mixed(matter: Matter, record) -> str:
    if record["zeros"] and record["blanks"]:
        return f"{matter.title(record['table'])}没有金额的格有的印0（{record['zeros']}处），有的留空"
    return ""


rule(
    "N05",
    "没有金额的格写法一致，不混用0和空白",
    RecordRule("printed_zeros", _mixed, lambda one: Spot("cell", (one["table"], one["row"], one["column"]), "第一处0")),
    severity=Severity.HINT,
    heading=Heading.FORM,
    source="部门预算公开表样（空白表示无数据）",
)
