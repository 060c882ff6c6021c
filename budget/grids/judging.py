"""What a row of cells amounts to: the values of a line, or what is wrong with it, cell by cell and all at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from budget import cells
from budget.entry.draft import Draft
from budget.entry.lines import NO_ECONOMIC, NO_FUNCTION, no_government
from budget.importing.dimensions import nature_by_name
from budget.models import Category, Item, Line, Nature
from budget.owned import problems_of
from budget.reporting import money

from .columns import FLAGS, KEPT, OF_ITEM, Reader

ItemKey = tuple[str, str]  # category, name
LineKey = tuple  # item (uid, or key of one that is new), function, economic, government, fund (ids), carried over

DUPLICATE = next(
    str(one.violation_error_message) for one in Line._meta.constraints if one.name == "line_is_one_for_its_dimensions"
)
OWN_TO_A_LINE = ("function", "economic", "government", "fund", "carried_over", "amount", *FLAGS)


@dataclass
class Judged:
    """A row's cells as far as they could be read. `missing`: columns that are wrong only in that they are blank."""

    texts: dict[str, str]
    values: dict[str, object] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    followed: set[str] = field(default_factory=set)

    def refuse(self, column: str, message: str, *, is_missing: bool = False) -> None:
        self.errors.setdefault(column, []).append(message)
        if is_missing:
            self.missing.add(column)

    @property
    def is_valid(self) -> bool:
        return not self.errors

    @property
    def is_wrong(self) -> bool:
        """Whether more is the matter than that something is not filled in yet."""
        return bool(set(self.errors) - self.missing)

    @property
    def item_key(self) -> ItemKey | None:
        """The item of basic spending that the row names, where it names one."""
        key = (self.values.get("category") or "", self.values.get("name") or "")
        return key if all(key) else None

    @property
    def fen(self) -> int | None:
        amount = self.values.get("amount")
        return None if amount is None else money.fen(amount)

    def line_key(self, item: object) -> LineKey:
        values = self.values
        return (
            item,
            *(values[name].pk for name in ("function", "economic", "government", "fund")),
            values["carried_over"],
        )


class Judge:
    """Judges rows of a draft: of basic spending, or of one project."""

    def __init__(self, draft: Draft, project: Item | None = None):
        self.draft, self.project = draft, project
        self.reader = Reader(draft)
        self.columns = [key for key in KEPT if project is None or key not in OF_ITEM]

    def read(self, texts: Mapping[str, str]) -> Judged:
        """Each cell by itself."""
        judged = Judged({key: texts.get(key, "") for key in self.columns})
        for key, text in judged.texts.items():
            try:
                judged.values[key] = self.reader.read(key, text)
            except cells.Refusal as refusal:
                judged.refuse(key, str(refusal))
                continue
            is_blank = judged.values[key] in (None, "")
            if is_blank and KEPT[key].required and key not in ("function", "economic"):
                judged.refuse(key, f"请填写{KEPT[key].label}。", is_missing=True)
        amount = judged.values.get("amount")
        if amount is not None and amount <= 0:
            judged.refuse("amount", "金额须大于0。")
        return judged

    def begin(self, texts: Mapping[str, str]) -> dict[str, str]:
        """What a new row begins with in the cells that are left blank."""
        begun = {key: self.reader.default(key) for key in self.columns if not texts.get(key, "").strip()}
        return {key: text for key, text in begun.items() if text}

    def read_key(self, texts: Mapping[str, str]) -> ItemKey | None:
        """The item that a row names, where it can be read."""
        try:
            key = tuple(self.reader.read(name, texts.get(name, "")) for name in ("category", "name"))
        except cells.Refusal:
            return None
        return key if all(key) else None

    def settle_nature(self, judged: Judged, item_nature: str, *, follows: bool) -> str:
        """The nature of the row: the item's (`item_nature`, "" for a new item), else as written, else by the name.

        One that is written and is not the item's is an error, unless the row is to follow its item.
        """
        written = judged.values.get("nature") or ""
        nature = item_nature or written or nature_by_name(judged.texts.get("name", "")) or Nature.ADMINISTRATIVE.value
        if item_nature and written and written != item_nature and not follows:
            judged.refuse(
                "nature", f"{cells.quoted(judged.texts['name'])}的性质是{item_nature}，同一项目只能有一个性质。"
            )
            return item_nature
        if "nature" in judged.values:
            judged.values["nature"] = nature
        return nature

    def complete(self, judged: Judged, nature: str) -> None:
        """What follows from the rest: 未细化 where it is allowed, the government class of the department class."""
        values, dimensions, campaign = judged.values, self.draft.dimensions, self.draft.campaign
        if values.get("function") is None and "function" not in judged.errors:
            if campaign.allow_unspecified_function:
                values["function"] = dimensions.unspecified["function"]
            else:
                judged.refuse("function", NO_FUNCTION, is_missing=True)
        if values.get("economic") is None and "economic" not in judged.errors:
            if self.project is None or not campaign.allow_unspecified_economic:
                judged.refuse("economic", NO_ECONOMIC, is_missing=True)
            else:
                values["economic"] = dimensions.unspecified["dept_economic"]
        if values.get("government") is None and not {"economic", "government"} & set(judged.errors):
            proposed = self.proposals(values["economic"], nature)
            if proposed:
                values["government"] = proposed[0]
                judged.followed.add("government")
            else:
                judged.refuse("government", no_government(values["economic"]), is_missing=True)

    def proposals(self, economic, nature: str) -> list:
        """The government classes that go with a department class, the first offered first."""
        if economic.is_unspecified:
            return [self.draft.dimensions.unspecified["gov_economic"]]
        return self.draft.dimensions.proposals(economic, nature)

    def goes_together(self, texts: Mapping[str, str], nature: str) -> bool:
        """Whether the government class of a row is the one that goes with its department class."""
        try:
            economic, government = (self.reader.read(key, texts[key]) for key in ("economic", "government"))
        except cells.Refusal:
            return False
        return economic is not None and government is not None and government in self.proposals(economic, nature)

    def check(self, judged: Judged, item: Item) -> None:
        """What the model itself has against the line."""
        if judged.is_valid:
            for name, message in problems_of(self.line(judged, item)):
                judged.refuse(name if name in judged.texts else "", message)

    def line(self, judged: Judged, item: Item, **more) -> Line:
        return Line(item=item, **{name: judged.values[name] for name in OWN_TO_A_LINE}, **more)


def in_words(key: ItemKey) -> str:
    return f"{Category(key[0]).label}“{key[1]}”"
