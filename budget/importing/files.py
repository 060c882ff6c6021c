"""Files as people bring them, CSV or workbook, → sheets of cells with their addresses.

What a file is, its content says, not its name. Whatever cannot be read for certain is refused in Chinese; what is
read under an assumption, or not read, is said in a notice. Nothing is dropped silently, nothing is executed.
"""

import codecs
import csv
import hashlib
import io
import logging
from dataclasses import dataclass, field
from pathlib import Path

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_CELLS = 200_000
MAX_COLUMNS = 256

OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MARKUP = ("<!doctype", "<html", "<head", "<body", "<table", "<?xml", "<meta", "<style")
GUARDED = tuple("=+-@\t\r\n\0＝＋－＠")  # our own CSV files put ' before text that begins so

logger = logging.getLogger(__name__)


class FileRefused(ValueError):
    """Why a file is not read at all: a sentence in Chinese."""


@dataclass
class Sheet:
    """A table of cells. `rows`: (row number from 1, values from column A); rows without any value are left out.

    Values are str, int, float, bool, datetime types, None or `cells.Unreadable`. `name` is "" for CSV.
    """

    name: str
    rows: list[tuple[int, list]]
    merged: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # first row, first column, last row, last column
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: int = 0

    def address(self, row: int, column: int) -> str:
        """`D4`, or `Sheet1!D4` in a workbook; row and column from 1."""
        place = f"{letters(column)}{row}"
        return f"{self.name}!{place}" if self.name else place


@dataclass
class Source:
    """A file that was read: its sheets with content, and what the person should know about the reading."""

    sheets: list[Sheet]
    notices: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # constants that the workbook defines: name → text


def read(source: Path | str | bytes, name: str = "") -> Source:
    """Read a file (a path, or its bytes with the name it came under) in this process. Raises FileRefused.

    What somebody sent is read by `guard.read`, which does this in a process of its own.
    """
    content, name = content_of(source, name)
    if len(content) > MAX_BYTES:
        raise FileRefused(f"文件超过{MAX_BYTES // 1024 // 1024} MB。")
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        raise FileRefused("文件是空的。")
    if content.startswith(OLD_OR_ENCRYPTED):
        raise FileRefused("文件是加密的工作簿或旧版 .xls，请去掉密码并另存为 .xlsx。")
    try:
        if content.startswith(ZIP):
            from .workbook import read_workbook

            return read_workbook(content)
        return _read_text(content, name)
    except FileRefused:
        raise
    except Exception as error:
        # openpyxl raises nine and more types on damaged files: whatever it is, the file cannot be read
        raise unreadable(content, type(error).__name__) from error


def unreadable(content: bytes, why: str) -> FileRefused:
    """The refusal of a file that cannot be read for whatever reason; the log knows the reason and the file's hash."""
    digest = hashlib.sha256(content).hexdigest()
    logger.warning("unreadable file %s: %s", digest, why)
    return FileRefused(f"文件无法读取，可能已损坏（编号{digest[:12]}），请用 Excel 或 WPS 打开后另存为 .xlsx 再试。")


def content_of(source: Path | str | bytes, name: str = "") -> tuple[bytes, str]:
    """The bytes of a file, at most one more than may be read, and its name. Raises FileRefused."""
    if isinstance(source, bytes):
        return source, name
    path = Path(source)
    return _content(path), name or path.name


def letters(column: int) -> str:
    """The letters of a column: 1 → A, 27 → AA."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileRefused(f"文件打不开：{path}（{error.strerror}）。") from error


def _read_text(content: bytes, name: str) -> Source:
    if content.startswith(b"%PDF"):
        raise FileRefused("文件是 PDF，请用 .xlsx 或 .csv。")
    if content.startswith(UTF16):
        raise FileRefused("文件是 UTF-16 编码的文本，请另存为“CSV UTF-8”或 .xlsx。")
    if b"\0" in content:
        raise FileRefused("文件不是 Excel 工作簿，也不是 CSV 文本。")
    text, notices = decoded(content)
    start = text.lstrip().lower()
    if start.startswith(MARKUP):
        raise FileRefused("文件是网页或 XML，不是工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx。")
    if name.lower().endswith((".xlsx", ".xls", ".xlsm", ".et")):
        raise FileRefused("文件的扩展名是工作簿，内容却是文本，请另存为 .xlsx，或把扩展名改为 .csv。")
    return Source([Sheet("", csv_rows(text))], notices)


def decoded(content: bytes) -> tuple[str, list[str]]:
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030"), ["文件不是 UTF-8 编码，已按 GB18030 读取，请核对汉字。"]
    except UnicodeDecodeError:
        raise FileRefused("文件的文字编码无法识别，请另存为“CSV UTF-8”或 .xlsx。") from None


def csv_rows(text: str) -> list[tuple[int, list]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = "\t" if "\t" in first and "," not in first else ","
    rows, cells = [], 0
    try:
        for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            values = [_unguarded(value) for value in record]
            filled = sum(value is not None for value in values)
            if not filled:
                continue
            cells += filled
            check_size(number, cells, len(values) if any(values[MAX_COLUMNS:]) else 0)
            rows.append((number, values))
    except csv.Error as error:
        raise FileRefused(f"CSV 第{len(rows) + 1}行附近格式不正确（引号不成对或单元格过长）。") from error
    return rows


def check_size(row: int, cells: int, columns: int) -> None:
    """Refuse what is too much, whole: a file is never cut off."""
    if row > MAX_ROWS:
        raise FileRefused(f"数据超过第{MAX_ROWS}行，请拆成几个文件或删除多余的行。")
    if cells > MAX_CELLS:
        raise FileRefused(f"非空单元格超过{MAX_CELLS}个，请拆成几个文件。")
    if columns > MAX_COLUMNS:
        raise FileRefused(f"数据超出第{MAX_COLUMNS}列（{letters(MAX_COLUMNS)}列）。")


def _unguarded(value: str) -> str | None:
    if not value.strip():
        return None
    return value[1:] if value[0] == "'" and value[1:].startswith(GUARDED) else value
