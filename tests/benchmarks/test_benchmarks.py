"""The benchmarks measure what they say: the floor does the same work, and the command prints what others rely on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from benchmarks import data, floors, measure
from benchmarks.agreement import differences
from benchmarks.workbook_floor import say_again, written_down
from budget.books import read_book, select
from budget.models import Budget, Line

ROOT = Path(__file__).parents[2]
SEVERAL_UNITS = 1_000


@pytest.fixture(params=[data.REFERENCE, SEVERAL_UNITS])
def department(request, db):
    return data.fill(request.param)


def grids_of(department) -> list:
    return read_book(select(department, data.YEAR, data.STAGE)).grids()


def floor_rows() -> dict[str, list[tuple]]:
    budgets = list(Budget.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        return floors.fetch(cursor, floors.groupings(budgets, len(budgets) > 1))


def test_the_floor_says_what_the_grids_say(department):
    grids, rows = grids_of(department), floor_rows()
    assert list(rows) == [grid.key for grid in grids]
    assert differences(grids, rows) == []


def test_a_floor_that_says_something_else_is_found(department):
    """The negative control: in every table a figure, a name or a row that is not ours."""
    grids = grids_of(department)
    for table, rows in floor_rows().items():
        if len(rows) > 1:
            assert differences(grids, {**floor_rows(), table: rows[:-1]}), table
        changed = [*rows[0][:-1], (rows[0][-1] or 0) + 1]
        assert differences(grids, {**floor_rows(), table: [tuple(changed), *rows[1:]]}), table


def test_the_department_is_as_large_as_asked_and_fits_its_tables(department):
    assert Line.objects.count() in (data.REFERENCE, SEVERAL_UNITS)
    grids = grids_of(department)
    assert [grid.key for grid in grids if grid.misfits] == []
    empty = {grid.key for grid in grids if grid.is_empty}
    if Line.objects.count() == SEVERAL_UNITS:
        assert empty == {"department_performance"}  # its money is in a section


def test_the_floor_of_the_workbook_writes_the_same_file(department):
    script, content = written_down(grids_of(department), measure.CREATED)
    assert say_again(script) == content


@pytest.mark.one_database
def test_the_command_prints_what_others_rely_on():
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--json"], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stderr
    results = json.loads(run.stdout)
    assert [(one["name"], one["size"]) for one in results] == [(name, 40) for name in measure.NAMES]
    for one in results:
        assert {"name", "database", "size", "seconds", "floor_seconds", "ratio", "target"} == set(one)
        assert one["database"] == connection.vendor
        assert one["seconds"] > 0
        assert one["ratio"] == pytest.approx(one["seconds"] / one["floor_seconds"], abs=0.01, rel=0.01)
