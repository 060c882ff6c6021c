"""Money: whole 分, one rounding, no float."""

import ast
import random
from decimal import ROUND_HALF_UP, Context, Decimal, FloatOperation, Inexact, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budget.reporting import money
from budget.reporting.money import LIMIT_FEN, NEW, NO_RATE, WAN, YUAN

quick = settings(max_examples=200, deadline=None, derandomize=True)
amounts = st.integers(-LIMIT_FEN + 1, LIMIT_FEN - 1)


@pytest.fixture(autouse=True)
def _no_float_and_nothing_inexact():
    with localcontext(Context(prec=28, traps=[FloatOperation, Inexact])):
        yield


@given(amounts)
@quick
def test_yuan_and_fen_are_the_same_amount(amount):
    assert money.fen(money.yuan(amount)) == amount
    assert money.yuan(amount) * 100 == amount
    assert money.yuan(amount).as_tuple().exponent == -2


@given(amounts)
@quick
def test_an_amount_in_wan_with_six_decimals_is_whole_fen(amount):
    assert money.fen_of(Decimal(amount).scaleb(-6), WAN) == amount
    assert money.fen_of(Decimal(amount).scaleb(-2), YUAN) == amount


def test_trailing_zeros_are_no_precision():
    assert money.fen(Decimal("1.2300000000")) == 123
    assert money.fen(Decimal("1E+3")) == 100_000
    assert money.fen_of(Decimal("35.760000000"), WAN) == 35_760_000


FINER = ["0.001", "1.005", "-0.019", "1E-9", "1.0000000000000000000000000001", "99999999999999.999999999999999"]


@pytest.mark.parametrize("text", [*FINER, "1" + "0" * 27 + ".005"])
def test_finer_than_fen_is_refused(text):
    with localcontext(Context(prec=28)), pytest.raises(ValueError, match="金额"):
        money.fen(Decimal(text))


@pytest.mark.parametrize("text", ["0.0000001", "1.23456789", "1.0000000000000000000000000001"])
def test_finer_than_fen_in_wan_is_refused(text):
    with localcontext(Context(prec=28)), pytest.raises(ValueError, match="金额"):
        money.fen_of(Decimal(text), WAN)


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(text):
    for refuse in (money.fen, lambda amount: money.fen_of(amount, WAN)):
        with pytest.raises(ValueError, match="金额"):
            refuse(Decimal(text))


@pytest.mark.parametrize("text", ["1E+999999", "-1E+999999", "1E-999999"])
def test_a_monstrous_number_is_refused_at_once(text):
    with localcontext(Context(prec=28)), pytest.raises(ValueError, match="金额"):
        money.fen(Decimal(text))


def half_up(amount: int, step: int) -> int:
    """The definition: the nearest multiple of the step, a half away from nothing."""
    whole = Fraction(abs(amount), step)
    nearest = int(whole + Fraction(1, 2))
    return nearest if amount >= 0 else -nearest


def test_rounding_is_half_up_and_symmetric():
    chance = random.Random(20240101)
    for _ in range(100_000):
        amount = chance.randrange(10 ** chance.randrange(1, 16))
        if chance.random() < 0.3:
            amount = amount // 10_000 * 10_000 + 5_000 + chance.randrange(-1, 2)
        assert money.hundredths(amount, WAN) == (2 * amount + 10_000) // 20_000
        assert money.hundredths(-amount, WAN) == -money.hundredths(amount, WAN)
        assert money.hundredths(amount, YUAN) == amount


@given(amounts, st.sampled_from([WAN, YUAN]))
@quick
def test_rounding_is_that_of_the_definition_and_of_decimal(amount, unit):
    step = {WAN: 10_000, YUAN: 1}[unit]
    assert money.hundredths(amount, unit) == half_up(amount, step)
    with localcontext(Context(prec=50)):
        expected = (Decimal(amount) / (step * 100)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert money.in_unit(amount, unit) == expected
    assert abs(money.hundredths(amount, unit) * step - amount) * 2 <= step
    assert money.is_exact(amount, unit) is (money.hundredths(amount, unit) * step == amount)


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        (None, WAN, ""),
        (0, WAN, ""),
        (393_520_000, WAN, "393.52"),
        (4_999, WAN, "0.00"),
        (-4_999, WAN, "0.00"),
        (5_000, WAN, "0.01"),
        (-5_000, WAN, "-0.01"),
        (1_234_567_890_000, WAN, "1234567.89"),
        (1, YUAN, "0.01"),
        (-1, YUAN, "-0.01"),
        (123_456_789, YUAN, "1234567.89"),
    ],
)
def test_figures_are_printed_with_two_decimals_and_nothing_as_blank(amount, unit, text):
    assert money.printed(amount, unit) == text


def test_thousands_are_grouped_where_a_set_says_so():
    assert money.printed(123_456_789, YUAN, thousands=True) == "1,234,567.89"
    assert money.printed(-123_456_789_000_000, WAN, thousands=True) == "-123,456,789.00"


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (393_520_000, 242_730_000, "62.12%"),  # the reference document's own
        (200_000, 220_000, "-9.09%"),
        (9_740_000, 9_240_000, "5.41%"),
        (100, 100, "0.00%"),
        (0, 100, "-100.00%"),
        (100, 0, NEW),
        (0, 0, NO_RATE),
        (100, -100, "200.00%"),
    ],
)
def test_growth_in_words(now, before, words):
    assert money.rate(now, before) == words


def test_the_words_for_no_rate():
    assert (NEW, NO_RATE, money.UNKNOWN) == ("新增", "—", "上年数缺")


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (200_520_000, 393_520_000, "50.96%"),
        (1, 3, "33.33%"),
        (2, 3, "66.67%"),
        (1, 20_000, "0.01%"),
        (-1, 20_000, "-0.01%"),
        (0, 5, "0.00%"),
        (5, 0, NO_RATE),
    ],
)
def test_a_share_in_percent(part, whole, words):
    assert money.percent(part, whole) == words


def test_money_knows_no_float():
    with open(money.__file__, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Div)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in ("float", "round")]


@pytest.mark.parametrize("call", [money.fen, lambda amount: money.fen_of(amount, WAN)])
def test_a_float_is_no_amount(call):
    with pytest.raises((TypeError, AttributeError, FloatOperation)):
        call(35.76)
