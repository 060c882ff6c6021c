"""N01–N05: codes and their names as they stand in the tables."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from budget.reporting.grid import Grid, GridRow
from budget.reporting.matter import Matter, leaf_codes, rows_of
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


class Printed(NamedTuple):
    """The codes of one dimension in a table: `pairs`: each (code, name) that is printed, once."""

    dimension: str
    table: str
    column: str  # of the names
    pairs: Mapping[tuple[str, str], None]
    codes: list[str]  # row by row
    rows: list[GridRow]
    at: int

    def row(self, pair: tuple[str, str]) -> str:
        """The first row that prints a code and a name."""
        told = zip(self.codes, self.rows, strict=True)
        return next(row.key for code, row in told if (code, row.cells[self.at] or "") == pair)


def printed_codes(matter: Matter) -> list[Printed]:
    """Every code and name that the tables print."""
    found = []
    for table in FUNCTION_TABLES:
        if grid := matter.grid(table):
            levels = grid.levels().items()
            rows = [row for kind, level in levels if kind and kind.startswith("function") for row in level]
            found.append(_printed(grid, "function", "name", rows, leaf_codes(rows)))
    for table in ECONOMIC_TABLES:
        if grid := matter.grid(table):
            rows = rows_of(grid, ("economic", "economic+government"))
            codes = [code.partition("+") for code in leaf_codes(rows)]
            found.append(_printed(grid, "economic", "economic.name", rows, [code for code, *_ in codes]))
            if any(plus for _, plus, _ in codes):
                found.append(_printed(grid, "government", "government.name", rows, [code for *_, code in codes]))
    return found


def _printed(grid: Grid, dimension: str, column: str, rows: list[GridRow], codes: list[str]) -> Printed:
    at = grid.column_at(column)
    pairs = dict.fromkeys(zip(codes, [row.cells[at] or "" for row in rows], strict=True))
    if "" in codes:
        pairs = dict.fromkeys([pair for pair in pairs if pair[0]])
    return Printed(dimension, grid.key, column, pairs, codes, rows, at)


def _spot(matter: Matter, table: str, row: str, column: str) -> Spot:
    return Spot("cell", (table, row, column), f"{matter.title(table)} {row.rpartition('/')[2].partition('+')[0]}")


def _names(matter: Matter, tally: Tally) -> Iterator[Finding]:
    for printed in matter.once(printed_codes):
        dimension, table, column = printed.dimension, printed.table, printed.column
        names = matter.names.get(dimension, {})
        known = [pair for pair in printed.pairs if pair[0] in names]
        tally.compared += len(known)
        for code, name in [pair for pair in known if names[pair[0]] != pair[1]]:
            yield Finding(
                f"{matter.title(table)} {code}：“{name}”应为“{names[code]}”",
                f"{table}/{code}/{dimension}",
                (_spot(matter, table, printed.row((code, name)), column),),
                Side(f"{matter.title(table)} {code}", name),
                Side("科目版本", names[code]),
            )


rule("N01", "科目名称与本年度科目版本一致", Whole(_names), heading=Heading.FORM, source=BOOK, related=("N02", "N03"))


def _two_names(matter: Matter, tally: Tally) -> Iterator[Finding]:
    printed = matter.once(printed_codes)
    for dimension in dict.fromkeys(one.dimension for one in printed):
        tables = [one for one in printed if one.dimension == dimension]
        names: dict[str, list] = {}
        for code, name in dict.fromkeys([pair for one in tables for pair in one.pairs]):
            names.setdefault(code, []).append(name)
        tally.compared += len(names)
        for code, written in names.items():
            if len(written) > 1:
                yield _named_twice(matter, tables, code, written)


def _named_twice(matter: Matter, tables: list[Printed], code: str, names: list[str]) -> Finding:
    first = [next(one for one in tables if (code, name) in one.pairs) for name in names]
    told = list(zip(first, names, strict=True))
    words = [f"{matter.title(one.table)}为“{name}”" for one, name in told]
    spots = tuple(_spot(matter, one.table, one.row((code, name)), one.column) for one, name in told)
    return Finding(
        f"同一科目 {code} 名称不同：{'，'.join(words)}",
        code,
        spots,
        Side(spots[0].label, names[0]),
        Side(spots[1].label, names[1]),
    )


rule("N02", "同一科目在各表中名称相同", Whole(_two_names), heading=Heading.FORM, source=BOOK, related=("N01",))


def _known(matter: Matter, tally: Tally) -> Iterator[Finding]:
    for printed in matter.once(printed_codes):
        dimension, table, column = printed.dimension, printed.table, printed.column
        names = matter.names.get(dimension)
        if not names:
            continue
        tally.compared += len(printed.pairs)
        for pair in [pair for pair in printed.pairs if pair[0] not in names]:
            yield Finding(
                f"{matter.title(table)}：科目 {pair[0]} 不在本年度科目版本中",
                f"{table}/{pair[0]}/{dimension}",
                (_spot(matter, table, printed.row(pair), column),),
                Side(matter.title(table), pair[0]),
            )


rule("N03", "各表的科目都在本年度科目版本中", Whole(_known), heading=Heading.FORM, source=BOOK, related=("N01", "L02"))


def _pairs(matter: Matter, tally: Tally) -> Iterator[Finding]:
    allowed: dict[str, set[str]] = {}
    for record in matter.records("pairs"):
        allowed.setdefault(record["economic"], set()).add(record["government"])
    for table in ("general_basic_by_economic", "by_economic"):
        grid = matter.grid(table)
        rows = rows_of(grid, ("economic+government",)) if grid else []
        for row, code in zip(rows, leaf_codes(rows), strict=True):
            economic, _, government = code.partition("+")
            known = allowed.get(economic)
            if not known:
                continue
            tally.compared += 1
            if government not in known:
                yield Finding(
                    f"{matter.title(table)}：部门经济分类 {economic} 不能对应政府经济分类 {government}"
                    f"（可对应 {'、'.join(sorted(known))}）",
                    f"{table}/{code}",
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
