"""Government procurement as it is typed, on a project's page and with the other facts."""

from budget.models import ProcurementLine

from .fields import AmountField, ChoiceField, QuantityField, TextField
from .help import HELP
from .rows import RowForm

_HELP = HELP["procurement"]


class ProcurementForm(RowForm):
    model = ProcurementLine
    label_field = "name"

    kind = ChoiceField(
        label="采购类别", choices=ProcurementLine.Kind.choices, empty="请选择", css="c-short", help_text=_HELP["kind"]
    )
    name = TextField(label="采购品目", limit=200, help_text=_HELP["name"])
    quantity = QuantityField(label="数量", css="c-number", help_text=_HELP["quantity"])
    measure = TextField(label="计量单位", limit=20, required=False, css="c-short", help_text=_HELP["measure"])
    amount = AmountField(label="金额", css="c-amount num", help_text=_HELP["amount"])
