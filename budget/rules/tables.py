"""X01–X16 and X19: figures of tables against each other (勾稽关系)."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from operator import methodcaller

from budget import three_public
from budget.reporting.comparing import AddsUp, At, AtMost, Equal, InRows, Over, SameRows, compared, first_code
from budget.reporting.matter import Matter, leaf_codes, rows_of
from budget.reporting.rules import Finding, Side, Spot, Tally, rule
from budget.reporting.truths import Whole
from budget.reporting.where import Test

BALANCE, REVENUE, SPENDING, FISCAL = "revenue_and_expenditure", "revenue", "expenditure", "fiscal_appropriation"
GENERAL, FUND, CAPITAL = "general_expenditure", "government_fund_expenditure", "state_capital_expenditure"
BASIC, ITEMS, ECONOMIC = "general_basic_by_economic", "basic_items", "by_economic"
PUBLIC, OPERATING, PROJECTS = "three_public", "agency_operating", "projects"
BY_FUNCTION = (SPENDING, GENERAL, FUND, CAPITAL)
INCOME, OUTLAY = "income.amount", "expenditure.amount"

# rows of table 1 → columns of table 2
FUND_ROWS = {
    "general": "this_year.general.total",
    "government_fund": "this_year.government_fund",
    "state_capital": "this_year.state_capital",
    "special_account": "this_year.special_account",
    "undertakings": "this_year.undertakings",
    "operations": "this_year.operations",
    "from_above": "this_year.from_above",
    "from_below": "this_year.from_below",
    "other": "this_year.other",
}
LAW = "《中华人民共和国预算法》第四条、第十二条"
ONE_TO_ELEVEN = "部门预算公开表样表间关系"


def total(table: str, column: str = "total", sign: int = 1) -> At:
    return At(table, "total", column, sign)


# ---- table 1, 2


rule(
    "X01",
    "收入总计等于支出总计",
    Equal((total(BALANCE, INCOME),), (total(BALANCE, OUTLAY),)),
    source=f"表1；{LAW}（收支平衡）",
    related=("X02", "X09"),
)


def _is_class(code: str) -> bool:
    return code.isdigit()


rule(
    "X02",
    "本年合计加结转等于总计，各行相加等于本年合计",
    Equal((total(BALANCE, INCOME),), (At(BALANCE, "this_year", INCOME), At(BALANCE, "carried_over", INCOME))),
    Equal((total(BALANCE, OUTLAY),), (At(BALANCE, "this_year", OUTLAY), At(BALANCE, "carried_out", OUTLAY))),
    Equal((At(BALANCE, "this_year", INCOME),), tuple(At(BALANCE, key, INCOME) for key in FUND_ROWS)),
    Equal((At(BALANCE, "this_year", OUTLAY),), (Over(BALANCE, OUTLAY, _is_class, "各类支出相加"),)),
    source="表1",
    related=("X01",),
)


def _by_class(matter: Matter, tally: Tally) -> Iterator[Finding]:
    rows = rows_of(matter.grid(SPENDING), ("function",))
    classes = [code[:3] for code in leaf_codes(rows)]
    sums: dict[str, int] = defaultdict(int)
    for code, fen in zip(classes, matter.figures(SPENDING, "total", ("function",)), strict=True):
        sums[code] += fen
    for code, label in matter.table_set.function_classes:
        cell = (BALANCE, code, OUTLAY)
        here, value = matter.grid(BALANCE).fen(code, OUTLAY), sums[code]
        if here == value and tally.pairs is None:
            tally.compared += 1
            continue
        left = Side(matter.label(cell), here, (cell,))
        cells = tuple((SPENDING, row.key, "total") for row, of in zip(rows, classes, strict=True) if of == code)
        right = Side(f"{matter.title(SPENDING)}各“{label.partition('、')[2]}”（{code}）项级科目相加", value, cells)
        yield from compared(matter, tally, left, right)


rule(
    "X03",
    "表1各类支出等于支出总表中该类各项之和",
    Whole(_by_class, (BALANCE, SPENDING), (), ((BALANCE, OUTLAY), (SPENDING, "total"))),
    source="表1、表3",
    related=("X05", "X08"),
)

rule(
    "X04",
    "收入总表等于收支总表的收入，每种资金都相等",
    Equal((total(REVENUE),), (total(BALANCE, INCOME),)),
    *(Equal((total(REVENUE, column),), (At(BALANCE, row, INCOME),)) for row, column in FUND_ROWS.items()),
    Equal((total(REVENUE, "this_year.general.appropriation"),), (At(BALANCE, "appropriation", INCOME),)),
    Equal((total(REVENUE, "carried_over.total"),), (At(BALANCE, "carried_over", INCOME),)),
    source="表1、表2",
    related=("X01", "A01"),
)

# ---- tables 3, 5, 10, 11

rule(
    "X05",
    "每行：支出总计等于基本支出加项目支出",
    *(InRows(table, "total", ("basic.total", "project.total")) for table in BY_FUNCTION),
    source="表3、表5、表10、表11；《预算法实施条例》第六条",
    related=("X06", "X07"),
)
_OF_FUND = ("basic.personnel.wages", "basic.personnel.assistance", "basic.operating.goods", "basic.operating.capital")
rule(
    "X06",
    "每行：基本支出等于人员经费加公用经费，人员经费等于301加303，公用经费等于302加310",
    InRows(SPENDING, "basic.total", ("basic.personnel.total", "basic.operating.total")),
    InRows(SPENDING, "basic.personnel.total", ("basic.personnel.wages", "basic.personnel.assistance")),
    InRows(SPENDING, "basic.operating.total", ("basic.operating.goods", "basic.operating.capital")),
    *(InRows(table, "basic.total", _OF_FUND) for table in (GENERAL, FUND, CAPITAL)),
    source="表3、表5、表10、表11；《支出经济分类科目》",
    related=("X05", "X12"),
)
rule(
    "X07",
    "每行：项目支出等于其他运转类加特定目标类",
    *(InRows(table, "project.total", ("project.other_running", "project.targeted")) for table in BY_FUNCTION),
    source="表3、表5、表10、表11",
    related=("X05", "X17"),
)
rule(
    "X08",
    "各行相加等于单位数，各单位相加等于部门数",
    *(AddsUp(table) for table in (REVENUE, *BY_FUNCTION, BASIC, ITEMS, ECONOMIC, PROJECTS, OPERATING)),
    AddsUp("project_performance"),
    source="各表合计行",
    related=("X03", "X17"),
)

# ---- table 4

KINDS = ("general", "government_fund", "state_capital")
rule(
    "X09",
    "财政拨款收入等于支出，支出等于一般公共预算、政府性基金、国有资本经营三表之和",
    Equal((total(FISCAL, INCOME),), (total(FISCAL, "expenditure.total"),)),
    Equal((At(FISCAL, "this_year", "expenditure.total"),), tuple(total(table) for table in (GENERAL, FUND, CAPITAL))),
    *(
        Equal((At(FISCAL, "this_year", f"expenditure.{column}"),), (total(table),))
        for column, table in (("general.total", GENERAL), ("government_fund", FUND), ("state_capital", CAPITAL))
    ),
    Equal((total(FISCAL, INCOME),), (At(FISCAL, "this_year", INCOME), At(FISCAL, "carried_over", INCOME))),
    *(
        Equal((At(FISCAL, part, INCOME),), tuple(At(FISCAL, f"{part}.{kind}", INCOME) for kind in KINDS))
        for part in ("this_year", "carried_over")
    ),
    *(
        Equal(
            (total(FISCAL, f"expenditure.{column}"),),
            (At(FISCAL, "this_year", f"expenditure.{column}"), At(FISCAL, "carried_out", f"expenditure.{column}")),
        )
        for column in ("total", "general.total", "general.appropriation", "government_fund", "state_capital")
    ),
    *(
        Equal(
            (At(FISCAL, "this_year", f"expenditure.{column}"),),
            (Over(FISCAL, f"expenditure.{column}", _is_class, "各类支出相加"),),
        )
        for column in ("total", "general.total", "general.appropriation", "government_fund", "state_capital")
    ),
    *(
        Equal((At(FISCAL, f"this_year.{kind}", INCOME),), (At(BALANCE, kind, INCOME),))
        for kind in (*KINDS, "appropriation")
    ),
    *(
        Equal((At(FISCAL, f"carried_over.{kind}", INCOME),), (total(REVENUE, f"carried_over.{kind}"),))
        for kind in KINDS
    ),
    source="表4、表5、表10、表11、表1、表2",
    related=("X01", "X04"),
)


def _has_other_money(matter: Matter) -> str:
    return matter.once(_other_money)


def _other_money(matter: Matter) -> str:
    if (two := matter.grid(REVENUE)) is not None:
        general = two.fen("total", "this_year.general.total") + two.fen("total", "carried_over.general")
        other = two.fen("total", "total") - general
    else:
        one = matter.grid(BALANCE)
        other = one.fen("total", INCOME) - one.fen("general", INCOME)
    return "有一般公共预算以外的资金，只核对不大于" if other else ""


_FIVE = ("total", "basic.total", "project.total", *_OF_FUND, "project.other_running", "project.targeted")
_EACH = [SameRows(GENERAL, (column,), SPENDING, (column,), at_most=True) for column in _FIVE]
_SAME = [SameRows(GENERAL, (column,), SPENDING, (column,), when=_has_other_money, also=(BALANCE,)) for column in _FIVE]
rule(
    "X10",
    "一般公共预算支出逐行不大于支出总表；没有其他资金时逐行相等",
    *_EACH,
    *_SAME,
    source="表3、表5",
    related=("X05", "X08"),
)

# ---- tables 6, 7


def _has_carried_over(matter: Matter) -> str:
    carried = matter.grid(ITEMS).fen("total", "carried_over.general")
    return "基本支出有上年结转，只核对合计" if carried else ""


rule(
    "X11",
    "一般公共预算基本支出表等于支出表的基本支出（本年拨款）",
    Equal((total(BASIC, "basic.total"), At(ITEMS, "total", "carried_over.general")), (total(GENERAL, "basic.total"),)),
    *(
        Equal(
            (total(BASIC, f"basic.{here}"),),
            tuple(total(GENERAL, f"basic.{here}.{part}") for part in parts),
            when=_has_carried_over,
            also=(ITEMS,),
        )
        for here, parts in (("personnel", ("wages", "assistance")), ("operating", ("goods", "capital")))
    ),
    *(
        AtMost((total(BASIC, f"basic.{here}"),), tuple(total(GENERAL, f"basic.{here}.{part}") for part in parts))
        for here, parts in (("personnel", ("wages", "assistance")), ("operating", ("goods", "capital")))
    ),
    source="表5、表6",
    related=("X06", "X12", "X13"),
)


OF_CLASS = {"301": "personnel", "303": "personnel", "302": "operating", "310": "operating"}


def _one_of_both(matter: Matter, tally: Tally) -> Iterator[Finding]:
    grid = matter.grid(BASIC)
    kinds = ("economic+government",)
    columns = (matter.figures(BASIC, f"basic.{key}", kinds) for key in ("personnel", "operating"))
    rows = rows_of(grid, kinds)
    tally.compared += len(rows)
    for row, code, personnel, operating in zip(rows, leaf_codes(rows), *columns, strict=True):
        wants = OF_CLASS.get(code[:3])
        figures = {"personnel": personnel, "operating": operating}
        wrong = [key for key, fen in figures.items() if fen and key != wants]
        if wrong:
            here = {"personnel": "人员经费", "operating": "公用经费"}
            cell = (BASIC, row.key, f"basic.{wrong[0]}")
            yield Finding(
                f"{matter.label(cell)}：{code[:5]} 应列{here.get(wants, '301、302、303、310 各栏')}",
                "/".join(cell),
                (Spot("cell", cell, matter.label(cell)),),
                Side(here[wrong[0]], figures[wrong[0]], (cell,)),
            )


_X12_COLUMNS = tuple((BASIC, f"basic.{key}") for key in ("total", "personnel", "operating"))
rule(
    "X12",
    "基本支出每行不是人员经费就是公用经费，按经济分类归列",
    InRows(BASIC, "basic.total", ("basic.personnel", "basic.operating")),
    Whole(_one_of_both, (BASIC,), (), _X12_COLUMNS),
    source="表6；《支出经济分类科目》",
    related=("X06", "X11"),
)
rule(
    "X13",
    "基本支出明细表的一般公共预算（本年拨款）等于基本支出表",
    Equal((total(ITEMS, "this_year.general"),), (total(BASIC, "basic.total"),)),
    source="表6、表7",
    related=("X11",),
)

# ---- tables 8, 9, 13

rule(
    "X14",
    "支出经济分类汇总等于支出总表，其中基本支出不小于基本支出表",
    Equal((total(ECONOMIC),), (total(SPENDING),)),
    SameRows(BASIC, ("basic.total",), ECONOMIC, ("this_year.general",), ("economic+government",), at_most=True),
    source="表3、表6、表8",
    related=("X11", "X16"),
)
rule(
    "X15",
    "“三公”经费合计等于各项之和",
    InRows(PUBLIC, "total", ("abroad", "vehicles.total", "reception")),
    InRows(PUBLIC, "vehicles.total", ("vehicles.purchase", "vehicles.running")),
    source="表9；《党政机关厉行节约反对浪费条例》",
    related=("X16",),
)


@cache
def _of_classes(classes: tuple[str, ...]):
    """Whether a code is of these classes: one test for all columns, whose rows are looked for once."""
    return methodcaller("startswith", classes)


rule(
    "X16",
    "“三公”经费等于全部一般公共预算支出（含项目）中的相应经济科目",
    *(
        Equal(
            (total(PUBLIC, column),),
            tuple(
                Over(ECONOMIC, f"{part}.general", _of_classes(classes), f"经济科目 {'、'.join(classes)}")
                for part in ("this_year", "carried_over")
            ),
        )
        for column, classes in three_public.PARTS.items()
    ),
    *(
        AtMost(
            (Over(BASIC, "basic.total", _of_classes(classes), f"经济科目 {'、'.join(classes)}"),),
            (total(PUBLIC, column),),
        )
        for column, classes in three_public.PARTS.items()
    ),
    source="表6、表8、表9",
    related=("X15",),
)


def _is_chosen(matter: Matter, row) -> bool:
    return matter.once(_chosen)((first_code(row),))


def _chosen(matter: Matter) -> Test:
    return matter.table_set.agency_operating.compiled(("economic",))


rule(
    "X19",
    "机关（机构）运行经费等于基本支出表中规定的经济科目",
    SameRows(
        OPERATING,
        ("operating.total",),
        BASIC,
        ("basic.total",),
        ("economic", "economic+government"),
        by=first_code,
        right_test=_is_chosen,
    ),
    source="表6、表13；表套规定的口径",
    related=("X08", "X11"),
)
