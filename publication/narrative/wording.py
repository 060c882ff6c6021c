"""What a text is made of: declarations, without a figure in them. A table set has one Wording.

Every figure is a cell of a table of the set, a sum of such cells, or a fact; a sentence has a text for each case of
the figure it is about, so that none can be forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

ALWAYS, SOME, ZERO, UNKNOWN = "always", "some", "zero", "unknown"
INCREASE, DECREASE, SAME, NEW, GONE, NOTHING = "increase", "decrease", "same", "new", "gone", "nothing"
CASE_NAMES = {
    ALWAYS: "任何情况",
    SOME: "有金额",
    ZERO: "没有金额",
    UNKNOWN: "上年数缺",
    INCREASE: "增加",
    DECREASE: "减少",
    SAME: "持平",
    NEW: "本年新增",
    GONE: "本年取消",
    NOTHING: "两年均无",
}
BY_AMOUNT = frozenset({SOME, ZERO})
BY_CHANGE = frozenset({INCREASE, DECREASE, SAME, NEW, GONE, NOTHING, UNKNOWN})


# ---- figures


@dataclass(frozen=True)
class Cell:
    """A cell of a table of the set. `whole`: the figure it is a share of; `topic`: of the reason for its change."""

    table: str
    row: str
    column: str
    whole: str = ""
    topic: str = ""


@dataclass(frozen=True)
class SumOf:
    """Figures added up."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """A fact that no line holds: an amount (`asset_buildings`), a number (`posts`) or words."""

    key: str


@dataclass(frozen=True)
class Names:
    """The words in one column of the rows that have money in another, each once: 基本工资、津贴补贴…"""

    table: str
    words: str
    money: str


@dataclass(frozen=True)
class Count:
    """How many rows of that kind (level) a table has."""

    table: str
    kind: str


@dataclass(frozen=True)
class ByClass:
    """A phrase for each 类 with money in a column of a table whose rows are 类.

    `text` names {label}, {amount} and {share} (of the figure `whole`).
    """

    table: str
    column: str
    text: str
    whole: str = ""
    joiner: str = "；"


@dataclass(frozen=True)
class Kinds:
    """The kinds (一级指标) of indicators that there are, in the order of `of`."""

    records: str
    of: tuple[str, ...]


Figure = Cell | SumOf | Fact | Names | Count | ByClass | Kinds


# ---- sentences


@dataclass(frozen=True)
class Sentence:
    """`cases`: case → text. `of`: the figure whose amount, or whose change, decides between them."""

    id: str
    cases: Mapping[str, str]
    of: str = ""


def always(id: str, text: str) -> Sentence:
    return Sentence(id, {ALWAYS: text})


def by_amount(id: str, of: str, *, some: str, zero: str) -> Sentence:
    return Sentence(id, {SOME: some, ZERO: zero}, of)


def by_change(
    id: str, of: str, *, increase: str, decrease: str, same: str, new: str, gone: str, nothing: str, unknown: str
) -> Sentence:
    cases = {INCREASE: increase, DECREASE: decrease, SAME: same, NEW: new, GONE: gone, NOTHING: nothing}
    return Sentence(id, {**cases, UNKNOWN: unknown}, of)


class Heading(NamedTuple):
    level: int  # 1: 一、 2: （一）
    text: str


@dataclass(frozen=True, init=False)
class Paragraph:
    """Sentences that run on."""

    sentences: tuple[Sentence, ...]

    def __init__(self, *sentences: Sentence):
        object.__setattr__(self, "sentences", sentences)


@dataclass(frozen=True)
class Repeated:
    """A paragraph for each of a list of facts (duties, units, key_projects); `empty` where there is none."""

    over: str
    sentence: Sentence
    empty: Sentence | None = None


@dataclass(frozen=True)
class Glossary:
    """The terms whose figure is not nothing, numbered; then a term for each 类 that is used."""

    terms: tuple[tuple[str, str, tuple[str, ...]], ...]  # term, explanation, figures (none: always)
    classes: Mapping[str, str] = field(default_factory=dict)  # code of a 类 → what it reflects


Block = Heading | Paragraph | Repeated | Glossary


@dataclass(frozen=True)
class Part:
    label: str  # 第一部分
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, eq=False)
class Wording:
    """The text of a table set."""

    set: str
    figures: Mapping[str, Figure]
    parts: tuple[Part, ...]
    cover: tuple[str, ...] = ("{name}", "{year}年度{kind}预算")
    tables_title: str = "{name}{year}年度{kind}预算表"

    def sentences(self) -> dict[str, Sentence]:
        """Every sentence by its id, in the order of the text."""
        found = {}
        for part in self.parts:
            for block in part.blocks:
                match block:
                    case Paragraph(sentences=sentences):
                        found.update((one.id, one) for one in sentences)
                    case Repeated(sentence=sentence, empty=empty):
                        found.update((one.id, one) for one in (sentence, empty) if one)
        return found

    def tables(self) -> set[str]:
        """The tables that its figures are read from."""
        return {figure.table for figure in self.figures.values() if hasattr(figure, "table")}


_wordings: dict[str, Wording] = {}


def declare(wording: Wording) -> Wording:
    """Declare the text of a set."""
    _wordings[wording.set] = wording
    return wording


def wordings() -> dict[str, Wording]:
    return dict(_wordings)
