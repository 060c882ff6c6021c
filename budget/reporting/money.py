"""Money: counted in 分 (int), spoken of in 元 (Decimal), printed in 万元 or 元.

The only place that rounds (元 → 万元, a percentage to the entry step; four up: ROUND_HALF_UP, negative numbers alike).
No float.
"""

from decimal import Context, Decimal, InvalidOperation

YUAN = "元"
WAN = "万元"
FEN_PER = {YUAN: 100, WAN: 1_000_000}
LIMIT_FEN = 10**15  # amounts stay below 10¹³ 元, which every spreadsheet still holds exactly

_EXACT = Context(prec=30, traps=[InvalidOperation])  # what is longer is no amount and is refused, never rounded

UNKNOWN = "上年数缺"
NEW = "新增"
NO_RATE = "—"


def fen(yuan: Decimal) -> int:
    """元 → 分. ValueError for a fraction of a 分, NaN, infinity or what no book could hold."""
    return _shifted(yuan, 2)


def _shifted(amount: Decimal, places: int) -> int:
    """The amount without its decimal point, which stands `places` from the right: exact or refused."""
    if not amount.is_finite():
        raise ValueError(f"金额不是有限数：{amount}")
    try:
        cut = amount.quantize(Decimal((0, (1,), -places)), context=_EXACT)
    except InvalidOperation:
        raise ValueError(f"金额超出范围：{amount}") from None
    if cut != amount:
        raise ValueError(f"金额精度超过分：{amount}")
    return int(cut.scaleb(places, context=_EXACT))


def yuan(amount_fen: int) -> Decimal:
    """分 → 元, two decimals, exact."""
    return Decimal(amount_fen).scaleb(-2)


def fen_of(amount: Decimal, unit: str) -> int:
    """An amount in `unit` (元 or 万元) → 分; ValueError where that is no whole number of 分."""
    return _shifted(amount, 6 if unit == WAN else 2)


def hundredths(amount_fen: int, unit: str) -> int:
    """分 → hundredths of the print unit, half up: the one rounding of the product."""
    step = FEN_PER[unit] // 100
    rounded = (abs(amount_fen) + step // 2) // step
    return -rounded if amount_fen < 0 else rounded


def in_unit(amount_fen: int, unit: str) -> Decimal:
    """分 → Decimal in the print unit, two decimals."""
    return Decimal(hundredths(amount_fen, unit)).scaleb(-2)


def changed(amount_fen: int, share: int, step: int) -> int:
    """The amount (分) changed by `share` hundredths of a percent of it, in whole steps (分), half up."""
    exact, whole = abs(amount_fen) * (10_000 + share), 10_000 * step
    steps = (exact + whole // 2) // whole
    return (-steps if amount_fen < 0 else steps) * step


def printed(amount_fen: int | None, unit: str, *, thousands: bool = False) -> str:
    """As printed: two decimals; blank where there is nothing."""
    if not amount_fen:
        return ""
    rounded = hundredths(amount_fen, unit)
    whole, part = divmod(abs(rounded), 100)
    sign = "-" if rounded < 0 else ""
    return f"{sign}{whole:,}.{part:02}" if thousands else f"{sign}{whole}.{part:02}"


def is_exact(amount_fen: int, unit: str) -> bool:
    """Whether printing in `unit` loses nothing."""
    return amount_fen % (FEN_PER[unit] // 100) == 0


def rate(now_fen: int, before_fen: int) -> str:
    """Growth in percent, two decimals, half up; 新增 from nothing, — between two nothings."""
    if before_fen == 0:
        return NEW if now_fen else NO_RATE
    share = hundredths_of_percent(now_fen - before_fen, abs(before_fen))
    return f"{Decimal(share).scaleb(-2):.2f}%"


def hundredths_of_percent(part_fen: int, whole_fen: int) -> int:
    """part ÷ whole in hundredths of a percent, half up away from zero; `whole_fen` > 0."""
    rounded = (abs(part_fen) * 20_000 + whole_fen) // (2 * whole_fen)
    return -rounded if part_fen < 0 else rounded


def percent(part_fen: int, whole_fen: int) -> str:
    """A share in percent with two decimals, half up; — of nothing."""
    if whole_fen == 0:
        return NO_RATE
    return f"{Decimal(hundredths_of_percent(part_fen, whole_fen)).scaleb(-2):.2f}%"
