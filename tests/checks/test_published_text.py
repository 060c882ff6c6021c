"""The published document, tables and text, as somebody uploads or pastes it: every expected finding, no other error."""

import csv
import io
import zipfile

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from budget.importing import guard
from budget.importing.files import FileRefused
from budget.reporting import xlsx
from publication import foreign
from publication.sets.henan_jiaozuo_2024 import HENAN_JIAOZUO_2024
from publication.text_rules import paragraphs_of, placed
from tests.budget.reporting.read_back import CREATED
from tests.factories import make_edition, make_user
from tests.plain_books import book_of, reference
from tests.publication.as_published import FOLDER, workbook

from .test_documents import FINDINGS, RULES

SOURCE = (FOLDER.parent / "source.md").read_text("utf-8")
OF_TEXT = {  # kind in expected_findings.csv → rule, of the text and of table 14
    "list-equals-rows": "T05",
    "claimed-but-empty": "T06",
    "zero-base": "T01",
    "glossary-term": "T08",
    "glossary-fact": "T10",
    "duplicate-note": "G07",
}
ASKED = {"table_set": "henan_jiaozuo_2024", "year": "2024"}


def with_table_14() -> bytes:
    """The workbook as published, with table 14, of which no sheet survived, as it stands in the text."""
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    grids = [book_of(reference(), HENAN_JIAOZUO_2024).grid("department_performance")]
    ours = openpyxl.load_workbook(io.BytesIO(xlsx.book_bytes(grids, created=CREATED))).worksheets[-1]
    sheet = book.create_sheet("14 本级部门整体绩效目标表")
    for row in ours.iter_rows():
        for cell in row:
            if not isinstance(cell, openpyxl.cell.MergedCell):
                sheet.cell(cell.row, cell.column, cell.value)
    for area in ours.merged_cells.ranges:
        sheet.merge_cells(str(area))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def word_file(text: str) -> bytes:
    """The published text as a Word file: paragraphs whole, rows of tables in a table."""
    document = docx.Document()
    for _, line in paragraphs_of(text):
        if "\t" in line:
            cells = line.split("\t")
            row = document.add_table(1, len(cells)).rows[0]
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
        else:
            document.add_paragraph(line)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["pasted", "Word"])
def test_every_expected_finding_is_made_and_no_other_error(form):
    make_edition()
    text = paragraphs_of(SOURCE) if form == "pasted" else list(placed(guard.words(word_file(SOURCE))))
    found = foreign.examine(with_table_14(), "a.xlsx", HENAN_JIAOZUO_2024, 2024, text=text)
    by_rule: dict[str, list] = {}
    for one in found.report.checked:
        by_rule.setdefault(one.finding.rule.id, []).append(one)
    with FINDINGS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 27
    for kind in {row["kind"] for row in rows}:
        mine = [row for row in rows if row["kind"] == kind]
        made = by_rule[(RULES | OF_TEXT)[kind]]
        assert len(made) >= (1 if kind in ("code-two-names", "name-brackets", "zero-and-blank") else len(mine)), kind
        assert {row["severity"] for row in mine} <= {one.severity for one in made}, kind
    errors = sorted(one.rule.id for one in found.errors)
    assert errors == ["N01", "N01", "N02", "T05", "T08"]
    assert sum("车辆购置费0万元，比上年减少0万元" in one.finding.message for one in by_rule["T01"]) == 1
    (listed,) = by_rule["T05"]
    assert listed.finding.message.startswith("第二部分 六：") and "漏列：离休费" in listed.finding.message


@pytest.mark.django_db
def test_a_text_alone_is_held_against_what_is_known_without_tables():
    make_edition()
    found = foreign.examine(b"", "", HENAN_JIAOZUO_2024, 2024, text=paragraphs_of(SOURCE))
    assert {one.rule.id for one in found.report.results} == {"X23", *(f"T{number:02}" for number in range(1, 11))}
    assert [one.rule.id for one in found.errors] == ["T08"]
    reasons = {one.rule.id: one.outcome.reason for one in found.report.results if one.status == "not_applicable"}
    assert set(reasons) == {"X23", "T05", "T06", "T07"} and set(reasons.values()) == {"没有可以对照的表"}


@pytest.mark.django_db
def test_the_page_takes_a_word_file_a_text_or_what_is_pasted(client):
    make_edition()
    client.force_login(make_user())
    for posted in (
        {"text_file": SimpleUploadedFile("全文.docx", word_file(SOURCE))},
        {"text_file": SimpleUploadedFile("全文.txt", SOURCE.encode("gb18030"))},
        {"text": SOURCE},
    ):
        page = client.post("/check-document/", {**ASKED, **posted}).content.decode()
        assert "错误 1 处" in page and "“科技技术支出”不是支出功能分类的科目名称" in page, posted
    both = {"file": SimpleUploadedFile("表.xlsx", workbook()), "text": SOURCE}
    page = client.post("/check-document/", {**ASKED, **both}).content.decode()
    assert "表.xlsx、粘贴的文字：错误 5 处" in page and "漏列：离休费" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({}, "请选择预算表或情况说明，或者粘贴文字"),
        ({"text": "一", "text_file": ("a.txt", b"x")}, "请清空这里，或不选文件"),
        ({"text_file": ("a.pdf", b"%PDF-1.7")}, "文件是 PDF"),
        ({"text_file": ("a.doc", b"\xd0\xcf\x11\xe0")}, "旧版的 Word 文档"),
        ({"text_file": ("a.docx", b"PK\x03\x04 broken")}, "文件无法读取"),
        ({"text_file": ("a.docx", workbook())}, "文件不是 Word 文档"),
        ({"text_file": ("a.txt", b" \n ")}, "文件里没有文字"),
        ({"text_file": ("a.txt", b"a\0b")}, "也不是文本"),
        ({"text": "字" * 300_001}, "300000"),
    ],
)
def test_what_cannot_be_read_is_refused_with_words(client, posted, said):
    make_edition()
    client.force_login(make_user())
    files = {key: SimpleUploadedFile(*value) if isinstance(value, tuple) else value for key, value in posted.items()}
    answer = client.post("/check-document/", {**ASKED, **files})
    text = answer.content.decode()
    assert answer.status_code == 200 and said in text and "verdict" not in text


def of_parts(body: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", body)
    return content.getvalue()


HEAD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
TAIL = b"</w:body></w:document>"


def test_entities_of_a_word_file_are_not_looked_up():
    bomb = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
    with pytest.raises(FileRefused, match="不是 Word 文档"):
        guard.words(of_parts(bomb + HEAD + b"<w:p><w:r><w:t>&a; kept</w:t></w:r></w:p>" + TAIL))


def test_a_word_file_that_grows_is_refused():
    with pytest.raises(FileRefused, match="文档太大"):
        guard.words(of_parts(HEAD + b" " * 70_000_000 + TAIL))


def test_what_was_struck_out_is_no_word_of_it():
    body = b"<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    assert guard.words(of_parts(HEAD + body + TAIL)) == ["kept"]
