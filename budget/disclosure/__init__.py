"""The tables about appropriations, under semantic keys (tables.md). Numbers and titles belong to the sets."""

from . import both_sides, by_economic_class, by_function, by_item

__all__ = ["both_sides", "by_economic_class", "by_function", "by_item"]
