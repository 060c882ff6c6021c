"""T-45: of a thousand operations every change is in the history, every refusal, file and print in the log."""

import pytest

from tests.records.auditing import Office


@pytest.mark.django_db
def test_a_thousand_operations():
    office = Office(1000)
    wrong = office.work(1000)
    for (name, changed), times in sorted(office.done.items()):
        print(f"{name}: {times} × {'changed' if changed else 'no change'}")
    print(f"{sum(office.done.values())} operations, {len(wrong)} disagreements")
    assert wrong == []
