"""Lines rebuilt from published tables: what the tables determine, and what is presumed (推定) where they do not."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from budget.importing.dimensions import nature_by_government_code, nature_by_name
from budget.models import Nature

from .fitting import fit
from .published import CLASSES, FUNDS, Facts

GENERAL = "this_year.general"
# what an item's name says of its department class, surest first
HINTS = (
    (r"离休(?!人员)", "30301"),
    (r"离退休", "30301"),
    (r"(?<!离)退休", "30302"),
    (r"遗属|生活补助", "30305"),
    (r"抚恤|丧葬", "30304"),
    (r"养老保险", "30108"),
    (r"职业年金", "30109"),
    (r"公务员医疗", "30111"),
    (r"医疗", "30110"),
    (r"工伤|失业|生育", "30112"),
    (r"公积金", "30113"),
    (r"交通补贴|交通费", "30239"),
    (r"绩效工资", "30107"),
    (r"基本工资|岗位工资|薪级", "30101"),
    (r"一次性奖|年终奖|奖金", "30103"),
    (r"津贴|补贴|绩效奖", "30102"),
    (r"工会", "30228"),
    (r"福利费", "30229"),
    (r"接待", "30217"),
    (r"公务用车|车辆运行", "30231"),
    (r"出国", "30212"),
    (r"伙食", "30106"),
    (r"电话|邮电", "30207"),
    (r"差旅", "30211"),
    (r"会议", "30215"),
    (r"培训", "30216"),
    (r"劳务", "30226"),
    (r"维修|维护", "30213"),
    (r"取暖|采暖", "30208"),
    (r"物业", "30209"),
    (r"办公|公用", "30201"),
)
# department class → the functions it typically stands in, by the beginning of their codes
TYPICAL = {
    "30108": ("2080505",),
    "30109": ("2080506", "20805"),
    "30110": ("21011",),
    "30111": ("2101103", "21011"),
    "30112": ("20827", "20805", "208", "210"),
    "30113": ("2210201",),
    "30301": ("20805", "208"),
    "30302": ("20805", "208"),
    "30304": ("20808",),
}
RUNNING = {  # functions that keep bodies of one nature running
    ("行政运行",): Nature.ADMINISTRATIVE.value,
    ("事业运行", "机关服务", "事业机构"): Nature.INSTITUTION.value,
}
SOCIAL = ("208", "210", "221")  # functions that hold little else


@dataclass
class Rebuilt:
    """A line as rebuilt. Classes are "" where no table says them; `presumed`: which parts are 推定."""

    category: str
    name: str
    function: str  # "" where no table has room for it
    economic: str
    government: str
    fund: str  # the beginning of a fund's code
    carried_over: bool
    fen: int
    presumed: set[str] = field(default_factory=set)

    @property
    def nature(self) -> str:
        return nature_by_name(self.name) or nature_by_government_code(self.government) or Nature.ADMINISTRATIVE.value


def rebuild(facts: Facts) -> list[Rebuilt]:
    """The lines that give the published tables again; where sums leave a choice, the likeliest by name."""
    lines = [*_paired(facts), *_unpaired(facts)]
    items = {item: at for at, item in enumerate((*facts.basic, *facts.projects))}
    found = _merged([*_in_functions(lines, facts), *_projects(facts)])
    return sorted(found, key=lambda line: (items[f"{line.category}/{line.name}"], line.economic, line.function))


def _paired(facts: Facts) -> list[Rebuilt]:
    """This year's general basic money: each item's, in the pairs of table 6."""
    items = [(key, row[GENERAL]) for key, row in facts.basic.items() if row.get(GENERAL)]
    pairs = [tuple(key.split("/")) for key in facts.pairs]
    placed, left = fit(
        [amount for _, amount in items],
        list(facts.pairs.values()),
        lambda item, pair: _may(items[item][0], *pairs[pair]),
        lambda item, pair: _economic_score(items[item][0], pairs[pair][0]),
    )
    lines = []
    for one in placed:
        line = _line(items[one.part][0], GENERAL, one.amount)
        line.economic, line.government = pairs[one.bin]
        if not one.is_certain:
            line.presumed.add("经济分类")
        lines.append(line)
    for item, amount in left.items():
        line = _line(items[item][0], GENERAL, amount)
        line.economic = _by_name(items[item][0], tuple(CLASSES.values()))
        line.presumed.add("经济分类")
        lines.append(line)
    return lines


def _may(item: str, economic: str, government: str) -> bool:
    category, _, name = item.partition("/")
    nature, other = nature_by_name(name), nature_by_government_code(government)
    return not (nature and other and nature != other) and not (category == "21" and economic.startswith(("301", "303")))


def _unpaired(facts: Facts) -> list[Rebuilt]:
    """Other basic money, of which table 6 says nothing: in the classes that table 3 leaves over."""
    parts = [
        (key, column, amount) for key, row in facts.basic.items() for column, amount in row.items() if column != GENERAL
    ]
    classes = list(CLASSES.values())
    room = {code: sum(row.get(code, 0) for row in facts.functions.values()) for code in classes}
    for key, amount in facts.pairs.items():
        if key[:3] in room:
            room[key[:3]] -= amount
    placed, left = fit(
        [amount for _, _, amount in parts],
        [max(0, room[code]) for code in classes],
        lambda part, slot: not (parts[part][0].startswith("21/") and classes[slot] in ("301", "303")),
        lambda part, slot: 5 if _by_name(parts[part][0], classes).startswith(classes[slot]) else 0,
    )
    found = [(one.part, one.amount, (classes[one.bin],)) for one in placed]
    found += [(part, amount, tuple(classes)) for part, amount in left.items()]
    lines = []
    for part, amount, among in found:
        key, column, _ = parts[part]
        line = _line(key, column, amount)
        line.economic = _by_name(key, among)
        line.presumed.add("经济分类")
        lines.append(line)
    return lines


def _in_functions(lines: list[Rebuilt], facts: Facts) -> list[Rebuilt]:
    """The lines of each class, in the functions that table 3 has for it."""
    found = []
    codes = list(facts.functions)
    for kind in dict.fromkeys(line.economic[:3] for line in lines):
        here = [line for line in lines if line.economic[:3] == kind]
        placed, left = fit(
            [line.fen for line in here],
            [facts.functions[code].get(kind, 0) for code in codes],
            lambda line, function, here=here, kind=kind: _stands_in(here[line], codes[function], facts, kind),
            lambda line, function, here=here: _function_score(
                here[line], codes[function], facts.names[codes[function]]
            ),
        )
        for one in placed:
            presumed = set() if one.is_certain else {"功能分类"}
            found.append(_piece(here[one.part], codes[one.bin], one.amount, presumed))
        found += [_piece(here[line], "", amount, {"功能分类"}) for line, amount in left.items()]
    return found


def _projects(facts: Facts) -> list[Rebuilt]:
    """The money of each project, in the functions that table 3 has for its category."""
    found = []
    codes = list(facts.functions)
    for category in ("22", "3"):
        parts = [
            _line(key, column, amount)
            for key, row in facts.projects.items()
            if key.partition("/")[0] == category
            for column, amount in row.items()
        ]
        placed, left = fit(
            [line.fen for line in parts],
            [facts.functions[code].get(category, 0) for code in codes],
            lambda line, function: True,
            lambda line, function, parts=parts: _alike(parts[line].name, facts.names[codes[function]]),
        )
        for one in placed:
            presumed = set() if one.is_certain else {"功能分类"}
            found.append(_piece(parts[one.part], codes[one.bin], one.amount, presumed))
        found += [_piece(parts[line], "", amount, {"功能分类"}) for line, amount in left.items()]
    return found


def _line(item: str, column: str, amount: int) -> Rebuilt:
    category, _, name = item.partition("/")
    fund, carried_over = FUNDS[column]
    presumed = {"资金性质"} if fund == "3" else set()
    return Rebuilt(category, name, "", "", "", fund, carried_over, amount, presumed)


def _piece(line: Rebuilt, function: str, amount: int, presumed: set[str]) -> Rebuilt:
    parts = (line.category, line.name, function, line.economic, line.government, line.fund, line.carried_over, amount)
    return Rebuilt(*parts, line.presumed | presumed)


def _merged(lines: list[Rebuilt]) -> list[Rebuilt]:
    """One line for its dimensions."""
    found: dict[tuple, Rebuilt] = {}
    for line in lines:
        key = (line.category, line.name, line.function, line.economic, line.government, line.fund, line.carried_over)
        if key in found:
            found[key].fen += line.fen
            found[key].presumed |= line.presumed
        else:
            found[key] = line
    return list(found.values())


# ---- what is likely


def _economic_score(item: str, economic: str) -> int:
    for place, (pattern, code) in enumerate(HINTS):
        if re.search(pattern, item):
            if code == economic:
                return 100 - place
            return 10 if code[:3] == economic[:3] else 0
    return 1


def _by_name(item: str, among) -> str:
    """The department class that an item's name suggests among some classes; their 其他 where it suggests none."""
    for pattern, code in HINTS:
        if code[:3] in among and re.search(pattern, item):
            return code
    return f"{among[0]}99"


def _stands_in(line: Rebuilt, function: str, facts: Facts, kind: str) -> bool:
    """Whether a line may stand in a function by the usual pairs and by nature (where the table has such functions)."""
    if kind == "301":
        with_money = [code for code, row in facts.functions.items() if row.get(kind)]
        usual = TYPICAL.get(line.economic, ())
        if usual and any(code.startswith(usual) for code in with_money):
            return function.startswith(usual)
        if function.startswith(SOCIAL) and not all(code.startswith(SOCIAL) for code in with_money):
            return False
    name = facts.names[function]
    holder = next((nature for words, nature in RUNNING.items() if name in words), "")
    return not holder or line.nature == holder


def _function_score(line: Rebuilt, function: str, name: str) -> int:
    for place, beginning in enumerate(TYPICAL.get(line.economic, ())):
        if function.startswith(beginning):
            return 50 - place
    score = -5 if function.startswith(SOCIAL) else 0
    if line.economic in TYPICAL and not line.economic.startswith("303"):
        return -5
    nature = nature_by_name(line.name) or nature_by_government_code(line.government)
    is_institution = bool(re.search(r"事业|机关服务|机构", name))
    if nature and "行政" in name + ("行政" if function.endswith("01") else ""):
        score += 10 if nature == Nature.ADMINISTRATIVE else -5
    elif nature and is_institution:
        score += 10 if nature == Nature.INSTITUTION else -5
    return score


def _alike(one: str, other: str) -> int:
    """How many pairs of signs two names have in common."""
    pairs: dict[str, set[str]] = defaultdict(set)
    for text in (one, other):
        pairs[text] = {text[at : at + 2] for at in range(len(text) - 1)}
    return len(pairs[one] & pairs[other])
