"""Bulk work leaves Python's collector of rubbish alone: twenty thousand lines are a million objects and no rubbish."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

BULK = 10_000  # facts or rows from which on it pays; with a fifth of that nothing is gained


@contextmanager
def without_collecting(count: int | None = None) -> Iterator[None]:
    """No looking through everything again and again while it lasts, which takes up to a sixth of such work.

    `count`: of how many facts or rows the work is, where that is known; with few nothing changes.
    In one thread while another one leaves, collecting goes on: that costs time, nothing else.
    """
    was_enabled = gc.isenabled()
    if count is None or count > BULK:
        gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
