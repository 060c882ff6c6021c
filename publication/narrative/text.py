"""A rendered text: parts of headings and paragraphs, made of runs that know which figure they print."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class At(NamedTuple):
    """A cell of a table of the book."""

    table: str
    row: str
    column: str


class Run(NamedTuple):
    """A piece of text. `at`: the cell it prints; `fact`: the typed fact it prints; `is_missing`: to be filled in."""

    text: str
    at: At | None = None
    fact: str = ""
    is_missing: bool = False


class Said(NamedTuple):
    """A sentence in the case that it came to."""

    id: str
    case: str
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class TextBlock:
    """A heading (`level` 1 or 2) or, with level 0, a paragraph. `text`: what it says."""

    sentences: tuple[Said, ...]
    level: int = 0
    text: str = field(init=False, compare=False)

    def __post_init__(self):
        text = "".join([run.text for one in self.sentences for run in one.runs])
        object.__setattr__(self, "text", text)

    @property
    def runs(self) -> tuple[Run, ...]:
        return tuple(run for one in self.sentences for run in one.runs)


@dataclass(frozen=True)
class TextPart:
    label: str
    title: str
    blocks: tuple[TextBlock, ...]


@dataclass(frozen=True)
class Narrative:
    """The three parts, with the cover and the title of the tables that follow."""

    cover: tuple[str, ...]
    parts: tuple[TextPart, ...]
    tables_title: str
    year: int = 0

    def paragraphs(self) -> Iterator[tuple[TextPart, TextBlock]]:
        for part in self.parts:
            for block in part.blocks:
                yield part, block

    @property
    def missing(self) -> list[Run]:
        """What is still to be filled in."""
        return [run for _, block in self.paragraphs() for run in block.runs if run.is_missing]

    def plain(self) -> str:
        """The text as it is read, a line for each heading and paragraph."""
        lines = []
        for part in self.parts:
            lines += [part.label, part.title, *(block.text for block in part.blocks)]
        return "\n".join(lines) + "\n"
