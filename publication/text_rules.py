"""Rules about texts: pure functions over paragraphs of plain text and what the tables say. No Django.

A rule that needs the tables says nothing where they are not known, so a pasted text can be looked through alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple
from unicodedata import normalize

ERROR, WARNING, HINT = "error", "warning", "hint"


class TextFinding(NamedTuple):
    """What is wrong: `id` of the rule, `place` in the document (第二部分 六), message, and the words it is about."""

    id: str
    severity: str
    place: str
    message: str
    source: str


class PlacedText(NamedTuple):
    place: str
    text: str


@dataclass(frozen=True)
class KnownTables:
    """What the tables of the document say; None or empty: not known.

    `lists`: 人员经费, 公用经费 → the names of their rows with money. `indicator_kinds`: of the projects (一级指标).
    `empty_funds`: 政府性基金, 国有资本经营 → whether their tables are empty.
    """

    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    projects: int | None = None
    indicator_kinds: frozenset[str] | None = None
    empty_funds: Mapping[str, bool] = field(default_factory=dict)
    class_names: frozenset[str] = frozenset()  # every 类 of the edition
    used_classes: frozenset[str] | None = None


Rule = Callable[[Sequence[PlacedText], KnownTables], Iterable[TextFinding]]
RULES: dict[str, Rule] = {}


def rule(id: str):
    def declare(check: Rule) -> Rule:
        RULES[id] = check
        return check

    return declare


def findings(paragraphs: Iterable[PlacedText], known: KnownTables | None = None) -> list[TextFinding]:
    """What every rule finds, rule by rule."""
    texts = [PlacedText(one.place, plain(one.text)) for one in paragraphs]
    return [finding for check in RULES.values() for finding in check(texts, known or KnownTables())]


# ---- text as it comes


PART = re.compile(r"第[一二三四五六七八九十]+部分")
HEADING = re.compile(r"(第[一二三四五六七八九十]+部分|附件[:：]|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)")
NUMBERED = re.compile(r"([一二三四五六七八九十]+)、")
LESSER = re.compile(r"（([一二三四五六七八九十]+)）")
ENDS = tuple("。；：！？")
TITLE = 18  # signs: a line as short as that is a title
TABLE = re.compile(r"(\d{4}年.*(?:表|运行经费)|.*绩效目标表)$")
BETWEEN = re.compile(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])")
MARKUP = re.compile(r"^[#\-\s]+|\*\*|<[^>]+>")


def plain(text: str) -> str:
    """Without the blanks that stand between Chinese and figures, and in one form of every sign."""
    text = text.replace("％", "%")
    return BETWEEN.sub("", text) if " " in text else text


def paragraphs_of(text: str) -> list[PlacedText]:
    """The paragraphs of a pasted text with their places. A paragraph cut by the end of a page is put together."""
    joined: list[str] = []
    for line in text.splitlines():
        line = MARKUP.sub("", line).strip()
        if not line:
            continue
        if joined and _is_cut(joined[-1]) and "\t" not in line and not HEADING.match(plain(line)):
            joined[-1] += line
        else:
            joined.append(line)
    return list(placed(joined))


def _is_cut(line: str) -> bool:
    """Whether a paragraph goes on after this line: it is no title, no row of a table, and does not end in a stop."""
    is_title = len(line) <= TITLE or (HEADING.match(plain(line)) and len(line) <= 2 * TITLE and "，" not in line)
    return not is_title and not line.endswith(ENDS) and "\t" not in line


def placed(lines: Iterable[str]) -> Iterator[PlacedText]:
    """Each line with the part and the headings that it stands under."""
    part = number = lesser = ""
    for line in lines:
        text = plain(line)
        if found := PART.match(text):
            part, number, lesser = found[0], "", ""
        elif text.startswith("附件"):
            part, number, lesser = "附件", "", ""
        elif part == "附件":
            number = f" {text}" if TABLE.match(text) else number
        elif found := NUMBERED.match(text):
            number, lesser = found[1], ""
        elif found := LESSER.match(text):
            lesser = f"（{found[1]}）"
        yield PlacedText(" ".join(f"{part} {number}{lesser}".split()), text)


# ---- the rules


def _having(texts: Sequence[PlacedText], marks: Sequence[str]) -> list[PlacedText]:
    """The paragraphs that have one of these words: they are looked for in all paragraphs as one text first."""
    together = "\n".join([text for _, text in texts])
    found = [mark for mark in marks if mark[0] in together and mark in together]  # a single sign is found much faster
    return [one for one in texts if any([mark in one.text for mark in found])] if found else []


def _clauses(texts: Sequence[PlacedText], marks: Sequence[str]) -> Iterator[PlacedText]:
    """The clauses of the paragraphs that have one of these words."""
    for place, text in _having(texts, marks):
        for clause in re.split(r"[；。]", text):
            if clause:
                yield PlacedText(place, clause)


CHANGES = ("增加", "减少", "增长", "下降")
NOTHING = r"-?0(?:\.0+)?(?![\d.])"
QUOTED = 30  # signs of a clause that a finding quotes
BY_NOTHING = re.compile(rf"(?:增加|减少|增长|下降){NOTHING}(?:万元|元|%)")


@rule("zero-base")
def zero_base(texts, known):
    """A change of nothing is 持平; growth from nothing is 新增, never a percentage."""
    for place, clause in _clauses(texts, CHANGES):
        if found := BY_NOTHING.search(clause):
            said = clause[max(0, found.end() - QUOTED) : found.end()]  # with what it is said of: two may stand together
            message = f"“{said}”：没有变化的写“持平”，上年为0的写“新增”，不写增减百分比"
            yield TextFinding("zero-base", WARNING, place, message, clause)


DIRECTIONS = re.compile(
    r"(增加|减少)(-?[\d.,]+)(?:万元|元)?，?(?:比上年|较上年|同比)?(增长|下降|增加|减少)(-?[\d.,]+)(%?)"
)
UP = frozenset({"增加", "增长"})


@rule("direction-word")
def direction_word(texts, known):
    """增加 goes with 增长, 减少 with 下降; neither with a negative figure."""
    for place, clause in _clauses(texts, CHANGES):
        for found in DIRECTIONS.finditer(clause):
            amount, share = found[1] in UP, found[3] in UP
            if amount != share:
                yield TextFinding("direction-word", ERROR, place, f"“{found[0]}”：增减方向前后不一致", clause)
        if found := re.search(r"(?:增加|减少|增长|下降)-[\d.]+", clause):
            yield TextFinding("direction-word", ERROR, place, f"“{found[0]}”：方向词与负号重复", clause)


SHARE = re.compile(r"(?:增长|下降|占|占比)(\d+(?:\.\d+)?)(?![\d.]*(?:%|个百分点|倍|万元|元|人|项|辆))")


@rule("percent-sign")
def percent_sign(texts, known):
    for place, clause in _clauses(texts, ("增长", "下降", "占")):
        for found in SHARE.finditer(clause):
            yield TextFinding("percent-sign", ERROR, place, f"“{found[0]}”：缺少百分号", clause)


PLACEHOLDER = re.compile(r"[XxＸｘ×]{2,}|[*＊]{2,}|_{2,}|＿{2,}|某某|待填写|待补充|上年数缺|\{[^}]*\}|（\s*）万元|TBD")

MARKS = (  # one of these is in every placeholder
    *("某某", "待填写", "待补充", "上年数缺", "{", "）万元", "TBD"),
    *("".join(pair) for signs in ("XxＸｘ×", "*＊", "_", "＿") for pair in product(signs, repeat=2)),
)


@rule("placeholder")
def placeholder(texts, known):
    """What a template leaves behind."""
    for place, text in _having(texts, MARKS):
        for found in PLACEHOLDER.finditer(text):
            yield TextFinding("placeholder", ERROR, place, f"“{found[0]}”没有填写", text)


@rule("list-equals-rows")
def list_equals_rows(texts, known):
    """主要包括 lists exactly the rows that have money."""
    for kind, names in known.lists.items():
        pattern = re.compile(rf"{kind}[^，；。]*，主要包括[:：]([^；。]*)")
        for place, text in _having(texts, ("主要包括",)):
            if found := pattern.search(text):
                said = [name for name in found[1].split("、") if name]
                missing = [name for name in names if name not in said and not any(_same(name, one) for one in said)]
                extra = [one for one in said if one not in names and not any(_same(name, one) for name in names)]
                for words, of in (("漏列", missing), ("表中没有", extra)):
                    if of:
                        message = f"{kind}“主要包括”{words}：{'、'.join(of)}"
                        yield TextFinding("list-equals-rows", ERROR, place, message, found[0])


def _same(name: str, said: str) -> bool:
    """Whether two names mean the same row: one may leave out words of the other (职工基本医疗保险缴费)."""
    name, said = normalize("NFKC", name), normalize("NFKC", said)
    return name == said or (min(len(name), len(said)) > 3 and (name.endswith(said) or said.endswith(name)))


@rule("claimed-but-empty")
def claimed_but_empty(texts, known):
    """The text claims indicators of a kind that no project has."""
    if known.indicator_kinds is None:
        return
    for place, text in _having(texts, ("绩效",)):
        if place.startswith("第二部分"):
            for kind in ("成本指标", "产出指标", "效益指标", "满意度指标"):
                if kind in text and kind not in known.indicator_kinds:
                    message = f"文字称有{kind}，项目绩效目标表中没有"
                    yield TextFinding("claimed-but-empty", WARNING, place, message, text)


@rule("project-count")
def project_count(texts, known):
    for place, text in _having(texts, ("涉及项目",)):
        for found in re.finditer(r"涉及项目(\d+)个", text):
            if known.projects is not None and int(found[1]) != known.projects:
                message = f"“{found[0]}”与项目支出预算表的{known.projects}个项目不一致"
                yield TextFinding("project-count", ERROR, place, message, text)


@rule("statement-of-empty")
def statement_of_empty(texts, known):
    """“没有使用政府性基金预算…” is said exactly where the table is empty."""
    second = [one for one in texts if one.place.startswith("第二部分")] or list(texts)
    for fund, is_empty in known.empty_funds.items():
        said = _having(second, (f"没有使用{fund}预算",))
        if said and not is_empty:
            message = f"文字称没有使用{fund}预算，表中有金额"
            yield TextFinding("statement-of-empty", ERROR, said[0].place, message, said[0].text)
        if is_empty and not said and second:
            place = next((one.place for one in second if fund in one.text), second[0].place)
            yield TextFinding("statement-of-empty", ERROR, place, f"{fund}预算支出表为空，没有说明", "")


TERM = re.compile(r"^[一二三四五六七八九十]+、([^：:]+)[：:](.*)$")


@rule("glossary-term")
def glossary_term(texts, known):
    """Terms of the glossary that are classes: written as the edition has them, and only those that are used."""
    general = {"基本支出", "项目支出", "一般公共预算支出", "机关（机构）运行经费支出"}
    for place, text in texts:
        if not place.startswith("第三部分") or not (found := TERM.match(text)):
            continue
        term = found[1].removesuffix("（类）")
        if known.class_names and term.endswith("支出") and term not in general:
            if term not in known.class_names:
                yield TextFinding("glossary-term", ERROR, place, f"“{term}”不是支出功能分类的科目名称", text)
            elif known.used_classes is not None and term not in known.used_classes:
                yield TextFinding("glossary-term", WARNING, place, f"“{term}”在本预算中没有使用", text)
        if fact := re.search(r"第[一二三四五六七八九十]+大类", found[2]):
            yield TextFinding("glossary-fact", HINT, place, f"“{fact[0]}”无法由科目表证实", text)


NUMBER = re.compile(r"([\u4e00-\u9fff]{2,8})([（(\[【〔])(\d{4})([）)\]】〕])(年?第?)(\d+)号")
BEFORE = re.compile(r".*(?:根据|按照|依据|依照|参照|印发|下达|转发|批复|通知|文件|关于|的|和|及|与|以|经|由)(?=..)")
FORM = "{}〔{}〕{}号"


@rule("document-number")
def document_number(texts, known):
    """文号: 发文机关代字〔年份〕序号号 (党政机关公文格式). Each wrong one once."""
    seen = set()
    for place, text in _having(texts, ("号",)):
        for found in NUMBER.finditer(text):
            whose = BEFORE.sub("", found[1])
            said, right = whose + found[0][len(found[1]) :], FORM.format(whose, found[3], found[6])
            written = normalize("NFKC", said)
            if said != right and written not in seen:
                seen.add(written)
                yield TextFinding("document-number", WARNING, place, f"“{said}”：文号应为{right}", text)
