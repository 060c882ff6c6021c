"""T-16: the files of random departments are opened by LibreOffice and by other readers. DEPARTMENTS says how many."""

import os
from datetime import UTC, datetime

import openpyxl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from budget.books import select
from publication.export import export
from tests.plain_books import budgets
from tests.publication import opening
from tests.publication.test_document_files import squeezed
from tests.stored_books import store

DEPARTMENTS = int(os.environ.get("DEPARTMENTS", "200"))
CREATED = datetime(2024, 3, 15, tzinfo=UTC)
AT_ONCE = 20  # files that LibreOffice gets in one run


@pytest.mark.django_db
def test_files_of_random_departments_open(tmp_path):
    made = []

    @settings(max_examples=DEPARTMENTS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(plain=budgets(fitting=True))
    def write(plain):
        with transaction.atomic():
            selection = select(store(plain), 2024, "second")
            for form in ("xlsx", "docx", "pdf"):
                path = tmp_path / f"{len(made):04}.{form}"  # no two with the same stem: LibreOffice names its PDF by it
                export(selection, form, path, created=CREATED)
                made.append(path)
            transaction.set_rollback(True)

    write()
    office = [path for path in made if path.suffix != ".pdf"]
    for path in office:
        assert opening.broken_parts(path) == [], path
    for path in made:
        if path.suffix == ".xlsx":
            assert len(openpyxl.load_workbook(path).worksheets) >= 15
        elif path.suffix == ".pdf":
            assert opening.fonts_outside(path) == []
            assert "名词解释" in squeezed(opening.text_of(path))
    for at in range(0, len(office), AT_ONCE):
        some, out = office[at : at + AT_ONCE], tmp_path / f"out{at}"
        out.mkdir()
        drawn = opening.by_libreoffice(some, out)
        assert len(drawn) == len(some)
        assert all("总表" in squeezed(opening.text_of(path)) for path in drawn)
    print(f"\nT-16: {len(made)} files of {len(made) // 3} departments opened")
