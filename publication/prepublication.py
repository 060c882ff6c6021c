"""The list before publication, under the five headings of the ministry's inspection: what is well, what is not.

Source: 财政部《地方预决算公开操作规程》 (及时性, 完整性, 真实性, 细化程度, 公开形式); 《预算法》第十四条;
《保守国家秘密法》 (what is published is looked at for secrets first, and not by who publishes it).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from django.utils.timezone import localtime

from budget import checking
from budget.books import Selection
from budget.checking import Checked, Report
from budget.models import Budget, stage_order
from budget.reporting.rules import Heading, Severity, Spot, Status

from .clock import DAYS, Clock, clock_from, standing_by
from .document import Document, document_from
from .frozen import MORE, Frozen, fingerprint, frozen_from
from .past import Past, Reviewed, past_of
from .rules import TEXT

MOST_PLACES = 5
SHORTEST = 5  # signs of the words with which something is let pass
SECRECY = "secrecy"


class Mark(StrEnum):
    WELL = "well"
    WRONG = "wrong"
    NONE = "none"

    @property
    def sign(self) -> str:
        return {"well": "✓", "wrong": "✗", "none": "–"}[self.value]

    @property
    def label(self) -> str:
        return {"well": "符合", "wrong": "不符合", "none": "不适用"}[self.value]


class At(NamedTuple):
    """Where an entry is mended: a spot of the checks, or a page by its name."""

    label: str
    spot: Spot


def page(label: str, name: str, anchor: str = "") -> At:
    return At(label, Spot("page", (name, anchor)))


@dataclass(frozen=True)
class Entry:
    """One thing that is asked before publication. `is_final`: an ✗ that nobody lets pass."""

    key: str
    heading: Heading
    text: str
    mark: Mark
    words: str = ""
    places: tuple[At, ...] = ()
    is_final: bool = False
    source: str = ""

    @property
    def is_wrong(self) -> bool:
        return self.mark is Mark.WRONG

    @property
    def may_be_overruled(self) -> bool:
        return self.is_wrong and not self.is_final


@dataclass(frozen=True)
class Preparation:
    """Everything about one state of what would be published: the list, its content, what has become of it so far."""

    selection: Selection
    report: Report
    document: Document | None
    frozen: Frozen | None
    clock: Clock | None
    past: Past
    entries: tuple[Entry, ...] = field(default_factory=tuple)

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.frozen) if self.frozen else ""

    @property
    def wrong(self) -> list[Entry]:
        return [one for one in self.entries if one.is_wrong]

    @property
    def final(self) -> list[Entry]:
        """What keeps it from being published, whatever is said."""
        return [one for one in self.wrong if one.is_final]

    @property
    def to_overrule(self) -> list[Entry]:
        return [one for one in self.wrong if not one.is_final]

    def by_heading(self) -> dict[Heading, list[Entry]]:
        return {heading: [one for one in self.entries if one.heading is heading] for heading in Heading}

    def entry(self, key: str) -> Entry:
        """KeyError where the list has none of that key."""
        return {one.key: one for one in self.entries}[key]


# ---- the entries that are always there: the rules behind each


class Asked(NamedTuple):
    key: str
    heading: Heading
    text: str
    rules: tuple[str, ...]


ASKED = (
    Asked("tables", Heading.COMPLETE, "表套规定的表都在", ("D02",)),
    Asked("units", Heading.COMPLETE, "部门所属单位都包括在内", ("D05",)),
    Asked("text", Heading.COMPLETE, "情况说明完整，没有待填写之处", ("T04", "N08", "F08")),
    Asked("reasons", Heading.COMPLETE, "与上年不同的数字写明了原因", ("R01", "R02")),
    Asked("goals", Heading.COMPLETE, "绩效目标和指标随预算公开", ("G01", "G02", "G03", "G13", "G14", "X22")),
    Asked("sums", Heading.TRUE, "收支平衡，各表相互一致", ("X01", "X04", "X05", "X08", "X09", "X17")),
    Asked("words", Heading.TRUE, "文字与表中数字一致", ("X23", "R03", "T02", "T05", "T06")),
    Asked("function", Heading.DETAILED, "功能分类细化到项", ("L01", "L03")),
    Asked("economic", Heading.DETAILED, "基本支出按经济分类细化到款", ("L04", "X11", "X12")),
    Asked("three_public", Heading.DETAILED, "“三公”经费分项公开", ("X15", "X16")),
    Asked("statements", Heading.FORM, "没有数据的表列出并有说明", ("D01", "X24", "T07")),
    Asked("terms", Heading.FORM, "名词解释与科目版本一致", ("T08",)),
)
NAMED = frozenset(id for one in ASKED for id in one.rules)


def prepare(selection: Selection, *, publisher=None, clock: Clock | None = None) -> Preparation:
    """The list as it stands now, of one reading. `publisher`: whose review of secrecy does not count."""
    book = checking.read_for(selection, more=MORE)
    past = past_of(selection.organisation, selection.campaign)
    clock = clock or clock_from(past)
    told = standing_by(clock, selection.organisation, selection.campaign)
    report = checking.report_of(book, selection, told=told)
    document = frozen = None
    for text in report.matter.records(TEXT) if TEXT in report.matter.lists else ():
        document = document_from(book, text["rendering"])
        frozen = frozen_from(document, selection)
    prepared = Preparation(selection, report, document, frozen, clock, past)
    entries = (
        *_timely(prepared),
        *_of_rules(report),
        *_form(prepared, publisher),
        *_true(prepared),
        *_rest(report),
    )
    return replace(prepared, entries=entries)


def _timely(prepared: Preparation) -> Iterator[Entry]:
    selection, clock = prepared.selection, prepared.clock
    behind = [one for one in selection.budgets if one.state != Budget.State.APPROVED]
    is_stage = stage_order(selection.stage) >= stage_order("approved")
    well = is_stage and not behind
    approvals = prepared.frozen.approvals if prepared.frozen else ()
    words = "；".join(f"{one.number}，{one.day}" for one in approvals) if well else "还没有批复，不能公开"
    if is_stage and behind:
        words = f"{len(behind)} 个单位的{selection.budgets[0].stage_name}预算还没有批复"
    yield Entry(
        "approved",
        Heading.TIMELY,
        "预算已经批复",
        Mark.WELL if well else Mark.WRONG,
        words,
        () if well else (page("流转", "cycle"),),
        is_final=True,
        source="《预算法》第十四条",
    )
    if clock is None:
        yield Entry("clock", Heading.TIMELY, f"批复后{DAYS}日内公开", Mark.NONE, "批复后起算")
        return
    yield Entry(
        "clock",
        Heading.TIMELY,
        f"批复后{DAYS}日内公开",
        Mark.WRONG if clock.is_late and not clock.is_published else Mark.WELL,
        clock.words,
        source="《预算法》第十四条、《预算法实施条例》第六条",
    )


def _of_rules(report: Report) -> Iterator[Entry]:
    by_id = {one.rule.id: one for one in report.results}
    for asked in ASKED:
        results = [by_id[id] for id in asked.rules if id in by_id]
        checked = [one for result in results for one in result.checked]
        source = "；".join(dict.fromkeys(result.rule.source for result in results[:1]))
        if open_ones := _standing(checked):
            yield _wrong(asked.key, asked.heading, asked.text, open_ones, source)
        elif all(result.status is Status.NOT_APPLICABLE for result in results):
            yield Entry(asked.key, asked.heading, asked.text, Mark.NONE, "不适用", source=source)
        else:
            said = sum(not one.is_open for one in checked)
            words = f"有 {said} 处已说明理由" if said else ""
            yield Entry(asked.key, asked.heading, asked.text, Mark.WELL, words, source=source)


def _rest(report: Report) -> Iterator[Entry]:
    """Every other rule: those with open findings one by one, the others in one line a heading."""
    for heading, results in report.by_heading().items():
        others = [one for one in results if one.rule.id not in NAMED]
        failing = [(one, found) for one in others if (found := _standing(one.checked))]
        for result, found in failing:
            yield _wrong(result.rule.id, heading, result.rule.title, found, result.rule.source)
        applied = [one for one in others if one.status is not Status.NOT_APPLICABLE]
        if applied:
            words = f"通过 {len(applied) - len(failing)} 条，不适用 {len(others) - len(applied)} 条"
            places = (At("检查", Spot("page", ("checks", ""))),)
            text = "其余检查规则" if not failing else "其余检查规则（上面所列的除外）"
            yield Entry(f"rest-{heading.name.lower()}", heading, text, Mark.WELL, words, places)


def _standing(checked: Iterable[Checked]) -> list[Checked]:
    """Errors, and warnings that nobody explained."""
    return [
        one for one in checked if one.severity is Severity.ERROR or (one.severity is Severity.WARNING and one.is_open)
    ]


def _wrong(key: str, heading: Heading, text: str, found: Sequence[Checked], source: str) -> Entry:
    errors = sum(one.severity is Severity.ERROR for one in found)
    counted = f"错误 {errors} 处" if errors else f"没有说明的警告 {len(found)} 处"
    places = [At(spot.label or "打开", spot) for one in found for spot in one.finding.spots[:1]]
    return Entry(
        key,
        heading,
        text,
        Mark.WRONG,
        f"{counted}：{found[0].finding.message}",
        tuple(dict.fromkeys(places))[:MOST_PLACES],
        is_final=bool(errors),
        source=source,
    )


def _true(prepared: Preparation) -> Iterator[Entry]:
    demo = any(one.is_demo for one in prepared.selection.budgets)
    words = "演示数据，不是任何单位的正式预算，不得公开" if demo else ""
    mark = Mark.WRONG if demo else Mark.WELL
    yield Entry("demo", Heading.TRUE, "是正式的预算数据", mark, words, is_final=True)


def _form(prepared: Preparation, publisher) -> Iterator[Entry]:
    document = prepared.document
    if document is None:
        words = f"表套“{prepared.report.matter.table_set.title}”没有情况说明的文字"
        yield Entry("document", Heading.FORM, "能生成全文", Mark.WRONG, words, is_final=True)
        return
    misfits = [grid for grid in document.grids if grid.misfits]
    words = f"有金额未归入任何行列：{'、'.join(f'表{grid.number}' for grid in misfits)}" if misfits else ""
    mark = Mark.WRONG if misfits else Mark.WELL
    yield Entry("document", Heading.FORM, "能生成全文", mark, words, (page("全文", "document"),), is_final=True)
    withheld = document.withheld
    words = (
        f"{len(withheld)} 个项目不公开名称，以“{'”“'.join(withheld.values())}”列示" if withheld else "没有不公开的项目"
    )
    mark = Mark.WELL if withheld else Mark.NONE
    yield Entry(
        "withheld", Heading.FORM, "不公开的项目写明理由和公开时的名称", mark, words, (page("项目", "projects"),)
    )
    yield _secrecy(prepared, publisher)


def _secrecy(prepared: Preparation, publisher) -> Entry:
    """涉密审查: of exactly this content, by another person than the one who publishes."""
    mark, words = Mark.WRONG, "还没有审查"
    reviews: Sequence[Reviewed] = prepared.past.reviews
    held = [one for one in reviews if one.fingerprint == prepared.fingerprint]
    counting = [one for one in held if publisher is None or one.reviewed_by_id != publisher.pk]
    if counting:
        one = counting[0]
        at = localtime(one.reviewed)
        mark, words = Mark.WELL, f"{one.reviewed_by_name}，{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
    elif held:
        words = "是您本人审查的，公开前须由另一人审查"
    elif reviews:
        words = "审查之后内容有变化，须重新审查"
    return Entry(
        SECRECY,
        Heading.FORM,
        "涉密审查（由公开人以外的人）",
        mark,
        words,
        (page("审查", "publish", "secrecy-head"),),
        is_final=True,
        source="《保守国家秘密法》",
    )
