"""T-13, T-41: two thousand hostile strings through every text field, all files and pages. STRINGS says how many."""

import os

import pytest

from tests.publication import hostile
from tests.publication import test_hostile_text as once
from tests.web.conftest import budget, client_of

__all__ = ["budget", "client_of"]


@pytest.mark.django_db
def test_two_thousand_hostile_strings(budget, client_of, tmp_path):
    wanted, done, source = int(os.environ.get("STRINGS", 2_000)), 0, hostile.strings()
    while done < wanted:
        written = hostile.fill(budget, source)
        done += len(written)
        folder = tmp_path / str(done)
        folder.mkdir()
        once.test_hostile_text_stays_text_in_every_file(written, folder)
        once.test_hostile_text_stays_text_in_the_document(written, folder)
        once.test_hostile_text_stays_text_on_every_page(written, budget, client_of)
    print(f"\nT-13, T-41: {done} strings, none became anything else")
