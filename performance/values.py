"""指标值: what a person wrote (≥1000本, 3家, 及时, 不低于95%) → operator, target and unit; or a question to answer.

One reading for forms, paste, files and the admin alike. Nothing here knows Django. What was written is kept beside its
reading, so that a table prints the office's own words.
"""

import re
from dataclasses import dataclass

from budget import cells

AT_LEAST, AT_MOST, ABOVE, BELOW, EQUAL, QUALITATIVE = "≥", "≤", ">", "<", "=", "定性"
UNPRINTED = (EQUAL, QUALITATIVE)
TARGET_LIMIT, MEASURE_LIMIT = 60, 20
NAME_LIMIT = 30  # 财政部《项目支出绩效评价管理办法》: a level-3 name is short enough to be read in a cell

# Longest first: 大于等于 before 大于.
WORDS = (
    ("大于或等于", AT_LEAST),
    ("小于或等于", AT_MOST),
    ("大于等于", AT_LEAST),
    ("小于等于", AT_MOST),
    ("不低于", AT_LEAST),
    ("不少于", AT_LEAST),
    ("不小于", AT_LEAST),
    ("不高于", AT_MOST),
    ("不超过", AT_MOST),
    ("不多于", AT_MOST),
    ("不大于", AT_MOST),
    ("至少", AT_LEAST),
    ("至多", AT_MOST),
    ("大于", ABOVE),
    ("高于", ABOVE),
    ("超过", ABOVE),
    ("多于", ABOVE),
    ("小于", BELOW),
    ("低于", BELOW),
    ("少于", BELOW),
    ("等于", EQUAL),
    (">=", AT_LEAST),
    ("=>", AT_LEAST),
    ("<=", AT_MOST),
    ("=<", AT_MOST),
    ("≥", AT_LEAST),
    ("≧", AT_LEAST),
    ("⩾", AT_LEAST),
    ("≤", AT_MOST),
    ("≦", AT_MOST),
    ("⩽", AT_MOST),
    (">", ABOVE),
    ("<", BELOW),
    ("=", EQUAL),
)
BEHIND = (
    ("及以上", AT_LEAST),
    ("以上", AT_LEAST),
    ("及以下", AT_MOST),
    ("以下", AT_MOST),
    ("以内", AT_MOST),
    *((f"{unit}内", AT_MOST) for unit in ("小时", "日", "天", "周", "月", "年")),
)
NUMBER = r"-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,6})?"
RANGE = re.compile(rf"({NUMBER})([^\d\-~～至到]*)[-~～至到—–―]+({NUMBER})(.*)")
DATE = re.compile(
    r"(?:\d{4}年|\d{4}[-/.]\d{1,2}|\d{1,2}月\d{0,2}日?(?:前|底|末|初|中旬|上旬|下旬|以前|之前)|\d{1,2}月\d)"
)
VAGUE = re.compile(r"(?:约|大约|左右|近|\+|余|多)")
SIGN = re.compile(r"[≥≤≧≦⩾⩽><=]")


class Question(cells.Refusal):
    """The text can be read in more than one way: what to answer."""


@dataclass(frozen=True, slots=True)
class Value:
    """An indicator's value. `wording`: as written, where the tables would print it otherwise; else ""."""

    operator: str
    target: str
    measure: str = ""
    wording: str = ""

    @property
    def printed(self) -> str:
        return self.wording or normal(self.operator, self.target, self.measure)

    @property
    def understood(self) -> str:
        """How it was read, for the person to check: ≥ 1000 本; 定性：及时."""
        if self.operator == QUALITATIVE:
            return f"定性：{self.target}"
        return " ".join(part for part in (self.operator, self.target, self.measure) if part)


def read(text) -> Value | None:
    """What an indicator's value says; None for nothing. Raises Question or another cells.Refusal."""
    written = cells.parse_text(text, TARGET_LIMIT + MEASURE_LIMIT)
    if not written:
        return None
    plain = "".join(cells.narrow(written).split())
    operator, target, measure = _parts(plain, written)
    if len(target) > TARGET_LIMIT or len(measure) > MEASURE_LIMIT:
        raise cells.Refusal(
            f"{cells.quoted(written)}太长：指标值最多{TARGET_LIMIT}个字，计量单位最多{MEASURE_LIMIT}个字。"
        )
    if operator == QUALITATIVE:
        return Value(operator, target)
    return Value(operator, target, measure, "" if normal(operator, target, measure) == written else written)


def combine(operator: str, text: str, measure: str = "") -> Value | None:
    """The value of a row with columns of its own for operator and unit, where either may be left to the text.

    Raises Question or another cells.Refusal, as `read` does, and where the columns contradict the text.
    """
    if operator == QUALITATIVE:
        written = cells.parse_text(text, TARGET_LIMIT)
        return Value(QUALITATIVE, written) if written else None
    value = read(text)
    if value is None:
        return None
    if value.operator == QUALITATIVE and operator:
        raise Question(f"{cells.quoted(text)}：有计算符号的指标值须是数字；定性指标请选“定性”。")
    has_own = value.operator != EQUAL or value.measure or value.wording
    if operator and has_own and value.operator not in (operator, EQUAL):
        raise Question(f"{cells.quoted(text)}和计算符号“{operator}”不一致，请只写一个。")
    measure = cells.parse_text(measure, MEASURE_LIMIT)
    unit = "".join(cells.narrow(measure).split())
    if value.operator != QUALITATIVE and unit and value.measure and unit != value.measure:
        raise Question(f"{cells.quoted(text)}和计量单位“{measure}”不一致，请只写一个。")
    if value.operator == QUALITATIVE or (operator in ("", value.operator) and not (unit and not value.measure)):
        return value
    operator = operator or value.operator
    return Value(operator, value.target, value.measure or unit)


def normal(operator: str, target: str, measure: str) -> str:
    """As the tables print it where nothing else was written: ≥1000本, 3家, 及时."""
    return f"{target}{measure}" if operator in UNPRINTED else f"{operator}{target}{measure}"


def printed(operator: str, target: str, measure: str, wording: str) -> str:
    """As printed: the wording, as long as it still says what the parts say."""
    if wording:
        try:
            value = read(wording)
        except cells.Refusal:
            value = None
        if value is not None and (value.operator, value.target, value.measure) == (operator, target, measure):
            return wording
    return normal(operator, target, measure)


def is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()


def _parts(plain: str, written: str) -> tuple[str, str, str]:
    if plain.startswith(QUALITATIVE):
        target = written[len(QUALITATIVE) :].lstrip("：: \u3000（(").rstrip("）)")
        if not target:
            raise Question("定性指标还要写出要达到的状态，如“及时”“有效提升”。")
        return QUALITATIVE, target, ""
    operator, rest = _operator(plain)
    if not operator and DATE.search(plain):
        return QUALITATIVE, written, ""
    if not re.search(r"\d", rest):
        if operator or SIGN.search(plain):
            raise Question(f"{cells.quoted(written)}有计算符号，没有数字。请补上数字，如“≥90%”；不是数字的不写符号。")
        return QUALITATIVE, written, ""
    if both := RANGE.fullmatch(rest):
        low, unit, high, last = both.groups()
        unit = last or unit
        raise Question(
            f"{cells.quoted(written)}是一个区间：至少{low}{unit}的写“≥{low}{unit}”，"
            f"至多{high}{unit}的写“≤{high}{unit}”；确需区间的写“定性：{written}”。"
        )
    behind, rest = _behind(rest, operator, written)
    found = re.fullmatch(rf"({NUMBER})([^\d]*)", rest)
    if not found or VAGUE.match(found[2]) or SIGN.search(found[2]):
        raise Question(_ask(rest, operator, written))
    target = found[1].replace(",", "")
    return operator or behind or EQUAL, target, found[2]


def _operator(plain: str) -> tuple[str, str]:
    for word, operator in WORDS:
        if plain.startswith(word):
            return operator, plain[len(word) :]
    return "", plain


def _behind(rest: str, operator: str, written: str) -> tuple[str, str]:
    """95%以上 → ≥, 95%."""
    for word, meant in BEHIND:
        if rest.endswith(word):
            if operator and operator != meant:
                raise Question(f"{cells.quoted(written)}前后的符号不一致，请只写一个，如“{meant}90%”。")
            unit = word.removesuffix("内") if word not in ("以内",) else ""
            return meant, rest.removesuffix(word) + (unit if word.endswith("内") else "")
    return "", rest


def _ask(rest: str, operator: str, written: str) -> str:
    number = re.search(NUMBER, rest)
    sample = f"{operator or AT_LEAST}{number[0] if number else 90}{'%' if '%' in rest else ''}"
    return (
        f"{cells.quoted(written)}不能确定是多少。是数字的请写成“{sample}”这样的符号、数字和单位；"
        f"说不成数字的写“定性：{written}”。"
    )


# ---- truths about indicators: hints while one is typed, rules G04, G05, G06, G10 when the budget is checked

BENEFIT, SATISFACTION = "效益指标", "满意度指标"


def is_too_long(name: str) -> bool:
    return len(_plain(name)) > NAME_LIMIT


def names_itself(level: str, name: str, value: str) -> bool:
    """Whether the value only says the name again (及时率 = 及时); a benefit may be a quality that its name holds."""
    plain = _plain(value)
    return level != BENEFIT and bool(plain) and not re.search(r"\d", plain) and plain in _plain(name)


def is_share(level: str, name: str) -> bool:
    """Whether it should be a percentage: …率, …满意度."""
    plain = _plain(name)
    return plain.endswith("率") or "满意度" in plain or level == SATISFACTION


def is_percentage(value: str) -> bool:
    return any(sign in value for sign in "%％‰")


def lacks_measure(operator: str, measure: str) -> bool:
    """Whether a number is given without saying of what."""
    return operator != QUALITATIVE and not measure


def _plain(text: str) -> str:
    return "".join(cells.narrow(text).split())


def hints(name: str, value: Value | None, level: str = "") -> list[str]:
    """What a reviewer would ask of an indicator, said while it is typed; nothing is refused for it."""
    found = []
    if is_too_long(name):
        found.append(f"三级指标有{len(_plain(name))}个字，一般不超过{NAME_LIMIT}个字。")
    if value is None:
        return found
    if names_itself(level, name, value.printed):
        found.append("指标值和三级指标相同：指标写量什么，指标值写要达到多少。")
    if is_share(level, name) and not is_percentage(value.printed):
        found.append("“……率”“……满意度”应是百分比，如“≥95%”。")
    if lacks_measure(value.operator, value.measure):
        found.append("没有计量单位，如 本、家、%。")
    return found
