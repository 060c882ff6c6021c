"""The zip around a workbook, looked at before it is parsed: bombs, programs, references to elsewhere are refused."""

import re
import stat
import zipfile

from .files import FileRefused

MAX_ENTRIES = 300
MAX_ENTRY = 60 * 1024 * 1024
MAX_TOTAL = 150 * 1024 * 1024
CHUNK = 1024 * 1024
LOCAL_HEADER = 30

# what a table of figures has no need of → what it is called
REFUSED_PARTS = (
    (r"vbaproject|xl/macrosheets/", "宏"),
    (r"xl/externallinks/", "对其他文件的链接"),
    (r"xl/embeddings/|oleobject", "嵌入的对象"),
    (r"xl/connections\.|xl/querytables/|xl/model/", "数据连接"),
    (r"xl/activex/|xl/ctrlprops/", "控件"),
    (r"customui/", "自定义界面"),
)
MACRO_TYPES = (b"macroenabled", b"vbaproject")
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def inspect(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that is no plain workbook. Raises FileRefused."""
    entries = archive.infolist()
    _check_directory(entries)
    names = [entry.filename.lower() for entry in entries]
    if "xl/workbook.xml" not in names and "[content_types].xml" not in names:
        raise FileRefused("文件是压缩包，不是 .xlsx 工作簿。")
    for pattern, what in REFUSED_PARTS:
        if any(re.search(pattern, name) for name in names):
            raise FileRefused(f"工作簿中有{what}，请删除后另存为 .xlsx。")
    total = 0
    for entry in entries:
        total += _check_part(archive, entry)
        if total > MAX_TOTAL:
            raise FileRefused(_too_large())


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise FileRefused(f"工作簿里的部件超过{MAX_ENTRIES}个。")
    if any(entry.file_size > MAX_ENTRY for entry in entries) or sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise FileRefused(_too_large())
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) < len(names):
        raise FileRefused("工作簿里有重名的部件。")
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        parts = re.split(r"[/\\]", entry.filename)
        if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in entry.filename:
            raise FileRefused("工作簿里有不正常的路径。")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise FileRefused("工作簿里有指向别处的链接。")
        if entry.flag_bits & 1:
            raise FileRefused("工作簿是加密的，请去掉密码后另存为 .xlsx。")
        if entry.header_offset < end:
            raise FileRefused("工作簿里的部件互相重叠。")
        end = entry.header_offset + LOCAL_HEADER + entry.compress_size


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """Read one part to its end without keeping it; returns its true size."""
    size, tail = 0, b""
    is_types = entry.filename.lower() == "[content_types].xml"
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK):
            if is_xml and size == 0 and (b"\0" in chunk[:100] or chunk.startswith((b"\xff\xfe", b"\xfe\xff"))):
                raise FileRefused("工作簿的文字编码不是 UTF-8，请另存为 .xlsx。")
            size += len(chunk)
            if size > MAX_ENTRY:
                raise FileRefused(_too_large())
            if not is_xml:
                continue
            text = tail + chunk
            if DECLARATION.search(text):
                raise FileRefused("工作簿的 XML 里有文档类型声明，不予读取。")
            if is_types and any(kind in text.lower() for kind in MACRO_TYPES):
                raise FileRefused("工作簿中有宏，请另存为不含宏的 .xlsx。")
            tail = text[-20:]
    return size


def _too_large() -> str:
    return f"工作簿解压后太大（单个部件超过{MAX_ENTRY // CHUNK} MB 或合计超过{MAX_TOTAL // CHUNK} MB）。"
