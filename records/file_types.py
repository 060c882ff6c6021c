"""What a file is by its content, and a name under which it may be shown and kept by whoever downloads it."""

import codecs
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

LONGEST_NAME = 150
MAX_PARTS = 5_000  # of a zip: its list of parts is held in memory
MAX_TYPES = 1024 * 1024  # bytes read of a document's list of its parts
PART = b"PK\x01\x02"

INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
UNUSABLE = re.compile(r'[<>:"|?*]')  # in the name of a file, on the systems that people download to
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
MARKUP = re.compile(
    r"<\s*(?:!doctype|\?xml|\?php|html|head|body|script|svg|iframe|object|embed|meta|style|form|img)\b", re.I
)
PROGRAM_NAMES = frozenset(
    [
        "bat",
        "cmd",
        "com",
        "cpl",
        "exe",
        "hta",
        "htm",
        "html",
        "js",
        "jse",
        "jar",
        "lnk",
        "msi",
        "php",
        "ps1",
        "psm1",
        "py",
        "reg",
        "scr",
        "sh",
        "svg",
        "url",
        "vbe",
        "vbs",
        "wsf",
        "xhtml",
        "xml",
    ]
)


class FileNotTaken(ValueError):
    """Why a file is not taken: a sentence in Chinese."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken; `endings`: of its names, the usual one first."""

    label: str
    content_type: str
    endings: tuple[str, ...]


OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = Kind("PDF", "application/pdf", ("pdf",))
WORD = Kind("Word 文档", f"{OFFICE}.wordprocessingml.document", ("docx",))
EXCEL = Kind("Excel 工作簿", f"{OFFICE}.spreadsheetml.sheet", ("xlsx",))
OFD = Kind("OFD 版式文件", "application/ofd", ("ofd",))
PNG = Kind("PNG 图片", "image/png", ("png",))
JPEG = Kind("JPEG 图片", "image/jpeg", ("jpg", "jpeg"))
TEXT = Kind("文本", "text/plain", ("txt",))
KINDS = (PDF, WORD, EXCEL, OFD, PNG, JPEG, TEXT)
ACCEPTED = "PDF、OFD、Word（.docx）、Excel（.xlsx）、PNG、JPG 或文本文件"

ZIPPED = {"word/document.xml": WORD, "xl/workbook.xml": EXCEL, "ofd.xml": OFD}
REFUSED_STARTS = (
    (b"MZ", "文件是程序，不能作为依据文件。"),
    (b"\x7fELF", "文件是程序，不能作为依据文件。"),
    (b"#!", "文件是脚本，不能作为依据文件。"),
    (b"\xd0\xcf\x11\xe0", "文件是旧版 .doc、.xls 或加了密码，请去掉密码并另存为 .docx、.xlsx 或 PDF。"),
    (b"Rar!", "文件是压缩包，请解压后逐个上传。"),
    (b"7z\xbc\xaf", "文件是压缩包，请解压后逐个上传。"),
    (b"\x1f\x8b", "文件是压缩包，请解压后逐个上传。"),
)
UNKNOWN = f"认不出文件的类型。请上传{ACCEPTED}。"


def label_of(content_type: str) -> str:
    """A content type in words."""
    return next((kind.label for kind in KINDS if kind.content_type == content_type), "文件")


def kind_of(content: bytes, name: str = "") -> Kind:
    """What a file is: its content says, the name only warns of text that some system would run. Raises FileNotTaken."""
    if not content.strip():
        raise FileNotTaken("文件是空的。")
    for start, message in REFUSED_STARTS:
        if content.startswith(start):
            raise FileNotTaken(message)
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"PK"):
        return _zipped(content)
    return _text(content, name)


def _zipped(content: bytes) -> Kind:
    if content.count(PART) > MAX_PARTS:
        raise FileNotTaken(f"文件里的部件超过 {MAX_PARTS} 个，请另存为 PDF。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [entry.filename.lower() for entry in archive.infolist()]
            types = b""
            if "[Content_Types].xml" in archive.namelist():
                with archive.open("[Content_Types].xml") as part:
                    types = part.read(MAX_TYPES).lower()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise FileNotTaken("文件已损坏或加了密码，打不开。请重新另存后上传。") from error
    found = [kind for name, kind in ZIPPED.items() if name in names]
    if len(found) != 1:
        raise FileNotTaken(f"文件是压缩包，请解压后逐个上传。可以上传{ACCEPTED}。")
    if b"macroenabled" in types or any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise FileNotTaken("文件里有宏，请另存为不带宏的 .docx、.xlsx 或 PDF。")
    if any("activex/" in name for name in names):
        raise FileNotTaken("文件里有控件，请删除后另存，或另存为 PDF。")
    return found[0]


def _text(content: bytes, name: str) -> Kind:
    text = _decoded(content)
    if text is None or CONTROL.search(text):
        raise FileNotTaken(UNKNOWN)
    if MARKUP.search(text):
        raise FileNotTaken("文件是网页、SVG 或 XML，不能作为依据文件。请另存为 PDF。")
    if _ending(name).lower() in PROGRAM_NAMES:
        raise FileNotTaken("文件是网页或脚本，不能作为依据文件。请另存为 PDF。")
    return TEXT


def _decoded(content: bytes) -> str | None:
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def plain_name(name: str, longest: int = LONGEST_NAME) -> str:
    """The last part of a name as it may be shown: no folders, nothing invisible, not too long."""
    name = INVISIBLE.sub("", re.split(r"[/\\]", name)[-1])
    name = unicodedata.normalize("NFC", name).strip(" .")
    if len(name) > longest:
        ending = _ending(name)
        name = f"{name[: longest - len(ending) - 1].rstrip()}.{ending}" if 0 < len(ending) < 10 else name[:longest]
    return name or "未命名"


def name_for(name: str, kind: Kind) -> str:
    """The plain name with an ending that the content bears out."""
    name = UNUSABLE.sub("_", plain_name(name))
    if _ending(name).lower() in kind.endings:
        return name
    return f"{plain_name(name, LONGEST_NAME - 5)}.{kind.endings[0]}"


def _ending(name: str) -> str:
    return INVISIBLE.sub("", name).strip(" .").rpartition(".")[2] if "." in name else ""
