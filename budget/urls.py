"""The pages of a budget, under `/<unit>/<year>/<stage>/` or, for the current stage, `/<unit>/<year>/`."""

from django.urls import path

from .views import (
    approval,
    checks,
    comments,
    controls,
    copy,
    cycle,
    entry,
    files,
    grid,
    history,
    importing,
    lists,
    overview,
    tables,
    versions,
)


def of_a_grid(begins: str) -> list:
    """What the browser side of a grid asks for."""
    return [
        path(begins, grid.state, name="grid"),
        path(f"{begins}save/", grid.save, name="grid-save"),
        path(f"{begins}paste/", grid.paste, name="grid-paste"),
        path(f"{begins}history/", grid.history, name="grid-history"),
    ]


urlpatterns = [
    path("", overview.overview, name="budget"),
    path("tables/", tables.tables, name="tables"),
    path("tables/<slug:key>/", tables.table, name="table"),
    path("checks/", checks.checks, name="checks"),
    path("lines/", lists.lines, name="lines"),
    path("lines.csv", files.plain_lines, name="lines-csv"),
    path("template/", files.line_template, name="template"),
    path("copy/", copy.copy, name="copy"),
    path("items/", lists.items, name="items"),
    path("basic/", grid.basic, name="basic"),
    path("basic/form/", entry.basic, name="basic-form"),
    path("projects/<uuid:uid>/lines/", grid.project_lines, name="project-lines"),
    *of_a_grid("grid/basic/"),
    *of_a_grid("grid/<uuid:uid>/"),
    path("income/", entry.income, name="income"),
    path("facts/", entry.facts, name="facts"),
    path("import/", importing.start, name="import"),
    path("import/<uuid:upload>/", importing.upload, name="upload"),
    path("import/<uuid:upload>/marked/", importing.marked, name="upload-marked"),
    path("cycle/", cycle.cycle_page, name="cycle"),
    path("cycle/submit/", cycle.move, {"move": "submit"}, name="cycle-submit"),
    path("cycle/withdraw/", cycle.move, {"move": "withdraw"}, name="cycle-withdraw"),
    path("cycle/pass/", cycle.move, {"move": "pass"}, name="cycle-pass"),
    path("cycle/return/", cycle.move, {"move": "return"}, name="cycle-return"),
    path("cycle/reopen/", cycle.move, {"move": "reopen"}, name="cycle-reopen"),
    path("cycle/adjust/", cycle.move, {"move": "adjust"}, name="cycle-adjust"),
    path("cycle/approve/", cycle.approve, name="cycle-approve"),
    path("cycle/open/", cycle.open_stage, name="cycle-open"),
    path("approval/", approval.approval, name="approval"),
    path("compare/", versions.compare, name="compare"),
    path("history/", history.history, name="history"),
    path("comments/", comments.comment_list, name="comments"),
    path("comments/<uuid:comment>/", comments.comment_answer, name="comment"),
    path("controls/", controls.control_numbers, name="controls"),
    path("controls/split/", controls.split, name="controls-split"),
    path("controls/upload/", controls.upload, name="controls-upload"),
]
