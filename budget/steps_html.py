"""A row of the overview as HTML: a page of them is too much for templates, which take longer than all the rest."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from .steps_overview import MARKS, Cell, Row

ROW = (
    '<tr{}><td class="code">{}</td><th scope="row" class="name">{}{}</th><td>{}</td>{}<td>{}</td><td>{}</td>'
    "<td>{}</td></tr>"
)
NOTHING = SafeString("")
IS_MINE = SafeString(' class="is-mine"'), SafeString(' <span class="mine">等我处理</span>')
REMIND = '<button class="plain-button" form="remind" name="unit" value="{}" aria-label="催报{}">催报</button>'


def _cell(cell: Cell) -> SafeString:
    return format_html(
        '<td class="mark is-{}{}"><span aria-hidden="true">{}</span><span class="{}"> {}</span></td>',
        cell.state,
        " is-late" if cell.is_late else "",
        cell.mark,
        "" if cell.is_late else "unseen",
        cell.words,
    )


CELLS = {cell: _cell(cell) for state in MARKS for cell in (Cell(state), Cell(state, True))}


def row_html(row: Row) -> SafeString:
    """The row of a unit, everything in it escaped."""
    mine = IS_MINE if row.is_mine else (NOTHING, NOTHING)
    return format_html(
        ROW,
        mine[0],
        row.code,
        format_html('<a href="{}">{}</a>', row.url, row.name) if row.url else row.name,
        mine[1],
        row.state,
        SafeString("".join(CELLS[cell] for cell in row.cells)),
        row.turn,
        row.since_words,
        format_html(REMIND, row.code, row.name) if row.waits_for_unit else NOTHING,
    )
