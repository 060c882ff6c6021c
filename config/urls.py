"""Every address. Pages of a budget are `/<unit>/<year>/<stage>/…`; without the stage they show the current one."""

from django.contrib import admin
from django.urls import include, path, register_converter

from budget.addresses import StageConverter, UnitConverter, YearConverter
from budget.views import columns, grid, home, progress, search, start
from budget.views.entry_codes import codes
from config.health import health
from performance.views_paste import indicator_value
from publication.public.views import robots
from publication.views_check import check_document
from publication.views_published import publications, verify

register_converter(UnitConverter, "unit")
register_converter(YearConverter, "year")
register_converter(StageConverter, "stage")

pages_of_a_budget = [
    path("", include("budget.urls")),
    path("", include("projects.urls")),
    path("", include("performance.urls")),
    path("", include("publication.urls")),
]

urlpatterns = [
    path("health", health, name="health"),
    path("robots.txt", robots, name="robots"),
    path("public/", include("publication.public.urls")),
    path("", include("organisation.urls")),
    path("", include("records.urls")),
    path("check-document/", check_document, name="check-document"),
    path("publications/", publications, name="publications"),
    path("verify/", verify, name="verify"),
    path("waiting/", progress.waiting, name="waiting"),
    path("progress/", progress.progress, name="progress"),
    path("progress/remind/", progress.remind, name="progress-remind"),
    path("progress/open/", progress.open_stage, name="progress-open"),
    path("progress/close/", progress.close, name="progress-close"),
    path("search/", search.search, name="search"),
    path("preferences/columns/", columns.columns, name="columns"),
    path("admin/", admin.site.urls),
    path("", home.home, name="home"),
    path("codes/index/", grid.code_index, name="code-index"),
    path("codes/<slug:kind>/", codes, name="codes"),
    path("indicator-value/", indicator_value, name="indicator-value"),
    path("<unit:unit>/", home.organisation, name="organisation"),
    path("<unit:unit>/<year:year>/<stage:stage>/start/", start.start, name="start"),
    path("<unit:unit>/<year:year>/<stage:stage>/", include(pages_of_a_budget)),
    path("<unit:unit>/<year:year>/", include(pages_of_a_budget)),
]

handler500 = "config.busy.failed"
