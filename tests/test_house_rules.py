"""The rules of the house that a machine can hold: docs/architecture.md says why they are."""

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

ROOT = Path(settings.BASE_DIR)
OURS = ("organisation", "records", "budget", "projects", "performance", "publication")
SKIPPED = {"node_modules", "vendor", "var", "__pycache__", "test-results", "htmlcov"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@cache
def files():
    """Every file of ours, as (path in the project, text); no dot folders, virtualenvs, vendored code."""
    found = []
    for folder, subfolders, names in os.walk(ROOT):
        subfolders[:] = [
            name
            for name in subfolders
            if name not in SKIPPED and not name.startswith(".") and not Path(folder, name, "pyvenv.cfg").exists()
        ]
        for name in names:
            if name.endswith((".py", ".html", ".js", ".css", ".sh")):
                path = Path(folder, name)
                found.append((path.relative_to(ROOT), path.read_text(encoding="utf-8")))
    return found


def product_code():
    """Our Python, without tests and benchmarks."""
    return [
        (path, text) for path, text in files() if path.suffix == ".py" and path.parts[0] not in ("tests", "benchmarks")
    ]


def places(pattern, sources):
    """`file:line` of every match of the pattern."""
    return [
        f"{path}:{number}"
        for path, text in sources
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line)
    ]


def our_models():
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def test_imports_point_one_way():
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as run; run()",
            "--no-cache",
            "--no-logo",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_model_and_field_has_a_chinese_name():
    names = {}
    for model in our_models():
        meta = model._meta
        names[meta.label] = meta.verbose_name
        # Without a name of its own the plural is the singular with an English s.
        plural = str(meta.verbose_name_plural)
        names[f"{meta.label} (plural)"] = "" if plural == f"{meta.verbose_name}s" else plural
        for field in (*meta.local_fields, *meta.local_many_to_many):
            if not field.auto_created:
                names[f"{meta.label}.{field.name}"] = field.verbose_name
    assert [name for name, text in names.items() if not CHINESE.search(str(text))] == []


def test_a_classification_in_use_cannot_be_deleted():
    def is_classification(model):
        return model._meta.app_label == "budget" and {"edition", "code"} <= {
            f.name for f in model._meta.concrete_fields
        }

    # Within a classification's own tree an unused code may go together with what is below it.
    references = [
        field
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.is_relation and field.related_model is not model and is_classification(field.related_model)
    ]
    assert len(references) >= 4
    assert [str(field) for field in references if field.remote_field.on_delete is not models.PROTECT] == []


def test_every_template_is_used():
    folder = ROOT / "templates"
    found_by_django = re.compile(r"admin/|registration/|(400|403|403_csrf|404|500)\.html$")
    code = "\n".join(text for path, text in files() if path.suffix in (".py", ".html") and path.parts[0] != "tests")
    unused = [
        name
        for name in (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        if not found_by_django.match(name) and f'"{name}"' not in code and f"'{name}'" not in code
    ]
    assert unused == []


def test_nothing_is_left_for_later():
    assert places("TO" + "DO|FIX" + "ME", files()) == []


def test_no_file_is_longer_than_its_subject():
    long = {
        str(path): len(text.splitlines())
        for path, text in files()
        if not {"migrations", "data", "golden"} & set(path.parts) and len(text.splitlines()) > 400
    }
    assert long == {}


def test_a_module_is_named_for_its_subject():
    vague = {"services", "utils", "helpers", "managers", "misc", "common"}
    assert [str(path) for path, _ in files() if path.suffix == ".py" and vague & {*path.parts[:-1], path.stem}] == []


@pytest.mark.parametrize("pattern", [r"\bfloat\(", r"\bFloatField\b", r"(?<![\w.])round\("])
def test_no_float_touches_money(pattern):
    assert places(pattern, product_code()) == []


def test_the_environment_is_read_in_the_settings_only():
    sources = [(path, text) for path, text in product_code() if path.parts[:2] != ("config", "settings")]
    read = r"\bgetenv\b|\benviron\b(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")"
    assert places(read, sources) == []
