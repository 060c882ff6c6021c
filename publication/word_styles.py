"""The styles of the Word file: what official papers use. A bureau restyles the template, not this."""

from docx import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt

FANG, SONG, TITLE, BLACK, KAI = "仿宋_GB2312", "宋体", "方正小标宋简体", "黑体", "楷体_GB2312"
CENTER, LEFT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY

# name → font, size, bold, alignment, line (exact points or None), indent of the first line (signs), before, after
STYLES = {
    "Normal": (FANG, 16, False, JUSTIFY, 28, 0, 0, 0),
    "正文段落": (FANG, 16, False, JUSTIFY, 28, 2, 0, 0),
    "封面标题": (TITLE, 26, True, CENTER, 46, 0, 0, 8),
    "封面日期": (FANG, 18, False, CENTER, 28, 0, 0, 0),
    "目录标题": (TITLE, 22, True, CENTER, 36, 0, 0, 14),
    "部分序号": (BLACK, 18, False, CENTER, 30, 0, 0, 0),
    "Heading 1": (TITLE, 22, True, CENTER, 34, 0, 0, 22),
    "Heading 2": (BLACK, 16, False, LEFT, 28, 2, 10, 4),
    "Heading 3": (KAI, 16, True, LEFT, 28, 2, 4, 2),
    "附件标题": (BLACK, 12, False, LEFT, 18, 0, 0, 4),
    "表题": (TITLE, 18, True, CENTER, 26, 0, 0, 6),
    "表上说明": (SONG, 10, False, LEFT, 14, 0, 0, 3),
    "表格文字": (SONG, 9, False, LEFT, None, 0, 0, 0),
    "表注": (SONG, 9.5, False, LEFT, 14, 0, 6, 0),
    "toc 1": (BLACK, 12, False, LEFT, 20, 0, 4, 0),
    "toc 2": (FANG, 12, False, LEFT, 18, 0, 0, 0),
}
OUTLINE = {"附件标题": 1, "表题": 2}  # that the contents list beside the headings


def template(path: str = ""):
    """An empty document with all the styles: the bureau's own where `path` names its template."""
    document = WordDocument(path or None)
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    there = {style.name for style in document.styles}
    for name, declared in STYLES.items():
        if not path or name not in there:
            _style(document, name, *declared)
    return document


def _style(document, name, font, size, bold, alignment, line, indent, before, after) -> None:
    styles = document.styles
    found = next((style for style in styles if style.name == name), None)
    style = found if found is not None else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if found is None and name != "Normal":
        style.base_style = styles["Normal"]
    style.hidden, style.quick_style = False, True
    style.font.name, style.font.size, style.font.bold, style.font.italic = font, Pt(size), bold, False
    style.font.color.rgb = None
    signs = style.element.get_or_add_rPr()
    for unwanted in signs.findall(qn("w:color")):
        signs.remove(unwanted)
    fonts = signs.get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        if attribute.endswith("Theme"):
            del fonts.attrib[attribute]
    for attribute in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(attribute), font)
    shape = style.paragraph_format
    shape.alignment = alignment
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY if line else WD_LINE_SPACING.SINGLE
    if line:
        shape.line_spacing = Pt(line)
    shape.first_line_indent = Pt(indent * size)
    shape.keep_with_next = name in ("Heading 1", "Heading 2", "Heading 3", "部分序号", "表题", "表上说明", "附件标题")
    shape.widow_control = False  # every page has as many lines
    properties = style.element.get_or_add_pPr()
    for name_of in ("w:autoSpaceDE", "w:autoSpaceDN"):  # no gap between Chinese and figures
        for old in properties.findall(qn(name_of)):
            properties.remove(old)
        tight = properties.makeelement(qn(name_of), {qn("w:val"): "0"})
        properties.find(qn("w:spacing")).addprevious(tight)
    if name in OUTLINE:
        properties.append(properties.makeelement(qn("w:outlineLvl"), {qn("w:val"): str(OUTLINE[name] - 1)}))
