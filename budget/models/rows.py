"""The bases of everything that belongs to a budget and is frozen with it."""

import uuid

from django.db import models

from .cycle import Budget


class BudgetOwned(models.Model):
    """A row of a budget. `uid` stays the same when it is copied forward; `version` counts its saves.

    `BUDGET_PATH` is the way to the budget: locks, rights and the writer go by it. `SENTENCES`: the fields in which
    people write more than a name; the search looks there.
    """

    BUDGET_PATH: tuple[str, ...] = ()
    SENTENCES: tuple[str, ...] = ()

    uid = models.UUIDField("标识", default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def unit(self):
        """The unit it belongs to; rights go by it."""
        owner = self
        for name in self.BUDGET_PATH:
            owner = getattr(owner, name)
        return owner.unit


class BudgetRow(BudgetOwned):
    """A row that hangs on the budget itself."""

    BUDGET_PATH = ("budget",)

    budget = models.ForeignKey(Budget, verbose_name="预算", on_delete=models.CASCADE, related_name="%(class)ss")

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                name="%(class)s_uid_is_unique_in_its_budget",
                fields=("budget", "uid"),
                violation_error_message="标识重复。",
            )
        ]


class ItemRow(BudgetOwned):
    """A row that hangs on an item of the budget."""

    BUDGET_PATH = ("item", "budget")

    item = models.ForeignKey("budget.Item", verbose_name="项目", on_delete=models.CASCADE, related_name="%(class)ss")

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                name="%(class)s_uid_is_unique_in_its_item", fields=("item", "uid"), violation_error_message="标识重复。"
            )
        ]

    @property
    def budget(self):
        return self.item.budget
