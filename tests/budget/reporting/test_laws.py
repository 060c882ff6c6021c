"""The laws of the engine (docs/architecture.md), over any lines and both table sets.

Laws 1 (one query a source) and 10 (a book is of one state) need a database: tests/budget/test_books.py. Laws 7 (only
money rounds) and 8 (renderers know nothing but grids) are read off the code: test_gates.py.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from budget.reporting import csv_text, html, json_form, xlsx
from budget.reporting.compute import compute
from budget.reporting.grid import Grid
from budget.reporting.plan import plan_of
from budget.reporting.registry import parts, table_in
from budget.reporting.spec import (
    Amount,
    Group,
    OfWhich,
    Row,
    RowTotal,
    SideBySide,
    Single,
    Skeleton,
    Table,
    Text,
    Total,
)
from budget.reporting.stored import grid_from_stored, grid_to_stored
from budget.reporting.where import Where
from publication.sets.henan_jiaozuo_2024 import HENAN_JIAOZUO_2024
from publication.sets.mof_minimum import MOF_MINIMUM
from tests.plain_books import Plain, book_of, budgets, reference

SETS = (HENAN_JIAOZUO_2024, MOF_MINIMUM)
FIGURES = ("amount", "of_which", "total")
quick = settings(max_examples=60, deadline=None, derandomize=True)


def grids_of(book) -> list[Grid]:
    """Every grid of a book, the sections of a form too."""
    return [one for grid in book.grids() for one in (grid, *(section.grid for section in grid.sections))]


def every_grid(plain: Plain):
    return [grid for table_set in SETS for grid in grids_of(book_of(plain, table_set))]


def one_line(**changes) -> Plain:
    """The reference with one more basic line."""
    plain = reference()
    line = {**plain.lines[0], "function": "2060101", "fen": 7_000_000, **changes}
    return replace(plain, lines=(*plain.lines, line))


def misfits(plain: Plain, table_set=HENAN_JIAOZUO_2024) -> dict[str, list]:
    found = {grid.key: list(grid.misfits) for grid in grids_of(book_of(plain, table_set))}
    return {key: misfits for key, misfits in found.items() if misfits}


# ---- 2


def tiles_exactly(grid: Grid) -> None:
    covered = {}
    for cell in grid.header_cells():
        for row in range(cell.row, cell.row + cell.rowspan):
            for column in range(cell.column, cell.column + cell.colspan):
                assert (row, column) not in covered, f"{grid.key}: two cells at {row}, {column}"
                covered[row, column] = cell
    assert len(covered) == grid.header_depth * len(grid.columns), grid.key
    for at, column in enumerate(grid.columns):
        downwards = dict.fromkeys(covered[row, at] for row in range(grid.header_depth))
        assert tuple(cell.text for cell in downwards) == column.path, column.key
    for (row, at), cell in covered.items():  # one heading a group, whatever its words
        if (next_to := covered.get((row, at + 1))) and cell.row == row:
            here, there = ((column.half, *column.group_keys[: row + 1]) for column in grid.columns[at : at + 2])
            assert (cell == next_to) is (here == there), (cell, next_to)


_words = st.sampled_from(["合计", "小计", "一般公共预算"])


@st.composite
def columns(draw, depth=0):
    """A few columns and groups of them, with the same labels again and again."""
    found = []
    for at in range(draw(st.integers(1, 3))):
        if depth < 3 and draw(st.booleans()):
            found.append(Group(f"g{at}", draw(_words), *draw(columns(depth + 1)), where=Where(fund=str(at))))
        else:
            found.append(draw(st.sampled_from([Amount, Text]))(f"c{at}", draw(_words)))
    return (*found, Total("sum", "总计")) if draw(st.booleans()) else tuple(found)


@given(columns(), columns(), st.booleans())
@quick
def test_header_cells_tile_the_header_exactly(left, right, beside):
    book = book_of(reference(), HENAN_JIAOZUO_2024)
    one, other = (
        Table(key, columns, Skeleton((Row("all", "全部"),))) for key, columns in (("one", left), ("other", right))
    )
    grid = compute(SideBySide("both", one, other, "收入", "支出") if beside else one, book)
    tiles_exactly(grid)
    cells = [(cell.row, cell.column) for row in grid.header_rows() for cell in row]
    assert cells == sorted(cells)


def test_the_headers_of_every_set_tile_exactly():
    for grid in every_grid(reference()):
        tiles_exactly(grid)


# ---- 3


@given(budgets())
@quick
def test_a_total_is_the_sum_of_its_group(plain):
    for grid in every_grid(plain):
        for at, column in enumerate(grid.columns):
            if column.role == "total":
                group = column.group_keys[:-1]
                amounts = [
                    place
                    for place, other in enumerate(grid.columns)
                    if other.role == "amount" and other.half == column.half and other.group_keys[: len(group)] == group
                ]
                for row in grid.rows:
                    assert (row.cells[at] or 0) == sum(row.cells[place] or 0 for place in amounts), column.key


@given(budgets())
@quick
def test_a_row_is_the_sum_of_the_rows_below_it(plain):
    for grid in every_grid(plain):
        rows = [row for row in grid.rows if not row.continues]
        for at, column in enumerate(grid.columns):
            if column.role not in FIGURES or not any(row.depth for row in rows):
                continue
            for place, row in enumerate(rows):
                below = []
                for other in rows[place + 1 :]:
                    if other.depth <= row.depth:
                        break
                    below += [other.cells[at] or 0] if other.depth == row.depth + 1 else []
                if below:
                    assert (row.cells[at] or 0) == sum(below), (grid.key, row.key, column.key)


@given(budgets(tidy=True))
@quick
def test_of_which_never_exceeds_its_parent(plain):
    for table_set in SETS:
        for grid in book_of(plain, table_set).grids():
            for table in parts(table_in(table_set, grid.key)):
                of_which_within_parent(grid, table, table_set.placed(grid.key).collapse)


def of_which_within_parent(grid: Grid, table: Table, collapse) -> None:
    drawn = next((one.grid for one in grid.sections if one.grid.key == table.key), grid)
    prefix = f"{table.key}." if drawn.half_labels else ""
    parent = None
    for leaf in plan_of(table, collapse if not drawn.half_labels else frozenset()).leaves:
        if isinstance(leaf.spec, (Amount, Total)):
            parent = leaf.key
        elif isinstance(leaf.spec, OfWhich):
            part, whole = (drawn.column_at(prefix + key) for key in (leaf.key, leaf.spec.of or parent))
            for row in drawn.rows:
                assert (row.cells[part] or 0) <= (row.cells[whole] or 0), (table.key, leaf.key)


def test_an_of_which_is_in_no_sum():
    other_general = one_line(fund="11112")  # general money that is no 财政拨款
    grid = book_of(other_general, HENAN_JIAOZUO_2024).grid("revenue")
    assert grid.fen("total", "this_year.general.appropriation") == 393_520_000
    assert grid.fen("total", "this_year.general.total") == grid.fen("total", "total") == 400_520_000
    income = book_of(other_general, HENAN_JIAOZUO_2024).grid("revenue_and_expenditure")
    assert income.fen("appropriation", "income.amount") == 393_520_000
    assert income.fen("total", "income.amount") == 400_520_000


# ---- 4


def test_a_line_in_no_column_is_caught():
    found = misfits(one_line(economic="31204", government="50799"))
    assert set(found) == {"expenditure", "general_expenditure", "general_basic_by_economic"}
    for (misfit,) in found.values():
        assert (misfit.reason, misfit.amount_fen) == ("column", 7_000_000)
        assert ("economic", "31204") in misfit.fact
    book = book_of(one_line(economic="31204"), HENAN_JIAOZUO_2024)
    assert book.grid("expenditure").fen("total", "total") == 393_520_000
    assert book.grid("by_economic").fen("total", "total") == 400_520_000


def test_a_line_in_two_columns_is_caught():
    columns = (
        Total(),
        Amount("goods", "公用", Where(economic="302")),
        Amount("guests", "接待", Where(economic="30217")),
    )
    table = Table("twice", columns, Single(), where=Where(economic="302", category="21"))
    grid = compute(table, book_of(reference(), HENAN_JIAOZUO_2024))
    assert [(misfit.reason, misfit.amount_fen) for misfit in grid.misfits] == [("column", 200_000)]
    assert grid.fen("total", "goods") == grid.fen("total", "total") == 9_740_000


def test_misfits_name_every_dimension_that_decided():
    (misfit,) = misfits(one_line(economic="31204", carried_over=True))["expenditure"]
    assert dict(misfit.fact) == {
        "category": "1",
        "economic": "31204",
        "department": "566",
        "unit": "566001",
        "function": "2060101",
    }


@given(budgets(fitting=True))
@quick
def test_where_every_line_has_its_place_nothing_is_caught(plain):
    assert misfits(plain) == {}


# ---- 5


@given(budgets())
@quick
def test_every_figure_equals_the_sum_of_the_lines_behind_it(plain):
    for table_set in SETS:
        book = book_of(plain, table_set)
        for grid in grids_of(book):
            figures_equal_what_is_behind(grid, book)


def figures_equal_what_is_behind(grid: Grid, book) -> None:
    for row in grid.rows:
        for at, column in enumerate(grid.columns):
            if column.role in FIGURES and row.wheres[column.half] is not None:
                key = row.key[column.half] if isinstance(row.key, tuple) else row.key
                source, where = grid.behind(row.key, column.key)
                facts = book.facts(source)
                test = where.compiled(facts.dimensions)
                assert (row.cells[at] or 0) == sum(fact[-1] for fact in facts.rows if test(fact)), (key, column.key)


def test_behind_the_reference():
    for table_set in SETS:
        book = book_of(reference(), table_set)
        for grid in grids_of(book):
            figures_equal_what_is_behind(grid, book)


def test_behind_words_and_empty_halves_there_is_nothing():
    grid = book_of(reference(), HENAN_JIAOZUO_2024).grid("revenue_and_expenditure")
    for row, column in ((("", "211"), "income.amount"), (("total", "total"), "income.item")):
        source, where = grid.behind(row, column)
        assert source == "receipts"
        assert not where.matches(spent=True, fund="11111", carried_over=False, function="2060101")


# ---- 6


def test_money_outside_the_printed_rows_is_a_misfit():
    lost = misfits(one_line(function="0000000"))  # 未细化: no 类 of table 1
    assert set(lost) == {"revenue_and_expenditure", "fiscal_appropriation"}
    for (misfit,) in lost.values():
        assert misfit == ("row", (("function", "0000000"), ("spent", True)), 7_000_000)
    grid = book_of(one_line(function="0000000"), HENAN_JIAOZUO_2024).grid("revenue_and_expenditure")
    assert grid.fen("total", "income.amount") - grid.fen("total", "expenditure.amount") == 7_000_000


def test_money_in_two_printed_rows_is_a_misfit():
    rows = (
        Row("science", "科学", Where(function="206")),
        Row("running", "行政运行", Where(function="2060101")),
        RowTotal("total", "合计"),
    )
    grid = compute(
        Table("twice", (Text("item", "项目"), Amount("amount", "金额")), Skeleton(rows)),
        book_of(reference(), HENAN_JIAOZUO_2024),
    )
    assert ("row", (("function", "2060101"),), 81_370_000) in grid.misfits
    assert grid.fen("total", "amount") + sum(misfit.amount_fen for misfit in grid.misfits) == 393_520_000


# ---- 9


@given(budgets())
@quick
def test_a_published_grid_renders_from_storage_the_same(plain):
    for table_set in SETS:
        for grid in book_of(plain, table_set).grids():
            again = grid_from_stored(json.loads(json.dumps(grid_to_stored(grid))))
            assert again == grid
            assert grid_to_stored(again) == grid_to_stored(grid)
            assert csv_text.csv_bytes(again) == csv_text.csv_bytes(grid)
            assert json_form.table_json(again) == json_form.table_json(grid)


def test_the_reference_renders_from_storage_the_same():
    grids = book_of(reference(), HENAN_JIAOZUO_2024).grids()
    stored = [grid_from_stored(json.loads(json.dumps(grid_to_stored(grid)))) for grid in grids]
    created = datetime(2024, 3, 1, tzinfo=UTC)
    assert json_form.json_text(stored) == json_form.json_text(grids)
    assert [html.table_of(grid) for grid in stored] == [html.table_of(grid) for grid in grids]
    assert xlsx.book_bytes(stored, created=created) == xlsx.book_bytes(grids, created=created)
    assert stored[2].behind("total", "total") == grids[2].behind("total", "total")


# ---- 11


@given(budgets())
@quick
def test_doubling_every_line_doubles_every_figure(plain):
    for single, double in zip(every_grid(plain), every_grid(plain.times(2)), strict=True):
        assert [row.key for row in single.rows] == [row.key for row in double.rows]
        for one, two in zip(single.rows, double.rows, strict=True):
            expected = [
                value * 2 if column.is_money and isinstance(value, int) else value
                for column, value in zip(single.columns, one.cells, strict=True)
            ]
            assert expected == list(two.cells), (single.key, one.key)
        assert [misfit.amount_fen * 2 for misfit in single.misfits] == [misfit.amount_fen for misfit in double.misfits]
