"""A Grid as it is kept when it is published: exact, in 分, with everything a renderer needs to print it again."""

from . import where
from .grid import Grid, GridColumn, GridRow, GridSection, Misfit
from .where import Predicate

SCHEMA = 1


def grid_to_stored(grid: Grid) -> dict:
    """The grid as plain data for JSON. `grid_from_stored` gives back an equal Grid."""
    return {
        "schema": SCHEMA,
        "key": grid.key,
        "number": grid.number,
        "title": grid.title,
        "year": grid.year,
        "organisation": grid.organisation,
        "organisation_label": grid.organisation_label,
        "unit": grid.unit,
        "thousands": grid.thousands,
        "notes": list(grid.notes),
        "statement": grid.statement,
        "half_labels": list(grid.half_labels),
        "sources": list(grid.sources),
        "scopes": [_kept(scope) for scope in grid.scopes],
        "columns": [_column(column) for column in grid.columns],
        "rows": [_row(row) for row in grid.rows],
        "misfits": [[one.reason, [list(pair) for pair in one.fact], one.amount_fen] for one in grid.misfits],
        "sections": [{"label": one.label, "grid": grid_to_stored(one.grid)} for one in grid.sections],
    }


def grid_from_stored(data: dict) -> Grid:
    """The Grid that was stored. ValueError for another schema, KeyError or TypeError for what is no stored Grid."""
    if data["schema"] != SCHEMA:
        raise ValueError(f"stored grid of schema {data['schema']!r}, not {SCHEMA}")
    return Grid(
        key=data["key"],
        number=data["number"],
        title=data["title"],
        year=data["year"],
        organisation=data["organisation"],
        organisation_label=data["organisation_label"],
        unit=data["unit"],
        thousands=data["thousands"],
        notes=tuple(data["notes"]),
        statement=data["statement"],
        half_labels=tuple(data["half_labels"]),
        sources=tuple(data["sources"]),
        scopes=tuple(_predicate(scope) for scope in data["scopes"]),
        columns=tuple(_column_from(column) for column in data["columns"]),
        rows=tuple(_row_from(row) for row in data["rows"]),
        misfits=tuple(_misfit_from(*misfit) for misfit in data["misfits"]),
        sections=tuple(GridSection(one["label"], grid_from_stored(one["grid"])) for one in data["sections"]),
    )


def _column(column: GridColumn) -> dict:
    return {
        **column._asdict(),
        "path": list(column.path),
        "group_keys": list(column.group_keys),
        "where": _kept(column.where),
    }


def _column_from(data: dict) -> GridColumn:
    found = {**data, "path": tuple(data["path"]), "group_keys": tuple(data["group_keys"])}
    return GridColumn(**{**found, "where": _predicate(data["where"])})


def _row(row: GridRow) -> dict:
    return {
        **row._asdict(),
        "key": _listed(row.key),
        "kind": _listed(row.kind),
        "cells": list(row.cells),
        "wheres": [_kept(one) for one in row.wheres],
    }


def _row_from(data: dict) -> GridRow:
    found = {**data, "key": _paired(data["key"]), "kind": _paired(data["kind"]), "cells": tuple(data["cells"])}
    return GridRow(**{**found, "wheres": tuple(_predicate(one) for one in data["wheres"])})


def _misfit_from(reason: str, fact: list, amount_fen: int) -> Misfit:
    return Misfit(reason, tuple((name, value) for name, value in fact), amount_fen)


def _listed(value):
    return list(value) if isinstance(value, tuple) else value


def _paired(value):
    return tuple(value) if isinstance(value, list) else value


def _kept(predicate: Predicate | None):
    return None if predicate is None else predicate.as_json()


def _predicate(data) -> Predicate | None:
    return None if data is None else where.from_json(data)
