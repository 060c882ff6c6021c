"""The bomb zoo through the guard: refused or read rightly, within 512 MB and 5 s, nobody spoken to (T-02)."""

import resource
import socket
import subprocess
import sys
from datetime import date, datetime, timedelta

import pytest

from budget.importing import child, files, guard
from budget.importing.files import FileRefused
from tests.budget.importing.workbooks import CHINESE, workbook
from tests.importing.bombs import ROWS, zoo

pytestmark = pytest.mark.one_database

READ = {"a claimed dimension", "64 thousand styles", "ten million commas", "a cell of ten million characters"}
READ |= {"commands by DDE", "a sheet of 55 MB in 50 KB", "nested zips"}


@pytest.fixture(scope="module")
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture(scope="module")
def bombs(listener):
    return zoo(listener.getsockname()[1])


def test_every_bomb_is_refused_or_read_rightly(bombs, listener, monkeypatch):
    guard.read(workbook(ROWS), "a.xlsx")  # the server of children is there
    answers, ask = [guard.Answer(b"", b"")], guard.ask
    monkeypatch.setattr(guard, "ask", lambda *given: answers.append(ask(*given)) or answers[-1])
    told, read, too_much = [], set(), []
    for what, (name, content) in bombs.items():
        try:
            guard.read(content, name)
            verdict = "read"
            read.add(what)
        except FileRefused as refused:
            verdict = str(refused)
            assert CHINESE.search(verdict)
        peak, spent = answers[-1].peak // 1024, answers[-1].milliseconds
        told.append(f"{what}: {len(content) // 1024} KB, {peak} MB, {spent} ms, {verdict[:60]}")
        if spent > 5_000 or peak > 512:
            too_much.append(told[-1])
    print("\nT-02:", *told, sep="\n  ")
    assert len(told) == 30
    assert read == READ
    assert too_much == []
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_what_is_read_of_a_bomb_is_what_is_in_it(bombs):
    for what in ("a claimed dimension", "64 thousand styles"):
        name, content = bombs[what]
        assert guard.read(content, name).sheets[0].rows == [(1, ROWS[0]), (2, ROWS[1])]
    [(_, [cell])] = guard.read(bombs["a cell of ten million characters"][1], "a.xlsx").sheets[0].rows
    assert "超过单元格的上限" in cell.reason


def test_a_reader_without_the_guard_does_not_survive_the_far_cell(bombs):
    """The negative control: openpyxl as everybody calls it, given the same memory and the same time."""
    code = (
        "import io, sys, openpyxl\n"
        "book = openpyxl.load_workbook(io.BytesIO(sys.stdin.buffer.read()))\n"
        "print(sum(1 for row in book.active.iter_rows() for cell in row))"
    )
    limits = (resource.RLIMIT_AS, (child.MEMORY, child.MEMORY))
    try:
        run = subprocess.run(
            [sys.executable, "-c", code],
            input=bombs["a cell far out"][1],
            capture_output=True,
            timeout=5,
            preexec_fn=lambda: resource.setrlimit(*limits),
        )
    except subprocess.TimeoutExpired:
        return
    assert b"MemoryError" in run.stderr


def test_a_child_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(guard, "LONGEST", 0)
    content = workbook([["甲"] * 50] * 2_000)
    with pytest.raises(FileRefused, match="编号"):
        guard.read(content, "a.xlsx")


def test_a_child_gets_no_more_memory_than_its_limit(monkeypatch):
    content = workbook([[f"第{row}行第{column}格" * 6 for column in range(50)] for row in range(4_000)])  # takes 190 MB
    guard.read(content, "a.xlsx")
    monkeypatch.setattr(guard, "LIMITS", (100 * 1024 * 1024, child.CPU_SECONDS))
    with pytest.raises(FileRefused, match="无法读取"):
        guard.read(content, "a.xlsx")


def test_a_child_gets_no_more_computing_time_than_its_limit(monkeypatch, bombs):
    monkeypatch.setattr(guard, "LIMITS", (child.MEMORY, 0))
    with pytest.raises(FileRefused, match="编号"):
        guard.read(bombs["a million rows of nothing"][1], "a.xlsx")


def test_what_comes_from_a_child_is_what_is_read_here():
    from datetime import time

    values = [
        "甲",
        1,
        1.5,
        True,
        datetime(2024, 1, 2, 3, 4),
        date(2024, 1, 2),
        time(1, 2),
        timedelta(hours=30),
        None,
        "#N/A",
    ]
    content = workbook(
        [values, ["=1+1"]], change=lambda sheet: sheet.row_dimensions.__getitem__(1).__setattr__("hidden", True)
    )
    assert guard.read(content, "a.xlsx") == files.read(content, "a.xlsx")
