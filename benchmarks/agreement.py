"""Whether the floor's rows say what our Grids say: each figure, each name, each row in its place.

A floor that did less work than we do would be no floor; so every benchmark begins with this.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from budget.reporting.grid import Grid, GridRow

INCOME = (
    "general",
    "appropriation",
    "government_fund",
    "state_capital",
    "special_account",
    "undertakings",
    "operations",
    "from_above",
    "from_below",
    "other",
    "this_year",
    "carried_over",
    "total",
)
FISCAL = ("", ".general", ".appropriation", ".government_fund", ".state_capital")
SPENT = ("total", "general.total", "general.appropriation", "government_fund", "state_capital")


def differences(grids: Sequence[Grid], floor: dict[str, list[tuple]]) -> list[str]:
    """What a Grid says and the floor does not, or the other way round: the first difference of every table."""
    found = []
    for grid in grids:
        ours, theirs = list(_ours(grid)), list(_theirs(grid.key, floor[grid.key]))
        if ours == theirs:
            continue
        at = next((at for at, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), -1)
        pair = (ours[at], theirs[at]) if at >= 0 else (f"{len(ours)} 行", f"{len(theirs)} 行")
        found.append(f"{grid.key}：{pair[0]} ≠ {pair[1]}")
    return found


def _figures(grid: Grid, row: GridRow) -> tuple:
    return tuple(value for column, value in zip(grid.columns, row.cells, strict=True) if column.is_money)


def _words(grid: Grid, row: GridRow, *keys: str) -> str:
    return "".join(row.cells[grid.column_at(key)] for key in keys)


def _ours(grid: Grid) -> Iterator[tuple]:
    """The rows of a Grid in the shape they are compared in."""
    match grid.key:
        case "revenue_and_expenditure":
            yield tuple(grid.fen(key, "income.amount") or None for key in INCOME)
            yield from _classes(grid, ("expenditure.amount",))
        case "fiscal_appropriation":
            keys = [f"{when}{part}" for when in ("this_year", "carried_over") for part in FISCAL]
            yield tuple(grid.fen(key, "income.amount") or None for key in keys)
            yield from _classes(grid, tuple(f"expenditure.{key}" for key in SPENT))
        case "three_public":
            yield _figures(grid, grid.rows[0])
        case "department_performance":
            yield from _goals(grid)
        case "project_performance":
            yield from _projects(grid)
        case _:
            for row in grid.rows:
                yield (*_row_words(grid, row), *_figures(grid, row))


def _row_words(grid: Grid, row: GridRow) -> tuple[str, ...]:
    total = row.key == "total"
    match grid.key:
        case "basic_items" | "projects":
            return row.cells[:3]
        case "general_basic_by_economic":
            keys = ("economic.code", "economic.name", "government.code", "government.name")
            return ("", "合计", "", "") if total else tuple(_words(grid, row, key) for key in keys)
        case "by_economic":
            halves = (("class", "kind"), ("name",))
            return tuple(
                _words(grid, row, *(f"{side}.{key}" for key in half))
                for side in ("economic", "government")
                for half in halves
            )
        case "agency_operating":
            return ("", "合计") if total else (_words(grid, row, "economic.code"), _words(grid, row, "economic.name"))
    code = _words(grid, row, "code.class", "code.kind", "code.item")
    return code, _words(grid, row, "unit_code"), _words(grid, row, "name")


def _classes(grid: Grid, columns: tuple[str, ...]) -> Iterator[tuple]:
    """类 and figures of the spending half, where there are any."""
    for row in grid.rows:
        if row.key[1].isdigit() and any(figures := tuple(grid.fen(row.key[1], column) or None for column in columns)):
            yield (row.key[1], *figures)


def _goals(grid: Grid) -> Iterator[tuple]:
    parts = {section.grid.key: section.grid for section in grid.sections}
    yield _figures(parts["money"], parts["money"].rows[0])
    for key in ("goals", "tasks"):
        yield from (row.cells for row in parts[key].rows)
    yield from (row.cells for row in grid.rows)


def _projects(grid: Grid) -> Iterator[tuple]:
    """Code, name, figures; then each indicator of the project as (kind, name, value), kind by kind."""
    kinds = {"cost": "成本指标", "output": "产出指标", "benefit": "效益指标", "satisfaction": "满意度指标"}
    rows = list(grid.rows)
    for at, row in enumerate(rows):
        if row.continues:
            continue
        end = next((end for end in range(at + 1, len(rows)) if not rows[end].continues), len(rows))
        indicators = [
            (label, name, _words(grid, one, f"goals.{key}.value"))
            for key, label in kinds.items()
            for one in rows[at:end]
            if (name := _words(grid, one, f"goals.{key}.name"))
        ]
        yield _words(grid, row, "code"), _words(grid, row, "name"), _figures(grid, row), sorted(indicators)


def _theirs(table: str, rows: list[tuple]) -> Iterator[tuple]:
    """The rows of the floor in the shape they are compared in."""
    match table:
        case "revenue_and_expenditure":
            yield rows[0][1:]
            yield from (row[:2] for row in rows[1:])
        case "fiscal_appropriation":
            yield rows[0][1:]
            yield from (row[: 1 + len(SPENT)] for row in rows[1:])
        case "three_public":
            yield rows[0]
        case "agency_operating":
            yield from rows
        case "department_performance":
            yield rows[0][8:]
            for part, _, _, name, content, third, value, explanation, *_ in rows[1:]:
                yield {2: (name,), 3: (name, content), 4: (name, content, third, value, explanation)}[part]
        case "project_performance":
            for _, group in groupby(rows, key=lambda row: row[:3]):
                found = list(group)
                indicators = sorted(row[6:9] for row in found if row[6])
                yield found[0][4], found[0][5], found[0][9:], indicators
        case "general_basic_by_economic" | "by_economic":
            for _, blank, code, name, other_blank, other_code, other_name, *figures in rows:
                yield ("" if blank else code, name, "" if other_blank else other_code, other_name, *figures)
        case "basic_items" | "projects":
            yield from (row[3:] for row in rows)
        case _:
            yield from (row[2:] for row in rows)
