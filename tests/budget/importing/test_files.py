"""Files as people bring them: read whole, or refused in Chinese; what is unusual is never dropped silently."""

import io
import random
from datetime import datetime

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment

from budget.cells import Unreadable
from budget.importing import files
from budget.importing.files import FileRefused

from .workbooks import refused, rewritten, saved, shared, workbook, zipped

ROWS = [["甲", "乙"], ["一", 1.5], ["二", 2]]


def only(content, name="明细.xlsx"):
    [sheet] = files.read(content, name).sheets
    return sheet


def test_csv_in_utf8_with_and_without_a_mark():
    text = "甲,乙\r\n一,1.5\r\n"
    for content in (text.encode(), text.encode("utf-8-sig")):
        sheet = only(content, "明细.csv")
        assert sheet.rows == [(1, ["甲", "乙"]), (2, ["一", "1.5"])]
        assert sheet.address(2, 2) == "B2"


def test_csv_in_gb18030_is_read_and_said():
    source = files.read("甲,㐀\n一,１\n".encode("gb18030"), "明细.csv")
    assert source.sheets[0].rows == [(1, ["甲", "㐀"]), (2, ["一", "１"])]
    assert any("GB18030" in notice for notice in source.notices)


def test_csv_addresses_are_those_a_spreadsheet_shows():
    sheet = only('甲,乙\n\n"一\n续",1\n,\n二,2\n'.encode(), "明细.csv")
    assert [number for number, _ in sheet.rows] == [1, 3, 5]


def test_our_own_csv_guards_come_off_again():
    assert only("甲\n'=1+1\n'-\n'甲\n".encode(), "明细.csv").rows == [
        (1, ["甲"]),
        (2, ["=1+1"]),
        (3, ["-"]),
        (4, ["'甲"]),
    ]


def test_a_path_is_read_too(tmp_path):
    (tmp_path / "明细.csv").write_text("甲\n一\n", "utf-8")
    assert files.read(tmp_path / "明细.csv").sheets[0].rows == [(1, ["甲"]), (2, ["一"])]
    with pytest.raises(FileRefused, match="打不开"):
        files.read(tmp_path / "没有.csv")


def test_a_workbook_is_known_by_its_content():
    sheet = only(workbook(ROWS), "明细.csv")
    assert sheet.rows == [(1, ["甲", "乙"]), (2, ["一", 1.5]), (3, ["二", 2])]
    assert sheet.address(3, 2) == "明细!B3"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "空的"),
        (b" \r\n ", "a.csv", "空的"),
        (b"\xef\xbb\xbf", "a.csv", "空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx", "加密的工作簿或旧版 .xls"),
        (b"%PDF-1.7\n", "a.xlsx", "PDF"),
        ("<html><table><tr><td>甲".encode(), "a.xls", "网页"),
        (b'<?xml version="1.0"?><Workbook/>', "a.xls", "网页或 XML"),
        ("甲,乙\n1,2\n".encode(), "a.xlsx", "内容却是文本"),
        ("甲\t乙".encode("utf-16"), "a.csv", "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "a.csv", "不是 Excel 工作簿，也不是 CSV"),
        (b"\xff\xff\xff,\xff", "a.csv", "编码无法识别"),
        ('甲,"乙\n1,2\n'.encode(), "a.csv", "引号"),
        (b"a" * (files.MAX_BYTES + 1), "a.csv", "超过10 MB"),
        (b"PK\x03\x04 and then nothing", "a.xlsx", "编号"),
        (zipped({"a.txt": b"x"}), "a.xlsx", "压缩包"),
        (zipped({"word/document.xml": b"<x/>", "[Content_Types].xml": b"<Types/>"}), "a.xlsx", "无法读取"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_no_table_is_refused(content, name, said):
    assert said in refused(content, name)


@pytest.mark.parametrize("dimension", ["A1:B2", "A1", "A1:XFD1048576", "C7:D9"])
def test_a_wrong_dimension_loses_no_row(dimension):
    rows = [["甲", "乙"], *([f"第{number}行", number] for number in range(1000))]
    for honest in (workbook(rows), shared(rows)):
        content = rewritten(honest, r'<dimension ref="[^"]*"', f'<dimension ref="{dimension}"')
        assert [values for _, values in only(content).rows] == rows


def test_believing_the_dimension_would_lose_rows():
    """The control of the test before: openpyxl as it comes reads what the file claims."""
    content = rewritten(workbook([["甲", 1]] * 8000), r'<dimension ref="[^"]*"', '<dimension ref="A1:B2"')
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    assert len(list(book.active.iter_rows())) == 2


def test_any_table_is_read_as_it_was_written():
    """Blank rows, styled empty rows at the end, wrong dimensions: 60 seeded workbooks."""
    for seed in range(60):
        pick = random.Random(seed)
        written = {
            (row, column): pick.choice(["文字", 12, 3.25, "2060101", 0, True])
            for row in range(1, pick.randint(2, 40))
            for column in range(1, pick.randint(2, 12))
            if pick.random() < 0.6
        } or {(1, 1): "甲"}

        def change(sheet, written=written, pick=pick):
            for (row, column), value in written.items():
                sheet.cell(row, column, value)
            for row in range(60, 60 + pick.randint(0, 20)):
                sheet.cell(row, 3).number_format = "0.00"

        content = rewritten(workbook([], change=change), r'<dimension ref="[^"]*"', '<dimension ref="A1:B2"')
        sheet = only(content)
        found = {
            (number, at + 1): value
            for number, values in sheet.rows
            for at, value in enumerate(values)
            if value is not None
        }
        assert found == written


def test_error_values_are_not_values():
    def change(sheet):
        sheet["B2"] = "#REF!"
        sheet["B2"].data_type = "e"
        sheet["B3"] = "#N/A"

    values = [values[1] for _, values in only(workbook(ROWS, change=change)).rows[1:]]
    assert values == [Unreadable("#REF!", values[0].reason), Unreadable("#N/A", values[1].reason)]
    assert "错误值" in values[0].reason


def test_a_formula_is_read_by_its_result_and_refused_without_one():
    content = workbook([["甲", "=1+1", "=A1"]])
    content = rewritten(content, r"<c r=\"B1\"><f>1\+1</f><v ?/?>(</v>)?</c>", '<c r="B1"><f>1+1</f><v>2</v></c>')
    sheet = only(content)
    [(_, values)] = sheet.rows
    assert values[1] == 2
    assert isinstance(values[2], Unreadable) and "没有计算结果" in values[2].reason
    assert sheet.formulas == 2


def test_dates_and_booleans_come_as_what_they_are():
    sheet = only(workbook([["甲", datetime(2024, 1, 5), True]]))
    assert sheet.rows == [(1, ["甲", datetime(2024, 1, 5), True])]


@pytest.mark.parametrize(
    ("number_format", "said"),
    [
        ("0%", "百分数"),
        ("0.00%", "百分数"),
        ("#,##0.00,", "缩小显示"),
        ('0.0,"千元"', "缩小显示"),
        ("0!.0,", "缩小显示"),
    ],
)
def test_a_number_shown_as_another_number_is_not_read(number_format, said):
    def change(sheet):
        sheet["B2"].number_format = number_format

    value = only(workbook(ROWS, change=change)).rows[1][1][1]
    assert isinstance(value, Unreadable) and said in value.reason


@pytest.mark.parametrize(
    "number_format", ["General", "0.00", "#,##0.00", "#,##0.00_ ;[Red]-#,##0.00", '0.00"万元"', '0"%"', "@"]
)
def test_other_formats_are_of_no_account(number_format):
    def change(sheet):
        sheet["B2"].number_format = number_format

    assert only(workbook(ROWS, change=change)).rows[1][1][1] == 1.5


def test_hidden_and_merged_places_are_told():
    def change(sheet):
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.merge_cells("A3:B3")

    sheet = only(workbook(ROWS, change=change))
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.merged) == ({2}, {2}, [(3, 1, 3, 2)])
    assert sheet.rows[1] == (2, ["一", 1.5])


def test_rows_left_by_a_filter_are_read():
    def change(sheet):
        sheet.auto_filter.ref = "A1:B3"
        sheet.row_dimensions[3].hidden = True

    assert only(workbook(ROWS, change=change)).rows[2] == (3, ["二", 2])


def test_hidden_sheets_are_left_and_said():
    book = openpyxl.Workbook()
    book.active.append(["甲"])
    for title, state in (("藏", "hidden"), ("深藏", "veryHidden"), ("空", "hidden")):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        if title != "空":
            sheet.append([1])
    source = files.read(saved(book))
    assert [sheet.name for sheet in source.sheets] == ["Sheet"]
    assert source.notices == ["隐藏的工作表“藏”没有读取。", "隐藏的工作表“深藏”没有读取。"]


def test_rich_text_comments_and_phonetics_do_not_change_a_value():
    def change(sheet):
        sheet["A2"] = CellRichText("办公", TextBlock(InlineFont(b=True), "费"))
        sheet["B2"].comment = Comment("看这里", "某人")

    def change_shared(book, sheet):
        sheet.write_rich_string("A2", "办公", book.add_format({"bold": True}), "费")
        sheet.write_comment("B2", "看这里")

    phonetic = '<rPh sb="0" eb="1"><t>ban</t></rPh>'
    inline = rewritten(workbook(ROWS, change=change), "</is>", f"{phonetic}</is>")
    indexed = rewritten(shared(ROWS, change=change_shared), "</si>", f"{phonetic}</si>", "xl/sharedStrings.xml")
    for content in (inline, indexed):
        assert [values for _, values in only(content).rows] == [ROWS[0], ["办公费", 1.5], ROWS[2]]


def test_leading_zeros_of_text_cells_stay():
    assert only(workbook([["甲"], ["0000000"]])).rows[1] == (2, ["0000000"])


@pytest.mark.parametrize(
    ("cell", "said"), [("A20001", "第20000行"), ("IW1", "第256列"), ("XFD1048576", "超过第20000行")]
)
def test_a_value_far_out_is_refused_and_never_cut_off(cell, said):
    def change(sheet):
        sheet[cell] = 1

    assert said in refused(workbook(ROWS, change=change))


def test_far_out_cells_without_a_value_are_nothing():
    def change(sheet):
        sheet["IW1"].number_format = sheet["A20001"].number_format = "0.00"

    assert [values for _, values in only(workbook(ROWS, change=change)).rows] == ROWS


def test_too_many_cells_are_refused(monkeypatch):
    monkeypatch.setattr(files, "MAX_CELLS", 5)
    assert "非空单元格超过5个" in refused(workbook(ROWS))
    assert "非空单元格超过5个" in refused("甲,乙\n1,2\n3,4\n".encode(), "a.csv")
    monkeypatch.setattr(files, "MAX_ROWS", 2)
    assert "超过第2行" in refused("甲\n1\n2\n".encode(), "a.csv")


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [(r'<row r="3"', '<row r="2"'), (r'<c r="B2"', '<c r="A2"')],
)
def test_rows_and_cells_out_of_order_are_refused_because_one_would_be_lost(pattern, replacement):
    assert "次序" in refused(rewritten(workbook(ROWS), pattern, replacement))


def test_rows_and_cells_without_references_are_counted():
    content = rewritten(workbook(ROWS), r' r="[A-Z]*\d+"', "")
    assert [values for _, values in only(content).rows] == ROWS


def test_a_workbook_of_nothing_is_refused():
    assert "没有内容" in refused(workbook([]))


def test_control_characters_come_as_what_they_are():
    assert only(shared([["甲\r乙\x07"]])).rows == [(1, ["甲\r乙\x07"])]
