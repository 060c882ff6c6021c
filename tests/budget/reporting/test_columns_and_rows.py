"""What each kind of column and of row does, on a handful of facts."""

from dataclasses import replace

import pytest

from budget.reporting.book import Book, Facts
from budget.reporting.compute import compute
from budget.reporting.grid import Grid, GridColumn, GridRow
from budget.reporting.plan import plan_of
from budget.reporting.spec import (
    Amount,
    Beside,
    By,
    Change,
    Discovered,
    Group,
    Member,
    OfWhich,
    Placed,
    Previous,
    Records,
    Row,
    RowOfWhich,
    RowTotal,
    Section,
    SideBySide,
    Single,
    Skeleton,
    Sum,
    Table,
    TableSet,
    Text,
    Total,
)
from budget.reporting.where import NOTHING, Where

NAME = {"name": lambda member: member.name}
FACTS = (
    ("1", "2060101", "11", 300),
    ("1", "2060199", "12", 40),
    ("2", "2080505", "11", 5),
)
FUNCTIONS = {"206": "科技", "208": "社保", "2060101": "运行", "2060199": "其他", "2080505": "养老", "0000000": "未细化"}
AMOUNT = Amount("amount", "金额")


def book(facts=FACTS, last_year=None, units=("1", "2"), lists=None, **set_fields) -> Book:
    return Book(
        table_set=TableSet("toy", "试验", "元", (), (), NOTHING, **set_fields),
        year=2024,
        code="9",
        name="局",
        is_department=True,
        units=tuple(Member(code, f"单位{code}") for code in units),
        money={"lines": Facts(("unit", "function", "fund"), facts)},
        lists=lists or {},
        members={
            "unit": {code: Member(code, f"单位{code}", (9 - int(code),)) for code in ("1", "2")},
            "function": {code: Member(code, name, (code == "0000000", code)) for code, name in FUNCTIONS.items()},
        },
        last_year={"toy": last_year or {}},
    )


def draw(columns, rows, *facts, placed=None, where=None, **fields) -> Grid:
    table = Table("toy", columns, rows, **({"where": where} if where else {}))
    return compute(table, book(facts or FACTS, **fields), placed)


def cells(grid) -> dict:
    return {row.key: row.cells for row in grid.rows}


BY_UNIT = Discovered(Sum({"name": "合计"}), By("unit", NAME))
BY_FUNCTION = Discovered(Sum({"name": "合计"}), By("function", NAME))
WORD = Text("name", "名称")


# ---- rows


def test_members_stand_in_their_own_order():
    assert [row.cells for row in draw((WORD, AMOUNT), BY_UNIT).rows] == [("合计", 345), ("单位2", 5), ("单位1", 340)]


def test_levels_are_nested_and_named_by_their_path():
    rows = Discovered(Sum({"name": "合计"}), By("unit", NAME), By("function", NAME, length=3), By("function", NAME))
    grid = draw((WORD, AMOUNT), rows)
    assert [(row.key, row.kind, row.depth) for row in grid.rows] == [
        ("total", "total", 0),
        ("2", "unit", 1),
        ("2/208", "function-3", 2),
        ("2/208/2080505", "function", 3),
        ("1", "unit", 1),
        ("1/206", "function-3", 2),
        ("1/206/2060101", "function", 3),
        ("1/206/2060199", "function", 3),
    ]
    assert grid.behind("1/206", "amount")[1].matches(unit="1", function="2060199")
    assert not grid.behind("1/206", "amount")[1].matches(unit="2", function="2060199")


def test_a_code_without_finer_codes_has_one_row():
    rows = Discovered(By("function", NAME, length=3), By("function", NAME, length=5), By("function", NAME))
    members = {
        "": Member("", "年终结转结余", (True, "")),
        "206": Member("206", "科技", (False, "206")),
        "20601": Member("20601", "管理", (False, "20601")),
    }
    base = book((("1", "", "11", 7), ("1", "2060101", "11", 3)))
    base = replace(base, members={**base.members, "function": {**base.members["function"], **members}})
    grid = compute(Table("toy", (WORD, AMOUNT), rows), base)
    assert [(row.key, row.cells) for row in grid.rows if row.cells[0] == "年终结转结余"] == [("", ("年终结转结余", 7))]
    assert grid.behind("", "amount")[1].matches(function="")
    assert not grid.behind("", "amount")[1].matches(function="2060101")


def test_what_is_not_coded_comes_last():
    grid = draw((WORD, AMOUNT), BY_FUNCTION, ("1", "0000000", "11", 1), ("1", "2080505", "11", 1))
    assert [row.cells[0] for row in grid.rows] == ["合计", "养老", "未细化"]


def test_a_level_the_book_does_not_have_is_not_printed():
    rows = Discovered(
        Sum({"name": "合计"}), By("unit", NAME, when=lambda book: len(book.units) > 1), By("function", NAME, length=3)
    )
    keys = [row.key for row in draw((WORD, AMOUNT), rows, units=("1",)).rows]
    assert keys == ["total", "206", "208"]


def test_a_code_that_no_source_knows_is_never_guessed():
    with pytest.raises(LookupError, match="2990101"):
        draw((WORD, AMOUNT), BY_FUNCTION, ("1", "2990101", "11", 1))


def test_without_money_only_the_row_of_everything_is_printed():
    grid = compute(Table("toy", (WORD, AMOUNT), BY_UNIT), book(()))
    assert [row.cells for row in grid.rows] == [("合计", None)]
    assert grid.is_empty


def test_one_row_for_everything():
    grid = draw((WORD, AMOUNT), Single({"name": "全部"}))
    assert [(row.key, row.kind, row.cells) for row in grid.rows] == [("total", "single", ("全部", 345))]


SKELETON = (
    RowTotal("first", "一、合计", of=("general", "fund")),
    Row("general", "一般", Where(fund="11")),
    RowOfWhich("science", "其中：科技", Where(function="206")),
    Row("fund", "基金", Where(fund="12")),
    RowTotal("above", "小计"),
    Row("state", "国资", Where(fund="13")),
    RowTotal("total", "总计"),
)


def test_a_skeleton_prints_its_rows_in_any_case():
    grid = draw((Text("item", "项目"), AMOUNT), Skeleton(SKELETON))
    assert cells(grid) == {
        "first": ("一、合计", 345),
        "general": ("一般", 305),
        "science": ("其中：科技", 300),
        "fund": ("基金", 40),
        "above": ("小计", 345),
        "state": ("国资", None),
        "total": ("总计", 345),
    }


def test_a_hidden_row_shows_only_with_money():
    rows = Skeleton(SKELETON, hidden_when_empty=frozenset({"state", "fund"}))
    grid = draw((Text("item", "项目"), AMOUNT), rows)
    assert (cells(grid)["state"], cells(grid)["fund"]) == (("", None), ("基金", 40))


def test_halves_stand_head_to_head_and_foot_to_foot():
    def half(key, heads, tail):
        rows = (*(Row(f"h{at}", f"头{at}", Where(fund=f"9{at}")) for at in range(heads)),)
        rows += tuple(RowTotal(f"t{at}", f"尾{at}") for at in range(tail))
        return Table(key, (Text("item", "项目"), AMOUNT), Skeleton(rows, tail=tail))

    grid = compute(SideBySide("both", half("left", 3, 1), half("right", 1, 2), "左", "右"), book(()))
    assert [row.key for row in grid.rows] == [("h0", "h0"), ("h1", ""), ("h2", ""), ("", "t0"), ("t0", "t1")]
    assert [row.cells[::2] for row in grid.rows] == [
        ("头0", "头0"),
        ("头1", ""),
        ("头2", ""),
        ("", "尾0"),
        ("尾0", "尾1"),
    ]


def test_a_row_is_found_in_the_half_of_its_column():
    """The same key may name different rows in the two halves."""
    left = Skeleton((Row("a", "甲", Where(fund="11")), Row("b", "乙", Where(fund="12"))))
    right = Skeleton((Row("b", "乙", Where(unit="2")), Row("a", "甲", Where(unit="1"))))
    columns = (Text("item", "项目"), AMOUNT)
    grid = compute(SideBySide("both", Table("left", columns, left), Table("right", columns, right), "左", "右"), book())
    assert (grid.fen("a", "left.amount"), grid.fen("a", "right.amount")) == (305, 340)
    assert (grid.fen("b", "left.amount"), grid.fen("b", "right.amount")) == (40, 5)
    assert grid.behind("a", "right.amount")[1].matches(unit="1")
    assert grid.row("a").key == grid.row("a", 0).key == ("a", "b")
    assert grid.row("a", 1).key == ("b", "a")


# ---- columns


def test_a_group_gives_its_predicate_to_its_columns():
    columns = (
        WORD,
        Group(
            "science",
            "科技",
            Total(),
            AMOUNT,
            OfWhich("fund", "其中：基金", Where(fund="12")),
            where=Where(function="206"),
        ),
        Amount("other", "其他", Where(function="208")),
    )
    grid = draw(columns, BY_UNIT)
    assert cells(grid) == {
        "total": ("合计", 340, 340, 40, 5),
        "2": ("单位2", None, None, None, 5),
        "1": ("单位1", 340, 340, 40, None),
    }
    assert [column.key for column in grid.columns] == [
        "name",
        "science.total",
        "science.amount",
        "science.fund",
        "other",
    ]


def test_a_collapsed_group_is_one_column_of_all_its_money():
    inner = (Total(), Amount("a", "甲", Where(fund="11")), Amount("b", "乙", Where(fund="12")))
    facts = (*FACTS, ("1", "2060101", "13", 8))
    for where, amount, lost in ((Where(), 345, 8), (Where(fund=("11", "12", "13")), 353, 0)):
        group = Group("funds", "资金", *inner, where=where)
        placed = Placed("toy", 1, "{year}年", collapse=frozenset({"funds"}))
        grid = draw((WORD, group), BY_UNIT, *facts, placed=placed)
        assert [(column.key, column.path) for column in grid.columns[1:]] == [("funds.total", ("资金",))]
        assert grid.fen("total", "funds.total") == amount
        assert sum(misfit.amount_fen for misfit in grid.misfits) == lost


def test_what_is_last_year_is_known_unknown_or_nothing():
    columns = (
        WORD,
        AMOUNT,
        Previous("before", "上年", of="amount"),
        Change("change", "增减", of="amount"),
        Change("rate", "％", of="amount", rate=True),
    )
    known = {("total", "amount"): 300, ("2", "amount"): 0}
    grid = draw(columns, BY_UNIT, last_year=known)
    assert cells(grid) == {
        "total": ("合计", 345, 300, 45, "15.00%"),
        "2": ("单位2", 5, None, 5, "新增"),
        "1": ("单位1", 340, "上年数缺", "上年数缺", "上年数缺"),
    }
    assert [row[2:] for row in grid.printed_rows()][1] == ["", "0.05", "新增"]


def test_what_ceased_and_what_never_was():
    columns = (WORD, AMOUNT, Change("change", "增减", of="amount"), Change("rate", "％", of="amount", rate=True))
    rows = Skeleton(
        (Row("a", "甲", Where(fund="11")), Row("b", "乙", Where(fund="12")), Row("c", "丙", Where(fund="13"))),
        0,
        "name",
    )
    known = {("a", "amount"): 305, ("b", "amount"): 80, ("c", "amount"): 0}
    grid = draw(columns, rows, last_year=known)
    assert [row.cells[1:] for row in grid.rows] == [(305, None, "0.00%"), (40, -40, "-50.00%"), (None, None, "—")]
    grid = draw(columns, rows, ("1", "2060101", "11", 1), last_year={**known, ("c", "amount"): 10})
    assert [row.cells[2:] for row in grid.rows] == [(-304, "-99.67%"), (-80, "-100.00%"), (-10, "-100.00%")]


def test_a_set_may_relabel_a_column_and_change_the_unit():
    placed = Placed("toy", 3, "{year}年表", relabel={"amount": "预算数"}, unit="万元", statement="{year}年无。")
    grid = draw((WORD, AMOUNT), BY_UNIT, placed=placed)
    assert (grid.title, grid.number, grid.unit, grid.statement) == ("2024年表", 3, "万元", "2024年无。")
    assert [column.path for column in grid.columns] == [("名称",), ("预算数",)]


def test_a_section_is_printed_as_its_form_is():
    money = Table("money", (AMOUNT,), Single())
    form = Table("form", (WORD,), Records("goals", {"name": "text"}, ("text",)), sections=(Section("预算", money),))
    lists = {"goals": [{"text": "目标"}]}
    facts = (("1", "2060101", "11", 123_456_700),)
    grid = compute(form, book(facts, lists=lists, thousands=True), Placed("form", 14, "表", unit="元"))
    assert list(grid.printed_rows()) == [["目标"]]
    assert list(grid.sections[0].grid.printed_rows()) == [["1,234,567.00"]]
    assert list(grid.in_unit("万元").sections[0].grid.printed_rows()) == [["123.46"]]


BESIDE = tuple(
    Beside(key, label, "goals", Where(kind=key), (Text("text", "指标"),), by="item")
    for key, label in (("output", "产出"), ("effect", "效益"))
)


def test_records_run_down_beside_their_row():
    lists = {
        "goals": [
            {"item": "x", "kind": "output", "text": "甲"},
            {"item": "x", "kind": "effect", "text": "乙"},
            {"item": "x", "kind": "output", "text": "丙"},
            {"item": "z", "kind": "output", "text": "无此项目"},
        ]
    }
    base = book(lists=lists)
    base = replace(
        base,
        money={"lines": Facts(("item",), (("x", 5), ("y", 6)))},
        members={"item": {"x": Member("1", "项目一", (1,)), "y": Member("2", "项目二", (2,))}},
    )
    rows = Discovered(Sum({"name": "合计"}), By("item", NAME))
    grid = compute(Table("toy", (WORD, AMOUNT, Group("goals", "目标", *BESIDE)), rows), base)
    assert [(row.key, row.continues, row.cells) for row in grid.rows] == [
        ("total", False, ("合计", 11, "", "")),
        ("x", False, ("项目一", 5, "甲", "乙")),
        ("x#2", True, ("", None, "丙", "")),
        ("y", False, ("项目二", 6, "", "")),
    ]
    assert grid.behind("x#2", "amount")[1] == NOTHING


# ---- declarations that contradict themselves


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ((WORD, AMOUNT, AMOUNT), "declared twice"),
        ((Group("a", "甲", AMOUNT), Group("a", "乙", AMOUNT)), "declared twice"),
        ((WORD, OfWhich("part", "其中", Where())), "part of no column"),
        ((AMOUNT, OfWhich("part", "其中", Where(), of="total")), "no column before it"),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(columns, words):
    with pytest.raises(ValueError, match=words):
        plan_of(Table("wrong", columns, Single()))


# ---- what a grid answers


def test_a_figure_that_is_not_printed_is_nothing():
    grid = draw((WORD, AMOUNT), BY_UNIT)
    assert grid.fen("77", "amount") == 0
    assert str(grid.amount("1", "amount")) == "3.40"
    with pytest.raises(KeyError, match="没有列"):
        grid.fen("1", "nonsense")
    with pytest.raises(KeyError):
        grid.row("77")
    assert grid.fen("1", "name") == 0


def test_merged_words_never_cross_a_change_to_their_left():
    columns = (GridColumn("a", ("一",), "text", merge=True), GridColumn("b", ("二",), "text", merge=True))
    words = [("甲", "子"), ("甲", "子"), ("乙", "子"), ("乙", "丑"), ("乙", "丑")]
    grid = Grid("toy", columns, tuple(GridRow(str(at), "record", pair) for at, pair in enumerate(words)))
    assert [tuple(merge) for merge in grid.merges()] == [(0, 0, 2), (2, 0, 3), (0, 1, 2), (3, 1, 2)]


def test_a_book_of_other_facts_forgets_what_was_drawn():
    placed = Placed("toy", 1, "表")
    table = Table("toy", (WORD, AMOUNT), BY_UNIT)
    first = book()
    assert compute(table, first, placed).fen("total", "amount") == 345
    other = replace(first, money={"lines": Facts(("unit", "function", "fund"), (("1", "2060101", "11", 8),))})
    assert compute(table, other, placed).fen("total", "amount") == 8


def test_a_heading_that_names_the_unit_follows_it():
    grid = Grid("one", (GridColumn("money", ("项目金额（万元）",), "amount"),), (GridRow("total", "total", (100,)),))
    assert grid.in_unit("元").columns[0].path == ("项目金额（元）",)
    assert grid.in_unit("元").in_unit("万元").columns == grid.columns
