"""docs/narrative-differences.md lists every clause in which our text and the published one differ, and no other."""

import difflib
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
LIST = ROOT / "docs" / "narrative-differences.md"


def clauses(text: str, begin: str, end: str = "") -> list[str]:
    """The clauses of the second and third part, without blanks and markup, signs in one form."""
    text = text[text.index(begin) :]
    text = re.sub(r"[#*\-\s]+", "", text[: text.index(end)] if end else text)
    return [one for one in re.split(r"(?<=[。；，：])", text.translate(str.maketrans(",;:()", "，；：（）"))) if one]


def differences() -> list[str]:
    published = clauses(
        (GOLDEN / "source.md").read_text("utf-8"),
        "### 一、收入支出预算总体",
        "附件：焦作市解放区科技和工业信息化局2024年度部门预算表",
    )
    ours = clauses((GOLDEN / "narrative.txt").read_text("utf-8"), "一、收入支出预算总体")
    found = difflib.unified_diff(published, ours, n=0, lineterm="")
    return [line for line in found if not line.startswith(("---", "+++", "@@"))]


def test_every_difference_in_wording_is_listed():
    listed = re.search(r"```diff\n(.*?)\n```", LIST.read_text("utf-8"), re.DOTALL)
    assert listed and listed[1].splitlines() == differences()
