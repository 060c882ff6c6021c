"""The grid as a browser has it before a person: its cells, its state, and what stands in its way."""

from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import expect

from budget.models import Item, Line
from organisation.models import User
from tests.entry.pages import AT


def basic_lines():
    return Line.objects.filter(item__in=Item.objects.basic())


def stored_total():
    return sum((line.amount for line in basic_lines()), Decimal(0))


class Sheet:
    """The grid as a person has it before them."""

    def __init__(self, page):
        self.page, self.keys = page, page.keyboard
        self.state = page.locator("[data-saved]")
        self.total = page.locator("tfoot .is-figure")
        self.hint = page.locator("[data-hint]")

    def cell(self, row: int, label: str):
        """The cell of a row (from 1) in sight, by the label of its column."""
        self.page.locator(f'tr[aria-rowindex="{row + 3}"]').wait_for()
        at = self.page.locator("[data-grid]").evaluate(
            "(page, label) => Array.from(page.querySelectorAll('.sheet-head th')).find("
            "head => head.textContent.startsWith(label)).getAttribute('aria-colindex')",
            label,
        )
        return self.page.locator(f'tr[aria-rowindex="{row + 3}"] > td[aria-colindex="{at}"]')

    @property
    def here(self):
        return self.page.locator("td[tabindex='0']")

    def enter(self):
        """Into the grid, to the first cell of the row below the last one."""
        self.here.focus()
        self.keys.press("Control+End")
        self.keys.press("Home")

    def type(self, text: str, then: str = "Tab"):
        """Type into the cell one is in: what is no key comes as from an input method."""
        self.keys.press("F2")
        self.keys.insert_text(text)
        self.keys.press(then)

    def saved(self):
        expect(self.state).to_contain_text("已保存")

    def copy(self, text: str):
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)


@pytest.fixture
def sheet(page, context, live_server, loaded, log_in, complaints):
    """Opens the grid as a clerk: sheet("basic/")."""
    log_in("jingban")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.set_viewport_size({"width": 1440, "height": 900})

    def go(path: str = "basic/", *, on=None):
        on = on or page
        on.goto(f"{live_server.url}{AT}{path}")
        on.locator("[data-grid][data-ready]").wait_for()
        return Sheet(on)

    return go


def answered(page, how):
    """Every save of the page goes through `how(route)`."""
    page.route("**/save/", how)


def saved_by(username: str, cells: dict[str, dict[str, str]]):
    """Another person's save: {row id: {column: text}}."""
    other = Client()
    other.force_login(User.objects.get(username=username))
    rows = {row["id"]: row for row in other.get(f"{AT}grid/basic/").json()["rows"]}
    changes = [{"id": one, "seen": rows[one]["version"], "cells": wanted} for one, wanted in cells.items()]
    body = {
        "operation": "7b1f6a52-6a55-4b4e-8f0b-6d8f6a3d9c01",
        "via": "grid",
        "unit": "万元",
        "whole": False,
        "changes": changes,
    }
    answer = other.post(f"{AT}grid/basic/save/", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
