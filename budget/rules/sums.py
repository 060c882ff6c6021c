"""X24 and A01–A04: empty tables, sums and signs in every table."""

from collections.abc import Iterator

from budget.reporting import remarks
from budget.reporting.comparing import At, AtMost, InRows
from budget.reporting.matter import Matter, row_key, rows_of
from budget.reporting.rules import Finding, Heading, Severity, Side, Spot, Tally, rule, wan
from budget.reporting.truths import Whole

from .tables import (
    BALANCE,
    BASIC,
    CAPITAL,
    ECONOMIC,
    FISCAL,
    FUND,
    FUND_ROWS,
    GENERAL,
    INCOME,
    ITEMS,
    KINDS,
    OPERATING,
    PROJECTS,
    PUBLIC,
    REVENUE,
    SPENDING,
)


def _statements(matter: Matter, tally: Tally) -> Iterator[Finding]:
    for table in (FUND, CAPITAL):
        grid = matter.grid(table)
        if grid is None:
            continue
        tally.compared += 1
        if grid.is_empty and not grid.statement:
            words = f"{matter.title(table)}没有数据，也没有空表说明"
        elif not grid.is_empty and grid.statement and matter.half_step:
            words = f"{matter.title(table)}有数据，却写着“{grid.statement[:20]}…”"
        else:
            continue
        yield Finding(words, table, (Spot("cell", (table, "total", "total"), matter.title(table)),))


rule(
    "X24",
    "政府性基金、国有资本经营表为空时有说明，不空时没有",
    Whole(_statements),
    severity=Severity.ERROR,
    source="表10、表11；财政部《地方预决算公开操作规程》（空表列示并说明）",
    related=("D01",),
)

_FUNDS = tuple(f"{part}.{key}" for part in ("this_year", "carried_over") for key in KINDS)
rule(
    "A01",
    "每行：合计等于各资金来源之和",
    InRows(REVENUE, "total", ("this_year.total", "carried_over.total")),
    InRows(REVENUE, "this_year.total", tuple(FUND_ROWS.values())),
    InRows(
        REVENUE, "carried_over.total", tuple(f"carried_over.{key}" for key in (*KINDS, "special_account", "unit_funds"))
    ),
    *(InRows(table, "total", (*_FUNDS, "special_account", "unit_funds")) for table in (ITEMS, ECONOMIC, PROJECTS)),
    InRows(
        FISCAL,
        "expenditure.total",
        ("expenditure.general.total", "expenditure.government_fund", "expenditure.state_capital"),
    ),
    source="表2、表4、表7、表8、表12",
    related=("X04", "X08"),
)
rule(
    "A02",
    "“其中”数不大于总数",
    InRows(REVENUE, "this_year.general.appropriation", ("this_year.general.total",), at_most=True),
    InRows(FISCAL, "expenditure.general.appropriation", ("expenditure.general.total",), at_most=True),
    AtMost((At(BALANCE, "appropriation", INCOME),), (At(BALANCE, "general", INCOME),)),
    *(
        AtMost((At(FISCAL, f"{part}.appropriation", INCOME),), (At(FISCAL, f"{part}.general", INCOME),))
        for part in ("this_year", "carried_over")
    ),
    source="表1、表2、表4",
    related=("X04",),
)

EVERY = (
    BALANCE,
    REVENUE,
    SPENDING,
    FISCAL,
    GENERAL,
    BASIC,
    ITEMS,
    ECONOMIC,
    PUBLIC,
    FUND,
    CAPITAL,
    PROJECTS,
    OPERATING,
)


def _misfits(matter: Matter, tally: Tally) -> Iterator[Finding]:
    for table in (*EVERY, "department_performance", "project_performance"):
        grid = matter.grid(table)
        if grid is None or (grid.sources == (None,) and not grid.sections):
            continue
        tally.compared += 1
        found = remarks.misfits(grid)
        if found:
            amount = sum(one.amount_fen for one in found)
            first = remarks.misfit_lines(grid)[0]
            yield Finding(
                f"{matter.title(table)}有 {len(found)} 笔、{wan(amount)} 万元没有可以归入的行或列：{first}",
                f"misfits/{table}",
                (Spot("cell", (table, "", ""), matter.title(table)),),
                Side("未归列", amount),
                Side("应为", 0),
            )


rule(
    "A03",
    "每一笔金额在每张表中都有行和列可以归入",
    Whole(_misfits),
    source="各表（未归列）",
    heading=Heading.COMPLETE,
    related=("X08",),
)


def _negative(matter: Matter, tally: Tally) -> Iterator[Finding]:
    for table in EVERY:
        grid = matter.grid(table)
        if grid is None:
            continue
        tally.compared += 1
        across = [matter.turned(table, (), half) for half in ((0, 1) if grid.half_labels else (0,))]
        for at, column in enumerate(grid.columns):
            if not column.is_money or column.role in ("change", "previous"):
                continue
            figures = across[column.half][at] if across[column.half] else ()
            if min(filter(None, figures), default=0) >= 0:
                continue
            for row, value in zip(rows_of(grid, None, column.half), figures, strict=True):
                if value and value < 0:
                    cell = (table, row_key(row, column.half), column.key)
                    yield Finding(
                        f"{matter.label(cell)} 是负数：{wan(value)}",
                        "/".join(cell),
                        (Spot("cell", cell, matter.label(cell)),),
                        Side("金额", value, (cell,)),
                    )


rule("A04", "预算表中没有负数", Whole(_negative), severity=Severity.WARNING, source="各表", related=("L15",))
