"""The book as files: the tables (xlsx, json, csv) and the whole document (docx, pdf). Written whole or not at all."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from budget.books import Selection, read_book
from budget.readback import verified
from budget.reporting import csv_text, json_form, xlsx
from budget.reporting.grid import Grid
from budget.reporting.spec import TableSet

from .document import Document, disclosed_grids, document_of
from .narrative.facts import facts_of
from .pdf import NoFonts, pages_of, pdf_bytes
from .word import word_bytes

TABLES, DOCUMENTS = ("xlsx", "json", "csv"), ("docx", "pdf")
FORMATS = (*TABLES, *DOCUMENTS)
OURS = re.compile(r"\d{2}_[\w.]+\.csv")


class HasMisfits(ValueError):
    """Money stands in no printed row or column; such a book is not released."""


def export(selection: Selection, form: str, out: Path, *, created: datetime, table_set: TableSet | None = None) -> int:
    """Write the book to `out` (csv: a folder) as it is disclosed, and say how many tables it has.

    `created` is the date the file bears. HasMisfits where a table would not show all its money; NoText where the set
    has no text; NoFonts where there is nothing to print Chinese with; readback.Differs where the workbook is not what
    it should be.
    """
    if form in DOCUMENTS:
        document = document_of(selection, table_set=table_set)
        content = document_bytes(document, form, created=created)
        out.parent.mkdir(parents=True, exist_ok=True)
        _whole(out, lambda path: path.write_bytes(content))
        return len(document.grids)
    book = read_book(selection, table_set=table_set)
    grids = released(disclosed_grids(book, facts_of(selection)))
    out.parent.mkdir(parents=True, exist_ok=True)
    if form == "csv":
        _folder(grids, out)
    elif form == "json":
        text = json_form.json_text(grids)
        _whole(out, lambda path: path.write_text(text, encoding="utf-8"))
    else:
        content = verified(xlsx.book_bytes(grids, created=created), grids)
        _whole(out, lambda path: path.write_bytes(content))
    return len(grids)


def released(grids: Iterable[Grid]) -> list[Grid]:
    """The same tables. HasMisfits where one would not show all its money."""
    grids = list(grids)
    if misfitting := [grid for grid in grids if grid.misfits]:
        names = "、".join(f"表{grid.number}《{grid.title}》" for grid in misfitting)
        raise HasMisfits(f"有金额未归入任何行列，不能导出：{names}。请在页面上查看“未归列”并修改相应明细。")
    return grids


def document_bytes(document: Document, form: str, *, created: datetime) -> bytes:
    """The whole document as docx or pdf. HasMisfits and NoFonts as in `export`.

    A Word file does without the fonts: then the pages of its contents are blank until Word counts them.
    """
    released(document.grids)
    if form == "pdf":
        return pdf_bytes(document, created=created)
    try:
        pages = pages_of(document, created=created)
    except NoFonts:
        pages = []
    return word_bytes(document, created=created, pages=pages)


def _whole(out: Path, write) -> None:
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.", suffix=out.suffix)
    os.close(handle)
    path = Path(name)
    try:
        write(path)
        path.chmod(0o644)
        path.replace(out)
    finally:
        path.unlink(missing_ok=True)


def _folder(grids: list[Grid], out: Path) -> None:
    """Write into a folder beside the wanted one, then put it in its place; other things in it are refused."""
    if out.exists() and (strange := [path.name for path in out.iterdir() if not OURS.fullmatch(path.name)]):
        raise FileExistsError(f"文件夹 {out} 中有其他文件（{strange[0]}），未写入。")
    draft = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    try:
        csv_text.write_folder(grids, draft)
        draft.chmod(0o755)
        if out.exists():
            shutil.rmtree(out)
        draft.rename(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
