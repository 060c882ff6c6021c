"""上年预算执行情况 as it is typed, with the sums and rates that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from budget import execution
from budget.execution import ADJUSTED, PAID, Executed
from budget.models import Execution
from budget.reporting import money

from .fields import ExactAmountField
from .help import HELP
from .lines import amount_of
from .row_sets import RowSet
from .rows import RowForm


class ExecutionForm(RowForm):
    model = Execution
    essential = "paid"

    adjusted = ExactAmountField(
        label=ADJUSTED, required=False, css="c-middle num", help_text=HELP["execution"]["adjusted"]
    )
    paid = ExactAmountField(label=PAID, required=False, css="c-middle num", help_text=HELP["execution"]["paid"])

    def clean(self):
        """Both amounts, or neither: then there is no row."""
        cleaned = super().clean()
        amounts = {name: cleaned.get(name) for name in self.fields if name not in self.errors}
        self.goes = set(amounts) == set(self.fields) and set(amounts.values()) == {None}
        for name, amount in amounts.items():
            if amount is None and not self.goes:
                self.add_error(name, f"请填写{self.fields[name].label}。")
            elif amount is not None and amount < 0:
                self.add_error(name, f"{self.fields[name].label}不能为负。")
        return cleaned


@dataclass(frozen=True)
class Told:
    """A row of the section: what it comes to, and the form of it; of a sum there is none. `parts`: their prefixes."""

    of: Executed
    row: RowForm | None
    parts: str


def fixed() -> list[tuple[str, dict, str]]:
    """A row for each kind."""
    return [(_key(kind), {"kind": kind}, label) for kind, label in Execution.Kind.choices]


def told(rows: RowSet) -> Sequence[Told]:
    """The rows with their sums, as they stand on the page."""
    amounts = {values["kind"]: _amounts(rows.by_key[key]) for key, (values, _) in rows.fixed.items()}
    return [
        Told(
            one,
            None if one.is_sum else rows.by_key[_key(one.kinds[0])],
            " ".join(rows.by_key[_key(kind)].prefix for kind in one.kinds),
        )
        for one in execution.executed(amounts)
    ]


def _key(kind: str) -> str:
    return kind.replace("_", "")


def _amounts(row: RowForm) -> tuple[int, int]:
    """分; nothing as long as one of them is empty or cannot be read."""
    adjusted, paid = (amount_of(row, name) for name in ("adjusted", "paid"))
    return (0, 0) if adjusted is None or paid is None else (money.fen(adjusted), money.fen(paid))
