"""Pages about people and rights, and what is kept about all rows; found by Django at start-up."""

from . import logs, people

__all__ = ["logs", "people"]
