"""Finding a code by number, name, pinyin or initials: an index of an edition's classification, kept in memory.

Nothing is asked of a network: pypinyin carries its dictionary. An index is built once for each loading of an edition.
"""

import re
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from pypinyin import Style, pinyin

from budget import cells
from budget.models import DepartmentEconomicClass, EconomicPair, FunctionalClass, FundSource, GovernmentEconomicClass
from budget.models.classifications import Edition

KINDS = {
    "function": FunctionalClass,
    "economic": DepartmentEconomicClass,
    "government": GovernmentEconomicClass,
    "fund": FundSource,
}
MOST = 8
EXPIRES = 300  # seconds: what an administrator mends in a stored edition is seen after this at the latest

EXACT, START, WITHIN = 0, 1, 2
Spelling = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A code of the edition. `shown`: as a field shows it.

    `spellings`: of its name, and of the word that clerks use for it, how each character may be typed.
    """

    code: str
    name: str
    shown: str
    above: str
    is_leaf: bool
    is_unspecified: bool
    spellings: tuple[Spelling, ...]
    government: tuple[tuple[str, str], ...] = ()  # nature → the government class that goes with it


class Index:
    """The codes of one classification in one edition."""

    def __init__(self, entries: Iterable[Entry]):
        self.entries = tuple(entries)
        self.by_code = {entry.code: entry for entry in self.entries}
        self.leaves_by_name: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.is_leaf:
                for name in {cells.narrow(entry.name), cells.narrow(entry.shown)}:
                    self.leaves_by_name[name].append(entry)

    def search(self, query: str, *, near: Iterable[str] = (), most: int = MOST) -> list[Entry]:
        """The best hits: leaves first, then how well they fit, then what is near the codes in use (`near`)."""
        words = _words(query)
        if not words:
            return []
        near = tuple(near)
        found = []
        for entry in self.entries:
            fit = _fit(entry, words)
            if fit is not None:
                closeness = max((_common(entry.code, code) for code in near), default=0)
                found.append(((not entry.is_leaf, fit, -closeness, len(entry.name), entry.code), entry))
        found.sort(key=lambda one: one[0])
        return [entry for _, entry in found[:most]]

    def nearest(self, text: str, most: int = 3) -> list[Entry]:
        """Leaves that may have been meant by a text that names none."""
        hits = [entry for entry in self.search(text) if entry.is_leaf]
        if not hits and (digits := re.match(r"\d+", text)):
            beginnings = (digits[0][:length] for length in range(len(digits[0]) - 1, 1, -1))
            hits = next((found for start in beginnings if (found := self._below(start))), [])
        if not hits:
            names = get_close_matches(cells.narrow(text), self.leaves_by_name, n=most, cutoff=0.5)
            hits = [entry for name in names for entry in self.leaves_by_name[name]]
        return list(dict.fromkeys(hits))[:most]

    def _below(self, start: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_leaf and entry.code.startswith(start)]


_indexes: dict[tuple[str, int], tuple[object, Index]] = {}


def index_of(kind: str, edition: Edition) -> Index:
    """The index of a kind (function, economic, government, fund) in the edition; KeyError for another kind."""
    version = (edition.loaded, int(time.monotonic()) // EXPIRES)
    kept = _indexes.get((kind, edition.pk))
    if kept is None or kept[0] != version:
        kept = _indexes[kind, edition.pk] = (version, _build(kind, edition))
    return kept[1]


def _build(kind: str, edition: Edition) -> Index:
    rows = list(KINDS[kind].objects.of(edition))
    names = {row.pk: row.name for row in rows}
    pairs = _pairs(edition) if kind == "economic" else {}
    return Index(
        Entry(
            code=row.code,
            name=row.name,
            shown=str(row),
            above=names.get(row.parent_id, ""),
            is_leaf=row.is_leaf,
            is_unspecified=row.is_unspecified,
            spellings=tuple(_spelling(name) for name in dict.fromkeys([getattr(row, "label", ""), row.name]) if name),
            government=tuple(pairs.get(row.pk, {}).items()),
        )
        for row in rows
    )


def named(code: str, *names: str) -> Entry:
    """Something that is found by its code or any of its names, as a code of a classification is."""
    spellings = tuple(_spelling(name) for name in dict.fromkeys(names) if name)
    return Entry(code, names[0], names[0], "", True, False, spellings)


def _pairs(edition: Edition) -> dict[int, dict[str, str]]:
    """Department class → nature ("" for both) → the government class proposed, as a field shows it."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for pair in EconomicPair.objects.filter(edition=edition).select_related("government").order_by("pk"):
        found[pair.economic_id].setdefault(pair.nature, str(pair.government))
    return found


def _spelling(name: str) -> Spelling:
    return tuple(_readings(character) for character in _spoken(name))


def _spoken(name: str) -> str:
    """The characters of a name that can be typed: no brackets, no punctuation."""
    return "".join(character for character in cells.narrow(name).lower() if character.isalnum())


@lru_cache(maxsize=5000)
def _readings(character: str) -> tuple[str, ...]:
    """The character itself and all its readings: 重 → 重, zhong, chong."""
    spoken = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys([character, *spoken]))


def _words(query: str) -> list[str]:
    """What is looked for: 206xzyx → 206, xzyx; every word must fit."""
    text = cells.narrow(query[:60]).lower().replace("'", "")
    return [word for word in re.findall(r"\d+|[^\W\d_]+", text) if word]


def _fit(entry: Entry, words: list[str]) -> tuple[int, ...] | None:
    """How well an entry fits, the smaller the better; None where a word does not fit at all."""
    fits = []
    for word in words:
        fit = _number_fit(entry, word) if word.isdigit() else _best_fit(entry, word)
        if fit is None:
            return None
        fits.append(fit)
    return tuple(sorted(fits, reverse=True))


def _number_fit(entry: Entry, word: str) -> int | None:
    if entry.is_unspecified or not entry.code.startswith(word):
        return None
    return EXACT if entry.code == word else START


def _best_fit(entry: Entry, word: str) -> int | None:
    fits = (_name_fit(spelling, word) for spelling in entry.spellings)
    return min((fit for fit in fits if fit is not None), default=None)


def _name_fit(readings: Spelling, word: str) -> int | None:
    for start, first in enumerate(readings):
        if any(reading[0] == word[0] for reading in first):
            used = _reaches(readings, start, word)
            if used:
                if start:
                    return WITHIN
                return EXACT if used == len(readings) else START
    return None


def _reaches(readings: Spelling, start: int, word: str) -> int:
    """How many characters from `start` the word spells, each as it is or by (the start of) a reading; 0: none."""
    reached = {0}
    for used, character in enumerate(readings[start:], 1):
        onward = set()
        for at in reached:
            for reading in character:
                same = _common(reading, word[at:])
                onward.update(range(at + 1, at + same + 1))
        if len(word) in onward:
            return used
        if not onward:
            return 0
        reached = onward
    return 0


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    same = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        same += 1
    return same
