"""The clock of the second factor."""

import pytest

from organisation import second_factor

NOW = 1_700_000_000


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock of the factor's own that stands still until it is put on."""

    class Clock:
        now = NOW

    monkeypatch.setattr(second_factor, "time", lambda: Clock.now)
    return Clock
