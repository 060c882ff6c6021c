"""T-46: of a thousand rows tampered with in the database, a thousand are found."""

import pytest

from tests.records.test_access import missed


@pytest.mark.django_db
def test_every_tampered_row_is_found():
    found = missed(1000)
    print(f"\n{1000 - len(found)} of 1000 found")
    assert found == []
