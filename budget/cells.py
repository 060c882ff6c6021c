"""The one grammar of cells, for typing, paste, workbook, CSV and API alike: what was written → a value, or a refusal.

A refusal says in Chinese what is wrong, quoting what was written. Nothing here knows Django or where a cell stands.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from budget.reporting.money import FEN_PER, LIMIT_FEN, WAN, fen_of

TEXT_LIMIT = 2000
EXACT_DIGITS = 15  # beyond these a spreadsheet has already lost the last digits of a number
FEN_STEP, WAN_STEP = 1, 10_000  # entry steps: 0.01 元, 0.01 万元, in 分

BLANK = " \t\r\n\u00a0\u3000\u200b\u200c\u200d\ufeff"
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500"
AMOUNT = re.compile(r"-?(?:\d{1,13}|\d{1,3}(?:,\d{3}){1,4})(?:\.(\d+))?")
SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d*)?[eE][+-]?\d+")
LOOKALIKES = {"O": "0", "o": "0", "〇": "0", "l": "1", "I": "1", "|": "1"}
YES, NO = "是", "否"


class Refusal(ValueError):
    """Why a cell is not accepted: a sentence that quotes what was written."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell whose value cannot be had from the file (an error value, a formula without result): `shown`, and why."""

    shown: str
    reason: str

    def __str__(self):
        return self.shown


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in 分, or None where nothing is filled in; `notice` where that is our reading of it."""

    fen: int | None
    notice: str = ""


def parse_amount(value, unit: str, step: int = WAN_STEP) -> Amount:
    """A cell written in `unit` (元 or 万元) → 分. `step` (分): the campaign's entry step.

    Two decimals; six in 万元 where the step is 0.01 元. Raises Refusal.
    """
    places = 6 if unit == WAN and step < WAN_STEP else 2
    if value is None:
        return Amount(None)
    if isinstance(value, str):
        text = narrow(value)
        if not text:
            return Amount(None)
        if all(character in DASHES for character in text):
            return Amount(None, f"{quoted(value)}按未填处理。")
        number = _written_number(text, value, places)
    else:
        number = _stored_number(value, places)
    return Amount(_whole_fen(number, value, unit, step))


def parse_code(value, lengths: Collection[int] = (3, 5, 7)) -> str:
    """A classification code as text, "" where nothing is filled in; 2060101.0 → 2060101. Raises Refusal.

    Nothing is padded: a code that is too short is refused, not guessed.
    """
    _readable(value)
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal)):
        number = _finite(value)
        if number != number.to_integral_value():
            raise Refusal(f"{quoted(value)}不是编码：编码只能是数字，没有小数。")
        text = f"{number.to_integral_value():f}"
    else:
        text = narrow(_as_text(value))
        if not text:
            return ""
        if re.fullmatch(r"\d+\.0+", text):
            text = text.partition(".")[0]
    if not (text.isascii() and text.isdigit()):
        raise Refusal(f"{quoted(value)}不是编码：{_strange(text) or '编码只能是数字'}。")
    if len(text) not in lengths:
        wanted = "、".join(str(length) for length in sorted(lengths))
        raise Refusal(f"{quoted(value)}是{len(text)}位，编码应为{wanted}位。")
    return text


def parse_text(value, limit: int = TEXT_LIMIT, *, multiline: bool = False) -> str:
    """A text cell without blanks at its ends, "" where nothing is filled in; dates become ISO text. Raises Refusal."""
    _readable(value)
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal)):
        return _number_as_text(value)
    text = _as_text(value).strip(BLANK)
    if multiline:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for character in text:
        category = unicodedata.category(character)
        if multiline and character in "\n\t":
            continue
        if character in "\r\n":
            raise Refusal(f"{quoted(value)}含换行，请写在一行内。")
        if category in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp"):
            raise Refusal(f"{quoted(value)}含控制字符或不可见字符（U+{ord(character):04X}），请删除。")
    if len(text) > limit:
        raise Refusal(f"{quoted(value)}有{len(text)}个字，最多{limit}个字。")
    return text


def parse_yes_no(value) -> bool | None:
    """是 → True, 否 → False, nothing filled in → None. Raises Refusal."""
    _readable(value)
    if value is None:
        return None
    if isinstance(value, str):
        text = narrow(value)
        if not text:
            return None
        if text in (YES, NO):
            return text == YES
    raise Refusal(f"{quoted(value)}应填“是”或“否”。")


def narrow(text: str) -> str:
    """Text for comparison: blanks at the ends off, full-width characters as the plain ones, the minus sign as `-`."""
    if not text.isascii():
        text = "".join(map(_narrowed, text)).replace("\u2212", "-")
    return text.strip(BLANK)


@lru_cache(maxsize=10_000)
def _narrowed(character: str) -> str:
    return character if _is_strange_digit(character) else unicodedata.normalize("NFKC", character)


def quoted(value) -> str:
    """What was written, in quotation marks, short and with control characters made visible."""
    if isinstance(value, bool):
        text = "TRUE" if value else "FALSE"
    elif isinstance(value, (float, Decimal)):
        number = _decimal(value)
        plain = number.is_finite() and -20 < number.adjusted() < EXACT_DIGITS
        text = f"{number:f}" if plain else str(value)
    else:
        text = _as_text(value)
    text = "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)
    return f"“{text[:60]}…”" if len(text) > 61 else f"“{text}”"


def _readable(value) -> None:
    if isinstance(value, Unreadable):
        raise Refusal(f"{quoted(value)}{value.reason}。")


def _as_text(value) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value)


def _decimal(number) -> Decimal:
    return Decimal(repr(number)) if isinstance(number, float) else Decimal(number)


def _finite(value) -> Decimal:
    if isinstance(value, bool):
        raise Refusal(f"{quoted(value)}是逻辑值，不是数字。")
    number = _decimal(value)
    if not number.is_finite():
        raise Refusal(f"{quoted(value)}不是数字。")
    if abs(number) >= 10**EXACT_DIGITS:
        raise Refusal(f"{quoted(value)}超过{EXACT_DIGITS}位，表格软件已丢失末尾数字，请把单元格设为文本后重新填写。")
    return number


def _number_as_text(value) -> str:
    if isinstance(value, bool):
        return _as_text(value)
    number = _finite(value)
    return f"{number.to_integral_value() if number == number.to_integral_value() else number:f}"


def _stored_number(value, places: int) -> Decimal:
    """The number in a spreadsheet's cell; what its last binary digits add is taken off, nothing else."""
    _readable(value)
    if isinstance(value, (date, time, timedelta)):
        raise Refusal(f"{quoted(value)}是日期或时间，不是金额。")
    if not isinstance(value, (int, float, Decimal)):
        raise Refusal(f"{quoted(value)}不是金额。")
    exact = _finite(value)
    shown = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if abs(exact - shown) > Decimal(1).scaleb(-places - 4):
        raise Refusal(f"显示 {shown}，实际 {exact:f}，小数超过{places}位，请改为要申报的数。")
    return shown


def _written_number(text: str, value: str, places: int) -> Decimal:
    found = AMOUNT.fullmatch(text)
    if found and len(found[1] or "") <= places and text.isascii():
        return Decimal(text.replace(",", ""))
    why = _why_no_number(text, places)
    raise Refusal(f"{quoted(value)}{why}{'' if why.endswith('？') else '。'}")


def _why_no_number(text: str, places: int) -> str:
    """What keeps `text` from being an amount, in the words of whoever has to mend it."""
    if strange := _strange(text):
        return f"不是数字：{strange}"
    alike = next((character for character in text if character in LOOKALIKES), None)
    if alike and AMOUNT.fullmatch("".join(LOOKALIKES.get(character, character) for character in text)):
        return f"不是数字：含字母{alike}，是否应为{LOOKALIKES[alike]}？"
    if SCIENTIFIC.fullmatch(text):
        return "是科学计数法，请写成普通数字"
    if text[0] == "=":
        return "是公式，请填计算结果"
    if text[-1] in "%‰":
        return "是百分数，不是金额"
    if any(character in "元万亿千百角分" for character in text):
        return "不是数字：含单位，请只填数字"
    if any(character in "¥$€£" for character in text):
        return "不是数字：含货币符号，请只填数字"
    if re.fullmatch(r"\([\d,.]+\)", text):
        return f"不是数字：不用括号表示负数，请写成“-{text[1:-1]}”"
    if any(character in "零一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾" for character in text):
        return "不是数字：请用阿拉伯数字"
    return _why_badly_written(text, places)


def _why_badly_written(text: str, places: int) -> str:
    if not re.search(r"\d", text) or re.search(r"[^\d.,+\-_\s\u2010-\u2015]", text):
        return "不是数字"
    if text[0] == "+":
        return "不是数字：不用写加号"
    if re.match(r"[\u2010-\u2015]", text):
        return "不是数字：负号请用“-”"
    if "_" in text:
        return "不是数字：含下划线"
    if re.search(r"\s", text):
        return "不是数字：中间有空格"
    if text.count(".") > 1:
        return "不是数字：小数点多于一个"
    whole, point, decimals = text.partition(".")
    if point and not (decimals and whole.lstrip("-")):
        return "不是数字：小数点前后都要有数字"
    if re.fullmatch(r"-?\d+", whole) and len(whole.lstrip("-")) > 13:
        return "太大：金额须小于10万亿元"
    if re.fullmatch(r"\d+", decimals) and len(decimals) > places and AMOUNT.fullmatch(text):
        return f"小数超过{places}位"
    if "," in text:
        return "不是数字：千分位逗号的位置不对"
    return "不是数字"


def _strange(text: str) -> str:
    """Digits of other scripts, and what only looks like a digit."""
    for character in text:
        if _is_strange_digit(character) or (character.isdigit() and not character.isascii()):
            return f"“{character}”不是普通数字，请用0至9"
    return ""


def _is_strange_digit(character: str) -> bool:
    """A character that NFKC would make a plain digit although nobody reads it as one: ², ①, ½."""
    return (
        not character.isascii()
        and not "０" <= character <= "９"
        and any("0" <= one <= "9" for one in unicodedata.normalize("NFKC", character))
    )


def _whole_fen(number: Decimal, value, unit: str, step: int) -> int:
    try:
        fen = fen_of(number, unit)
    except ValueError:
        raise Refusal(f"{quoted(value)}不是整数分。") from None
    if abs(fen) >= LIMIT_FEN:
        raise Refusal(f"{quoted(value)}太大：金额须小于10万亿元。")
    if fen % step:
        raise Refusal(f"{quoted(value)}须是{step // 100}元（{Decimal(step) / FEN_PER[WAN]:f}万元）的整数倍。")
    return fen
