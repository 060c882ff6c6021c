"""Parts put into bins that they fill exactly: what only one way does is certain, the rest is a presumption.

Amounts are whole 分. A part goes into one bin whole where that is possible, else into several.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

MOST_STEPS = 3000  # of one search for subsets; beyond it nothing is called the only one


class Placed(NamedTuple):
    """So much of a part in a bin; `is_certain` where no other way fills the bins."""

    part: int
    bin: int
    amount: int
    is_certain: bool


Allowed = Callable[[int, int], bool]
Score = Callable[[int, int], int]


def fit(
    parts: Sequence[int], bins: Sequence[int], allowed: Allowed, score: Score
) -> tuple[list[Placed], dict[int, int]]:
    """Place the parts; returns what was placed, and what found no room (part → amount)."""
    fitting = _Fitting(parts, bins, allowed, score)
    fitting.run()
    return fitting.placed, {part: amount for part, amount in fitting.parts.items() if amount}


class _Fitting:
    def __init__(self, parts, bins, allowed: Allowed, score: Score):
        self.parts = {at: amount for at, amount in enumerate(parts) if amount > 0}
        self.bins = {at: amount for at, amount in enumerate(bins) if amount > 0}
        self.allowed, self.score = allowed, score
        self.placed: list[Placed] = []
        self.is_certain = True

    def run(self) -> None:
        while self.parts and self.bins:
            if self._place_what_is_certain() or self._presume():
                continue
            self._pour()
            return

    def _ways(self) -> dict[int, tuple[list[tuple[int, ...]], bool]]:
        """For each bin the sets of whole parts that fill it, and whether these are all."""
        ways = {}
        for slot, room in self.bins.items():
            parts = [part for part in self.parts if self.allowed(part, slot)]
            parts.sort(key=lambda part: (-self.score(part, slot), -self.parts[part]))
            ways[slot] = subsets([(part, self.parts[part]) for part in parts], room)
        return ways

    def _place_what_is_certain(self) -> bool:
        """Bins that one set alone fills, whose parts no other such bin wants."""
        ways = self._ways()
        only = {slot: found[0] for slot, (found, is_all) in ways.items() if is_all and len(found) == 1}
        wanted = [part for chosen in only.values() for part in chosen]
        done = False
        for slot, chosen in only.items():
            if all(wanted.count(part) == 1 for part in chosen):
                self._fill(slot, chosen)
                done = True
        return done

    def _presume(self) -> bool:
        """The likeliest set that fills a bin, or the likeliest bins that take a part in pieces."""
        self.is_certain = False
        best: tuple | None = None
        for slot, (found, _) in self._ways().items():
            for chosen in found:
                worth = min(self.score(part, slot) for part in chosen)
                if best is None or (worth, -len(chosen)) > best[0]:
                    best = (worth, -len(chosen)), slot, chosen
        if best and best[0][0] >= 0:
            self._fill(best[1], best[2])
            return True
        for part, amount in self.parts.items():
            room = [(slot, self.bins[slot]) for slot in self.bins if self.allowed(part, slot)]
            room.sort(key=lambda one, part=part: -self.score(part, one[0]))
            found, _ = subsets(room, amount)
            if found:
                chosen = max(
                    found, key=lambda bins, part=part: (sum(self.score(part, one) for one in bins), -len(bins))
                )
                for slot in chosen:
                    self._put(part, slot, self.bins[slot])
                return True
        if best:
            self._fill(best[1], best[2])
        return best is not None

    def _fill(self, slot: int, chosen: tuple[int, ...]) -> None:
        for part in chosen:
            self._put(part, slot, self.parts[part])

    def _put(self, part: int, slot: int, amount: int) -> None:
        self.placed.append(Placed(part, slot, amount, self.is_certain))
        for left, at in ((self.parts, part), (self.bins, slot)):
            left[at] -= amount
            if not left[at]:
                del left[at]

    def _pour(self) -> None:
        """What no whole parts fill: in pieces, likeliest first, first where it may stand, then anywhere."""
        self.is_certain = False
        places = [(part, slot) for part in self.parts for slot in self.bins]
        places.sort(key=lambda one: (not self.allowed(*one), -self.score(*one)))
        for part, slot in places:
            amount = min(self.parts.get(part, 0), self.bins.get(slot, 0))
            if amount:
                self._put(part, slot, amount)


def subsets(amounts: Sequence[tuple[int, int]], wanted: int) -> tuple[list[tuple[int, ...]], bool]:
    """The sets of (name, amount) that add up to `wanted`, in the given order; and whether these are all there are."""
    rest = [0] * (len(amounts) + 1)
    for at in range(len(amounts) - 1, -1, -1):
        rest[at] = rest[at + 1] + amounts[at][1]
    found: list[tuple[int, ...]] = []
    steps = 0
    stack: list[tuple[int, int, tuple[int, ...]]] = [(0, wanted, ())]
    while stack:
        steps += 1
        if steps > MOST_STEPS:
            return found, False
        at, left, chosen = stack.pop()
        if not left:
            found.append(chosen)
            continue
        if at == len(amounts) or rest[at] < left:
            continue
        name, amount = amounts[at]
        stack.append((at + 1, left, chosen))
        if amount <= left:
            stack.append((at + 1, left - amount, (*chosen, name)))
    return found, True
