"""The laws of the engine that are read off the code: only money rounds; renderers know nothing but grids."""

import ast
import sys
from pathlib import Path

import pytest

from tests.plain_books import ROOT

# ---- 7

ROUNDING = {
    "round",
    "float",
    "floor",
    "ceil",
    "trunc",
    "fsum",
    "quantize",
    "to_integral",
    "to_integral_value",
    "FloatField",
}
ROUNDING_ELSEWHERE = {
    "budget/cells.py",  # reads what a spreadsheet shows, and refuses what it would have to round
    "budget/tables.py",  # adds zeros
    "budget/readback.py",  # asks whether a cell read back is a number
}


def product_code():
    for folder in ("budget", "projects", "performance", "publication", "records", "organisation", "config"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def roundings(tree: ast.AST):
    for node in ast.walk(tree):
        name = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
        if isinstance(name, str) and (name in ROUNDING or name.startswith("ROUND_")):
            yield name


def test_only_money_rounds():
    found = {path: sorted(set(roundings(tree))) for path, tree in product_code()}
    assert {path for path, names in found.items() if names} <= {"budget/reporting/money.py", *ROUNDING_ELSEWHERE}


@pytest.mark.parametrize(
    "wrong", ["round(x, 2)", "x.quantize(CENT)", "from decimal import ROUND_HALF_UP", "math.floor(x)"]
)
def test_the_gate_sees_a_rounding(wrong):
    assert list(roundings(ast.parse(wrong)))


# ---- 8

ENGINE_ROOTS = ("book", "registry", "comparing", "truths")
# what a renderer may know of the engine
FORMS = {"grid", "money", "where", "collecting"}
LIBRARIES = {"openpyxl", "xlsxwriter", "docx", "lxml", "fpdf", "reportlab", "markupsafe"}


def imported(path: Path) -> set[str]:
    """The modules a file of the engine's package imports: those of its own package with a leading dot."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            found.update(f".{name}" for name in ([node.module] if node.module else [one.name for one in node.names]))
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module)
    return found


def modules() -> dict[str, set[str]]:
    """Module of budget.reporting → what it imports."""
    folder = ROOT / "budget" / "reporting"
    return {path.stem: imported(path) for path in folder.rglob("*.py") if path.stem != "__init__"}


def engine() -> set[str]:
    """What drawing a Grid takes: everything that the book and the registry reach."""
    known, found, left = modules(), set(), list(ENGINE_ROOTS)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [one[1:] for one in known[name] if one.startswith(".")]
    return found


def test_renderers_know_nothing_but_grids():
    known = modules()
    renderers = set(known) - engine()
    assert {"html", "xlsx", "csv_text", "json_form", "stored"} <= renderers
    allowed = {f".{name}" for name in FORMS | renderers} | LIBRARIES | sys.stdlib_module_names
    wrong = {
        name: {one for one in known[name] if one not in allowed and one.split(".")[0] not in allowed}
        for name in renderers
    }
    assert {name: names for name, names in wrong.items() if names} == {}


def test_the_engine_knows_no_renderer_and_no_library():
    known = modules()
    assert engine() >= {"where", "spec", "plan", "compute", "grid", "money"}
    outside = {one.split(".")[0] for name in engine() for one in known[name] if not one.startswith(".")}
    assert outside <= sys.stdlib_module_names


@pytest.mark.parametrize("wrong", ["from .compute import compute", "from . import registry", "import django.db"])
def test_the_gate_sees_an_import(wrong, tmp_path):
    (tmp_path / "renderer.py").write_text(wrong)
    (name,) = imported(tmp_path / "renderer.py")
    assert name in {".compute", ".registry", "django.db"}
