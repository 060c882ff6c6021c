"""下一步: what the person in front of the page does next, by their role and the state of the budget."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format

from organisation.rights import can

from .gaps import Gap, Looked, gaps_of
from .headlines import Compared, Headline
from .models import Budget, CampaignStage, stage_name
from .pages import Place
from .reporting.book import Book
from .starting import Start

STATE = Budget.State


@dataclass(frozen=True)
class Step:
    """One of the five steps of the first run. `url`: "" where it cannot be taken yet; `is_post`: it is a button."""

    text: str
    help: str
    url: str = ""
    is_done: bool = False
    is_next: bool = False
    is_post: bool = False
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Next:
    """The sentence that says where things stand, and what is to be done: gaps, or the steps of a first run."""

    text: str
    gaps: list[Gap] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


def next_of(place: Place, book: Book, figures: Mapping[Compared, Headline]) -> Next:
    if place.is_of_department:
        return _of_several(place)
    budget = place.budgets[0]
    if budget.state == STATE.DRAFT:
        return _of_draft(place, budget, book, figures)
    return _of_frozen(place, budget)


def _of_draft(place: Place, budget: Budget, book: Book, figures: Mapping[Compared, Headline]) -> Next:
    edits = can(place.user, "edit", budget)
    if not any(book.facts(source).rows for source in book.money):
        if edits:
            return Next(
                "这份预算还是空的。按下面五步填报，随时可以离开，已保存的不会丢失。",
                steps=_first_steps(place, book),
                links=[("从以前的预算带入", place.url("copy")), ("下载 Excel 模板", place.url("template"))],
            )
        return Next("单位还没有开始填报。")
    gaps = gaps_of(Looked(place, budget, book, figures))
    if edits:
        if gaps:
            return Next(f"送审之前还有 {len(gaps)} 件事：", gaps=gaps, links=[("去送审", place.url("cycle"))])
        links = [("核对报表", place.url("tables")), ("去送审", place.url("cycle"))]
        return Next("填报已完整。请核对报表，然后送审。", links=links)
    missing = f"目前还缺 {len(gaps)} 项。" if gaps else "填报已完整，尚未送审。"
    if can(place.user, "review", budget):
        return Next(f"单位正在编制，送审后由您审核。{missing}", gaps=gaps)
    return Next(f"单位正在编制。{missing}", gaps=gaps)


def _of_frozen(place: Place, budget: Budget) -> Next:
    look = [("核对报表", place.url("tables")), ("预算明细", place.url("lines")), ("流转", place.url("cycle"))]
    match budget.state:
        case STATE.SUBMITTED if can(place.user, "review", budget):
            return Next("已送审，等待审核。请核对报表和明细，再决定通过或退回。", links=look)
        case STATE.SUBMITTED:
            return Next("已送审，正在等待审核，暂时不能修改。", links=[look[0], look[2]])
        case STATE.PASSED:
            return Next("已通过审核，等待批复。", links=[look[0], look[2]])
        case STATE.RETURNED:
            return Next("这一稿已被退回，内容不再变动；请在新的一稿中修改。", links=[look[0], look[2]])
        case STATE.WITHDRAWN:
            return Next("这一稿已由单位撤回，内容不再变动。", links=[look[0], look[2]])
    day = f"，{date_format(budget.document_date, 'Y年n月j日')}" if budget.document_date else ""
    return Next(f"已批复：{budget.document_number}{day}。", links=[look[0], look[2]])


def _of_several(place: Place) -> Next:
    """A department: how many units are how far."""
    counted = Counter(budget.state for budget in place.budgets)
    words = [f"{counted[state]} 个{label}" for state, label in STATE.choices if counted[state]]
    if place.selection.lacking:
        words.append(f"{len(place.selection.lacking)} 个未编制")
    reviews = can(place.user, "review", place.selection.organisation)
    waits = reviews and counted[STATE.SUBMITTED]
    text = f"{len(place.budgets) + len(place.selection.lacking)} 个单位：{'，'.join(words)}。"
    return Next(f"{text}{'请审核已送审的单位。' if waits else ''}")


BEGIN = "开始一份预算"
BRING = ("从上年带入或导入文件", "可以跳过。上年的项目和明细、已有的 Excel 都可以带进来，再修改。")
BASIC = ("填基本支出", "人员类和公用经费，逐项填科目、资金性质和金额；存下第一行就有了第一张表。")
PROJECTS = ("填项目与绩效", "每个项目填档案、明细、绩效目标和指标；再填部门整体绩效目标。")
CHECK = "检查并送审"


def _first_steps(place: Place, book: Book) -> list[Step]:
    """Five steps instead of a tour."""
    url = Looked(place, place.budgets[0], book, {}).url
    brought = _there(place, ("从上年带入", "copy"), ("导入文件", "import"))
    return [
        Step(
            BEGIN,
            f"{place.name}，{place.year}年，{place.stage_name}。不对时从页面顶部切换。",
            place.root,
            is_done=True,
        ),
        Step(*BRING, url=brought[0][1] if brought else "", more=tuple(brought)),
        Step(*BASIC, url=url("basic", "items"), is_next=True),
        Step(
            *PROJECTS,
            url=url("project-new", "projects"),
            more=tuple(_there(place, ("部门整体绩效目标", "performance"), ("其他情况", "facts"))),
        ),
        Step(CHECK, f"{len(place.tables)} 张表由明细自动汇总，点任何数字都能看到它的组成。", url("cycle", "tables")),
    ]


def steps_before(start: Start) -> list[Step]:
    """The same five steps where there is no budget yet: the first is a button, the others wait for it."""
    address = reverse("start", args=(start.unit.code, start.year, start.stage))
    begin = f"建立{start.year}年{start.stage_name}的草稿，只有您所在单位和审核人看得到。"
    return [
        Step(BEGIN, begin, address, is_next=True, is_post=True),
        Step(*BRING),
        Step(*BASIC),
        Step(*PROJECTS),
        Step(CHECK, "报表由明细自动汇总；核对无误后送审。"),
    ]


def _there(place: Place, *wanted: tuple[str, str]) -> list[tuple[str, str]]:
    """(text, address) of those pages that there are."""
    found = []
    for text, name in wanted:
        with suppress(NoReverseMatch):
            found.append((text, place.url(name)))
    return found


# ---- deadlines


@dataclass(frozen=True)
class Deadline:
    """A stage of the campaign with what is left of its time."""

    stage: str
    opens: date | None
    due: date | None
    is_here: bool
    words: str
    is_late: bool = False
    is_soon: bool = False


def deadlines(place: Place) -> list[Deadline]:
    """The stages of the year in their order."""
    today = timezone.localdate()
    is_open = place.year >= today.year and (
        any(budget.state == STATE.DRAFT for budget in place.budgets) or bool(place.selection.lacking)
    )
    return [
        _deadline(one, today, one.code == place.stage, is_open)
        for one in sorted(place.selection.campaign.stages.all(), key=lambda one: (one.due is None, one.due, one.pk))
    ]


def _deadline(one: CampaignStage, today: date, is_here: bool, is_open: bool) -> Deadline:
    left = (one.due - today).days if one.due else None
    if left is None:
        words = "未定截止日期"
    elif one.opens and today < one.opens:
        words = f"{(one.opens - today).days} 天后开始"
    elif left > 0:
        words = f"还有 {left} 天"
    elif left == 0:
        words = "今天截止"
    elif is_here and is_open:
        words = f"已逾期 {-left} 天"
    else:
        words = "已截止"
    return Deadline(
        stage=stage_name(one.code),
        opens=one.opens,
        due=one.due,
        is_here=is_here,
        words=words,
        is_late=left is not None and left < 0 and is_here and is_open,
        is_soon=left is not None and 0 <= left <= 7 and is_here and is_open,
    )
