"""Pages about units, classifications, campaigns, budgets and the rows they own; found by Django at start-up."""

from . import classifications, cycle, rows, steps, units, uploads

__all__ = ["classifications", "cycle", "rows", "steps", "units", "uploads"]
