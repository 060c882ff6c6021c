"""T-12: what a file is, its content says; names do no harm."""

import io
import random
import zipfile

import pytest

from records.file_types import KINDS, PDF, TEXT, FileNotTaken, kind_of, name_for, plain_name


def zipped(*names: str, types: bytes = b"<Types/>") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", types)
        for name in names:
            archive.writestr(name, b"x")
    return content.getvalue()


TAKEN = {
    "PDF": b"%PDF-1.7\n...",
    "Word 文档": zipped("word/document.xml"),
    "Excel 工作簿": zipped("xl/workbook.xml"),
    "OFD 版式文件": zipped("OFD.xml"),
    "PNG 图片": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "JPEG 图片": b"\xff\xd8\xff\xe0" + bytes(50),
    "文本": "关于立项的批复\r\n同意 a < b。".encode("gb18030"),
}
HTML, SVG = b"<html><script>alert(1)</script></html>", b'<svg xmlns="http://www.w3.org/2000/svg"/>'
REFUSED = [
    (HTML, "a.pdf", "网页"),
    (b"\xef\xbb\xbf \n<!DOCTYPE html>", "a.txt", "网页"),
    (b"GIF89a text " + HTML, "a.txt", "网页"),
    (HTML.decode().encode("utf-16"), "a.txt", "网页"),
    (SVG, "a.png", "网页、SVG"),
    (b'<?xml version="1.0"?><a/>', "a.xml", "XML"),
    (b"MZ\x90\x00", "a.pdf", "程序"),
    (b"\x7fELF\x02", "a.txt", "程序"),
    (b"#!/bin/sh\nrm -rf /", "a.txt", "脚本"),
    (b"@echo off\r\ndel *", "a.bat", "脚本"),
    (b"alert(1)", "a.JS ", "脚本"),
    (b"alert(1)", "a.js\u200b", "脚本"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "a.doc", "另存为 .docx"),
    (zipped("a.txt"), "a.docx", "压缩包"),
    (zipped("word/document.xml", "word/vbaProject.bin"), "a.docx", "宏"),
    (zipped("xl/workbook.xml", types=b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "a.xlsx", "宏"),
    (zipped("word/document.xml")[:-30], "a.docx", "损坏"),
    (b"PK\x01\x02" * 6_000, "a.docx", "部件"),
    (b"\x00\x01\x02\x03", "a.pdf", "认不出"),
    (b" \n", "a.txt", "空的"),
]


def test_each_kind_is_known_by_its_content():
    assert {label: kind_of(content, "x.exe" if label != "文本" else "x").label for label, content in TAKEN.items()} == {
        kind.label: kind.label for kind in KINDS
    }


@pytest.mark.parametrize(("content", "name", "words"), REFUSED)
def test_what_could_run_or_cannot_be_known_is_refused_in_words(content, name, words):
    with pytest.raises(FileNotTaken, match=words):
        kind_of(content, name)


def test_the_ending_is_what_the_content_bears_out():
    assert name_for("批复.pdf", PDF) == "批复.pdf"
    assert name_for("批复.PDF", PDF) == "批复.PDF"
    assert name_for("批复.pdf.exe", PDF) == "批复.pdf.exe.pdf"
    assert name_for("批\u202efdp.exe", PDF) == "批fdp.exe.pdf"
    assert name_for("a.html", TEXT) == "a.html.txt"
    assert name_for("", PDF) == "未命名.pdf"
    assert name_for('a"b:c?.txt', TEXT) == "a_b_c_.txt"


def names(count: int = 200) -> list[str]:
    """Names made to hurt: made of bad pieces, the same ones every time."""
    pieces = ["../", "..\\", "/etc/passwd", "C:\\", "\r\nSet-Cookie: a=b", "\0", "\u202e", "\u200f", "\u2028"]
    pieces += ["😀", "好", "a" * 300, ".html", ".svg", ".exe", '"', ";", "%2e%2e%2f", "<script>", " ", ".", "'", "\x7f"]
    pieces += ["\ud800", "批复.pdf"]
    chance = random.Random(12)
    return ["".join(chance.choices(pieces, k=chance.randint(1, 6))) for _ in range(count)]


def test_two_hundred_bad_names_are_made_plain():
    for name in names():
        plain = name_for(name, PDF)
        assert 0 < len(plain) <= 155 and plain.lower().endswith(".pdf")
        assert not set(plain) & set('/\\\r\n\0\u202e\u200f\u2028\x7f\ud800<>:"|?*')
        assert not plain.startswith(".") and plain == plain.strip()
        assert len(plain_name(name)) <= 150
