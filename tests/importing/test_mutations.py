"""Damaged workbooks through the upload view: a sentence in Chinese, nothing written, no page that breaks (T-01)."""

import zipfile
from pathlib import Path

import pytest

from budget.importing import workbook
from budget.importing.files import FileRefused
from tests.importing.mutations import mutated, originals
from tests.importing.sending import send_all

pytestmark = pytest.mark.one_database

COUNT = 60


@pytest.mark.django_db
def test_damaged_workbooks_are_refused_whole(pages, tmp_path):
    ended, wrong = send_all(pages, range(COUNT), Path(tmp_path))
    assert wrong == []
    assert sum(ended.values()) == COUNT
    assert ended["refused"] > COUNT / 4


def test_a_reader_that_expects_bad_zip_files_only_would_break(monkeypatch):
    """The negative control: the same files, without the one place that catches everything."""
    broken = set()
    found = originals()
    for seed in range(120):
        content = mutated(seed, found)
        try:
            workbook.read_workbook(content)
        except (FileRefused, zipfile.BadZipFile):
            pass
        except Exception as error:
            broken.add(type(error).__name__)
    assert len(broken) >= 3, broken
