"""Every figure of the text, the Word file and the PDF of random departments, against plain SQL over their lines."""

import os
import re
from datetime import UTC, datetime
from io import BytesIO

import docx
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from budget.books import select
from publication.document import document_of
from publication.pdf import pdf_bytes
from publication.text_check import check_text
from publication.word import word_bytes
from tests.plain_books import budgets
from tests.publication.ledger import differences
from tests.stored_books import store

DEPARTMENTS = int(os.environ.get("DEPARTMENTS", "200"))
CREATED = datetime(2024, 3, 15, tzinfo=UTC)


@pytest.mark.django_db
@settings(max_examples=DEPARTMENTS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(plain=budgets(fitting=True))
def test_every_figure_of_a_random_department(plain):
    with transaction.atomic():
        document = document_of(select(store(plain), 2024, "second"))
        assert differences(document.narrative) == {}
        assert [one for one in check_text(document) if one.id != "placeholder"] == []
        transaction.set_rollback(True)
    word = docx.Document(BytesIO(word_bytes(document, created=CREATED)))
    paragraphs = {paragraph.text for paragraph in word.paragraphs}
    assert {block.text for _, block in document.narrative.paragraphs()} <= paragraphs
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    for grid in document.grids:
        for row in grid.printed_rows():
            assert {value for value in row if re.fullmatch(r"-?\d+\.\d\d", value)} <= set(cells)
    assert pdf_bytes(document, created=CREATED).startswith(b"%PDF")
