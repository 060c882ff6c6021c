"""The pages of a budget, under `/<unit>/<year>/<stage>/` or, for the current stage, `/<unit>/<year>/`."""

from django.urls import path

from .views import approval, comments, controls, cycle, entry, history, lists, overview, tables, versions

urlpatterns = [
    path("", overview.overview, name="budget"),
    path("tables/", tables.tables, name="tables"),
    path("tables/<slug:key>/", tables.table, name="table"),
    path("lines/", lists.lines, name="lines"),
    path("items/", lists.items, name="items"),
    path("basic/", entry.basic, name="basic"),
    path("income/", entry.income, name="income"),
    path("facts/", entry.facts, name="facts"),
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
