"""The dimensions of a campaign as a file may write them: codes, names, labels → rows of the year's edition."""

import re
from collections import defaultdict
from functools import cached_property

from budget import cells
from budget.models import (
    Campaign,
    Category,
    DepartmentEconomicClass,
    EconomicPair,
    FunctionalClass,
    FundSource,
    GovernmentEconomicClass,
    Nature,
)

from .codes import UNSPECIFIED_NAME

CLASSES = {
    "function": (FunctionalClass, (3, 5, 7), "项（7位）"),
    "dept_economic": (DepartmentEconomicClass, (3, 5), "款（5位）"),
    "gov_economic": (GovernmentEconomicClass, (3, 5), "款（5位）"),
}
CATEGORIES = {cells.narrow(name): category.value for category in Category for name in (category.value, category.label)}
CODE_AND_NAME = re.compile(r"(\d+)[\W_]*(.+)")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NAME_LIMIT = 200
LISTED = 8  # codes of one name that a message lists
TOTALS = {"合计", "总计", "小计", "共计"}
INSTITUTION_GOVERNMENT = ("505", "506")
ADMINISTRATIVE_GOVERNMENT = ("501", "502", "503", "504")


class Dimensions:
    """The edition of a campaign, read once: five queries."""

    def __init__(self, campaign: Campaign):
        edition = campaign.edition_id
        self.year = campaign.year
        self.classes = {
            column: {row.code: row for row in model.objects.filter(edition=edition)}
            for column, (model, _, _) in CLASSES.items()
        }
        self.unspecified = {
            column: next((row for row in rows.values() if row.is_unspecified), None)
            for column, rows in self.classes.items()
        }
        self.funds: dict[str, list[FundSource]] = defaultdict(list)
        for fund in FundSource.objects.filter(edition=edition):
            for name in {fund.code, cells.narrow(fund.name), cells.narrow(fund.label)} - {""}:
                self.funds[name].append(fund)
        self.pairs: dict[tuple[int, str], list[int]] = defaultdict(list)
        for pair in EconomicPair.objects.filter(edition=edition).order_by("pk"):
            self.pairs[pair.economic_id, pair.nature].append(pair.government_id)
        self.government = {row.pk: row for row in self.classes["gov_economic"].values()}

    @cached_property
    def by_name(self) -> dict[str, dict[str, list]]:
        """Rows by column and by name without blanks."""
        found = {}
        for column, rows in self.classes.items():
            names = found[column] = defaultdict(list)
            for row in rows.values():
                names[_bare(row.name)].append(row)
        return found

    def class_of(self, column: str, value):
        """The leaf that a cell names: by its code, by a name that no other leaf has, or by both (2060101 行政运行).

        None where it is blank or says 未细化. Raises Refusal.
        """
        model, lengths, depth = CLASSES[column]
        text = cells.narrow(value) if isinstance(value, str) else ""
        if text == UNSPECIFIED_NAME:
            return None
        if CHINESE.search(text):
            text = cells.narrow(cells.parse_text(value, NAME_LIMIT))
            found = CODE_AND_NAME.fullmatch(text)
            if found is None:
                return self._class_named(column, text, value)
            code, name = cells.parse_code(found[1], lengths), found[2]
        else:
            code, name = cells.parse_code(value, lengths), ""
        if not code:
            return None
        row = self.classes[column].get(code)
        if row is None:
            raise cells.Refusal(f"{cells.quoted(value)}不在{self.year}年{model._meta.verbose_name}中。")
        _check_name(row, name, value)
        if not row.is_leaf:
            raise cells.Refusal(f"{cells.quoted(value)}（{row.name}）不是末级科目，请细化到{depth}。")
        return None if row.is_unspecified else row

    def _class_named(self, column: str, text: str, value):
        model, _, depth = CLASSES[column]
        found = self.by_name[column].get(_bare(text), [])
        leaves = [row for row in found if row.is_leaf]
        if len(leaves) == 1:
            return None if leaves[0].is_unspecified else leaves[0]
        if leaves:
            codes = "、".join(row.code for row in leaves[:LISTED]) + ("等" if len(leaves) > LISTED else "")
            raise cells.Refusal(f"有{len(leaves)}个科目叫{cells.quoted(value)}，请改填编码（{codes}）。")
        if found:
            raise cells.Refusal(f"{cells.quoted(value)}（{found[0].code}）不是末级科目，请细化到{depth}。")
        raise cells.Refusal(f"{cells.quoted(value)}不在{self.year}年{model._meta.verbose_name}中。")

    def fund_of(self, value) -> FundSource | None:
        """The fund that a cell names by code, name or label, or by code and name; None where it is blank.

        Raises Refusal.
        """
        text = cells.narrow(cells.parse_text(value))
        if not text:
            return None
        found = self.funds.get(text) or self.funds.get(_bare(text), [])
        both = CODE_AND_NAME.fullmatch(text) if not found and CHINESE.search(text) else None
        if both and (found := self.funds.get(both[1], [])):
            _check_name(found[0], both[2], value)
        leaves = [fund for fund in found if fund.is_leaf]
        if len(leaves) == 1:
            return leaves[0]
        if leaves:
            codes = "、".join(fund.code for fund in leaves)
            raise cells.Refusal(f"{cells.quoted(value)}可指多个资金性质，请改填编码（{codes}）。")
        if found:
            raise cells.Refusal(f"{cells.quoted(value)}不是末级资金性质，请细化。")
        raise cells.Refusal(f"{cells.quoted(value)}不在{self.year}年资金性质中。")

    def proposals(self, economic: DepartmentEconomicClass, nature: str) -> list[GovernmentEconomicClass]:
        """The government classes that go with a department class for that nature, in the edition's order."""
        found = self.pairs.get((economic.pk, nature)) or self.pairs.get((economic.pk, ""), [])
        return [self.government[pk] for pk in found]


def _bare(name: str) -> str:
    return "".join(cells.narrow(name).split())


def _check_name(row, name: str, value) -> None:
    """The name beside a code is the code's, or a part of it."""
    names = (_bare(one) for one in (row.name, getattr(row, "label", "")))
    if name and not any(_bare(name) in one for one in names):
        raise cells.Refusal(f"{cells.quoted(value)}的编码和名称不一致：{row.code}是“{row.name}”。")


def category_of(value) -> str:
    """A category from its name or code, "" where the cell is blank. Raises Refusal."""
    text = cells.narrow(cells.parse_text(value))
    if not text:
        return ""
    if text not in CATEGORIES:
        raise cells.Refusal(f"{cells.quoted(value)}不是项目类别，应为{'、'.join(Category.labels)}。")
    return CATEGORIES[text]


def nature_of(value) -> str:
    """行政 or 事业, "" where the cell is blank. Raises Refusal."""
    text = cells.narrow(cells.parse_text(value))
    if text and text not in Nature.values:
        raise cells.Refusal(f"{cells.quoted(value)}不是性质，应为行政或事业。")
    return text


def nature_by_name(name: str) -> str:
    """What an item's name says at its end, （行政） or （事业）; "" where it says nothing."""
    text = cells.narrow(name)
    return next((nature for nature in Nature.values if text.endswith(f"({nature})")), "")


def nature_by_government(row: GovernmentEconomicClass | None) -> str:
    """What a government class says of the nature, "" for nothing."""
    return nature_by_government_code(row.code if row is not None else "")


def nature_by_government_code(code: str) -> str:
    """505 and 506 are for institutions, 501 to 504 for administrative bodies."""
    if code.startswith(INSTITUTION_GOVERNMENT):
        return Nature.INSTITUTION.value
    if code.startswith(ADMINISTRATIVE_GOVERNMENT):
        return Nature.ADMINISTRATIVE.value
    return ""


def is_total(value) -> bool:
    """Whether a cell says that its row is a total."""
    return isinstance(value, str) and "".join(cells.narrow(value).rstrip(":").split()) in TOTALS
