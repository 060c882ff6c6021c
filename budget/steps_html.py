"""A row of the overview as HTML: a page of them is too much for templates, which take longer than all the rest."""

from functools import cache
from html import escape

from django.utils.safestring import SafeString

from .steps_overview import Cell, Row

NOTHING = ""
IS_MINE = (' class="is-mine"', ' <span class="mine">等我处理</span>')
REMIND = '<button class="plain-button" form="remind" name="unit" value="{0}" aria-label="催报{1}">催报</button>'


def _cell(cell: Cell) -> str:
    late = " is-late" if cell.is_late else ""
    unseen = "" if cell.is_late else "unseen"
    return (
        f'<td class="mark is-{cell.state}{late}"><span aria-hidden="true">{cell.mark}</span>'
        f'<span class="{unseen}"> {cell.words}</span></td>'
    )


@cache
def _cells(cells: tuple[Cell, ...]) -> str:
    return "".join(map(_cell, cells))


def row_html(row: Row) -> SafeString:
    """The row of a unit. What people typed (codes, names, names of steps) is escaped; the rest is ours."""
    mine = IS_MINE if row.is_mine else (NOTHING, NOTHING)
    code, name = escape(row.code), escape(row.name)
    linked = f'<a href="{row.url}">{name}</a>' if row.url else name
    remind = REMIND.format(code, name) if row.waits_for_unit else NOTHING
    return SafeString(
        f'<tr{mine[0]}><td class="code">{code}</td><th scope="row" class="name">{linked}{mine[1]}</th>'
        f"<td>{row.state}</td>{_cells(row.cells)}<td>{escape(row.turn)}</td><td>{row.since_words}</td>"
        f"<td>{remind}</td></tr>"
    )
