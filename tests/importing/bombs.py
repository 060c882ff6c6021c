"""The bomb zoo: thirty files made to hurt whoever opens them, each under the name it would come by (T-02)."""

import io
import struct
import zipfile

from tests.budget.importing.workbooks import SHEET, parts, rewritten, shared, with_part, workbook, zipped

ROWS = [["类别", "项目名称", "金额"], ["公用经费", "办公费", 1.5]]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>'
FOOT = "</sheetData></worksheet>"


def zoo(port: int) -> dict[str, tuple[str, bytes]]:
    """Name → (file name, content). `port`: where something listens that must never be spoken to."""
    plain = workbook(ROWS)
    xlsx = {
        "nested zips": zipped(parts(plain) | {f"xl/media/{at}.zip": _nested() for at in range(16)}),
        "a sheet of 55 MB in 50 KB": with_part(plain, SHEET, _padded(55)),
        "three sheets of 55 MB": zipped(
            parts(plain) | {SHEET: _padded(55), "xl/a.xml": _padded(55), "xl/b.xml": _padded(55)}
        ),
        "ten thousand entries": zipped(parts(plain) | {f"xl/media/{at}": b"" for at in range(10_000)}),
        "a cell far out": workbook(ROWS, change=lambda sheet: sheet.cell(1_048_576, 16_384, 1)),
        "a claimed dimension": rewritten(plain, r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"'),
        "a million shared texts": with_part(shared(ROWS), "xl/sharedStrings.xml", _texts(1_000_000)),
        "a cell of ten million characters": with_part(plain, SHEET, _long_cell()),
        "64 thousand styles": with_part(plain, "xl/styles.xml", _styles(64_000)),
        "a million rows of nothing": with_part(plain, SHEET, _empty_rows()),
        "a million merged ranges": with_part(plain, SHEET, _merges()),
        "a deep tree": with_part(plain, SHEET, (HEAD + "<c>" * 500_000 + FOOT).encode()),
        "laughs": _declared(plain, _laughs(), "&i;"),
        "quadratic": _declared(plain, f'<!DOCTYPE x [<!ENTITY a "{"x" * 100_000}">]>', "&a;" * 10_000),
        "a file by entity": _declared(plain, '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;"),
        "an address by entity": _declared(
            plain, f'<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:{port}/a">]>', "&a;"
        ),
        "an outer document type": _declared(plain, f'<!DOCTYPE x SYSTEM "http://127.0.0.1:{port}/x.dtd">', ""),
        "lying sizes": _lying(plain),
        "overlapping entries": _overlapping(plain),
        "names that climb": with_part(plain, "../../../../tmp/mingzhang-evil", b"x"),
        "a link": _linked(plain),
        "macros": with_part(plain, "xl/vbaProject.bin", b"x"),
        "links to other files": with_part(plain, "xl/externalLinks/externalLink1.xml", b"<x/>"),
        "commands by DDE": rewritten(
            plain, "</sheetData>", "</sheetData><oleLinks><ddeLink ddeService='cmd' ddeTopic='calc'/></oleLinks>"
        ),
        "embedded objects": with_part(plain, "xl/embeddings/oleObject1.bin", b"x"),
    }
    others = {
        "encrypted": ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"E" * 5_000),
        "a web page": ("a.xlsx", b"<html><body><table><tr><td>1</td></tr></table></body></html>"),
        "a text under a workbook's name": ("a.xlsx", "类别,金额\n公用经费,1\n".encode()),
        "ten million commas": ("a.csv", b"," * 9_999_999),
        "strict": (
            "a.xlsx",
            rewritten(plain, MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main", "xl/workbook.xml"),
        ),
    }
    return {name: ("a.xlsx", content) for name, content in xlsx.items()} | others


def _nested() -> bytes:
    content = b"0" * 1_000_000
    for level in range(5):
        content = zipped({f"{level}-{at}": content for at in range(4)})
    return content


def _padded(megabytes: int) -> bytes:
    row = '<row r="1"><c r="A1"><v>1</v></c></row>'
    return (HEAD + row + " " * (megabytes * 1024 * 1024) + FOOT).encode()


def _texts(count: int) -> bytes:
    return (f'<sst xmlns="{MAIN}">' + "<si><t>x</t></si>" * count + "</sst>").encode()


def _long_cell() -> bytes:
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 10_000_000}</t></is></c></row>'
    return (HEAD + cell + FOOT).encode()


def _styles(count: int) -> bytes:
    formats = "".join(f'<numFmt numFmtId="{200 + at}" formatCode="0.{at}&quot;%&quot;"/>' for at in range(count))
    styles = "".join(f'<xf numFmtId="{200 + at}"/>' for at in range(count))
    return (f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>').encode()


def _empty_rows() -> bytes:
    return (HEAD + "".join(f'<row r="{at}"/>' for at in range(1, 1_048_577)) + FOOT).encode()


def _merges() -> bytes:
    merges = '<mergeCell ref="A1:B2"/>' * 1_000_000
    return (HEAD + f"</sheetData><mergeCells>{merges}</mergeCells></worksheet>").encode()


def _laughs() -> str:
    entities = ['<!ENTITY a "haha">']
    entities += [
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    return f"<!DOCTYPE x [{''.join(entities)}]>"


def _declared(content: bytes, declaration: str, text: str) -> bytes:
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'
    sheet = HEAD.replace("?>", f"?>{declaration}", 1) + cell + FOOT
    return with_part(content, SHEET, sheet.encode())


def _lying(content: bytes) -> bytes:
    """The directory says that a sheet of 55 MB has a hundred bytes."""
    damaged = bytearray(with_part(content, SHEET, _padded(55)))
    with zipfile.ZipFile(io.BytesIO(bytes(damaged))) as archive:
        at = archive.start_dir
    while damaged[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack_from("<HHH", damaged, at + 28)
        if damaged[at + 46 : at + 46 + name] == SHEET.encode():
            struct.pack_into("<I", damaged, at + 24, 100)
        at += 46 + name + extra + comment
    return bytes(damaged)


def _overlapping(content: bytes) -> bytes:
    damaged = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first = archive.start_dir
    second = damaged.index(b"PK\x01\x02", first + 4)
    damaged[second + 42 : second + 46] = damaged[first + 42 : first + 46]
    return bytes(damaged)


def _linked(content: bytes) -> bytes:
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive:
        link = zipfile.ZipInfo("xl/media/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return file.getvalue()
