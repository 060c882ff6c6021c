"""How often each page asks the database: held by tests/query_counts.json, which is changed by hand."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budget import copies
from budget.models import ControlNumber, DraftRow, Item
from tests.factories import make_budget, make_item, make_line
from tests.publication.versions import put
from tests.web.conftest import AT

pytestmark = pytest.mark.one_database

BASELINE = Path(__file__).parents[1] / "query_counts.json"
LIMIT = 20

PAGES = {
    "home (one place)": ("jingban", "/"),
    "home (several)": ("yusuan", "/"),
    "budget": ("jingban", AT),
    "budget of a department": ("yusuan", "/566/2024/second/"),
    "tables": ("jingban", f"{AT}tables/"),
    "tables as a workbook": ("jingban", f"{AT}tables/?format=xlsx"),
    "table": ("jingban", f"{AT}tables/expenditure/"),
    "table with a panel": ("jingban", f"{AT}tables/revenue/?row=total&column=total"),
    "panel alone": ("jingban", f"{AT}tables/revenue/?row=total&column=total&fragment=1"),
    "table of goals": ("jingban", f"{AT}tables/department_performance/"),
    "lines": ("jingban", f"{AT}lines/"),
    "lines of a department": ("yusuan", "/566/2024/second/lines/"),
    "lines behind a figure": ("jingban", f"{AT}lines/?table=expenditure&row=total&column=total"),
    "lines as a workbook": ("jingban", f"{AT}lines/?format=xlsx"),
    "items": ("jingban", f"{AT}items/"),
    "projects": ("jingban", f"{AT}projects/"),
    "project": ("jingban", f"{AT}projects/{{project}}/"),
    "indicators": ("jingban", f"{AT}indicators/"),
    "table compared": ("jingban", f"{AT}tables/expenditure/?compare=last-year"),
    "home of an administrator": ("anquan", "/"),
    "search": ("yusuan", "/search/?q=科技"),
    "notices": ("jingban", "/notices/"),
    "table compared, with a panel": (
        "jingban",
        f"{AT}tables/general_expenditure/?compare=last-year&row=total&column=total",
    ),
    "basic": ("jingban", f"{AT}basic/"),
    "basic form": ("jingban", f"{AT}basic/form/"),
    "project lines": ("jingban", f"{AT}projects/{{project}}/lines/"),
    "grid": ("jingban", f"{AT}grid/basic/"),
    "grid of a project": ("jingban", f"{AT}grid/{{project}}/"),
    "history of a cell": ("jingban", f"{AT}grid/basic/history/?row={'0' * 32}&column=amount"),
    "income": ("jingban", f"{AT}income/"),
    "facts": ("jingban", f"{AT}facts/"),
    "performance": ("jingban", f"{AT}performance/"),
    "jobs": ("jingban", "/jobs/"),
    "import": ("jingban", f"{AT}import/"),
    "checks": ("jingban", f"{AT}checks/"),
    "checks, everything": ("jingban", f"{AT}checks/?show=all"),
    "check of a document": ("jingban", "/check-document/"),
    "document": ("jingban", f"{AT}document/"),
    "project form": ("jingban", f"{AT}projects/{{project}}/edit/"),
    "template": ("jingban", f"{AT}template/"),
    "lines.csv": ("jingban", f"{AT}lines.csv"),
    "copy": ("jingban", f"{AT}copy/"),
    "cycle": ("jingban", f"{AT}cycle/"),
    "cycle of a department": ("yusuan", "/566/2024/second/cycle/"),
    "compare": ("jingban", f"{AT}compare/?with=2024/first/1"),
    "history": ("jingban", f"{AT}history/"),
    "comments": ("jingban", f"{AT}comments/"),
    "controls": ("yusuan", f"{AT}controls/"),
    "waiting": ("yusuan", "/waiting/"),
    "progress": ("yusuan", "/progress/"),
    "preview": ("jingban", f"{AT}publish/preview/"),
    "preview of a department": ("yusuan", "/566/2024/second/publish/preview/tables/projects/"),
    "public": ("jingban", "/public/"),
    "public, of an organisation": ("jingban", "/public/566001/"),
    "public, summary": ("jingban", "/public/566001/2024/"),
    "public, table": ("jingban", "/public/566001/2024/tables/expenditure/"),
    "public, search": ("jingban", "/public/566001/2024/search/?q=科技"),
    "publish": ("jingban", f"{AT}publish/"),
    "publish of a department": ("yusuan", "/566/2024/second/publish/"),
    "two versions": ("jingban", f"{AT}publish/compare/"),
    "publications": ("yusuan", "/publications/"),
    "verify": ("jingban", f"/verify/?digest={'0' * 64}"),
}


@pytest.fixture
def years(strange, budget):
    """The demonstration budget with a year and a stage before it."""
    make_line(make_item(make_budget("566001", year=2023), "上年项目", "3"), 10000)
    before = make_budget("566001", stage="first", based_on=budget)
    copies.fill([before])
    make_line(make_item(before, "一上时的项目"), 10000)
    return budget


def queries_of(name, client_of, budget) -> list[str]:
    """What the page asks the database."""
    username, address = PAGES[name]
    if name.startswith("public"):
        put("566001")
    client = client_of(username)
    address = address.replace("{project}", str(Item.objects.projects().filter(budget=budget).first().uid))
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    assert response.status_code in (200, 302)
    return [one["sql"] for one in asked.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_no_more_than_it_did(name, years, client_of):
    asked = queries_of(name, client_of, years)
    allowed = json.loads(BASELINE.read_text("utf-8"))[name]
    assert len(asked) <= min(allowed, LIMIT), "\n".join(sql[:200] for sql in asked)


WITH_CONTROLS = (
    "budget",
    "budget of a department",
    "basic form",
    "grid",
    "grid of a project",
    "project form",
    "checks",
    "cycle",
    "controls",
)


@pytest.mark.parametrize("name", WITH_CONTROLS)
def test_a_page_of_a_draft_with_control_numbers_and_unfinished_rows_stays_within_the_limit(name, years, client_of):
    """What only such a draft is asked more."""
    stage = years.campaign.stages.get(code="second")
    for unit in (years.unit, years.unit.parent):
        ControlNumber.objects.create(stage=stage, unit=unit, kind="total", amount=100_000_000)
    DraftRow.objects.create(budget=years, item=Item.objects.of(years).projects().first(), cells={})
    asked = queries_of(name, client_of, years)
    assert any("budget_controlnumber" in sql or "EXECUTE small_facts" in sql for sql in asked)
    assert len(asked) <= LIMIT, "\n".join(sql[:200] for sql in asked)


def test_the_baseline_lists_these_pages_only():
    assert list(json.loads(BASELINE.read_text("utf-8"))) == list(PAGES)
