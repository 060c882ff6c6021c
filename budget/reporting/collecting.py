"""Bulk work leaves Python's collector of rubbish alone: twenty thousand lines are a million objects and no rubbish."""

import gc
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

BULK = 10_000  # facts or rows from which on it pays; with a fifth of that nothing is gained


@contextmanager
def without_collecting() -> Iterator[None]:
    """No looking through everything again and again while it lasts, which takes up to a sixth of such work.

    In one thread while another one leaves, collecting goes on: that costs time, nothing else.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def without_collecting_many(count: int) -> AbstractContextManager[None]:
    """`without_collecting` for work on so many facts or rows, where they are many."""
    return without_collecting() if count > BULK else nullcontext()
