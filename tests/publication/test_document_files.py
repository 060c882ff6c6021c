"""The document as files: opened with other libraries, and every figure and page in them looked up again."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from io import BytesIO

import docx
import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from budget import writing
from budget.books import select
from budget.models import Line, Reason
from budget.reporting import money
from organisation.models import Unit
from projects.models import Dossier
from publication import pdf
from publication.document import document_of
from publication.export import document_bytes
from tests import beginnings
from tests.factories import make_item, make_line
from tests.publication import opening

pytestmark = pytest.mark.one_database

CREATED = datetime(2024, 3, 15, 9, 0, tzinfo=UTC)
STRANGE = "<script>alert(1)</script>{{ 7*7 }}{income}[x]#let a=1 $x$ *粗* _斜_ \\u{41} `x` @a </w:t> &amp; =1+1"


@pytest.fixture(scope="module")
def files(django_db_setup, django_db_blocker, tmp_path_factory):
    """The reference document, its PDF and its Word file, and the text of every page of the PDF."""
    folder = tmp_path_factory.mktemp("document")
    with django_db_blocker.unblock():
        from django.db import transaction

        with transaction.atomic():
            beginnings.demonstration(with_people=False)
            document = document_of(select(Unit.objects.get(code="566"), 2024))
            transaction.set_rollback(True)
    for form in ("pdf", "docx"):
        (folder / f"book.{form}").write_bytes(document_bytes(document, form, created=CREATED))
    return document, folder


def pages_of(path):
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")[:-1]


def squeezed(text):
    return re.sub(r"[\s\u2060]+", "", text)


def printed_figures(document):
    """Every figure that the tables print, as often as they print it, by table."""
    return [
        [value for row in grid.printed_rows() for value in row if re.fullmatch(r"-?\d+\.\d\d", value)]
        for grid in document.grids
    ]


def test_the_pdf_is_tagged_searchable_and_has_its_fonts_in_it(files):
    _, folder = files
    facts = subprocess.run(["pdfinfo", folder / "book.pdf"], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Tagged:\s+yes", facts)
    fonts = subprocess.run(["pdffonts", folder / "book.pdf"], capture_output=True, text=True, check=True).stdout
    rows = fonts.splitlines()[2:]
    assert rows and all(re.search(r"Identity-H\s+yes yes yes", row) for row in rows)


def test_the_contents_of_the_pdf_name_the_right_pages(files):
    _, folder = files
    pages = pages_of(folder / "book.pdf")
    entries = re.findall(r"^\s*(.+?)[ .\u2060]*?(\d+)$", pages[1].replace("\u2060", ""), re.MULTILINE)
    assert len(entries) == 3 + 2 + 10 + 1 + 1 + 15
    for words, page in entries:
        title = squeezed(re.sub(r"^(第.部分|附件：|[一二三四五六七八九十]+、)", "", words.split(" .")[0].rstrip(" .")))
        shown = pages[int(page) + 1]
        assert title in squeezed(shown), (words, page)
        assert f"—{page}—" in squeezed(shown)


def test_the_pdf_has_every_sentence_and_every_figure_of_the_tables(files):
    document, folder = files
    pages = pages_of(folder / "book.pdf")
    text = squeezed(re.sub(r"—\s*\d+\s*—", "", "".join(pages)))
    for _, block in document.narrative.paragraphs():
        assert squeezed(block.text) in text
    tables = "".join(pages[12:])
    for grid, figures in zip(document.grids, printed_figures(document), strict=True):
        assert squeezed(grid.title) in squeezed(tables)
        for figure in set(figures):
            assert tables.count(figure) >= figures.count(figure), (grid.key, figure)


def test_the_word_file_opens_and_has_every_sentence_and_every_cell(files):
    document, folder = files
    word = docx.Document(folder / "book.docx")
    texts = [paragraph.text for paragraph in word.paragraphs]
    for _, block in document.narrative.paragraphs():
        assert block.text in texts
    headings = [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == "表题"]
    assert headings[1:] == [grid.title for grid in document.grids]
    cells = [
        [text.text for text in row._tr.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")]
        for table in word.tables
        for row in table.rows
    ]
    flat = [text for row in cells for text in row]
    for figures in printed_figures(document):
        for figure in set(figures):
            assert flat.count(figure) >= figures.count(figure)


def test_the_contents_of_the_word_file_are_a_field_with_its_entries(files):
    _, folder = files
    word = docx.Document(folder / "book.docx")
    xml = word.element.xml
    assert r'TOC \o "1-2" \h \z \u' in xml
    entries = re.findall(r'w:anchor="(_Toc\d+)"', xml)
    bookmarks = re.findall(r'w:bookmarkStart [^>]*w:name="(_Toc\d+)"', xml)
    assert entries == bookmarks and len(entries) == 32
    lines = [paragraph._p for paragraph in word.paragraphs if paragraph.style.name.startswith("toc")]
    assert all(re.search(r"<w:t[^>]*>\d+</w:t>", line.xml) for line in lines)
    sections = [(section.orientation, section.page_width > section.page_height) for section in word.sections]
    assert [wide for _, wide in sections] == [False, False, False, True]


def test_headers_of_tables_are_repeated_in_word(files):
    _, folder = files
    word = docx.Document(folder / "book.docx")
    tag = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}tblHeader"
    repeated = [any(True for _ in table._tbl.iter(tag)) for table in word.tables]
    assert repeated.count(False) == 1  # the lines of the form, above table 14


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_draws_the_word_file_with_every_figure(files, tmp_path):
    document, folder = files
    assert opening.broken_parts(folder / "book.docx") == []
    (drawn,) = opening.by_libreoffice([folder / "book.docx"], tmp_path)
    text = opening.text_of(drawn)
    for figures in printed_figures(document):
        assert [figure for figure in set(figures) if figure not in text] == []


def test_an_exported_book_that_was_restyled_is_a_template(files, tmp_path):
    whole, folder = files
    word = docx.Document(folder / "book.docx")
    word.styles["正文段落"].font.name = "华文楷体"
    word.save(tmp_path / "styles.docx")
    with override_settings(WORD_TEMPLATE=str(tmp_path / "styles.docx")):
        again = docx.Document(BytesIO(document_bytes(whole, "docx", created=CREATED)))
    assert again.styles["正文段落"].font.name == "华文楷体"
    assert [paragraph.text for paragraph in again.paragraphs] == [paragraph.text for paragraph in word.paragraphs]
    assert [section.footer.paragraphs[0].text for section in again.sections] == ["", "", "— 1 —", "— 1 —"]


def document(code="566"):
    return document_of(select(Unit.objects.get(code=code), 2024))


@pytest.mark.django_db
def test_what_is_typed_stays_words_in_every_file(tmp_path):
    budget = beginnings.demonstration(with_people=False)
    row = Reason.objects.get(budget=budget, topic="reception")
    writing.write(budget, [writing.Edit(Reason, row.uid, row.version, {"text": STRANGE})], by=None, via="command")
    budget.refresh_from_db()
    make_line(make_item(budget, STRANGE[:60], "3"), 10_000)
    whole = document()
    assert STRANGE in whole.narrative.plain()
    (tmp_path / "book.pdf").write_bytes(document_bytes(whole, "pdf", created=CREATED))
    assert squeezed(STRANGE) in squeezed("".join(pages_of(tmp_path / "book.pdf")))
    word = docx.Document(BytesIO(document_bytes(whole, "docx", created=CREATED)))
    assert any(STRANGE in paragraph.text for paragraph in word.paragraphs)
    assert any(STRANGE[:60] in cell.text for table in word.tables for row in table.rows for cell in row.cells)


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_export_book_writes_the_document_whole_or_not_at_all(form, tmp_path, monkeypatch):
    beginnings.demonstration(with_people=False)
    out = tmp_path / "folder" / f"book.{form}"
    for unit in (None, "566001"):
        call_command("export_book", department="566", unit=unit, year=2024, form=form, out=out)
        assert out.read_bytes()[:4] in (b"PK\x03\x04", b"%PDF")
    before = out.read_bytes()

    def broken(*args, **kwargs):
        raise OSError("磁盘已满")

    monkeypatch.setattr("publication.export.Path.replace", broken)
    with pytest.raises(CommandError, match="磁盘已满"):
        call_command("export_book", department="566", year=2024, form=form, out=out)
    assert out.read_bytes() == before
    assert [path.name for path in out.parent.iterdir()] == [out.name]


@pytest.mark.django_db
def test_without_a_chinese_font_it_says_what_to_do(tmp_path):
    beginnings.demonstration(with_people=False)
    with override_settings(FONT_FOLDERS=[str(tmp_path)]):
        with pytest.raises(CommandError, match="fonts-noto-cjk"):
            call_command("export_book", department="566", year=2024, form="pdf", out=tmp_path / "b.pdf")
        call_command("export_book", department="566", year=2024, form="docx", out=tmp_path / "b.docx")
    assert not (tmp_path / "b.pdf").exists() and (tmp_path / "b.docx").exists()
    assert pdf.FAMILIES["body"][0] == "FangSong_GB2312"


# ---- projects that are not disclosed


def withhold(budget, *names):
    for name in names:
        item = budget.items.get(name=name)
        dossier = Dossier.objects.get(item=item)
        values = {"is_withheld": True, "public_name": "专项工作", "withheld_reason": "按规定不公开"}
        writing.write(budget, [writing.Edit(Dossier, dossier.uid, dossier.version, values)], by=None, via="command")
        budget.refresh_from_db()


@pytest.mark.django_db
def test_projects_that_are_not_disclosed_are_left_out_and_totals_stay():
    budget = beginnings.demonstration(with_people=False)
    withhold(budget, "科技经费", "补充解放区科技贷款贴息专项资金")
    whole = document()
    grid = next(grid for grid in whole.grids if grid.key == "projects")
    names = [row.cells[1] for row in grid.rows if row.kind == "item"]
    assert len(names) == 5 and "科技经费" not in names
    assert grid.fen("total", "total") == 193_000_000
    text = whole.narrative.plain()
    assert "补充解放区科技贷款贴息专项资金项目" not in text and "重点项目一：专项工作项目" in text
    for form in ("docx", "pdf"):
        content = document_bytes(whole, form, created=CREATED)
        if form == "docx":
            word = docx.Document(BytesIO(content))
            cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
            assert "科技经费" not in cells


@pytest.mark.django_db
def test_the_only_one_is_shown_together_with_its_group_or_subtraction_would_tell_it():
    budget = beginnings.demonstration(with_people=False)
    withhold(budget, "科技经费")
    whole = document()
    secret = money.fen(Line.objects.get(item__name="科技经费").amount)
    grid = next(grid for grid in whole.grids if grid.key == "projects")
    items = [row for row in grid.rows if row.kind == "item"]
    shown = [row.cells[grid.column_at("total")] for row in items]
    assert sum(shown) == grid.fen("total", "total")
    assert secret not in shown
    assert any(row.cells[1] == "其他运转类项目（3个合并列示）" for row in items)
    performance = next(grid for grid in whole.grids if grid.key == "project_performance")
    names = [row.cells[1] for row in performance.rows if row.kind == "item" and row.cells[1]]
    assert "科技经费" not in names and len(names) == 5
