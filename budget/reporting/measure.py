"""How wide the columns and how high the rows of a printed table are, counted in half-width characters and in lines.

A Chinese character is two half-widths wide in every Chinese font, so lines can be counted without knowing the font.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from unicodedata import east_asian_width

from .grid import Value
from .sheet import Sheet

NARROWEST, CODE_WIDEST, LABEL_WIDEST, TEXT_NARROWEST, TEXT_WIDEST = 6, 24, 22, 16, 80
FIGURE_NARROWEST = 8
HALF_WIDTH, PADDING = (20, 3), 9  # pixels of a half-width of 10 pt (20 ÷ 3), and of a column's inner margins
PAGE = 1026  # pixels across A4 on its side within half-inch margins
CROWDED = (5, 4)  # a sheet is printed at four fifths of its size before columns are narrowed
STRETCH = 2  # a narrow table fills the page, but no column grows wider than this many times its content

Printed = Callable[[Value], str]


def pixels(width: int) -> int:
    """The pixels of a column of that many half-widths."""
    return width * HALF_WIDTH[0] // HALF_WIDTH[1] + PADDING


class _Signs(dict):
    """A sign → its half-widths, asked for once."""

    def __missing__(self, sign: str) -> int:
        self[sign] = width = 2 if east_asian_width(sign) in "WFA" else 1
        return width


_SIGNS = _Signs()


@lru_cache(maxsize=20_000)
def width_of(text: str) -> int:
    """The half-widths of the longest line of a text. Ambiguous signs (“ ” ≥ …) are full-width in Chinese fonts."""
    if "\n" in text:
        return max(map(width_of, text.split("\n")))
    return len(text) if text.isascii() else sum(map(_SIGNS.__getitem__, text))


def lines_of(text: str, width: int) -> int:
    """The lines a text takes in that many half-widths."""
    room = max(width - 1, 2)  # where a line breaks, a place is lost: no line begins with a comma
    lengths = map(width_of, text.split("\n"))
    return sum([1 if length <= width else -(-length // room) for length in lengths])


def column_widths(sheet: Sheet, printed: Printed, fixed: dict[int, int]) -> list[int]:
    """The width of every place on the sheet in half-widths. `fixed`: places whose width is declared."""
    natural = [NARROWEST] * sheet.columns
    least = [NARROWEST] * sheet.columns
    for (column, look, indent), values in _contents(sheet).items():
        found = [width_of(printed(value)) + 3 for value in values]
        for width in found if look == "code" else [max(found)]:  # of two codes the longer may take less
            match look:
                case "header":
                    wanted, least_wanted = -(-width // 2) + 1, -(-width // 4) + 2
                case "label":
                    wanted, least_wanted = min(width, LABEL_WIDEST), min(width, TEXT_NARROWEST)
                case "code":
                    wanted = least_wanted = width if width <= CODE_WIDEST else -(-width // 2) + 1
                case "text":
                    wanted, least_wanted = min(width + 2 * indent, TEXT_WIDEST), min(width, TEXT_NARROWEST)
                case _:
                    wanted = least_wanted = max(width + 1, FIGURE_NARROWEST)
            if wanted > natural[column]:
                natural[column] = wanted
            if least_wanted > least[column]:
                least[column] = least_wanted
    for at, width in fixed.items():
        natural[at] = least[at] = max(width, least[at])
    return _fitted(natural, least)


def _contents(sheet: Sheet) -> dict[tuple[int, str, int], list[Value]]:
    """(column, look, indent) → the different contents of such cells in one column; of figures two."""
    found: dict[tuple[int, str, int], list[Value]] = defaultdict(list)
    alone = [cell for cell in sheet.cells if cell[3] == 1]  # its colspan
    for column, look, indent, value in set(map(itemgetter(1, 5, 7, 4), alone)):
        found[column, look, indent].append(value)
    contents = {}
    for key, values in found.items():
        figures = [value for value in values if isinstance(value, int)]
        longest = [min(figures), max(figures)] if figures else []
        contents[key] = [*longest, *(value for value in values if not isinstance(value, int))]
    return contents


def _fitted(natural: list[int], least: list[int]) -> list[int]:
    """Take from the widest columns until the sheet is not crowded; stretch all alike until it fills the page."""
    widths = [max(pair) for pair in zip(natural, least, strict=True)]
    page = (PAGE - PADDING * len(widths)) * HALF_WIDTH[1] // HALF_WIDTH[0]
    spare = [width - low for width, low in zip(widths, least, strict=True)]
    for _ in range(sum(widths) - page * CROWDED[0] // CROWDED[1]):
        most = max(spare)
        if not most:
            break
        widest = len(spare) - 1 - spare[::-1].index(most)
        widths[widest] -= 1
        spare[widest] -= 1
    total = sum(widths)
    if total < page:
        return [min(width * page // total, width * STRETCH) for width in widths]
    return widths


def row_lines(sheet: Sheet, printed: Printed, widths: Sequence[int]) -> list[int]:
    """How many lines of text every row holds, so that no merged cell is cut off."""
    lines = [1] * sheet.rows
    tall = []
    known: dict[tuple[str, int], int] = {}
    for cell in sheet.cells:
        row, column, rowspan, colspan, value, _, _, indent = cell
        if rowspan > 1:
            tall.append(cell)
        elif value and (colspan > 1 or not isinstance(value, int)):  # a figure has the width it needs
            width = (widths[column] if colspan == 1 else sum(widths[column : column + colspan])) - 2 * indent
            text = printed(value)
            if 2 * len(text) <= width and "\n" not in text:
                continue
            needed = known.get((text, width))
            if needed is None:
                needed = known[text, width] = lines_of(text, width)
            if needed > lines[row]:
                lines[row] = needed
    for cell in sorted(tall, key=lambda cell: cell.rowspan):
        width = sum(widths[cell.column : cell.column + cell.colspan]) - 2 * cell.indent
        needed = lines_of(printed(cell.value), width)
        last = cell.row + cell.rowspan - 1
        lines[last] += max(0, needed - sum(lines[cell.row : last + 1]))
    return lines
