"""What a workbook must not be: a program, a bomb, a reference to elsewhere; and what is damaged is refused calmly."""

import io
import random
import re
import zipfile

import pytest

from budget.importing import archive, files
from budget.importing.files import FileRefused

from .workbooks import CHINESE, SHEET, parts, refused, rewritten, shared, with_part, workbook, zipped

ROWS = [["甲", "乙"], ["一", 1.5], ["二", 2]]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("xl/vbaProject.bin", "宏"),
        ("xl/externalLinks/externalLink1.xml", "链接"),
        ("xl/embeddings/oleObject1.bin", "嵌入"),
        ("xl/connections.xml", "数据连接"),
        ("xl/queryTables/queryTable1.xml", "数据连接"),
        ("xl/activeX/activeX1.xml", "控件"),
        ("customUI/customUI.xml", "自定义界面"),
        ("../evil.xml", "路径"),
        ("/etc/passwd", "路径"),
        ("C:/evil.xml", "路径"),
        ("xl/WORKBOOK.xml", "重名"),
    ],
)
def test_a_workbook_with_more_than_a_table_needs_is_refused(part, said):
    assert said in refused(with_part(workbook(ROWS), part, b"<x/>"))


def test_a_macro_workbook_under_a_plain_name_is_refused():
    content = rewritten(workbook(ROWS), r"sheet\.main\+xml", "sheet.macroEnabled.main+xml", "[Content_Types].xml")
    assert "宏" in refused(content)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x SYSTEM "http://example.com/x.dtd">',
        '<!doctype x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_document_types_are_refused_in_every_part(declaration, name):
    part = parts(shared(ROWS))[name]
    head = part.find(b"?>") + 2 if part.startswith(b"<?xml") else 0
    assert "文档类型" in refused(with_part(shared(ROWS), name, part[:head] + declaration.encode() + part[head:]))


def test_a_declaration_across_two_chunks_is_found(monkeypatch):
    monkeypatch.setattr(archive, "CHUNK", 7)
    part = parts(workbook(ROWS))[SHEET]
    assert "文档类型" in refused(with_part(workbook(ROWS), SHEET, part + b"<!DOCTYPE x>"))


def test_xml_in_another_encoding_hides_nothing():
    part = parts(shared(ROWS))["xl/sharedStrings.xml"].decode().encode("utf-16")
    assert "UTF-8" in refused(with_part(shared(ROWS), "xl/sharedStrings.xml", part))


def test_strict_workbooks_are_told_from_damaged_ones():
    content = rewritten(
        workbook(ROWS),
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "xl/workbook.xml",
    )
    assert "严格" in refused(content)


def test_bombs_are_refused_by_what_they_declare():
    big = b" " * (archive.MAX_ENTRY + 1)
    assert "太大" in refused(with_part(workbook(ROWS), "xl/media/a.bin", big))
    assert "部件超过" in refused(zipped(parts(workbook(ROWS)) | {f"xl/media/{at}": b"" for at in range(400)}))


def test_encrypted_entries_links_and_overlaps_are_refused():
    content = bytearray(workbook(ROWS))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as whole:
        directory, count = whole.start_dir, len(whole.infolist())
    assert count > 3
    encrypted, linked, overlapping = bytearray(content), bytearray(content), bytearray(content)
    encrypted[directory + 8] |= 1
    linked[directory + 38 : directory + 42] = (0o120777 << 16).to_bytes(4, "little")
    second = content.index(b"PK\x01\x02", directory + 4)
    overlapping[second + 42 : second + 46] = content[directory + 42 : directory + 46]
    assert "加密" in refused(bytes(encrypted))
    assert "链接" in refused(bytes(linked))
    assert refused(bytes(overlapping))


def test_a_damaged_file_is_refused_whatever_openpyxl_raises(caplog):
    content = workbook([["甲", "乙"], *([f"第{at}行", at] for at in range(40))])
    pick = random.Random(1)
    verdicts = set()
    for _ in range(150):
        damaged = bytearray(content)
        for _ in range(pick.randint(1, 8)):
            damaged[pick.randrange(4, len(damaged))] = pick.randrange(256)
        try:
            files.read(bytes(damaged), "明细.xlsx")
            verdicts.add("read")
        except FileRefused as refusal:
            assert CHINESE.search(str(refusal))
            verdicts.add("refused")
    assert "refused" in verdicts


def test_damaged_xml_is_refused():
    sheet = parts(workbook(ROWS))[SHEET].decode()
    pick = random.Random(2)
    tokens = re.findall(r"<[^>]+>|[^<]+", sheet)
    for _ in range(150):
        damaged = tokens[:]
        for _ in range(pick.randint(1, 3)):
            damaged[pick.randrange(len(damaged))] = pick.choice([*tokens, "", "<", "&#0;", '<c r="ZZZZ9">', "9" * 400])
        try:
            files.read(with_part(workbook(ROWS), SHEET, "".join(damaged).encode()), "明细.xlsx")
        except FileRefused as refusal:
            assert CHINESE.search(str(refusal))


@pytest.mark.parametrize("merged", ["A:B", "1:2", "甲", "A1:B0"])
def test_a_merged_range_that_is_none_is_refused(merged):
    merges = f'<mergeCells><mergeCell ref="{merged}"/></mergeCells></worksheet>'
    assert "无法读取" in refused(rewritten(workbook(ROWS), "</worksheet>", merges))
