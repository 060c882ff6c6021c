"""What a name in a wording stands for, and how it is said in each of its forms."""

from dataclasses import dataclass

from budget.reporting import money

from . import wording as cases
from .text import At, Run

DIGITS = "零一二三四五六七八九十"
NO_RATE, LEAST_RATE = money.percent(0, 1), money.percent(1, 10_000)
AMOUNT_FORMS = frozenset({"", "share", "change", "rate", "previous", "reason", "unknown"})


def numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十 (to 99)."""
    tens, ones = divmod(number, 10)
    return (DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (DIGITS[ones] if ones or not tens else "")


@dataclass(frozen=True)
class Amount:
    """分 this year and last (None: not known), printed in `unit`; `whole`: what it is a share of."""

    fen: int
    unit: str
    before: int | None = None
    at: At | None = None
    fact: str = ""
    whole: int | None = None
    reason: str | None = None

    @property
    def amount_case(self) -> str:
        return cases.SOME if self.fen else cases.ZERO

    @property
    def change_case(self) -> str:
        """By what is printed: a change that prints 0.00 is none."""
        if self.before is None:
            return cases.UNKNOWN
        if not self.fen or not self.before:
            return cases.NEW if self.fen else cases.GONE if self.before else cases.NOTHING
        change = money.hundredths(self.fen - self.before, self.unit)
        return cases.INCREASE if change > 0 else cases.DECREASE if change < 0 else cases.SAME

    @property
    def has_changed(self) -> bool:
        return self.change_case in (cases.INCREASE, cases.DECREASE, cases.NEW, cases.GONE)

    def runs(self, form: str) -> tuple[Run, ...]:
        match form:
            case "":
                return self._said(self.fen)
            case "share":
                return (Run(money.percent(self.fen, self.whole or 0), self.at, self.fact),)
            case "change":
                return self._said(abs(self.fen - (self.before or 0)))
            case "previous":
                return self._said(self.before or 0)
            case "rate":
                rate = money.percent(abs(self.fen - (self.before or 0)), abs(self.before or 0))
                return (Run(f"不足{LEAST_RATE}" if rate == NO_RATE else rate, self.at, self.fact),)
            case "unknown":
                return (Run(money.UNKNOWN, self.at, "lastyear", is_missing=True),)
            case "reason":
                if self.reason:
                    return (Run(self.reason, fact="reasons"),)
                return (Run("（原因待填写）", fact="reasons", is_missing=True),) if self.has_changed else ()
        raise KeyError(form)

    def _said(self, fen: int) -> tuple[Run, ...]:
        """In a sentence: two decimals, 0 for nothing, the unit after it."""
        return (Run(money.printed(fen, self.unit) or "0", self.at, self.fact), Run(self.unit))


@dataclass(frozen=True)
class Number:
    """A count; None: nobody has said it."""

    number: int | None
    at: At | None = None
    fact: str = ""

    @property
    def amount_case(self) -> str:
        return cases.SOME if self.number else cases.ZERO

    def runs(self, form: str) -> tuple[Run, ...]:
        if self.number is None:
            return (Run("（待填写）", fact=self.fact, is_missing=True),)
        return (Run(str(self.number), self.at, self.fact),)


@dataclass(frozen=True)
class Phrase:
    """Words, or phrases with figures in them."""

    said: tuple[Run, ...]

    @property
    def amount_case(self) -> str:
        return cases.SOME if self.said else cases.ZERO

    def runs(self, form: str) -> tuple[Run, ...]:
        return self.said


def words(text: str, at: At | None = None) -> Phrase:
    return Phrase((Run(text, at),) if text else ())


Value = Amount | Number | Phrase
