"""T-03: a thousand workbooks with wrong dimensions, gaps, coloured rows, other orders; some saved by LibreOffice.

TRUTHS says how many.
"""

import os
import shutil
import subprocess

import pytest

from budget.importing import files
from tests.factories import make_budget
from tests.importing.truths import Maker, read_as

BY_LIBREOFFICE = 40


def read(content: bytes):
    return files.read(content, "明细.xlsx")


@pytest.mark.django_db
def test_a_thousand_workbooks_are_read_as_they_are():
    budget, count = make_budget(), int(os.environ.get("TRUTHS", 1_000))
    maker, total, wrong = Maker(budget), 0, []
    for seed in range(count):
        content, facts = maker.made(seed)
        total += len(facts)
        if read_as(content, budget, read) != facts:
            wrong.append(seed)
    print(f"\nT-03: {count} workbooks, {total} lines: {count - len(wrong)} read as they are")
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_workbooks_saved_by_libreoffice_are_read_as_they_are(tmp_path):
    budget = make_budget()
    maker = Maker(budget)
    for seed in range(BY_LIBREOFFICE):
        (tmp_path / f"{seed}.xlsx").write_bytes(maker.made(seed)[0])
    saved = ("--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), *map(str, tmp_path.glob("*.xlsx")))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(["soffice", "--headless", profile, *saved], check=True, capture_output=True, timeout=600)
    for seed in range(BY_LIBREOFFICE):
        content = (tmp_path / "saved" / f"{seed}.xlsx").read_bytes()
        assert read_as(content, budget, read) == maker.made(seed)[1], f"seed {seed}"
    print(f"\nT-03: {BY_LIBREOFFICE} workbooks saved by LibreOffice read as they are")
