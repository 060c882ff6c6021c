"""The markup of a Grid: cells that tile, words that are escaped, figures that can be opened."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import Context, Engine

from budget.reporting.grid import Grid, GridColumn, GridRow
from budget.reporting.html import table_of

from .toy import toy_grids
from .toy_data import LINES

TEMPLATES = Path(__file__).parents[3] / "templates"
VOID = {"br", "hr", "img", "input", "link", "meta"}


def html(grid, **options):
    engine = Engine(dirs=[str(TEMPLATES)])
    return engine.get_template("reporting/table.html").render(Context({"table": table_of(grid, **options)}))


class Tables(HTMLParser):
    """The tables of a page: for each its parts with rows of cells (tag, attributes, text)."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.open = [], []
        self.feed(text)
        assert self.open == [], "every tag is closed"

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append({"thead": [], "tbody": []})
        elif tag in ("thead", "tbody"):
            self.part = self.tables[-1][tag]
        elif tag == "tr":
            self.part.append([dict(attrs).get("class", ""), []])
        elif tag in ("td", "th"):
            self.part[-1][1].append([tag, dict(attrs), ""])
        elif tag == "a":
            self.part[-1][1][-1][1]["link"] = dict(attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "tr" in self.open:
            self.part[-1][1][-1][2] += data


def parsed(grid, **options):
    return Tables(html(grid, **options)).tables[-1]


def tiled(rows, width):
    """The cells spread over their rows and columns, as a browser does; every place is taken exactly once."""
    places = {}
    for at, (_, cells) in enumerate(rows):
        column = 0
        for tag, attributes, text in cells:
            while (at, column) in places:
                column += 1
            for row in range(at, at + int(attributes.get("rowspan", 1))):
                for one in range(column, column + int(attributes.get("colspan", 1))):
                    assert (row, one) not in places
                    places[row, one] = (tag, attributes, text)
    assert set(places) == {(row, column) for row in range(len(rows)) for column in range(width)}
    return places


@pytest.mark.parametrize("key", list(toy_grids()))
def test_header_and_body_tile_the_table(key):
    grid = toy_grids()[key]
    table = parsed(grid, thousands=False)
    header = tiled(table["thead"], len(grid.columns))
    for at, column in enumerate(grid.columns):
        assert header[grid.header_depth - 1, at][2] == column.path[-1]
    body = tiled(table["tbody"], len(grid.columns))
    for row, words in enumerate(grid.printed_rows()):
        for column, word in enumerate(words):
            assert body[row, column][2] == word or not word  # below a merged cell a blank belongs to it


def test_header_cells_say_what_they_head():
    first, _, last = parsed(toy_grids()["expenditure"])["thead"]
    cells = {text: attributes for _, attributes, text in first[1]}
    assert cells["基本支出"] == {"scope": "colgroup", "class": "lvl-0", "colspan": "7"}
    assert cells["单位（科目名称）"] == {"scope": "col", "class": "lvl-0", "rowspan": "3"}
    assert {attributes["class"] for _, attributes, _ in last[1]} == {"lvl-2"}


def test_a_row_is_headed_by_its_name():
    rows = parsed(toy_grids()["expenditure"])["tbody"]
    for _, cells in rows:
        heads = [(attributes["scope"], text) for tag, attributes, text in cells if tag == "th"]
        assert len(heads) == 1 and heads[0][0] == "row"
    assert [text for tag, _, text in rows[2][1] if tag == "th"] == ["行政运行"]


def test_rows_and_cells_bear_the_classes_of_the_style_sheet():
    rows = parsed(toy_grids()["expenditure"])["tbody"]
    assert [css for css, _ in rows[:3]] == ["row-total", "row-unit", ""]
    classes = [attributes.get("class") for _, attributes, _ in rows[2][1]]
    assert classes == ["code", "code", "code", "code", None, *["num"] * 11]
    award = next(cells for _, cells in rows if cells[4][2] == "科技奖励")
    assert [text for _, attributes, text in award if attributes.get("class") == "num neg"] == ["-1.25"] * 3


def test_halves_of_different_levels_bear_their_own():
    rows = parsed(toy_grids()["revenue_and_expenditure"])["tbody"]
    css, cells = rows[1]
    assert css == ""
    assert [attributes.get("class") for _, attributes, _ in cells] == ["row-ofwhich", "num row-ofwhich", None, "num"]
    assert rows[-1][0] == "row-total"


def test_a_decrease_is_marked():
    rows = parsed(toy_grids()["compared"])["tbody"]
    marked = [text for _, cells in rows for _, attributes, text in cells if "neg" in attributes.get("class", "")]
    assert marked == ["-1.12", "-4.48%"]


def test_thousands_are_separated_on_screen():
    grid = toy_grids(unit="元")["expenditure"]
    assert parsed(grid)["tbody"][0][1][5][2] == "1,369,412.84"
    assert parsed(grid, thousands=False)["tbody"][0][1][5][2] == "1369412.84"


# ---- figures that can be opened


def test_every_figure_made_of_lines_can_be_opened_and_no_other():
    for grid in toy_grids().values():
        asked = []

        def link(row, column, asked=asked):
            asked.append((row, column))
            return f"?row={row}&column={column}"

        text = html(grid, link=link)
        assert text.count('<a class="fig"') == len(asked)
        parts = (grid, *(section.grid for section in grid.sections))
        for key in asked:
            part = next(one for one in parts if key[1] in {column.key for column in one.columns})
            assert part.fen(*key) and part.behind(*key)[0] == "lines"
        figures = sum(
            isinstance(value, int) and column.role in ("amount", "of_which", "total")
            for one in parts
            for row in one.rows
            for column, value in zip(one.columns, row.cells, strict=True)
        )
        assert len(asked) == figures


def test_an_opened_figure_says_what_it_is():
    text = html(toy_grids()["expenditure"], link=lambda row, column: f"/lines/?row={row}&column={column}")
    href = 'href="/lines/?row=566001/2060101&amp;column=basic.personnel.total"'
    label = 'aria-label="行政运行，基本支出，人员经费，小计：42.17万元，查看明细"'
    assert f'<a class="fig" {href} {label}>42.17</a>' in text


def test_side_by_side_a_figure_is_asked_for_in_its_half():
    asked = []
    table_of(toy_grids()["revenue_and_expenditure"], link=lambda *key: asked.append(key))
    assert ("grant", "revenue.amount") in asked and ("206", "spending.amount") in asked
    assert ("revenue_total", "revenue.amount") in asked and ("spending_total", "spending.amount") in asked


def test_a_link_may_be_none():
    assert "<a" not in html(toy_grids()["expenditure"], link=lambda row, column: None)
    assert "<a" not in html(toy_grids()["expenditure"])


# ---- around the table


def test_a_form_has_its_sections_above():
    text = html(toy_grids()["goals"])
    assert text.count('<section class="form-section">') == 3
    assert [len(table["tbody"]) for table in Tables(text).tables] == [2, 2, 1, 6]
    assert text.index("年度主要任务") < text.index("二级指标")


def test_title_organisation_and_unit_are_in_the_caption():
    text = html(toy_grids()["three_public"])
    caption = re.search("<caption>(.*?)</caption>", text).group(1)
    assert re.sub("<.*?>", "", caption).split() == [
        "2024年一般公共预算“三公”经费预算表",
        "部门名称：焦作市解放区科技和工业信息化局",
        "单位：万元",
    ]
    assert '<p class="note">注：按照党中央' in text


def test_an_empty_table_says_so():
    assert '<p class="statement">我部门2024年没有使用' in html(toy_grids()["funds"])
    assert "statement" not in html(toy_grids()["expenditure"])


def test_what_falls_in_no_column_is_said():
    lines = (*LINES, ("566001", "help", "11", "2060101", "31201", "50101", "11", False, 123_456))
    text = html(toy_grids(lines)["expenditure"])
    assert '<div class="misfits"><p>未归列：共 1 笔，合计 1,234.56 元' in text
    assert "部门经济分类 31201" in text
    assert "misfits" not in html(toy_grids()["expenditure"])


def test_every_word_is_escaped_and_nothing_is_inline():
    evil = "<script>alert(1)</script>\"'&"
    name = GridColumn("n", (evil, evil), "text", ("a", "b"))
    amount = GridColumn("a", (evil,), "amount", ("c",))
    row = GridRow("r", "row", (evil, 100))
    section = replace(toy_grids()["goals"].sections[0], label=evil)
    grid = Grid("t", (name, amount), (row,), evil, organisation=evil, notes=(evil,), sections=(section,))
    empty = replace(grid, rows=(), statement=evil)
    for one in (grid, empty):
        text = html(one, link=lambda row, column: f"/?a=1&b={evil}")
        assert "<script" not in text and "&lt;script&gt;" in text
        assert not re.search(r"\s(style|on\w+)=", text)
        Tables(text)


def test_what_is_no_figure_raises():
    with pytest.raises(TypeError):
        table_of(Grid("t", (GridColumn("a", ("金额",), "amount"),), (GridRow("r", "row", (1.5,)),)))
