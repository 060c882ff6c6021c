"""Which columns of a list are shown: each person's choice, for the page and its files."""

import csv
import io

from budget.tables import List, list_of
from organisation.models import User
from tests.web.conftest import AT

ADDRESS = "/preferences/columns/"
ALL = ["category", "function", "economic", "government", "fund", "carried_over"]


def headings(client, name="lines"):
    content = client.get(f"{AT}{name}/?format=csv").content
    return next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def choose(client, *shown, of="lines", offered=ALL, **more):
    return client.post(ADDRESS, {"list": of, "offered": list(offered), "shown": list(shown), **more})


def test_columns_are_put_away_on_the_page_and_in_its_files(clerk):
    response = choose(clerk, "category", "fund", next=f"{AT}lines/?q=302")
    assert response.headers["Location"] == f"{AT}lines/?q=302"
    assert headings(clerk) == ["项目", "项目类别", "资金性质", "金额（万元）"]
    page = clerk.get(f"{AT}lines/")
    shown = page.context["table"].columns
    assert [one.header for one in shown if not one.column.exclude_from_export] == headings(clerk)
    assert 'value="government">' in page.text and 'value="fund" checked>' in page.text
    assert clerk.get(f"{AT}lines/?sort=-government").status_code == 200


def test_the_choice_is_the_persons_and_the_lists(clerk, client_of):
    choose(clerk)
    assert headings(clerk) == ["项目", "金额（万元）"]
    assert len(headings(clerk, "items")) == 5
    assert len(headings(client_of("shenhe"))) == 8


def test_columns_come_back(clerk):
    choose(clerk)
    choose(clerk, *ALL)
    assert len(headings(clerk)) == 8
    assert User.objects.get(username="jingban").hidden_columns == {"lines": []}


def test_what_was_not_offered_stays_as_it_was(clerk):
    choose(clerk, "category", offered=["category", "unit_name"])
    choose(clerk, "fund", offered=["category", "fund"])
    assert User.objects.get(username="jingban").hidden_columns == {"lines": ["category", "unit_name"]}


def test_names_and_amounts_are_never_put_away_nor_unknown_columns_kept(clerk):
    choose(clerk, offered=["amount", "item", "nonsense", "fund"])
    assert User.objects.get(username="jingban").hidden_columns == {"lines": ["fund"]}
    for unknown in ("", "nonsense"):
        assert choose(clerk, of=unknown).status_code == 400
    assert clerk.get(ADDRESS).status_code == 405


def test_columns_of_a_grid_are_put_away_too(clerk):
    choose(clerk, "nature", of="grid-basic", offered=["nature", "subtotal", "change", "amount", "function"])
    assert User.objects.get(username="jingban").hidden_columns == {"grid-basic": ["change", "subtotal"]}
    page = clerk.get(f"{AT}basic/")
    assert page.context["grid"]["hidden"].split() == ["change", "subtotal"]
    assert 'data-hidden="change subtotal"' in page.text and 'value="nature" checked>' in page.text
    choose(clerk, of="grid-project", offered=["subtotal", "is_asset"])
    assert User.objects.get(username="jingban").hidden_columns["grid-project"] == ["is_asset"]


def test_every_list_has_a_key_of_its_own():
    keys = [one.KEY for one in List.__subclasses__()]
    assert len(set(keys)) == len(keys) and all(list_of(key) for key in keys)
