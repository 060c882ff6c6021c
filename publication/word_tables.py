"""A laid table as a Word table: merged cells, a header that is repeated, nothing but text in it."""

from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from .layout import NARROW, LaidTable, clean

WIDTH = 15_100  # twentieths of a point across A4 on its side, within its margins
ALIGN = {
    "header": "center",
    "code": "center",
    "label": "center",
    "figure": "right",
    "form_figure": "right",
    "rate": "right",
}
BAR_COLOUR = "1D5A96"  # as in the PDF
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="3C3C3C"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
BESIDE = 6  # points beside the words of a cell, both sides, where nothing else is said


def table_elements(table: LaidTable, style: str) -> list:
    """The tables to append: a form's lines stand in a table of their own, so that the header below them repeats."""
    first, last = table.sheet.header
    parts = [(0, first, 0), (first, table.sheet.rows, last - first + 1)]
    return [_table(table, begin, end, heads, style) for begin, end, heads in parts if end > begin]


def chart_table(rows: list[list[str]], widths: list[int], style: str):
    """A chart: a table of words, its first row the header, its last column the bars."""
    last = len(widths) - 1
    body = []
    for index, row in enumerate(rows):
        looks = [
            "header" if index == 0 else "bar" if at == last else "figure" if at else "text" for at in range(last + 1)
        ]
        cells = [
            _cell(width, 1, "", text, look, 18, style) for text, width, look in zip(row, widths, looks, strict=True)
        ]
        body.append(_row(cells, index == 0))
    return _whole(widths, body)


def _table(table: LaidTable, begin: int, end: int, heads: int, style: str):
    widths = _widths(table.shares)
    size = table.size * 2 // 10
    origins, covered = {}, {}
    for cell in table.sheet.cells:
        if begin <= cell.row < end:
            origins[cell.row, cell.column] = cell
            for row in range(cell.row + 1, cell.row + cell.rowspan):
                covered[row, cell.column] = cell
    body = []
    for row in range(begin, end):
        cells, column = [], 0
        while column < len(widths):
            cell = origins.get((row, column)) or covered.get((row, column))
            if cell is None:
                cells.append(_cell(widths[column], 1, "", "", "text", size, style))
                column += 1
                continue
            width = sum(widths[column : column + cell.colspan])
            starts = (row, column) in origins
            merge = ("restart" if starts else "continue") if cell.rowspan > 1 else ""
            text = table.grid.printed(cell.value) if starts else ""
            strong = cell.strong or cell.look == "header"
            cells.append(_cell(width, cell.colspan, merge, text, cell.look, size, style, strong, cell.indent))
            column += cell.colspan
        body.append(_row(cells, row - begin < heads))
    return _whole(widths, body, table.beside, max(0, table.inset - NARROW))


def _widths(shares: list[int]) -> list[int]:
    whole = sum(shares)
    return [WIDTH * share // whole for share in shares]


def _whole(widths: list[int], rows: list[str], beside: int = BESIDE, above: int = 0):
    """`beside`: points on both sides of the words; `above`: tenths of a point above and below their line."""
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 2 * above), ("left", 10 * beside), ("bottom", 2 * above), ("right", 10 * beside))
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(cells: list[str], is_header: bool) -> str:
    head = "<w:tblHeader/>" if is_header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(width, colspan, merge, text, look, size, style, strong=False, indent=0) -> str:
    span = f'<w:gridSpan w:val="{colspan}"/>' if colspan > 1 else ""
    down = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    bold = "<w:b/>" if strong or look == "header" else ""
    colour = f'<w:color w:val="{BAR_COLOUR}"/>' if look == "bar" else ""
    left = f'<w:ind w:left="{indent * size * 5}"/>' if indent else ""
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean(text).split("\n"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{down}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{left}<w:jc w:val="{ALIGN.get(look, "left")}"/></w:pPr>'
        f'<w:r><w:rPr>{bold}{colour}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>{runs}</w:r></w:p></w:tc>'
    )
