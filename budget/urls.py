"""The pages of a budget, under `/<unit>/<year>/<stage>/` or, for the current stage, `/<unit>/<year>/`."""

from django.urls import path

from .views import entry, importing, lists, overview, tables

urlpatterns = [
    path("", overview.overview, name="budget"),
    path("tables/", tables.tables, name="tables"),
    path("tables/<slug:key>/", tables.table, name="table"),
    path("lines/", lists.lines, name="lines"),
    path("items/", lists.items, name="items"),
    path("basic/", entry.basic, name="basic"),
    path("income/", entry.income, name="income"),
    path("facts/", entry.facts, name="facts"),
    path("import/", importing.start, name="import"),
    path("import/<uuid:upload>/", importing.upload, name="upload"),
    path("import/<uuid:upload>/marked/", importing.marked, name="upload-marked"),
]
