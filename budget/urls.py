"""The pages of a budget, under `/<unit>/<year>/<stage>/` or, for the current stage, `/<unit>/<year>/`."""

from django.urls import path

from .views import copy, entry, files, lists, overview, tables

urlpatterns = [
    path("", overview.overview, name="budget"),
    path("tables/", tables.tables, name="tables"),
    path("tables/<slug:key>/", tables.table, name="table"),
    path("lines/", lists.lines, name="lines"),
    path("lines.csv", files.plain_lines, name="lines-csv"),
    path("template/", files.line_template, name="template"),
    path("copy/", copy.copy, name="copy"),
    path("items/", lists.items, name="items"),
    path("basic/", entry.basic, name="basic"),
    path("income/", entry.income, name="income"),
    path("facts/", entry.facts, name="facts"),
]
