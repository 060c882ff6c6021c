"""A sheet of the workbook: its layout, its looks, how it prints, and what stands under the table."""

from dataclasses import replace

import pytest
from openpyxl.utils import get_column_letter

from budget.reporting.grid import Grid, GridColumn, GridRow
from budget.reporting.sheet import body_merges, sheet_of
from budget.reporting.xlsx_page import PAGE_HEIGHT

from .read_back import TOP, merged, one_figure, sheet, words
from .toy import toy_grids
from .toy_data import LINES, LISTS

MISFITS = (
    ("566001", "help", "11", "2060101", "31201", "50101", "11", False, 123_456),
    ("566001", "help", "11", "2290101", "30101", "50101", "11", False, 7),
)


def test_title_organisation_and_unit_stand_above():
    grid = toy_grids()["three_public"]
    worksheet = sheet(grid)
    assert worksheet["A1"].value == "2024年一般公共预算“三公”经费预算表"
    assert worksheet["A1"].font.bold and worksheet["A1"].font.size == 18
    assert worksheet["A1"].alignment.horizontal == "center"
    assert worksheet["A2"].value == "部门名称：焦作市解放区科技和工业信息化局"
    assert "单位：万元" in words(worksheet)
    assert (0, 0, 1, 6) in merged(worksheet)


def test_a_table_of_one_column_has_its_line_too():
    grid = Grid("one", (GridColumn("name", ("名称",), "text"),), (GridRow("a", "row", ("甲",)),), organisation="某局")
    assert sheet(grid)["A2"].value == "部门名称：某局　单位：万元"


@pytest.mark.parametrize("key", list(toy_grids()))
def test_the_header_is_merged_as_the_grid_says(key):
    grid = toy_grids()[key]
    if grid.sections:
        return
    worksheet = sheet(grid)
    expected = {
        (TOP + cell.row, cell.column, cell.rowspan, cell.colspan)
        for cell in grid.header_cells()
        if cell.rowspan > 1 or cell.colspan > 1
    }
    depth = grid.header_depth
    assert {one for one in merged(worksheet) if TOP <= one[0] < TOP + depth} == expected
    for cell in grid.header_cells():
        assert worksheet.cell(TOP + cell.row + 1, cell.column + 1).value == cell.text
    body = {(TOP + depth + one.row, one.column, one.rows, 1) for one in body_merges(grid)}
    last = TOP + depth + len(grid.rows)
    assert {one for one in merged(worksheet) if TOP + depth <= one[0] < last} == body


def test_a_project_is_one_cell_beside_its_indicators():
    grid = toy_grids()["project_goals"]
    first = TOP + grid.header_depth + 1  # below the unit's row
    assert {(first, column, 3, 1) for column in range(5)} <= merged(sheet(grid))
    assert not any(one[0] == first and one[1] >= 5 for one in merged(sheet(grid)))


def test_totals_and_units_are_bold_and_parts_are_indented():
    worksheet = sheet(toy_grids()["expenditure"])
    bold = [worksheet.cell(TOP + 3 + row, 6).font.bold for row in (1, 2, 3)]
    assert bold == [True, True, False]
    worksheet = sheet(toy_grids()["revenue_and_expenditure"])
    left, part, right = worksheet.cell(TOP + 3, 1), worksheet.cell(TOP + 4, 1), worksheet.cell(TOP + 4, 3)
    assert part.value == "其中：财政拨款"
    assert part.alignment.indent > left.alignment.indent == right.alignment.indent
    assert worksheet.cell(TOP + 7, 3).font.bold


def test_every_cell_of_the_table_has_lines_around_it():
    for grid in toy_grids().values():
        worksheet, drawn = sheet(grid), sheet_of(grid)
        assert sum(cell.rowspan * cell.colspan for cell in drawn.cells) == drawn.rows * drawn.columns
        for cell in drawn.cells:
            border = worksheet.cell(TOP + cell.row + 1, cell.column + 1).border
            assert border.top.style == border.left.style == "thin"


@pytest.mark.parametrize("key", list(toy_grids()))
def test_it_prints_on_a4_one_page_wide(key):
    grid = toy_grids()[key]
    worksheet = sheet(grid)
    assert (worksheet.page_setup.orientation, worksheet.page_setup.paperSize) == ("landscape", 9)
    assert worksheet.sheet_properties.pageSetUpPr.fitToPage
    assert worksheet.page_setup.fitToWidth is None  # none said: one page
    height = sum(worksheet.row_dimensions[row].height for row in range(1, worksheet.max_row + 1))
    fits = height <= 1.3 * PAGE_HEIGHT
    assert worksheet.page_setup.fitToHeight == (None if fits else 0)  # 0: as many as it takes
    assert worksheet.print_options.horizontalCentered
    assert "第 &P 页" in worksheet.oddFooter.center.text or "第 " in worksheet.oddFooter.center.text
    first, last = (TOP + row + 1 for row in sheet_of(grid).header)
    assert worksheet.print_title_rows == f"${first}:${last}"
    assert worksheet.freeze_panes == (None if grid.sections else f"A{last + 1}")


def test_figures_never_show_as_hashes():
    for fen in (999_999_999_999_999, -999_999_999_999_999):
        for thousands in (False, True):
            grid = replace(one_figure(fen, "元"), thousands=thousands)
            width = sheet(grid).column_dimensions["B"].width
            assert width > len(grid.printed(fen))


def test_declared_widths_are_kept():
    columns = (GridColumn("a", ("甲",), "text", width=40), GridColumn("b", ("乙",), "text", width=10))
    worksheet = sheet(Grid("t", columns, (GridRow("r", "row", ("一", "二")),), title="表"))
    wide, narrow = (worksheet.column_dimensions[get_column_letter(at)].width for at in (1, 2))
    assert 3 < wide / narrow < 5


def test_long_words_get_the_height_they_need():
    long = Grid(
        "t",
        (GridColumn("a", ("甲",), "text", merge=True), GridColumn("b", ("乙",), "text", width=20)),
        (GridRow("1", "row", ("长" * 400, "字" * 100)), GridRow("2", "row", ("长" * 400, "字"))),
        title="表",
    )
    worksheet = sheet(long)
    heights = [worksheet.row_dimensions[row].height for row in (TOP + 2, TOP + 3)]
    assert heights[0] >= 5 * 13
    assert sum(heights) > 13 * 20


# ---- under the table


def test_notes_stand_under_the_table():
    grid = toy_grids()["three_public"]
    worksheet = sheet(grid)
    row = TOP + grid.header_depth + len(grid.rows) + 1
    assert worksheet.cell(row, 1).value == grid.notes[0]
    assert (row - 1, 0, 1, 6) in merged(worksheet)
    assert worksheet.row_dimensions[row].height > 3 * 13


def test_an_empty_table_says_so_and_another_does_not():
    grid = toy_grids()["funds"]
    assert "我部门2024年没有使用政府性基金预算拨款安排的支出。" in words(sheet(grid))
    spent = toy_grids((*LINES, ("566001", "help", "22", "2060199", "30299", "50299", "21", False, 100)))["funds"]
    assert not [word for word in words(sheet(spent)) if "没有使用" in word]


def test_what_falls_in_no_column_or_row_is_shown_in_red():
    grids = toy_grids((*LINES, *MISFITS), lists=LISTS)
    worksheet = sheet(grids["expenditure"])
    red = [cell for row in worksheet.iter_rows() for cell in row if cell.value and "1,234.56 元" in str(cell.value)]
    assert len(red) == 2  # the heading and the line
    assert {cell.font.color.rgb for cell in red} == {"FFB42318"}
    assert "部门经济分类 31201" in red[1].value
    right = words(sheet(grids["revenue_and_expenditure"]))
    assert [word for word in right if word.startswith("没有可以归入的行") and word.endswith("0.07 元")]
    assert not [word for word in words(sheet(toy_grids()["expenditure"])) if "未归列" in word]


# ---- a form


def test_a_form_stands_its_sections_above_its_table():
    grid = toy_grids()["goals"]
    worksheet = sheet(grid)
    label = {worksheet.cell(row, 1).value: row - 1 for row in range(TOP + 1, 21) if worksheet.cell(row, 1).value}
    assert list(label) == [
        "年度履职目标",
        "年度主要任务",
        "预算情况",
        "一级指标",
        "投入管理指标",
        "产出指标",
        "效益指标",
        "满意度",
    ]
    spans = merged(worksheet)
    assert {(2, 0, 2, 1), (4, 0, 3, 1), (7, 0, 6, 1)} <= spans
    assert (2, 1, 1, 4) in spans  # a goal across the form
    assert (8, 1, 3, 1) in spans and worksheet.cell(9, 2).value == "1、资金来源"
    assert worksheet.cell(8, 4).value == worksheet.cell(9, 4).value == 136.94
    assert worksheet.cell(14, 5).value == "指标值说明"
    assert (14, 0, 3, 1) in spans and (14, 1, 2, 1) in spans


def test_a_section_without_a_row_keeps_its_label():
    grid = toy_grids(lists={**LISTS, "aims": (), "tasks": ()})["goals"]
    worksheet = sheet(grid)
    assert worksheet.cell(TOP + 1, 1).value == "年度履职目标"
    assert worksheet.cell(TOP + 2, 1).value == "年度主要任务"
    assert (TOP + 1, 0, 2, 1) in merged(worksheet)


def test_a_section_may_have_more_columns_than_the_table():
    goals = toy_grids()["goals"]
    wide = replace(goals, sections=(replace(goals.sections[0], grid=toy_grids()["expenditure"]),))
    worksheet = sheet(wide)
    assert worksheet.max_column == 17
    assert "指标值说明" in words(worksheet)
