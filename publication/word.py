"""The document as a Word file: styles of a template, a table of contents that is a field, tables that are tables."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

from django.conf import settings
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from budget.charts import FULL

from .document import Document
from .layout import LaidTable, clean, data_of, tables_of
from .word_styles import template
from .word_tables import chart_table, table_elements

BAR, REST, BAR_SIGNS = "█", "░", 18
CHART_WIDTHS = {3: [3100, 1300, 1300, 3000], 4: [2500, 1300, 1300, 900, 2700]}  # by the words of a row; the bar last


class _Writer:
    """Writes one document from its beginning to its end."""

    def __init__(self, pages: Sequence[int]):
        self.word = template(settings.WORD_TEMPLATE)
        self.pages = pages  # of the entries of the contents, as far as they are known
        self.entries: list[tuple[int, str, str]] = []  # level, text, bookmark
        self.styles = {style.name: style.style_id for style in self.word.styles}

    def paragraph(self, text: str, style: str):
        return self.word.add_paragraph(clean(text), style=style)

    def entry(self, text: str, style: str, level: int, listed: str = ""):
        """A paragraph that the contents list, in these words or in others."""
        paragraph = self.paragraph(text, style)
        name, number = f"_Toc{len(self.entries) + 1:06}", str(len(self.entries) + 1)
        self.entries.append((level, clean(listed or text), name))
        start = parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{name}"/>')
        end = parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>')
        paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
        paragraph._p.append(end)
        return paragraph

    def section(self, *, landscape: bool = False, numbered: bool = True, first: bool = False, restart: bool = False):
        section = self.word.sections[0] if first else self.word.add_section(WD_SECTION.NEW_PAGE)
        short, long = Mm(210), Mm(297)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (long, short) if landscape else (short, long)
        if landscape:
            section.left_margin = section.right_margin = Mm(15)
            section.top_margin = section.bottom_margin = Mm(16)
        else:
            section.left_margin, section.right_margin = Mm(28), Mm(26)
            section.top_margin, section.bottom_margin = Mm(32), Mm(30)
        section.header_distance = section.footer_distance = Mm(8 if landscape else 15)
        section.footer.is_linked_to_previous = False
        section.footer.paragraphs[0].clear()  # a template made of an earlier book has one
        if numbered:
            _page_number(section.footer.paragraphs[0])
        kind = section._sectPr.find(qn("w:pgNumType"))
        if kind is not None:
            section._sectPr.remove(kind)
        if restart:
            section._sectPr.find(qn("w:cols")).addprevious(parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>'))
        return section

    def contents(self, place) -> None:
        """The field, with an entry for each heading and its page as last known, after the paragraph `place`."""
        at = place._p
        for index, (level, text, bookmark) in enumerate(self.entries):
            page = str(self.pages[index]) if index < len(self.pages) else ""
            paragraph = self.word.add_paragraph(style=f"toc {level}")
            paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
            if level > 1:
                paragraph.paragraph_format.left_indent = Pt(20)
            if index == 0:
                _field_start(paragraph, r'TOC \o "1-2" \h \z \u')
            _link(paragraph, bookmark, text, page)
            if index == len(self.entries) - 1:
                _field_end(paragraph)
            at.addnext(paragraph._p)
            at = paragraph._p


def word_bytes(document: Document, *, created: datetime, pages: Sequence[int] = ()) -> bytes:
    """The Word file. `pages`: of the entries of the contents, shown until Word counts them itself."""
    data = data_of(document, created.date())
    writer = _Writer(pages)
    word = writer.word
    _properties(word, data, created)
    writer.section(first=True, numbered=False)
    for _ in range(5):
        writer.paragraph("", "Normal")
    for line in data["cover"]:
        writer.paragraph(line, "封面标题")
    for _ in range(8):
        writer.paragraph("", "Normal")
    writer.paragraph(data["date"], "封面日期")
    writer.section(numbered=False)
    place = writer.paragraph("目　录", "目录标题")
    writer.section(restart=True)
    for at, part in enumerate(data["parts"]):
        label = writer.paragraph(part["label"], "部分序号")
        label.paragraph_format.page_break_before = at > 0
        writer.entry(part["title"], "Heading 1", 1, f"{part['label']}　{part['title']}")
        for block in part["blocks"]:
            if block["level"] == 1:
                writer.entry(block["text"], "Heading 2", 2)
            else:
                writer.paragraph(block["text"], "Heading 3" if block["level"] else "正文段落")
        if at == 1 and data["charts"]:
            _charts(writer, data["charts"])
    _tables(writer, tables_of(document), data["tables_title"])
    writer.contents(place)
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def _charts(writer: _Writer, charts: list[dict]) -> None:
    title = writer.entry("主要数据图示", "表题", 2)
    title.paragraph_format.page_break_before = True
    style = writer.styles["表格文字"]
    for chart in charts:
        writer.paragraph(chart["title"], "附件标题").paragraph_format.space_before = Pt(10)
        widths = CHART_WIDTHS[len(chart["heads"])]
        rows = [[*chart["heads"], ""], *([*row["words"], _bar(row["length"], row["whole"])] for row in chart["rows"])]
        writer.word.element.body.insert(-1, chart_table(rows, widths, style))


def _bar(length: int, whole: int) -> str:
    """In signs: the bar, then what is left of what it is part of."""
    signs = max(1, length * BAR_SIGNS // FULL) if length else 0
    return BAR * signs + REST * (whole * BAR_SIGNS // FULL - signs)


def _tables(writer: _Writer, tables: list[LaidTable], title: str) -> None:
    style = writer.styles["表格文字"]
    body = writer.word.element.body
    writer.section(landscape=True)
    for at, table in enumerate(tables):
        if at == 0:
            writer.entry(f"附件：{title}", "附件标题", 1)
        heading = writer.entry(table.title, "表题", 2, table.entry)
        heading.paragraph_format.page_break_before = at > 0
        above = writer.paragraph(f"{table.top}\t{table.unit}", "表上说明")
        above.paragraph_format.tab_stops.add_tab_stop(Mm(266), WD_TAB_ALIGNMENT.RIGHT)
        for number, element in enumerate(table_elements(table, style)):
            if number:
                _seam(writer)
            body.insert(-1, element)
        for text in table.lines_below:
            writer.paragraph(text, "表注")
        if not table.lines_below and at < len(tables) - 1:
            _seam(writer)


def _seam(writer: _Writer) -> None:
    """A line of no height: tables that touch would become one."""
    paragraph = writer.paragraph("", "表格文字")
    paragraph.paragraph_format.line_spacing = Pt(1)


def _properties(word, data: dict, created: datetime) -> None:
    moment = created.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    core = word.core_properties
    core.title, core.author, core.language = data["title"], data["organisation"], "zh-CN"
    core.created = core.modified = moment
    core.comments, core.last_modified_by = "", data["organisation"]
    kept = word.settings.element
    for name in ("w:updateFields", "w:characterSpacingControl"):
        for old in kept.findall(qn(name)):
            kept.remove(old)
    spacing = f'<w:characterSpacingControl {nsdecls("w")} w:val="compressPunctuation"/>'
    kept.find(qn("w:defaultTabStop")).addnext(parse_xml(spacing))
    update = parse_xml(f'<w:updateFields {nsdecls("w")} w:val="true"/>')
    kept.find(qn("w:compat")).addprevious(update)  # the schema has an order


# ---- fields


def _page_number(paragraph) -> None:
    paragraph.alignment = 1
    paragraph.add_run("— ")
    _field_start(paragraph, "PAGE")
    paragraph.add_run("1")
    _field_end(paragraph)
    paragraph.add_run(" —")
    for run in paragraph.runs:
        run.font.size = Pt(12)


def _char(kind: str):
    run = OxmlElement("w:r")
    char = OxmlElement("w:fldChar")
    char.set(qn("w:fldCharType"), kind)
    run.append(char)
    return run


def _instruction(code: str):
    run = OxmlElement("w:r")
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {code} "
    run.append(text)
    return run


def _field_start(paragraph, code: str) -> None:
    for element in (_char("begin"), _instruction(code), _char("separate")):
        paragraph._p.append(element)


def _field_end(paragraph) -> None:
    paragraph._p.append(_char("end"))


def _words(text: str):
    run = OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.set(qn("xml:space"), "preserve")
    words.text = text
    run.append(words)
    return run


def _tab():
    run = OxmlElement("w:r")
    run.append(OxmlElement("w:tab"))
    return run


def _link(paragraph, bookmark: str, text: str, page: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), bookmark)
    link.set(qn("w:history"), "1")
    number = (_char("begin"), _instruction(rf"PAGEREF {bookmark} \h"), _char("separate"), _words(page), _char("end"))
    for element in (_words(text), _tab(), *number):
        link.append(element)
    paragraph._p.append(link)
