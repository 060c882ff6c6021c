"""The words of a document that somebody sent, line by line: a Word file (.docx) or a plain text.

A paragraph is a line; a row of a table is a line of its cells with tabs between them. Pictures, headers, footnotes and
what was struck out are no words of it. A Word file is read in a process of its own (`guard.words`).
"""

import codecs
import io
import zipfile
from collections.abc import Iterator

from . import files
from .files import OLD_OR_ENCRYPTED, UTF16, ZIP, FileRefused

MAX_BYTES = 20 * 1024 * 1024
LARGEST = 60 * 1024 * 1024  # the text's part of a Word file, unpacked
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY = "word/document.xml"


def read(content: bytes) -> list[str]:
    """The lines, blank ones left out. FileRefused where it is neither; whatever a damaged Word file raises."""
    if len(content) > MAX_BYTES:
        raise FileRefused(f"文件超过{MAX_BYTES // 1024 // 1024} MB。")
    if content.startswith(OLD_OR_ENCRYPTED):
        raise FileRefused("文件是加密的或旧版的 Word 文档（.doc），请去掉密码并另存为 .docx。")
    if content.startswith(b"%PDF"):
        raise FileRefused("文件是 PDF，请在其中全选、复制文字，再粘贴到文字框。")
    if content.startswith(UTF16):
        raise FileRefused("文件是 UTF-16 编码的文本，请另存为 UTF-8 编码的文本。")
    lines = _of_word(content) if content.startswith(ZIP) else _of_text(content)
    found = [line for line in map(str.strip, lines) if line]
    if not found:
        raise FileRefused("文件里没有文字。")
    return found


def _of_text(content: bytes) -> list[str]:
    if b"\0" in content.removeprefix(codecs.BOM_UTF8):
        raise FileRefused("文件不是 Word 文档（.docx），也不是文本。")
    return files.decoded(content)[0].splitlines()


def _of_word(content: bytes) -> Iterator[str]:
    from lxml import etree  # here, because most readers of files need none

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if BODY not in parts.namelist():
            raise FileRefused("文件不是 Word 文档（.docx），也不是文本。")
        if parts.getinfo(BODY).file_size > LARGEST:
            raise FileRefused("文档太大，请只粘贴要检查的文字。")
        whole = parts.read(BODY)
    tree = etree.fromstring(whole, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    if tree.getroottree().docinfo.doctype:  # entities of its own: no Word file has any
        raise FileRefused("文件不是 Word 文档（.docx），也不是文本。")
    for one in tree.iter(f"{W}p", f"{W}tr"):
        if next(one.iterancestors(f"{W}tr"), None) is not None:
            continue
        if one.tag == f"{W}p":
            yield _said(one)
        else:
            yield "\t".join(" ".join(map(_said, cell.iter(f"{W}p"))) for cell in one.iter(f"{W}tc"))


def _said(paragraph) -> str:
    signs = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}
    found = paragraph.iter(f"{W}t", *signs)
    return "".join(signs.get(one.tag, one.text or "") for one in found)
