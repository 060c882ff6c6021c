"""N01–N05: codes and their names as they stand in the tables."""

from collections.abc import Iterator
from typing import NamedTuple

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


class Named(NamedTuple):
    """A code as a table prints it, with the first row that does."""

    dimension: str
    code: str
    name: str
    table: str
    row: str
    column: str  # of the name


def named_codes(matter: Matter) -> list[Named]:
    """Every code and name that a table prints, each once a table."""
    found = []
    for table in FUNCTION_TABLES:
        if grid := matter.grid(table):
            rows = [row for row in rows_of(grid) if row.kind.startswith("function")]
            found += _named(grid, "function", "name", rows, [leaf_code(row) for row in rows])
    for table in ECONOMIC_TABLES:
        if grid := matter.grid(table):
            rows = rows_of(grid, ("economic", "economic+government"))
            codes = [leaf_code(row).partition("+") for row in rows]
            found += _named(grid, "economic", "economic.name", rows, [economic for economic, *_ in codes])
            if any(plus for _, plus, _ in codes):
                found += _named(grid, "government", "government.name", rows, [code for *_, code in codes])
    return found


def _named(grid: Grid, dimension: str, column: str, rows: list[GridRow], codes: list[str]) -> list[Named]:
    at = grid.column_at(column)
    first: dict[tuple, str] = {}
    for code, row in zip(codes, rows, strict=True):
        first.setdefault((code, row.cells[at]), row.key)
    return [
        Named(dimension, code, name if isinstance(name, str) else "", grid.key, row, column)
        for (code, name), row in first.items()
        if code
    ]


def _spot(matter: Matter, table: str, row: str, column: str) -> Spot:
    return Spot("cell", (table, row, column), f"{matter.title(table)} {row.rpartition('/')[2].partition('+')[0]}")


def _names(matter: Matter, tally: Tally) -> Iterator[Finding]:
    for one in matter.once(named_codes):
        right = matter.names.get(one.dimension, {}).get(one.code)
        if right is None:
            continue
        tally.compared += 1
        if one.name != right:
            yield Finding(
                f"{matter.title(one.table)} {one.code}：“{one.name}”应为“{right}”",
                f"{one.table}/{one.code}/{one.dimension}",
                (_spot(matter, one.table, one.row, one.column),),
                Side(f"{matter.title(one.table)} {one.code}", one.name),
                Side("科目版本", right),
            )


rule("N01", "科目名称与本年度科目版本一致", Whole(_names), heading=Heading.FORM, source=BOOK, related=("N02", "N03"))


def _two_names(matter: Matter, tally: Tally) -> Iterator[Finding]:
    found: dict[tuple[str, str], dict[str, Named]] = {}
    for one in matter.once(named_codes):
        found.setdefault((one.dimension, one.code), {}).setdefault(one.name, one)
    for (_, code), names in found.items():
        tally.compared += 1
        if len(names) > 1:
            words = [f"{matter.title(one.table)}为“{name}”" for name, one in names.items()]
            spots = tuple(_spot(matter, one.table, one.row, one.column) for one in names.values())
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
    for one in matter.once(named_codes):
        names = matter.names.get(one.dimension)
        if not names:
            continue
        tally.compared += 1
        if one.code not in names:
            yield Finding(
                f"{matter.title(one.table)}：科目 {one.code} 不在本年度科目版本中",
                f"{one.table}/{one.code}/{one.dimension}",
                (_spot(matter, one.table, one.row, one.column),),
                Side(matter.title(one.table), one.code),
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
