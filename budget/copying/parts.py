"""What of a budget can be brought into another one. Apps declare their parts in their own `copying.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from budget.models import BudgetOwned

if TYPE_CHECKING:
    from .copying import Copying


def _as_it_is(row: BudgetOwned, source: BudgetOwned, copying: "Copying") -> bool:
    return True


@dataclass(frozen=True)
class Part:
    """Rows of some models that are brought over together.

    `adapt(new row, source row, copying)` makes a copy true for its new budget; False where it is left out.
    """

    key: str
    label: str
    models: tuple[type[BudgetOwned], ...]
    adapt: Callable[..., bool] = _as_it_is
    is_usual: bool = True
    note: str = ""


_parts: dict[str, Part] = {}


def declare(part: Part) -> None:
    _parts[part.key] = part


def parts() -> dict[str, Part]:
    """Every part by key, in the order of the apps."""
    return dict(_parts)
