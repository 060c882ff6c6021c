"""The book as files: xlsx, json, csv. A file is written whole or not at all."""

import os
import re
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from budget.readback import verified
from budget.reporting import csv_text, json_form, xlsx
from budget.reporting.book import Book
from budget.reporting.grid import Grid

FORMATS = ("xlsx", "json", "csv")
OURS = re.compile(r"\d{2}_[\w.]+\.csv")


class HasMisfits(ValueError):
    """Money stands in no printed row or column; such a book is not released."""


def export(book: Book, form: str, out: Path, *, created: datetime) -> None:
    """Write the book's tables to `out` (csv: a folder); `created` is what the workbook says of itself.

    HasMisfits where a table would not show all its money; readback.Differs where the workbook is not what it should be.
    """
    grids = book.grids()
    if misfitting := [grid for grid in grids if grid.misfits]:
        names = "、".join(f"表{grid.number}《{grid.title}》" for grid in misfitting)
        raise HasMisfits(f"有金额未归入任何行列，不能导出：{names}。请在页面上查看“未归列”并修改相应明细。")
    out.parent.mkdir(parents=True, exist_ok=True)
    if form == "csv":
        _folder(grids, out)
    elif form == "json":
        text = json_form.json_text(grids)
        _whole(out, lambda path: path.write_text(text, encoding="utf-8"))
    else:
        content = verified(xlsx.book_bytes(grids, created=created), grids)
        _whole(out, lambda path: path.write_bytes(content))


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
