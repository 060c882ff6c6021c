"""What Excel, WPS and LibreOffice put on the clipboard → rows of cells. Nothing here knows what the cells mean."""

import re

from budget import cells

MOST_CHARACTERS, MOST_ROWS, MOST_COLUMNS = 2_000_000, 20_000, 200
# A cell is in quotation marks only where it holds a line break, a tab or a quotation mark itself (then doubled).
QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=\t|\n|\Z)')
NEEDS_QUOTES = re.compile(r'[\t\n]|""')


def rows_of(text: str) -> list[list[str]]:
    """The cells, row by row, all rows as long as the longest; blank rows below and columns at the right are left out.

    Raises cells.Refusal for more than a table can be.
    """
    if len(text) > MOST_CHARACTERS:
        raise cells.Refusal(f"粘贴的内容有{len(text)}个字，最多{MOST_CHARACTERS}个字，请分次粘贴。")
    rows = cut(text)
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((at for row in rows for at, cell in enumerate(row, 1) if cell), default=0)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise cells.Refusal(f"粘贴的内容有{len(rows)}行、{width}列，最多{MOST_ROWS}行、{MOST_COLUMNS}列，请分次粘贴。")
    return [[*row[:width], *[""] * (width - len(row))] for row in rows]


def cut(text: str) -> list[list[str]]:
    """The cells, row by row, as they were copied; blank ones too."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").removesuffix("\n")
    rows: list[list[str]] = [[]]
    at, end = 0, len(text)
    while at <= end:
        found = QUOTED.match(text, at) if text.startswith('"', at) else None
        if found and NEEDS_QUOTES.search(found[1]):
            cell, at = found[1].replace('""', '"'), found.end()
        else:
            stop = min((place for place in (text.find("\t", at), text.find("\n", at)) if place >= 0), default=end)
            cell, at = text[at:stop], stop
        rows[-1].append(cell.strip(cells.BLANK))
        if at < end and text[at] == "\n":
            rows.append([])
        at += 1
    return rows
