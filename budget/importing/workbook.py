"""Workbooks (.xlsx) → sheets of cells. The caller has seen to the size; `archive.inspect` sees to what is inside.

openpyxl says which sheets there are and where; `sheet_xml` reads them. The `<dimension>` a sheet claims is never
believed: with a stale one openpyxl reads two rows of eight thousand.
"""

import io
import re
import warnings
import zipfile
from typing import NamedTuple

import openpyxl
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import ARC_STYLE, SHARED_STRINGS

from . import archive
from .files import FileRefused, Source
from .sheet_xml import Cells, Formats, SharedTexts

if not openpyxl.DEFUSEDXML or openpyxl.LXML:
    raise ImportError("openpyxl must parse with defusedxml: see OPENPYXL_DEFUSEDXML and OPENPYXL_LXML")

STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
MAX_SHEETS = 100
CONSTANT = re.compile(r'=?"([^"]*)"|\d+')


def read_workbook(content: bytes) -> Source:
    """All visible sheets that have content. Raises FileRefused, or whatever openpyxl raises on a damaged file."""
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        archive.inspect(zipped)
        if "xl/workbook.xml" in zipped.namelist() and STRICT in zipped.read("xl/workbook.xml"):
            raise FileRefused("工作簿是“严格 Open XML”格式，请另存为普通的 .xlsx。")
    source = Source([])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about extensions that we do not read
        reader = _Reader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            reader.read_structure()
            for sheet in reader.found:
                _take(sheet, reader, source)
            source.names = reader.constants()
        finally:
            reader.archive.close()
    if not source.sheets:
        raise FileRefused("工作簿里没有内容。")
    return source


class _Found(NamedTuple):
    """A sheet, and the part that it is in."""

    title: str
    part: str
    is_visible: bool


class _Reader(ExcelReader):
    """openpyxl's reader as far as it says what the workbook is made of; texts and formats are read by ours."""

    def read_structure(self) -> None:
        self.read_manifest()
        self.read_workbook()
        if len(self.parser.sheets) > MAX_SHEETS:
            raise FileRefused(f"工作表超过{MAX_SHEETS}个。")
        self.found = [
            _Found(sheet.name, part.target, sheet.state == "visible")
            for sheet, part in self.parser.find_sheets()
            if part.target in self.valid_files and "chartsheet" not in part.Type
        ]
        self.texts, self.formats = SharedTexts(), Formats()
        texts = self.package.find(SHARED_STRINGS)
        for name, part in ((texts and texts.PartName[1:], self.texts), (ARC_STYLE, self.formats)):
            if name in self.valid_files:
                with self.archive.open(name) as opened:
                    part.read(opened)

    def constants(self) -> dict[str, str]:
        """The texts and numbers that the workbook gives names to."""
        found = {}
        for name in self.parser.defined_names.definedName:
            if constant := CONSTANT.fullmatch(name.attr_text or ""):
                found[name.name] = constant[1] if constant[1] is not None else constant[0]
        return found


def _take(found: _Found, reader: _Reader, source: Source) -> None:
    cells = Cells(reader.texts.texts, reader.formats.styles, reader.wb.epoch)
    with reader.archive.open(found.part) as part:
        cells.read(part)
    if not cells.cells:
        return
    if not found.is_visible:
        source.notices.append(f"隐藏的工作表“{found.title}”没有读取。")
    elif cells.rows:
        source.sheets.append(cells.sheet(found.title))
