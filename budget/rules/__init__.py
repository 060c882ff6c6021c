"""The rules about what this app keeps, by subject. Ids stay; what they mean is in their titles."""

from . import codes, completeness, disclosure, entry, lines, names, sums, tables, years

__all__ = ["codes", "completeness", "disclosure", "entry", "lines", "names", "sums", "tables", "years"]
