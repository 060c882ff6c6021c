"""A published Grid is stored and printed again from what was stored, without the lines it came from."""

import json
from dataclasses import fields, replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.reporting.csv_text import csv_bytes
from budget.reporting.grid import Grid, GridColumn, GridRow, Misfit
from budget.reporting.html import table_of
from budget.reporting.json_form import table_json
from budget.reporting.stored import grid_from_stored, grid_to_stored
from budget.reporting.where import ANYTHING, NOTHING, Where
from budget.reporting.xlsx import book_bytes

from .toy import toy_grids
from .toy_data import LINES

MISFIT = ("566001", "help", "11", "2060101", "31201", "50101", "11", True, 123_456)


def again(grid):
    return grid_from_stored(json.loads(json.dumps(grid_to_stored(grid), allow_nan=False)))


@pytest.mark.parametrize("key", list(toy_grids()))
def test_what_was_stored_is_the_grid(key):
    grid = toy_grids((*LINES, MISFIT), unit="元", thousands=True)[key]
    found = again(grid)
    assert found == grid
    assert hash(found.columns) == hash(grid.columns)


def test_every_field_is_stored():
    """A field added to Grid without being stored would be lost in a publication."""
    assert set(grid_to_stored(toy_grids()["goals"])) == {
        "schema",
        *(field.name for field in fields(Grid) if not field.name.startswith("_")),
    }


def test_every_renderer_gives_the_same_from_storage():
    created = datetime(2024, 3, 15)
    for grid in toy_grids((*LINES, MISFIT)).values():
        found = again(grid)
        assert csv_bytes(found) == csv_bytes(grid)
        assert table_json(found) == table_json(grid)
        assert table_of(found) == table_of(grid)
        assert book_bytes([found], created=created) == book_bytes([grid], created=created)


def test_what_a_figure_is_made_of_is_kept():
    grid = toy_grids()["expenditure"]
    place = ("566001/2060101", "basic.personnel.total")
    assert again(grid).behind(*place) == grid.behind(*place)


def test_all_forms_of_a_predicate_and_a_pair_of_kinds_are_kept():
    wheres = (~Where(fund="1"), Where(fund="1") | Where(carried_over=True), NOTHING, None)
    rows = tuple(
        GridRow(("a", ""), ("total", "row"), ("甲", None), (where, ANYTHING), 2, continues=True) for where in wheres
    )
    column = GridColumn("n", ("名称",), "text", ("n",), None, 1, True, 12)
    amount = GridColumn("a", ("金额",), "amount", ("a",), Where(fund="1") & ~Where(fund="12"))
    misfit = Misfit("row", (("fund", None), ("carried_over", False), ("count", 3)), -5)
    grid = Grid("t", (column, amount), rows, scopes=(ANYTHING, NOTHING), sources=("lines", None), misfits=(misfit,))
    assert again(grid) == grid


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_a_figure_of_any_size_is_kept_to_the_fen(fen):
    grid = toy_grids()["three_public"]
    grid = replace(grid, rows=(grid.rows[0]._replace(cells=(fen, None, None, None, None, fen)),))
    assert again(grid).rows[0].cells[0] == fen


def test_another_schema_is_refused():
    data = grid_to_stored(toy_grids()["three_public"])
    with pytest.raises(ValueError, match="schema"):
        grid_from_stored({**data, "schema": 2})
    with pytest.raises(KeyError):
        grid_from_stored({key: value for key, value in data.items() if key != "rows"})
