"""A lock that is not to be had in time is told as 503 with when to ask again, never as an error; nothing is lost."""

import sqlite3
import threading
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from budget.models import Budget, Line
from config import busy
from records.access import AccessMiddleware
from tests.factories import make_budget, make_user
from tests.grids.speaking import AT, Grid, cells, new_id

HTML = {"HTTP_ACCEPT": "text/html,application/xhtml+xml"}


@pytest.fixture
def own(transactional_db):
    budget = make_budget()
    return budget, make_user("clerk", budget.unit)


@contextmanager
def held(budget: Budget):
    """Somebody else has the budget's row, and is long about it; who waits here soon gives up."""
    has_it, may_end = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                Budget.objects.select_for_update().get(pk=budget.pk)
                has_it.set()
                may_end.wait(30)
        finally:
            connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert has_it.wait(10)
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA busy_timeout = 50")
            else:
                cursor.execute("SET lock_timeout = '50ms'")
        yield
    finally:
        may_end.set()
        other.join()
        connection.close()


def test_a_save_that_finds_the_budget_locked_is_asked_again_and_done_once(own):
    budget, clerk = own
    grid = Grid(clerk)
    body = grid.body({"id": new_id(), "seen": "", "cells": cells()})
    with held(budget):
        status, told = grid.send(body)
        assert (status, told) == (503, {"reason": busy.REASON})
    assert [grid.send(body)[0], grid.send(body)[0]] == [200, 200]
    assert Line.objects.of(budget).count() == 1


def test_it_says_when_to_ask_again(own):
    budget, clerk = own
    grid = Grid(clerk)
    with held(budget):
        body = grid.body({"id": new_id(), "seen": "", "cells": cells()})
        answer = grid.client.post(f"{grid.at}save/", body, content_type="application/json")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Cache-Control"] == "no-store"


def test_who_asked_for_a_page_gets_one_in_chinese(own):
    budget, clerk = own
    grid = Grid(clerk)
    body = grid.body({"id": new_id(), "seen": "", "cells": cells()})
    with held(budget):
        answer = grid.client.post(f"{grid.at}save/", body, content_type="application/json", **HTML)
    assert answer.status_code == 503
    assert "系统正忙" in answer.content.decode()


def test_trouble_outside_of_views_is_told_the_same_way(own, monkeypatch):
    _, clerk = own
    client = Client(raise_request_exception=False)
    client.force_login(clerk)

    def locked(*args, **kwargs):
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise OperationalError("database is locked") from error

    monkeypatch.setattr(AccessMiddleware, "process_response", locked)
    assert client.get(f"{AT}basic/", **HTML).status_code == 503


def test_without_it_the_same_would_be_an_error(own, settings):
    """The negative control."""
    budget, clerk = own
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "busy" not in one]
    grid = Grid(clerk)
    with held(budget), pytest.raises(OperationalError):
        grid.send(grid.body({"id": new_id(), "seen": "", "cells": cells()}))


def test_other_troubles_of_a_database_are_no_business(own):
    assert not busy.is_busy(OperationalError("disk I/O error"))
    assert not busy.is_busy(ValueError("database is locked"))
