"""Two units of two departments, each with a row of every kind; what the other one has carries a word of its own."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from budget import writing
from budget.models import (
    AssetHolding,
    Budget,
    ControlNumber,
    DraftRow,
    Duty,
    Execution,
    IncomeEstimate,
    Item,
    LastYearFigure,
    Line,
    ProcurementLine,
    Reason,
    SpecialTransfer,
    Staffing,
    Transition,
    Upload,
)
from organisation.models import Membership, User
from performance.models import DepartmentGoal, DepartmentIndicator, DepartmentTask, ProjectGoal, ProjectIndicator
from projects.models import CostDetail, Dossier
from publication.models import Publication, PublishedFile, SecrecyReview, TextOverride
from records import access, history
from records.models import Attachment, ChangeRecord, Comment, Job, Notice
from tests.factories import make_budget, make_item, make_line, make_user

OWN, OTHER = "566001", "777001"
CANARY = "丹顶鹤"


def fill(unit: str, word: str) -> dict:
    """A draft of the unit with one row of every kind, `word` in every text; by model."""
    budget = make_budget(unit)
    budget.unit_name = f"{budget.unit.name}{word}"
    budget.save()
    line = make_line(make_item(budget, f"办公费{word}"), "18100")
    project = make_item(budget, f"专项{word}", category="3")
    fund = line.fund
    rows = [
        IncomeEstimate(budget=budget, fund=fund, amount=Decimal(20000), basis=word),
        DraftRow(budget=budget, cells={"项目": word}, position=1),
        Staffing(budget=budget, established=17),
        AssetHolding(budget=budget, kind="vehicles", value=Decimal(100)),
        Execution(budget=budget, kind="basic", adjusted=Decimal(200), paid=Decimal(190)),
        ProcurementLine(budget=budget, kind="goods", name=f"电脑{word}", amount=Decimal(5000)),
        SpecialTransfer(budget=budget, name=f"转移{word}"),
        Reason(budget=budget, topic="total", text=f"原因{word}"),
        Duty(budget=budget, text=f"职责{word}"),
        LastYearFigure(budget=budget, table="t", row="r", column=f"c{word}", amount=Decimal(100), source=word),
        DepartmentGoal(budget=budget, text=f"目标{word}"),
        DepartmentTask(budget=budget, name=f"任务{word}", content="内容"),
        DepartmentIndicator(
            budget=budget, level_1="产出指标", level_2="数量", name=f"指标{word}", operator="≥", target="3"
        ),
        Dossier(item=project, overview=f"概述{word}"),
        CostDetail(item=project, content=f"测算{word}", quantity=Decimal(2), price=Decimal(100)),
        ProjectGoal(item=project, text=f"项目目标{word}"),
        ProjectIndicator(item=project, level_1="产出指标", name=f"项目指标{word}", operator="≥", target="3"),
    ]
    writing.write(budget, [writing.Add(row) for row in rows], by=None, via="command")
    TextOverride.objects.get_or_create(
        campaign=budget.campaign, sentence="totals", case="always", defaults={"text": "收入{income}，"}
    )
    by = make_user(None, username=f"writer-{unit}", name=f"作者{word}")
    anchored = {"unit": budget.unit, "budget_uid": budget.uid, "subject": "budget.line", "by": by}
    others = [
        Comment.objects.create(text=f"批注{word}", **anchored),
        Attachment.objects.create(name=f"附件{word}", file="x", size=1, content_type="x", sha256="x", **anchored),
        Upload.objects.create(budget=budget, owner=by, name=f"{word}.xlsx", size=1, sha256="x"),
        Job.objects.create(kind="x", title=f"任务单{word}", unit=budget.unit, owner=by, created=timezone.now()),
        Notice.objects.create(user=by, event="x", text=f"通知{word}"),
        ChangeRecord.objects.filter(chain=budget.chain).first(),
        ControlNumber.objects.create(
            stage=budget.campaign.stages.get(code="second"), unit=budget.unit, kind="total", amount=Decimal(10**9)
        ),
        Transition.objects.create(
            budget=budget, move="open", to_state="draft", by_name=f"作者{word}", at=timezone.now(), reason=word
        ),
    ]
    others += _published(budget, by, word)
    access.keep("log_in", name="somebody")
    history.anchor()
    budget = Budget.objects.get(pk=budget.pk)
    found = {type(row): type(row).objects.get(pk=row.pk) for row in (*rows, *others)}
    return {**found, Budget: budget, Line: Line.objects.get(pk=line.pk), Item: Item.objects.get(pk=project.pk)}


def _published(budget, by, word: str) -> list:
    """A version of what the unit published, its file, and the review before it."""
    of = {"unit": budget.unit, "campaign": budget.campaign}
    now = timezone.now()
    told = {"title": f"公开{word}", "unit_name": word, "published": now, "published_by": by, "published_by_name": word}
    publication = Publication.objects.create(**of, number=1, **told, content="{}", content_digest="x", digest="x")
    file = PublishedFile.objects.create(publication=publication, form="pdf", name=f"{word}.pdf", size=1, digest="x")
    review = SecrecyReview.objects.create(
        **of, fingerprint="x", reviewed_by=by, reviewed_by_name=f"作者{word}", reviewed=now
    )
    return [publication, file, review]


def also(user: User, role: str, unit) -> None:
    """Another role for the person."""
    Membership.objects.create(user=user, role=role, unit=unit, starts=date(2020, 1, 1))
