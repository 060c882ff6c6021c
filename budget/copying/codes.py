"""Codes of one edition in another: by code where it is still a leaf; else a proposal by name, and why."""

from collections.abc import Iterable
from functools import cached_property

from budget.models import (
    ClassificationCode,
    DepartmentEconomicClass,
    Edition,
    FunctionalClass,
    FundSource,
    GovernmentEconomicClass,
)

MODELS = (FunctionalClass, DepartmentEconomicClass, GovernmentEconomicClass, FundSource)


class Codes:
    """The leaves of an edition, looked up for codes of another."""

    def __init__(self, edition: Edition):
        self.edition = edition

    @cached_property
    def rows(self) -> dict[type, dict[str, ClassificationCode]]:
        return {model: {row.code: row for row in model.objects.of(self.edition)} for model in MODELS}

    def find(self, old: ClassificationCode) -> tuple[ClassificationCode | None, str]:
        """(the leaf that the code is in this edition, "") or (one to propose or None, why it is none)."""
        if old.edition_id == self.edition.pk:
            return old, ""
        rows = self.rows[type(old)]
        if old.is_unspecified:
            return next((row for row in rows.values() if row.is_unspecified), None), ""
        new = rows.get(old.code)
        if new is not None and new.is_leaf:
            return new, ""
        proposed = namesake(rows.values(), old.code, old.name)
        what = old._meta.verbose_name
        why = (
            f"{what} {old.code} {old.name} 已有下级科目，须细化" if new else f"{what} {old.code} {old.name} 本年度没有"
        )
        return proposed, f"{why}，可改用 {proposed.code} {proposed.name}。" if proposed else f"{why}，请另选。"


def namesake(rows: Iterable[ClassificationCode], code: str, name: str) -> ClassificationCode | None:
    """The one leaf of that name, in the same 款 or 类 where several have it."""
    named = [row for row in rows if row.is_leaf and name and row.name == name]
    for near in (named, *([row for row in named if row.code.startswith(code[:length])] for length in (5, 3))):
        if len(near) == 1:
            return near[0]
    return None
