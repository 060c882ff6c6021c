"""What tables make of the values money stands on is kept from book to book, and never more than that."""

from dataclasses import replace
from unittest.mock import patch

from hypothesis import given, settings

from budget.reporting.gather import Shape
from publication.sets import henan_jiaozuo_2024, mof_minimum
from tests.plain_books import UNIT, book_of, budgets, reference

JIAOZUO, MINIMUM = henan_jiaozuo_2024.HENAN_JIAOZUO_2024, mof_minimum.MOF_MINIMUM


def spread(book):
    return book.spread("lines", book.facts("lines").dimensions)


def drawn(book) -> list:
    return [
        (grid.key, grid.rows, grid.misfits, [(one.label, one.grid.rows, one.grid.misfits) for one in grid.sections])
        for grid in book.grids()
    ]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(plain=budgets())
def test_few_facts_give_the_tables_that_many_would(plain):
    for table_set in (JIAOZUO, MINIMUM):
        few = drawn(book_of(plain, table_set))
        with patch.object(Shape, "FEW", -1):
            assert drawn(book_of(plain, table_set)) == few


def test_a_shape_is_kept_while_only_amounts_are_changed():
    plain = reference()
    before, after = book_of(plain, JIAOZUO), book_of(plain.times(3), JIAOZUO)
    assert spread(before)[0] is spread(after)[0]
    assert [3 * fen for fen in spread(before)[1]] == spread(after)[1]
    for table in ("expenditure", "revenue", "projects", "revenue_and_expenditure"):
        rows = [
            [value and 3 * value if isinstance(value, int) else value for value in row.cells]
            for row in before.grid(table).rows
        ]
        assert [list(row.cells) for row in after.grid(table).rows] == rows


def test_another_line_is_another_shape():
    plain = reference()
    assert spread(book_of(plain, JIAOZUO))[0] is not spread(book_of(replace(plain, lines=plain.lines[1:]), JIAOZUO))[0]


def test_who_is_called_otherwise_is_printed_otherwise_and_in_another_place():
    plain = reference()
    first, last = (book_of(plain, JIAOZUO).grid("projects").rows[at].cells for at in (-2, -1))
    names = [value for value in first if isinstance(value, str)], [value for value in last if isinstance(value, str)]
    uids = [uid for uid, item in plain.items.items() if item["name"] in (*names[0], *names[1])]
    one, other = (plain.items[uid] for uid in uids)
    items = {uid: item for uid, item in plain.items.items() if uid not in uids}
    renamed = replace(
        plain,
        units={UNIT: "改了名的单位"},
        items={**items, uids[1]: other | {"name": "改了名的项目"}, uids[0]: one},
    )
    book, again = book_of(renamed, JIAOZUO), book_of(plain, JIAOZUO)
    assert spread(book)[0] is spread(again)[0]
    assert "改了名的项目" in book.grid("projects").rows[-2].cells
    assert one["name"] in book.grid("projects").rows[-1].cells
    assert not any("改了名" in str(cell) for row in again.grid("projects").rows for cell in row.cells)
    assert any(
        "改了名的单位" in row.cells
        for row in book_of(replace(renamed, is_department=False), JIAOZUO).grid("expenditure").rows
    )
