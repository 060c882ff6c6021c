"""The last look before a Grid is written anywhere: a fault raises here, never a blank or a wrong figure on paper."""

from . import money
from .grid import Grid, GridColumn, Value

COMPARED = ("previous", "change")  # may say that last year is not known
FIGURES = {int, type(None)}
TYPES = {"text": {str}, "rate": {str, type(None)}, **dict.fromkeys(COMPARED, FIGURES | {str})}  # by role


def checked(grid: Grid) -> Grid:
    """The same grid, looked through with its sections.

    TypeError for a cell that is no word, figure (分) or nothing where it stands; ValueError for a figure too large,
    a row too long or too short, and text that cannot be encoded.
    """
    if not grid.columns:
        raise ValueError(f"表 {grid.key} 没有列")
    for row in grid.rows:
        if len(row.cells) != len(grid.columns):
            raise ValueError(f"表 {grid.key} 的行 {row.key} 有 {len(row.cells)} 格，应有 {len(grid.columns)} 格")
    for at, column in enumerate(grid.columns):
        if not _is_sound(column, [row.cells[at] for row in grid.rows]):
            for row in grid.rows:
                _check(row.cells[at], column, f"表 {grid.key} 行 {row.key} 列 {column.key}")
    labels = (label for column in grid.columns for label in column.path)
    for text in (grid.title, grid.organisation, grid.statement, *grid.notes, *labels):
        _check_text(text, f"表 {grid.key} 的标题、表头或说明")
    for section in grid.sections:
        checked(section.grid)
    return grid


def _is_sound(column: GridColumn, values: list[Value]) -> bool:
    """Whether a look at the whole column finds nothing that must be looked at cell by cell."""
    types = set(map(type, values))
    if not types <= TYPES.get(column.role, FIGURES):
        return False
    if int in types:
        figures = [value for value in values if type(value) is int]
        if min(figures) <= -money.LIMIT_FEN or max(figures) >= money.LIMIT_FEN:
            return False
    if str in types:
        try:
            "".join([value for value in values if type(value) is str]).encode()
        except UnicodeEncodeError:
            return False
    return True


def _check(value: Value, column: GridColumn, place: str) -> None:
    if isinstance(value, str) and not (column.is_money and column.role not in COMPARED):
        _check_text(value, place)
    elif column.is_money and type(value) is int:
        if abs(value) >= money.LIMIT_FEN:
            raise ValueError(f"{place}：金额超出范围（{value} 分）")
    elif value is not None or column.is_text:
        raise TypeError(f"{place}：{value!r} 不能印出")


def _check_text(text: str, place: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{place}：有无法写出的字符 {text!r}") from None
