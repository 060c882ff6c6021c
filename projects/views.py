from functools import partial

from django.views.decorators.http import require_safe

from budget.entry.answer import own_budget
from budget.filters import ProjectFilter
from budget.models import Item
from budget.pages import place_of
from budget.views.lists import first_steps, item_page
from organisation.rights import can

from .tables import ProjectList


@require_safe
def projects(request, unit, year, stage=None):
    """项目支出: the projects of a budget."""
    place = place_of(request, unit, year, stage)
    own = own_budget(place)
    new = {}
    if own is not None and own.is_draft and can(request.user, "edit", own):
        new = {"new_url": place.url("project-new"), "new_label": "新增项目"}
    return item_page(
        request,
        place,
        rows=Item.objects.projects(),
        narrowed_by=ProjectFilter,
        table=ProjectList,
        title="项目支出",
        section="projects",
        empty="还没有项目。项目支出按其他运转类、特定目标类填列，每个项目有档案、明细和绩效目标。",
        first_steps=partial(
            first_steps, place, copy="从上年带入", **{"import": "从文件导入", "project-new": "新增项目"}
        ),
        **new,
    )
