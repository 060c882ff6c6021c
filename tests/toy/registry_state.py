"""The registry as it was before a test declared something in it."""

from contextlib import contextmanager

from budget import books
from budget.reporting import registry

DECLARED = (registry._sources, registry._records, registry._tables, registry._sets, books._readers)


@contextmanager
def kept():
    """What is declared inside is forgotten afterwards."""
    before = [dict(one) for one in DECLARED]
    registry.table_in.cache_clear()
    try:
        yield
    finally:
        for now, then in zip(DECLARED, before, strict=True):
            now.clear()
            now.update(then)
        registry.table_in.cache_clear()
