"""X23 and T01–T10: the text of the document (情况说明) against its form and against the tables."""

from collections.abc import Callable, Iterator

from budget import checking
from budget.books import Selection
from budget.comparison import LastYear
from budget.reporting import registry
from budget.reporting.book import Book
from budget.reporting.matter import Matter
from budget.reporting.rules import Finding, Heading, Severity, Side, Spot, Tally, named, rule
from budget.reporting.truths import Whole

from .document import NoText, rendering_of
from .text_check import known_of, paragraphs
from .text_rules import RULES, KnownTables

TEXT = "text"  # one record: the paragraphs of the document, and what its tables say
PARTS = {"第一部分": "part-1", "第二部分": "part-2", "第三部分": "part-3"}  # where the page 全文 has them

WITHIN = {"glossary-fact": "glossary-term"}  # what another rule about texts finds by the way

registry.records(TEXT, "paragraphs", "known", "rendering")
named(TEXT, "情况说明的文字")


@checking.works_out(TEXT)
def text(book: Book, selection: Selection, last: LastYear) -> list[dict] | None:
    """The text as it would be printed now; nothing for a table set that has none."""
    try:
        rendering = rendering_of(selection, book, last=last)
    except NoText:
        return None
    found = list(paragraphs(rendering.narrative()))
    return [{"paragraphs": found, "known": known_of(book, rendering.facts), "rendering": rendering}]


def _found_by(name: str, needs: Callable[[KnownTables], object] | None) -> Callable[[Matter, Tally], Iterator[Finding]]:
    """What a rule about texts finds. `needs`: what must be known of the tables for it to say anything."""

    def find(matter: Matter, tally: Tally) -> Iterator[Finding]:
        for record in matter.records(TEXT):
            if needs and needs(record["known"]) in (None, {}, frozenset()):
                tally.lacking.append("没有可以对照的表")
                continue
            tally.compared += len(record["paragraphs"])
            seen = set()
            for one in RULES[WITHIN.get(name, name)](record["paragraphs"], record["known"]):
                if one.id == name and (one.place, one.message) not in seen:
                    seen.add((one.place, one.message))
                    spot = Spot("page", ("document", PARTS.get(one.place.partition(" ")[0], "")), f"全文 {one.place}")
                    yield Finding(
                        f"{one.place}：{one.message}",
                        f"text/{one.place}/{one.message}",
                        (spot,),
                        Side("文中", one.source),
                    )

    return find


def _text_rule(
    id: str,
    title: str,
    *names: str,
    needs: Callable[[KnownTables], object] | None = None,
    severity: Severity = Severity.ERROR,
    heading: Heading = Heading.FORM,
    source: str = "情况说明",
    related: tuple[str, ...] = (),
) -> None:
    checks = (Whole(_found_by(name, needs), (), (TEXT,)) for name in names)
    rule(id, title, *checks, severity=severity, heading=heading, source=source, related=related)


OPERATION = "财政部《地方预决算公开操作规程》（情况说明）"

_text_rule(
    "X23",
    "情况说明中的项目个数与项目支出表一致",
    "project-count",
    needs=lambda known: known.projects,
    heading=Heading.TRUE,
    source="情况说明；表12",
    related=("T05", "X17"),
)
_text_rule(
    "T01",
    "没有变化的写“持平”，上年没有的写“新增”，不写增减0%",
    "zero-base",
    severity=Severity.WARNING,
    related=("T02",),
)
_text_rule("T02", "增加与增长、减少与下降前后一致，不带负号", "direction-word", heading=Heading.TRUE, related=("T01",))
_text_rule("T03", "比例写明百分号", "percent-sign")
# what our own text lacks is what nobody has filled in yet: that is explained or filled in, and is no fault in a sum
_text_rule(
    "T04",
    "文字中没有留下的占位符号和待填写之处",
    "placeholder",
    severity=Severity.WARNING,
    heading=Heading.COMPLETE,
    source=OPERATION,
    related=("N08",),
)
_text_rule(
    "T05",
    "“主要包括”列出的正是表中有金额的科目",
    "list-equals-rows",
    needs=lambda known: known.lists,
    heading=Heading.TRUE,
    source="情况说明；表6",
    related=("X23",),
)
_text_rule(
    "T06",
    "文字称有的绩效指标在项目绩效目标表中都有",
    "claimed-but-empty",
    needs=lambda known: known.indicator_kinds,
    severity=Severity.WARNING,
    heading=Heading.TRUE,
    source="情况说明；表15",
    related=("G02",),
)
_text_rule(
    "T07",
    "政府性基金、国有资本经营没有支出时文字说明，有支出时不说没有",
    "statement-of-empty",
    needs=lambda known: known.empty_funds,
    heading=Heading.TRUE,
    source=f"{OPERATION}；表10、表11",
    related=("X24",),
)
_text_rule(
    "T08",
    "名词解释只解释用到的科目，名称与科目版本一致",
    "glossary-term",
    needs=lambda known: known.class_names,
    source="《政府收支分类科目》（本年度版本）",
    related=("N01",),
)
_text_rule(
    "T09",
    "文字中的文号写作“机关代字〔年份〕序号号”",
    "document-number",
    severity=Severity.WARNING,
    source="《党政机关公文处理工作条例》、GB/T 9704—2012（发文字号）",
    related=("N06",),
)
_text_rule(
    "T10",
    "名词解释中没有科目表不能证实的说法",
    "glossary-fact",
    severity=Severity.HINT,
    source="《政府收支分类科目》（本年度版本）",
    related=("T08",),
)
