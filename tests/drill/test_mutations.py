"""Every printed figure of the fifteen tables, 0.01 up and 0.01 down: found, and by no rule that does not hold it."""

from publication.sets.henan_jiaozuo_2024 import HENAN_JIAOZUO_2024
from tests.checks.matters import HUNDREDTH, base, every_cell, fired, pairs_of, planted
from tests.checks.test_rules import IDENTITIES


def test_every_figure_is_held_by_exactly_the_rules_that_name_it():
    matter = base()
    concerned: dict = {}
    for key in IDENTITIES:
        for left, right in pairs_of(key, matter):
            for cell in {*left, *right}:
                concerned.setdefault(cell, set()).add(key)
    wrong = []
    for cell in every_cell(matter, [placed.table for placed in HENAN_JIAOZUO_2024.tables]):
        found = {key for step in (HUNDREDTH, -HUNDREDTH) for key in fired(planted(matter, cell, step))}
        if not found or not found <= concerned.get(cell, set()) | {"X12"}:
            wrong.append((cell, found))
    assert wrong == []
