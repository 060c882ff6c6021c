"""The files of a version: made of what is frozen, and put where they stay, all of them or none."""

import hashlib
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from budget.readback import verified
from budget.reporting import xlsx

from . import open_data
from .document import Document
from .export import document_bytes, released
from .frozen import Frozen

FOLDER = "published"
ENDINGS = {"xlsx": "xlsx", "docx": "docx", "pdf": "pdf", "csv": "zip", "json": "json", "datapackage": "json"}
PAGE = re.compile(rb"/Type\s*/Page\b")  # of a PDF as typst writes it


@dataclass(frozen=True)
class Made:
    """A file before it is kept. `pages`: of the PDF, else None."""

    form: str
    name: str
    content: bytes
    pages: int | None = None

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def stored(self) -> str:
        return f"{self.form}.{ENDINGS[self.form]}"


def _xlsx(frozen: Frozen, document: Document, created: datetime) -> bytes:
    grids = released(frozen.grids)
    return verified(xlsx.book_bytes(grids, created=created), grids)


def _docx(frozen: Frozen, document: Document, created: datetime) -> bytes:
    return document_bytes(document, "docx", created=created)


def _pdf(frozen: Frozen, document: Document, created: datetime) -> bytes:
    return document_bytes(document, "pdf", created=created)


MAKERS: dict[str, Callable[[Frozen, Document, datetime], bytes]] = {
    "xlsx": _xlsx,
    "docx": _docx,
    "pdf": _pdf,
    "csv": lambda frozen, document, created: open_data.csv_zip(frozen),
    "json": lambda frozen, document, created: open_data.json_bytes(frozen),
    "datapackage": lambda frozen, document, created: open_data.datapackage_bytes(frozen),
}


def made(frozen: Frozen, document: Document, *, number: int, created: datetime) -> Iterator[Made]:
    """Every file of a version, one after the other.

    HasMisfits, NoFonts, readback.Differs where one cannot be made.
    """
    for form, make in MAKERS.items():
        content = make(frozen, document, created)
        pages = len(PAGE.findall(content)) if form == "pdf" else None
        yield Made(form, name_of(frozen, form, number), content, pages)


def name_of(frozen: Frozen, form: str, number: int) -> str:
    """What the file is called where it is downloaded."""
    if form == "datapackage":
        return "datapackage.json"
    version = f"_更正{number}" if number > 1 else ""
    return f"{frozen.name}{frozen.year}年{frozen.kind}预算{version}.{ENDINGS[form]}"


def put(uid: uuid.UUID, files: Sequence[Made]) -> str:
    """Put the files into a folder of their own, which appears with all of them in it; its name under the media folder.

    Whatever happens on the way, nothing of them is to be found there; what is left beside is taken away by `sweep`.
    """
    root = Path(settings.MEDIA_ROOT) / FOLDER
    root.mkdir(mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=root, prefix=f".{uid.hex}."))
    try:
        for file in files:
            _write(draft / file.stored, file.content)
        _settle(draft)
        draft.rename(root / uid.hex)
        _settle(root)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        take_back(uid)
        raise
    return f"{FOLDER}/{uid.hex}"


def take_back(uid: uuid.UUID) -> None:
    """Remove what was put for a version that then was not published."""
    shutil.rmtree(Path(settings.MEDIA_ROOT) / FOLDER / uid.hex, ignore_errors=True)


def sweep(kept: set[str], older_than: datetime) -> int:
    """Remove folders of versions that never came to be, once they are old. `kept`: uids in hex. How many."""
    root, gone = Path(settings.MEDIA_ROOT) / FOLDER, 0
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.name not in kept and folder.stat().st_mtime < older_than.timestamp():
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(settings.FILE_UPLOAD_PERMISSIONS)


def _settle(folder: Path) -> None:
    """What stands in a folder survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
