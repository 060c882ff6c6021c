"""Fields that understand what clerks type: each shows a stored value as text and reads that text back exactly.

What is wrong is said in the office's words, quoting what was typed, with what to do.
"""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from budget import cells
from budget.importing.codes import UNSPECIFIED_NAME
from budget.importing.lines import PROJECT_CODE
from budget.reporting import money
from budget.tables import exactly

# kind of code → column of Dimensions
COLUMNS = {"function": "function", "economic": "dept_economic", "government": "gov_economic"}
LENGTHS = {"function": 11, "economic": 9, "government": 9, "fund": 9}


class EntryField(forms.Field):
    """The base. `learn` tells a form's field whose draft it is in; `show` and `parse` are each other's inverse."""

    widget = forms.TextInput
    blank = ""
    is_tick = is_money = False

    def __init__(self, *, label: str, required: bool = True, css: str = "", **kwargs):
        super().__init__(label=label, required=required, **kwargs)
        self.css = css  # how wide its column is
        self.draft = None

    def learn(self, draft) -> None:
        self.draft = draft

    def show(self, value) -> str:
        return "" if value is None else str(value)

    def parse(self, text: str):
        """Raises cells.Refusal."""
        raise NotImplementedError

    def clean(self, value):
        try:
            parsed = self.parse(value or "")
        except cells.Refusal as refusal:
            raise ValidationError(str(refusal)) from None
        if self.required and parsed in (None, ""):
            raise ValidationError(f"请填写{self.label}。")
        return self.blank if parsed is None else parsed

    def widget_attrs(self, widget):
        return {"autocomplete": "off"}


class TextField(EntryField):
    """Words. `listed`: the id of a list on the page that offers some, any other being as good."""

    def __init__(self, *, limit: int, lines: int = 1, listed: str = "", **kwargs):
        self.limit, self.lines, self.listed = limit, lines, listed
        if lines > 1:
            kwargs["widget"] = forms.Textarea(attrs={"rows": lines, "cols": None})
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return {"autocomplete": "off", **({"list": self.listed} if self.listed else {})}

    def parse(self, text):
        return cells.parse_text(text, self.limit, multiline=self.lines > 1)


class AmountField(EntryField):
    """Money in the unit of the page; the value is 元."""

    is_money = True

    def widget_attrs(self, widget):
        return {"autocomplete": "off", "inputmode": "decimal", "class": "num", "data-amount": ""}

    def __init__(self, *, empty: Decimal | None = None, **kwargs):
        super().__init__(**kwargs)
        self.blank = empty  # what a field left empty means

    def show(self, value):
        return "" if value is None or value == self.blank else f"{exactly(value, self.draft.unit):,f}"

    def parse(self, text):
        fen = cells.parse_amount(text, self.draft.unit, self.draft.campaign.entry_step).fen
        return None if fen is None else money.yuan(fen)


class ExactAmountField(AmountField):
    """An amount to the 分, whatever step the amounts of the budget have."""

    def parse(self, text):
        fen = cells.parse_amount(text, self.draft.unit, cells.FEN_STEP).fen
        return None if fen is None else money.yuan(fen)


class PriceField(ExactAmountField):
    """A price."""

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "data-price": ""}


class QuantityField(EntryField):
    """How many: two decimals."""

    blank = None

    def widget_attrs(self, widget):
        return {"autocomplete": "off", "inputmode": "decimal", "class": "num", "data-quantity": ""}

    def show(self, value):
        return "" if value is None else f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"

    def parse(self, text):
        fen = cells.parse_amount(text, money.YUAN, cells.FEN_STEP).fen
        if fen is None:
            return None
        if fen >= 10**12:
            raise cells.Refusal(f"{cells.quoted(text)}太大：数量须小于100亿。")
        return Decimal(fen).scaleb(-2)


class NumberField(EntryField):
    """A whole number, not negative."""

    blank = None

    def __init__(self, *, least: int = 0, most: int = 10**9, empty=None, **kwargs):
        self.least, self.most = least, most
        super().__init__(**kwargs)
        self.blank = empty

    def show(self, value):
        return "" if value is None or value == self.blank else str(value)

    def widget_attrs(self, widget):
        return {"autocomplete": "off", "inputmode": "numeric", "class": "num"}

    def parse(self, text):
        narrow = cells.narrow(text).replace(",", "")
        if not narrow:
            return None
        if not (narrow.isascii() and narrow.isdigit()):
            raise cells.Refusal(f"{cells.quoted(text)}不是整数，请只填0至9的数字。")
        if len(narrow) > 12 or not self.least <= int(narrow) <= self.most:
            raise cells.Refusal(f"{cells.quoted(text)}应在{self.least}到{self.most}之间。")
        return int(narrow)


class ShareField(EntryField):
    """A weight from 0 to 100, two decimals."""

    blank = None

    def widget_attrs(self, widget):
        return {"autocomplete": "off", "inputmode": "decimal", "class": "num"}

    def show(self, value):
        return "" if value is None else f"{value.normalize():f}"

    def parse(self, text):
        fen = cells.parse_amount(text, money.YUAN, cells.FEN_STEP).fen
        if fen is not None and not 0 <= fen <= 10_000:
            raise cells.Refusal(f"{cells.quoted(text)}应在0到100之间。")
        return None if fen is None else Decimal(fen).scaleb(-2)


class YesNoField(EntryField):
    widget = forms.CheckboxInput
    blank = False

    is_tick = True

    def __init__(self, *, label: str, **kwargs):
        super().__init__(label=label, required=False, **kwargs)

    def widget_attrs(self, widget):
        return {}

    def show(self, value):
        return "on" if value else ""

    def clean(self, value):
        return bool(value)


class ChoiceField(EntryField):
    """One of a few, from a list."""

    def __init__(self, *, choices, empty: str | None = None, **kwargs):
        self.choices = list(choices)
        shown = self.choices if empty is None else [("", empty), *self.choices]
        super().__init__(widget=forms.Select(choices=shown), **kwargs)

    def parse(self, text):
        if text and text not in {str(value) for value, _ in self.choices}:
            wanted = "、".join(str(label) for _, label in self.choices)
            raise cells.Refusal(f"{cells.quoted(text)}不在选项中，应为{wanted}。")
        return text


class ProjectCodeField(EntryField):
    """21 characters; blanks inside, as they are printed, are taken out."""

    def widget_attrs(self, widget):
        return {"autocomplete": "off", "spellcheck": "false", "maxlength": "40"}

    def parse(self, text):
        code = "".join(cells.narrow(cells.parse_text(text)).split()).upper()
        if code and not PROJECT_CODE.fullmatch(code):
            has = f"是{len(code)}位" if len(code) != 21 else "不符合编码规则"
            raise cells.Refusal(
                f"{cells.quoted(text)}{has}：项目编码为21位，前8位数字，后13位数字或大写字母，中间的空格可以保留。"
            )
        return code


class CodeField(EntryField):
    """A classification code: the number, the number with its name, or a name that only one leaf has."""

    blank = None

    def __init__(self, *, kind: str, **kwargs):
        self.kind = kind
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return {"autocomplete": "off", "spellcheck": "false", "data-codes": self.kind}

    def parse(self, text):
        text = cells.narrow(cells.parse_text(text, 200))
        if not text:
            return None
        if text == UNSPECIFIED_NAME:
            return self._unspecified()
        try:
            return self._resolve(text)
        except cells.Refusal as refusal:
            raise cells.Refusal(f"{refusal}{self._instead(text)}") from None

    def _resolve(self, text: str):
        dimensions = self.draft.dimensions
        if self.kind == "fund":
            return dimensions.fund_of(text)
        return dimensions.class_of(COLUMNS[self.kind], text) or self._unspecified()

    def _unspecified(self):
        found = self.draft.dimensions.unspecified.get(COLUMNS.get(self.kind))
        if found is None:
            raise cells.Refusal(f"{self.label}不能填“{UNSPECIFIED_NAME}”。")
        return found

    def _instead(self, text: str) -> str:
        nearest = self.draft.index(self.kind).nearest(text)
        return (
            f"可填：{'、'.join(entry.shown for entry in nearest)}。"
            if nearest
            else "请填编码或名称，也可以从列表中选。"
        )
