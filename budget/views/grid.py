"""The grid's pages and what its browser side asks for, as docs/grid-protocol.md has it."""

from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from budget import writing
from budget.entry.answer import chooses_unit, own_budget, place_to_write
from budget.entry.draft import LOCKED, ONLY_LOOKING, Draft
from budget.entry.search import KINDS, index_of
from budget.grids import asked, columns, saving
from budget.grids.cell_history import CellHistory
from budget.grids.pasting import Pasting
from budget.grids.sheet import Sheet
from budget.models import Budget, Campaign, Item, Nature
from budget.pages import Place, place_of
from records.operations import NameTaken

ENDED = "登录已结束，请重新登录。已填写的内容都在，登录后会接着保存。"
PASSWORD_FIRST = "请先修改密码。"
NOT_THERE = "没有这个预算或项目，可能已被删除。"
MALFORMED = "请求的内容不完整，请刷新页面后再试。"
CSRF = "页面已过期，请重新登录后再保存。"
MOST_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


# ---- pages


@require_safe
@chooses_unit
def basic(request, unit, year, stage=None):
    """基本支出 as a grid."""
    place = place_to_write(request, unit, year, stage, "basic")
    return _page(request, place, None, form=place.url("basic-form"), title="基本支出", section="basic")


@require_safe
@chooses_unit
def project_lines(request, unit, year, uid, stage=None):
    """One project's lines as a grid."""
    place = place_to_write(request, unit, year, stage, "projects")
    project = _project(place, uid)
    title, form = f"{project.name}：预算明细", place.url("project-edit", uid)
    return _page(request, place, project, form=form, title=title, section="projects")


def _page(request, place: Place, project: Item | None, *, form: str, title: str, section: str):
    args = [project.uid] if project else []
    crumbs = [{"text": project.name, "url": place.url("project", project.uid)}] if project else []
    kept_as = "grid-project" if project else "grid-basic"
    hidden = request.user.hidden_columns.get(kept_as, ())
    grid = {
        "scope": project.uid.hex if project else "basic",
        "state": place.url("grid", *args),
        "save": place.url("grid-save", *args),
        "paste": place.url("grid-paste", *args),
        "history": place.url("grid-history", *args),
        "codes": f"{reverse('code-index')}?year={place.year}",
        "form": form,
        "crumbs": crumbs,
        "person": request.user.pk,
        "kept_as": kept_as,
        "choices": [
            {"name": key, "header": label, "visible": key not in hidden}
            for key, label in columns.choices(kept_as).items()
        ],
        "hidden": " ".join(hidden),
    }
    context = {"place": place, "draft": Draft(own_budget(place), request.user), "title": title, "section": section}
    context |= {"grid": grid, "item": project}
    return render(request, "entry/grid.html", context)


def _project(place: Place, uid: UUID) -> Item:
    project = Item.objects.of(own_budget(place)).projects().filter(uid=uid).first()
    if project is None:
        raise Http404
    return project


# ---- what the browser side asks for


def told(status: int, reason: str, **more) -> JsonResponse:
    """An answer that is no success, in words."""
    return as_json({"reason": reason, **more}, status)


def as_json(data: dict, status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


def speaks_json(*methods: str):
    """Decorator: the view gets (request, draft, project), and whatever goes wrong is said in JSON, never as a page."""

    def declare(view):
        @login_not_required
        @wraps(view)
        def speaking(request, unit, year, uid=None, stage=None):
            if not request.user.is_authenticated:
                return told(401, ENDED, login=reverse("login"))
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                budget, project = _found(request, unit, year, stage, uid)
            except Http404:
                return told(404, NOT_THERE)
            try:
                return view(request, Draft(budget, request.user, request.GET.get("unit", "")), project)
            except asked.Malformed:
                return told(400, MALFORMED)
            except asked.TooMuch as much:
                return told(413, str(much))

        speaking.csrf_refused, speaking.password_first = csrf_refused, password_first
        return speaking

    return declare


def _found(request, unit: str, year: int, stage: str | None, uid: UUID | None) -> tuple[Budget, Item | None]:
    place = place_of(request, unit, year, stage)
    budget = own_budget(place)
    if budget is None:
        raise Http404
    return budget, _project(place, uid) if uid else None


def csrf_refused(request) -> JsonResponse:
    """The answer to a POST whose token is stale."""
    if request.user.is_authenticated:
        return told(403, CSRF, login="")
    return told(401, ENDED, login=reverse("login"))


def password_first(request) -> JsonResponse:
    """The answer to somebody who must change the password before anything else."""
    return told(403, PASSWORD_FIRST, login=reverse("change-password"))


@speaks_json("GET", "HEAD")
def state(request, draft, project):
    """The grid as it is stored."""
    return as_json(Sheet(draft, project).as_json())


@speaks_json("POST")
def save(request, draft, project):
    """Save rows."""
    if not draft.may_edit:
        return told(403, ONLY_LOOKING, login="")
    body = _body(request)
    wanted = asked.save_of(body, _typed_columns(project))
    draft.unit = wanted.unit
    try:
        answer = saving.save(draft, project, wanted, body, by=request.user, address=request.META.get("REMOTE_ADDR"))
    except writing.Locked as locked:
        return told(423, LOCKED[locked.budget.state])
    except saving.Clashed as clashed:
        return as_json(clashed.answer | {"reason": str(clashed)}, 409)
    except saving.Wrong as wrong:
        return told(422, str(wrong), errors=wrong.errors)
    except NameTaken:
        return told(400, MALFORMED)
    return as_json(answer)


@speaks_json("POST")
def paste(request, draft, project):
    """What a paste would change; nothing is written."""
    if not draft.may_edit:
        return told(403, ONLY_LOOKING, login="")
    if not draft.is_writable:
        return told(423, draft.reason_not_to_write)
    keys = frozenset(column.key for column in (columns.PROJECT if project else columns.BASIC))
    wanted = asked.paste_of(_body(request), keys)
    draft.unit = wanted.unit
    return as_json(Pasting(draft, project, wanted).as_json())


@speaks_json("GET", "HEAD")
def history(request, draft, project):
    """Every value that a cell had."""
    row, key = request.GET.get("row", ""), request.GET.get("column", "")
    column = next((one for one in (columns.PROJECT if project else columns.BASIC) if one.key == key), None)
    if asked.ID.fullmatch(row) is None or column is None or not column.is_typed:
        raise asked.Malformed
    entries = CellHistory(draft, UUID(row), key).entries()
    return as_json({"row": row, "column": key, "label": column.label, "entries": entries})


def _body(request) -> bytes:
    """Raises TooMuch before more is read than a request may hold."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise asked.TooMuch("一次保存的内容太多，请分几次。")
    return request.body


def _typed_columns(project: Item | None) -> frozenset[str]:
    shown = columns.PROJECT if project else columns.BASIC
    return frozenset(column.key for column in shown if column.is_typed)


# ---- codes


@require_safe
def code_index(request):
    """All codes of a year with their spellings, so that they are found while there is no network."""
    year = request.GET.get("year", "")
    campaign = None
    if len(year) == 4 and year.isascii() and year.isdigit():
        campaign = Campaign.objects.filter(year=int(year)).select_related("edition").first()
    if campaign is None:
        raise Http404
    return as_json({kind: [_entry(one) for one in index_of(kind, campaign.edition).entries] for kind in KINDS})


def _entry(entry) -> dict:
    government = dict(entry.government)
    return {
        "code": entry.code,
        "name": entry.name,
        "shown": entry.shown,
        "above": entry.above,
        "leaf": entry.is_leaf,
        "plain": entry.is_unspecified,
        "spellings": entry.spellings,
        "government": {
            nature: government.get(nature, government.get("", "")) for nature in Nature.values if government
        },
    }
