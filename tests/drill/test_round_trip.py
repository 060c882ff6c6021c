"""T-09: exports of a hundred random departments come back without a change; some saved by LibreOffice before."""

import shutil
import subprocess

import pytest

from budget.books import read_book, select
from budget.copying import from_published
from budget.importing import files, lines
from budget.importing.template import template
from budget.models import Line
from budget.reporting import xlsx
from tests import factories
from tests.budget.copying.conftest import full
from tests.budget.copying.test_published import printable
from tests.budget.importing.random_drafts import random_draft
from tests.budget.importing.test_round_trip import EXPORTS, unchanged

pytestmark = pytest.mark.django_db

DEPARTMENTS = 100
BY_LIBREOFFICE = 10
REBUILT = 30


def test_a_hundred_departments_come_back_unchanged():
    count = 0
    for seed in range(DEPARTMENTS):
        budget = random_draft(seed)
        count += Line.objects.of(budget).count()
        for export in EXPORTS.values():
            content, name = export(budget)
            assert unchanged(budget, content, name) == [], f"seed {seed}"
    print(f"\n{DEPARTMENTS} departments, {count} lines, {len(EXPORTS)} exports each: 0 changes")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_templates_saved_by_libreoffice_come_back_unchanged(tmp_path):
    for seed in range(BY_LIBREOFFICE):
        budget = random_draft(seed)
        (tmp_path / "template.xlsx").write_bytes(template(budget))
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        saved = ("--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(tmp_path / "template.xlsx"))
        subprocess.run(
            ["soffice", "--headless", profile, *saved],
            check=True,
            capture_output=True,
            timeout=120,
        )
        content = (tmp_path / "saved" / "template.xlsx").read_bytes()
        assert unchanged(budget, content, "template.xlsx") == [], f"seed {seed}"
        reading = lines.read(content, "template.xlsx", budget)
        assert reading.notices == []
    print(f"\n{BY_LIBREOFFICE} templates saved by LibreOffice: 0 changes")


def test_published_tables_of_random_departments_are_rebuilt():
    draft = full(factories.make_budget("599001", year=2025))
    certain = presumed = 0
    for seed in range(REBUILT):
        made = printable(random_draft(seed, full(factories.make_budget(f"{577001 + seed}")), most=20))
        content = xlsx.book_bytes(read_book(select(made.unit, 2024, "second")).grids(), created=made.created)
        facts = from_published.read(files.read(content, "公开.xlsx"), draft)
        outcome = from_published.apply(facts, full(draft), by=None, is_preview=True)
        assert outcome.differences == [] and outcome.open == [], f"seed {seed}"
        certain, presumed = certain + outcome.certain, presumed + len(outcome.presumed)
    print(f"\n{REBUILT} books rebuilt, their tables the same: {certain} lines certain, {presumed} presumed")
