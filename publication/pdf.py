"""The document as a PDF: typst draws it, with fonts from the configured folders only; nothing is fetched."""

import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import typst
from django.conf import settings

from .document import Document
from .layout import data_of

TEMPLATE = Path(__file__).with_name("book.typ")

# by role, the first that is there: what official papers use, then what is free
FAMILIES = {
    "title": (
        "FZXiaoBiaoSong-B05S",
        "方正小标宋简体",
        "Noto Serif CJK SC",
        "Noto Serif SC",
        "Source Han Serif SC",
        "SimSun",
    ),
    "body": (
        "FangSong_GB2312",
        "FangSong",
        "仿宋",
        "Noto Serif CJK SC",
        "Noto Serif SC",
        "Source Han Serif SC",
        "SimSun",
    ),
    "kai": ("KaiTi_GB2312", "KaiTi", "楷体", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "SimSun"),
    "black": ("SimHei", "黑体", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC"),
    "sans": ("SimSun", "宋体", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Noto Sans CJK SC"),
}


class NoFonts(RuntimeError):
    """No folder has a Chinese font."""


@lru_cache(maxsize=4)
def _fonts(folders: tuple[str, ...]) -> typst.Fonts:
    there = [folder for folder in folders if Path(folder).is_dir()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=there)


def families(folders: tuple[str, ...]) -> dict[str, str]:
    """The family for each role. NoFonts, which says what to do, where there is no Chinese font."""
    known = set(_fonts(folders).families())
    every = [name for names in FAMILIES.values() for name in names if name in known]
    if not every:
        raise NoFonts(
            f"没有找到中文字体（已查找：{'、'.join(folders)}），不能生成 PDF。请安装字体"
            "（Debian：sudo apt-get install -y fonts-noto-cjk），或把字体文件放进 FONT_FOLDERS 所指的文件夹。"
        )
    return {role: next((name for name in names if name in known), every[0]) for role, names in FAMILIES.items()}


def inputs_of(document: Document, created: datetime) -> dict[str, str]:
    """What the template is given."""
    return {
        "data": json.dumps(data_of(document, created.date()), ensure_ascii=False),
        "fonts": json.dumps(families(tuple(settings.FONT_FOLDERS))),
    }


def pdf_bytes(document: Document, *, created: datetime) -> bytes:
    """The PDF, tagged, searchable, its fonts embedded. NoFonts where there is no Chinese font."""
    inputs = inputs_of(document, created)
    return compiled(inputs, created)


def compiled(inputs: dict[str, str], created: datetime) -> bytes:
    """The PDF of these inputs."""
    moment = created.astimezone(UTC).replace(microsecond=0)
    return _compiler(inputs).compile(format="pdf", timestamp=moment)


def pages_of(document: Document, *, created: datetime) -> list[int]:
    """The page of every entry of the contents in the PDF, in order. NoFonts where there is no Chinese font."""
    found = json.loads(_compiler(inputs_of(document, created)).query("<entries>", field="value", one=True))
    return [page for _, page in found]


def _compiler(inputs: dict[str, str]) -> typst.Compiler:
    fonts = _fonts(tuple(settings.FONT_FOLDERS))
    return typst.Compiler(input=TEMPLATE, root=TEMPLATE.parent, font_paths=fonts, sys_inputs=inputs)
