"""The rows of a table that was found in a file: named by the same keys as ours, by their codes and words."""

import re
from collections.abc import Iterator
from dataclasses import replace

from budget.models.items import Category
from budget.reporting.grid import Grid, GridRow, GridSection
from budget.reporting.spec import TableSet

from .files import Source
from .foreign import Document, Found, amount, narrow, read, renamed

TOTALS = ("合计", "总计")
CATEGORIES = frozenset(Category.labels)
NO_CLASS = "00000"
SAYS_EMPTY = ("无数据", "为空", "支出")  # how the sentence under an empty table ends
PROJECT_CODE = re.compile(r"\d{8}[0-9A-Z]{13}")
ECONOMIC = ("general_basic_by_economic", "by_economic", "agency_operating")
BY_ITEM = ("basic_items", "projects")


def read_document(source: Source, table_set: TableSet, year: int) -> Document:
    """A file's tables of a set as Grids, with the records that rules about words look at."""
    document = read(source, table_set, year, grid_of)
    _records(document)
    return document


def grid_of(found: Found, document: Document) -> Grid:
    if found.blank.sections:
        return _form(found, document)
    if found.blank.half_labels or _is_skeleton(found.blank):
        return _printed_rows(found, document)
    return _found_rows(found, document)


def _is_skeleton(grid: Grid) -> bool:
    return bool(grid.rows) and grid.rows[0].kind == "single"


def _cells(found: Found, document: Document, number: int, values: dict[int, object], key, zeros: list) -> tuple:
    """A row's cells, and their addresses under its key."""
    cells = []
    for at, column in enumerate(found.blank.columns):
        value = values.get(at)
        name = key[column.half] if isinstance(key, tuple) else key
        address = found.address(number, at) if at in found.places else ""
        if name and address:
            document.addresses.setdefault((found.key, name, column.key), address)
        if column.is_text:
            cells.append("" if value is None else str(value).strip())
        else:
            fen = amount(value, found.unit, document, address) if value is not None else None
            zeros.append((fen == 0 and value is not None, value is None, name, column.key))
            cells.append(fen or None)
    return tuple(cells)


def _close(found: Found, document: Document, rows: list[GridRow], zeros: list, **more) -> Grid:
    printed = [one for one in zeros if one[0]]
    document.lists.setdefault("printed_zeros", []).append(
        {
            "table": found.key,
            "zeros": len(printed),
            "blanks": sum(one[1] for one in zeros),
            "row": printed[0][2] if printed else "",
            "column": printed[0][3] if printed else "",
        }
    )
    said = (text for text in _texts_below(found) if text.rstrip("。").endswith(SAYS_EMPTY))
    statement = next(said, "")
    return renamed(found.blank, rows=tuple(rows), unit=found.unit, statement=statement, misfits=(), **more)


def _texts_below(found: Found) -> Iterator[str]:
    """Sentences below the header that stand alone in their row."""
    for number, row in found.sheet.rows:
        words = [value for value in row if value is not None]
        if number > found.header and len(words) == 1 and isinstance(words[0], str) and len(words[0]) > 8:
            yield words[0]


def _printed_rows(found: Found, document: Document) -> Grid:
    """A table whose rows are printed in any case: each half's rows found by their words, in order."""
    grid = found.blank
    words = {at: column.half for at, column in enumerate(grid.columns) if column.is_text}
    left: dict[int, list[tuple[str, str]]] = {half: [] for half in words.values()}
    for row in grid.rows:
        keys = row.key if isinstance(row.key, tuple) else (row.key,)
        for at, half in words.items():
            if keys[half]:
                left[half].append((narrow(row.cells[at]), keys[half]))
    told: dict[tuple[int, str], dict[int, object]] = {}
    zeros: list = []
    for number, values in found.body():
        if not words:
            if any(value is not None for value in values.values()):
                told.setdefault((0, grid.rows[0].key), {at: (number, value) for at, value in values.items()})
            continue
        for at, half in words.items():
            label = narrow(values.get(at))
            place = next((i for i, (one, _) in enumerate(left[half]) if one == label), None) if label else None
            if place is not None:
                _, key = left[half].pop(place)
                mine = [other for other, column in enumerate(grid.columns) if column.half == half]
                told[half, key] = {other: (number, values.get(other)) for other in mine}
    rows = []
    for row in grid.rows:
        keys = row.key if isinstance(row.key, tuple) else (row.key,)
        cells = list(row.cells)
        for half, key in enumerate(keys):
            for at, (number, value) in told.get((half, key), {}).items():
                column = grid.columns[at]
                if at not in found.places:
                    continue
                address = found.address(number, at)
                document.addresses[found.key, key, column.key] = address
                if column.is_money:
                    fen = amount(value, found.unit, document, address) if value is not None else None
                    zeros.append((fen == 0 and value is not None, value is None, key, column.key))
                    cells[at] = fen or None
        rows.append(row._replace(cells=tuple(cells)))
    return _close(found, document, rows, zeros)


def _found_rows(found: Found, document: Document) -> Grid:
    """A table whose rows are those that have money: each named by its codes, below the nodes above it."""
    rows: list[GridRow] = []
    zeros: list = []
    nodes: list[str] = []
    names: dict[str, int] = {}
    for number, values in found.body():
        words = {
            found.blank.columns[at].key: str(value).strip()
            for at, value in values.items()
            if value is not None and found.blank.columns[at].is_text
        }
        has_money = any(value is not None and found.blank.columns[at].is_money for at, value in values.items())
        if not words or (not has_money and len(words) < 2):
            continue
        named = _named(found.key, words, document.table_set)
        if named is None:
            if found.key == "project_performance" and rows:
                key = f"{rows[-1].key.partition('#')[0]}#{number}"
                cells = _cells(found, document, number, values, key, [])
                rows.append(rows[-1]._replace(key=key, cells=cells, continues=True))
            elif has_money:
                document.notices.append(f"{found.sheet.address(number, 1)}：这一行看不出是什么科目或项目，没有检查。")
            continue
        kind, codes = named
        if kind in ("department", "unit"):
            nodes = [codes[0]] if kind == "department" else [*nodes[:1], codes[0]]
            key = "/".join(nodes)
        elif kind == "total":
            key = "total"
        else:
            key = "/".join([*(nodes if found.key not in ECONOMIC else ()), *codes])
        names[key] = names.get(key, 0) + 1
        key = key if names[key] == 1 else f"{key}~{names[key]}"
        rows.append(GridRow(key, kind, _cells(found, document, number, values, key, zeros), (None,), len(nodes)))
    return _close(found, document, rows, zeros)


def _named(table: str, words: dict[str, str], table_set: TableSet) -> tuple[str, list[str]] | None:
    """The level of a row and its codes below the nodes; None for a row that only goes on, or is no row of the table."""
    if any(narrow(value) in TOTALS for value in words.values()):
        return "total", ["total"]
    if table in ECONOMIC:
        return _economic(table, words)
    if table in BY_ITEM:
        category, name = words.get("category", ""), words.get("name", "")
        if category in CATEGORIES:
            return "item", [f"{category}:{name}"]
        code = name if table == "projects" else category
        return ("department" if len(code) == 3 else "unit", [code]) if code.isdigit() else None
    if table == "project_performance":
        code = re.sub(r"\s", "", words.get("code", ""))
        if PROJECT_CODE.fullmatch(code) or (code and not code.isdigit()):
            return "item", [code]
        return ("department" if len(code) == 3 else "unit", [code]) if code else None
    code = "".join(re.sub(r"\D", "", words.get(f"code.{part}", "")) for part in ("class", "kind", "item"))
    if code:
        above = [code[:length] for length in table_set.function_lengths if length < len(code)]
        return "function" if len(code) == 7 else f"function-{len(code)}", [*above, code]
    unit = words.get("unit_code", "")
    return ("department" if len(unit) == 3 else "unit", [unit]) if unit.isdigit() else None


def _economic(table: str, words: dict[str, str]) -> tuple[str, list[str]] | None:
    codes = []
    for side in ("economic", "government"):
        code = words.get(f"{side}.code") or f"{words.get(f'{side}.class', '')}{words.get(f'{side}.kind', '')}"
        codes.append(re.sub(r"\D", "", code) or NO_CLASS)
    if table == "agency_operating":
        return ("economic", codes[:1]) if codes[0] != NO_CLASS else None
    return "economic+government", ["+".join(codes)]


def _form(found: Found, document: Document) -> Grid:
    """Table 14: the indicators below their header; of the sections above, the money, a line a figure."""
    zeros: list = []
    rows = []
    for number, values in found.body():
        words = [str(value).strip() for value in values.values() if value is not None]
        if len(words) > 2:
            key = "/".join(words[:3])
            rows.append(GridRow(key, "record", _cells(found, document, number, values, key, zeros)))
    sections = []
    for section in found.blank.sections:
        money = [at for at, column in enumerate(section.grid.columns) if column.is_money]
        if money:
            sections.append(GridSection(section.label, _lines_of(found, document, section.grid)))
    document.lists["department_indicators"] = [
        {
            **dict(zip([column.key for column in found.blank.columns], row.cells, strict=True)),
            "uid": row.key,
        }
        for row in rows
    ]
    return replace(_close(found, document, rows, []), sections=tuple(sections))


def _lines_of(found: Found, document: Document, grid: Grid) -> Grid:
    row = grid.rows[0]
    cells = list(row.cells)
    for number, values in found.sheet.rows:
        if number >= found.header:
            break
        labels = [narrow(value) for value in values]
        for at, column in enumerate(grid.columns):
            if narrow(column.path[-1]) in labels:
                last = max(place for place, value in enumerate(values) if value is not None)
                if last > labels.index(narrow(column.path[-1])):
                    address = found.sheet.address(number, last + 1)
                    document.addresses[f"{found.key}.{grid.key}", row.key, column.key] = address
                    cells[at] = amount(values[last], found.unit, document, address) or None
    return renamed(grid, rows=(row._replace(cells=tuple(cells)),), unit=found.unit)


# ---- what rules about words look at


LEVELS = {"cost": "成本指标", "output": "产出指标", "benefit": "效益指标", "satisfaction": "满意度指标"}
OPERATORS = ("≥", "≤", ">", "<", "=", "＞", "＜", "＝")
LEADING = re.compile(r"^[≥≤><=＞＜＝]?\s*-?[\d,.]+\s*(?P<measure>.*)$")


def _records(document: Document) -> None:
    grid = document.grids.get("project_performance")
    if grid is None:
        return
    goals, indicators, owner = [], [], None
    at = {column.key: place for place, column in enumerate(grid.columns)}
    for row in grid.rows:
        if row.kind != "item":
            continue
        if not row.continues:
            owner = {"item": row.key, "unit": "", "name": row.cells[at["name"]], "text": "（见表15）"}
            goals.append(owner)
        for kind, level in LEVELS.items():
            name, value = row.cells[at[f"goals.{kind}.name"]], row.cells[at[f"goals.{kind}.value"]]
            if name or value:
                place = document.addresses.get((grid.key, row.key, f"goals.{kind}.name"), "")
                indicators.append(_indicator(owner, level, name, value, place))
    document.lists |= {"project_goals": goals, "project_indicators": indicators}


def _indicator(owner: dict, level: str, name: str, value: str, place: str) -> dict:
    number = LEADING.match(value)
    operator = value[0] if value.startswith(OPERATORS) else ("" if number else "定性")
    return {
        "item": owner["item"],
        "project": owner["name"],
        "unit": "",
        "level_1": level,
        "level_2": "",
        "name": name,
        "operator": operator,
        "target": value,
        "measure": number["measure"] if number else "",
        "value": value,
        "weight": None,
        "uid": place,
    }
