"""批注: remarks pinned on a line, a table cell, an item or an indicator; they stay with the row through its stages."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from organisation.rights import can
from organisation.roles import ROLES, Role
from records import history, notices
from records.models import Comment

from .models import Budget, BudgetOwned, Item, Line
from .owned import rows_of
from .reporting import registry
from .reporting.plan import plan_of
from .reporting.spec import SideBySide, Table
from .telling import holders

LONGEST = 2000
CELL = "cell"
GONE = "要批注的内容已被删除，请刷新后再看。"
REVIEWERS = tuple(role for role, powers in ROLES.items() if "review" in powers.actions)


class NotKept(Exception):
    """A remark that is not kept; the words say why."""


@dataclass(frozen=True)
class Remark:
    """A remark with its answers, and where what it is pinned on is seen."""

    comment: Comment
    subject: str
    url: str
    replies: tuple[Comment, ...]


def of_stage(budgets, *, only_open: bool = False):
    """The remarks (not the answers) on all revisions of these budgets' stage, newest first."""
    wanted = Q(pk__in=[])
    for budget in budgets:
        wanted |= Q(unit=budget.unit_id, campaign=budget.campaign_id, stage=budget.stage)
    same = Budget.objects.filter(wanted).values("uid")
    rows = Comment.objects.filter(budget_uid__in=same, answers=None).select_related("by", "resolved_by")
    rows = rows.filter(resolved=None) if only_open else rows
    return rows.prefetch_related("replies__by").order_by("-created")


def open_of(budget: Budget) -> list[Remark]:
    """What is still open on the budget: the clerk's list after a return."""
    return told(list(of_stage([budget], only_open=True)), [budget])


def told(comments: list[Comment], budgets) -> list[Remark]:
    """The remarks with the names and addresses of what they are pinned on."""
    names = _names(comments, budgets)
    units = {budget.unit_id: budget for budget in budgets}
    return [
        Remark(one, *_subject(one, units[one.unit_id], names), tuple(sorted(one.replies.all(), key=lambda r: r.pk)))
        for one in comments
        if one.unit_id in units
    ]


def _names(comments, budgets) -> dict[tuple[str, UUID], str]:
    """(type, uid) → what the row is called; one query a type."""
    wanted: dict[str, set[UUID]] = {}
    for one in comments:
        if one.subject_uid:
            wanted.setdefault(one.subject, set()).add(one.subject_uid)
    found = {}
    for label, uids in wanted.items():
        model = model_of(label)
        if model is not None:
            path = "__".join(model.BUDGET_PATH)
            rows = model._default_manager.filter(**{f"{path}__in": budgets}, uid__in=uids)
            related = ("item", "function", "economic") if model is Line else ()
            found |= {(label, row.uid): str(row) for row in rows.select_related(*related)}
    return found


def subject_of(comment: Comment, budget: Budget) -> tuple[str, str]:
    """(name, address) of what a remark is pinned on. NotKept where that is no place for one."""
    if comment.cell:
        _checked_cell(comment.cell)
    elif (names := _names([comment], [budget])) == {}:
        raise NotKept(GONE)
    else:
        return _subject(comment, budget, names)
    return _subject(comment, budget, {})


def _checked_cell(cell: str) -> None:
    table = cell.split("/")[0]
    if len(cell) > 200 or cell.count("/") != 2 or not table.replace("_", "").isalnum() or not table.isascii():
        raise NotKept("没有这个单元格。")


def _subject(comment: Comment, budget: Budget, names) -> tuple[str, str]:
    args = (budget.unit.code, budget.year, budget.stage)
    if comment.cell:
        table, row, column = (*comment.cell.split("/"), "", "")[:3]
        query = urlencode({"row": row, "column": column})
        return (
            f"报表数字（{cell_words(table, row, column, budget)}）",
            f"{reverse('table', args=(*args, table))}?{query}#panel",
        )
    name = names.get((comment.subject, comment.subject_uid), "已删除的行")
    if comment.subject == Line._meta.label_lower:
        return name, f"{reverse('lines', args=args)}?line={comment.subject_uid}#line-{comment.subject_uid}"
    if comment.subject == Item._meta.label_lower:
        return name, f"{reverse('items', args=args)}#item-{comment.subject_uid}"
    return name, reverse("indicators" if comment.subject.endswith("indicator") else "comments", args=args)


def cell_words(table: str, row: str, column: str, budget: Budget) -> str:
    """A cell in words as far as its table is in the budget's set."""
    table_set = registry.sets()[budget.campaign.table_set]
    placed = table_set.placed(table)
    if placed is None:
        return "本表套没有的表"
    declared = registry.table_in(table_set, table)
    halves = (declared.left, declared.right) if isinstance(declared, SideBySide) else (declared,)
    paths = {leaf.key: leaf.path for half in halves if isinstance(half, Table) for leaf in plan_of(half).leaves}
    path = paths.get(column) or paths.get(column.partition(".")[2]) or ()
    rows = [row] if row.isdecimal() else []  # a code; what is named by anything else, the page shows
    return " · ".join([placed.titled(budget.year, is_department=False), *rows, "，".join(path)]).removesuffix(" · ")


def model_of(label: str) -> type[BudgetOwned] | None:
    """The model of rows that a remark may be pinned on."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return model if issubclass(model, BudgetOwned) else None


def add(
    budget: Budget, *, by, text: str, subject: str = "", subject_uid=None, cell: str = "", address: str | None = None
) -> Comment:
    """Pin a remark on a row of the budget or a table's cell. NotKept where there is no such row, or no words."""
    text = _words(text)
    if cell:
        _checked_cell(cell)
        subject, subject_uid = CELL, None
    else:
        model = model_of(subject)
        if model is None or not rows_of(model, budget, related=False).filter(uid=subject_uid).exists():
            raise NotKept(GONE)
        subject = model._meta.label_lower
    comment = Comment(
        unit=budget.unit,
        budget_uid=budget.uid,
        subject=subject,
        subject_uid=subject_uid,
        cell=cell,
        text=text,
        by=by,
    )
    _keep(budget, comment, "add", {"text": text}, by=by, address=address)
    return comment


def reply(budget: Budget, comment: Comment, *, by, text: str, address: str | None = None) -> Comment:
    """Answer a remark."""
    answer = Comment(
        unit=comment.unit,
        budget_uid=budget.uid,
        subject=comment.subject,
        subject_uid=comment.subject_uid,
        cell=comment.cell,
        text=_words(text),
        by=by,
        answers=comment,
    )
    _keep(budget, answer, "add", {"text": answer.text}, by=by, address=address)
    return answer


def resolve(budget: Budget, comment: Comment, *, by, address: str | None = None) -> None:
    """已解决."""
    if comment.resolved is None:
        comment.resolved, comment.resolved_by = timezone.now(), by
        _keep(budget, comment, "edit", {"resolved": True}, by=by, address=address)


def reopen(budget: Budget, comment: Comment, *, by, address: str | None = None) -> None:
    """Open again."""
    if comment.resolved is not None:
        comment.resolved = comment.resolved_by = None
        _keep(budget, comment, "edit", {"resolved": False}, by=by, address=address)


def _words(text: str) -> str:
    text = text.strip()
    if not text:
        raise NotKept("请填写批注内容。")
    if len(text) > LONGEST:
        raise NotKept(f"批注不能超过{LONGEST}字。")
    return text


def _keep(budget: Budget, comment: Comment, action: str, after: dict, *, by, address) -> None:
    """Save it, with its history in the budget's chain, and tell the other side."""
    with transaction.atomic():
        Budget.objects.select_for_update(of=("self",)).get(pk=budget.pk)
        comment.save()
        happened = history.Happened(action, comment._meta.label_lower, comment.uid, str(comment), None, after)
        history.append(budget.chain, [happened], by=by, via="form", unit=budget.unit, address=address)
        if action == "add":
            roles = [Role.CLERK] if can(by, "review", budget) else []
            people = {user.pk: user for user in holders(roles, budget.unit)} if roles else {}
            if comment.answers_id:
                people[comment.answers.by_id] = comment.answers.by
            people.pop(by.pk, None)
            notices.tell(
                people.values(),
                event=f"comment:{comment.uid}",
                text=f"{by}在{budget}上{'答复了批注' if comment.answers_id else '批注'}：{comment.text}"[:500],
                link=reverse("comments", args=(budget.unit.code, budget.year, budget.stage)),
            )
