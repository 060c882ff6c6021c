"""JSON as other programs read it: header paths joined by `/`, figures as printed, keys beside every row."""

import json
from collections.abc import Iterable

from . import money, remarks
from .checked import checked
from .grid import Grid, Misfit

SCHEMA = 1


def book_json(grids: Iterable[Grid]) -> dict:
    """The book as plain data under schema 1."""
    return {"schema": SCHEMA, "tables": [table_json(grid) for grid in grids]}


def table_json(grid: Grid) -> dict:
    """A table as plain data. `unit` is what its figures are printed in (元 or 万元); misfits are in 元."""
    return {
        "key": checked(grid).key,
        "number": grid.number,
        "title": grid.title,
        "year": grid.year,
        "organisation": grid.organisation,
        "unit": grid.unit,
        **_body(grid),
        "sections": [{"key": one.grid.key, "label": one.label, **_body(one.grid)} for one in grid.sections],
        "notes": list(grid.notes),
        "statement": remarks.statement(grid),
        "misfits": [_misfit(misfit) for misfit in remarks.misfits(grid)],
    }


def json_text(grids: Iterable[Grid]) -> str:
    """The book as JSON text, Chinese as it is, a final newline."""
    return json.dumps(book_json(grids), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _body(grid: Grid) -> dict:
    return {
        "columns": ["/".join(column.path) for column in grid.columns],
        "rows": list(grid.printed_rows()),
        "keys": [list(row.key) if isinstance(row.key, tuple) else row.key for row in grid.rows],
    }


def _misfit(misfit: Misfit) -> dict:
    return {
        "reason": misfit.reason,
        "fact": dict(misfit.fact),
        "amount": f"{money.yuan(misfit.amount_fen):.2f}",
    }
