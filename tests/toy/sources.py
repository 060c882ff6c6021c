"""How the little app's sources are read: from wherever it keeps them."""

from budget.books import Reading, reads
from budget.reporting import registry
from budget.reporting.book import Facts

PAID = (
    ("566001", "2060101", "30201", False, 1_234_567_00),
    ("566001", "2060199", "30217", True, 65_432_10),
    ("566001", "2080505", "30108", False, 500_00),
)


@reads("payments")
def payments(reading: Reading) -> Facts:
    units = {unit for _, unit in reading.units.values()}
    return Facts(registry.dimensions_of("payments"), [row for row in PAID if row[0] in units])


@reads("visits")
def visits(reading: Reading) -> list[dict]:
    return [{"day": "3月1日", "guests": "甲"}, {"day": "3月1日", "guests": "乙"}]
