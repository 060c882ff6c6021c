"""Open data: it validates as a Fiscal Data Package, adds up to the tables to the 分, and opens safely everywhere."""

import csv
import io
import json
import zipfile
from decimal import Decimal

import pytest
from frictionless import Package

from budget.books import select
from budget.models import Item
from budget.reporting import money
from organisation.models import Unit
from publication.frozen import Frozen, frozen_of
from publication.open_data import csv_zip, datapackage_bytes, json_bytes
from tests import beginnings
from tests.factories import make_item, make_line
from tests.publication.test_document_files import withhold

pytestmark = pytest.mark.django_db
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", '=HYPERLINK("x","y")')


@pytest.fixture
def budget(db):
    return beginnings.demonstration(with_people=False)


def frozen(code="566"):
    return frozen_of(select(Unit.objects.get(code=code), 2024))


def rows(content: bytes, name: str) -> list[dict]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        raw = archive.read(name)
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def total(found: list[dict]) -> Decimal:
    return sum((Decimal(row["金额（元）"]) for row in found), Decimal(0))


def unpacked(content: bytes, folder):
    """The package where a tool would read it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return json.loads((folder / "datapackage.json").read_text("utf-8"))


def faults_of(folder) -> list:
    """What frictionless finds; the fiscal profile, which it would fetch from the network, is held further below."""
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    package = Package.from_descriptor({**descriptor, "profile": "tabular-data-package"}, basepath=str(folder))
    report = package.validate()
    return [error.message for task in report.tasks for error in task.errors] + [one.message for one in report.errors]


def test_the_package_validates_with_its_keys(budget, tmp_path):
    descriptor = unpacked(csv_zip(frozen()), tmp_path)
    assert faults_of(tmp_path) == []
    assert [one["name"] for one in descriptor["resources"]] == ["spending", "income", "projects", "indicators"]
    for one in descriptor["resources"]:
        assert (tmp_path / one["path"]).stat().st_size == one["bytes"]


@pytest.mark.parametrize(
    ("was", "becomes"), [("393.52", ""), ("2060101", "20601"), ("566001,", ",")], ids=["none", "code", "unit"]
)
def test_a_package_that_says_something_else_is_refused(was, becomes, budget, tmp_path):
    """The negative control: a wrong amount, a short code, no unit, and a row that is there twice."""
    unpacked(csv_zip(frozen()), tmp_path)
    path = tmp_path / "data" / "spending.csv"
    text = path.read_text("utf-8-sig")
    path.write_text(text.replace(was, becomes) if was in text else text + text.splitlines()[1] + "\r\n", "utf-8-sig")
    assert faults_of(tmp_path)


def test_the_package_says_what_its_columns_are(budget):
    descriptor = json.loads(datapackage_bytes(frozen()))
    assert descriptor["profile"] == "fiscal-data-package" and descriptor["countryCode"] == "CN"
    assert descriptor["fiscalPeriod"] == {"start": "2024-01-01", "end": "2024-12-31"}
    headings = {one["name"]: {field["name"] for field in one["schema"]["fields"]} for one in descriptor["resources"]}
    measures = descriptor["model"]["measures"]
    assert {one["direction"] for one in measures.values()} == {"expenditure", "revenue"}
    for one in measures.values():
        assert one["currency"] == "CNY" and one["phase"] == "proposed"  # a draft; approved once it is
        assert one["source"] in headings[one["resource"]]
    dimensions = descriptor["model"]["dimensions"]
    assert {one.get("classificationType") for one in dimensions.values()} == {None, "functional", "economic"}
    for one in dimensions.values():
        assert set(one["primaryKey"]) <= set(one["attributes"])
        for attribute in one["attributes"].values():
            assert attribute["source"] in headings[attribute["resource"]]
            assert {attribute.get("parent"), attribute.get("labelfor")} - {None} <= set(one["attributes"])
    roles = {field.get("columnType") for one in descriptor["resources"] for field in one["schema"]["fields"]}
    assert {"value", "date:fiscal-year", "direction", "phase:id"} <= roles
    assert "functional-classification:generic:level3:code:full" in roles
    assert "economic-classification:generic:level2:code:full" in roles


def test_files_add_up_to_the_tables_to_the_fen(budget):
    make_line(make_item(budget, "一分不差", "22"), "1234567800")
    one = frozen()
    content = csv_zip(one)
    spending, income, projects = (rows(content, f"data/{name}.csv") for name in ("spending", "income", "projects"))
    expenditure = one.grid("expenditure")
    assert total(spending) == expenditure.amount("total", "total")
    assert total(income) == one.grid("revenue").amount("total", "total")
    assert total(projects) == expenditure.amount("total", "project.total")
    assert total([row for row in spending if row["支出性质"] == "基本支出"]) == expenditure.amount(
        "total", "basic.total"
    )
    assert f"{total(spending):.2f}" in rows(content, "tables/03_expenditure.csv")[0].values()
    data = json.loads(json_bytes(one))
    assert sum(Decimal(row["amount"]) for row in data["spending"]) == total(spending)
    assert [row["amount"] for row in data["projects"]] == [row["金额（元）"] for row in projects]
    assert data["unit"] == money.YUAN and len(data["tables"]) == 15


def test_the_same_contents_give_the_same_bytes(budget):
    one = frozen()
    again = Frozen.from_json(one.to_json())
    for made in (csv_zip, json_bytes, datapackage_bytes):
        assert made(one) == made(again)


@pytest.mark.parametrize("words", FORMULAS)
def test_words_are_never_formulas(words, budget):
    item = Item.objects.projects().filter(budget=budget).first()
    Item.objects.filter(pk=item.pk).update(name=words)
    one = frozen()
    names = [row["项目名称"] for row in rows(csv_zip(one), "data/projects.csv")]
    assert f"'{words}" in names and words not in names
    assert words in [row["project"] for row in json.loads(json_bytes(one))["projects"]]


def test_projects_that_are_left_out_have_no_name_and_their_money_stays(budget):
    withhold(budget, "科技经费", "补充解放区科技贷款贴息专项资金")
    one = frozen()
    content = csv_zip(one)
    assert len(rows(content, "data/projects.csv")) == 5
    assert total(rows(content, "data/spending.csv")) == 3_935_200
    for made in (content, json_bytes(one), datapackage_bytes(one)):
        assert "科技经费".encode() not in made
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any("科技经费".encode() in archive.read(name) for name in archive.namelist())


def test_the_only_project_that_is_left_out_cannot_be_subtracted(budget):
    withhold(budget, "科技经费")
    secret = next(line.amount for item in budget.items.filter(name="科技经费") for line in item.lines.all())
    projects = rows(csv_zip(frozen()), "data/projects.csv")
    assert total(projects) == 1_930_000
    assert f"{secret:.2f}" not in [row["金额（元）"] for row in projects]


def test_a_set_without_projects_publishes_none(budget, tmp_path):
    budget.campaign.table_set = "mof_minimum"
    budget.campaign.save()
    unpacked(csv_zip(frozen()), tmp_path)
    assert faults_of(tmp_path) == []
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["income.csv", "spending.csv"]
