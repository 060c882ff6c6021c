"""What the browser asks of the grid, as docs/grid-protocol.md has it: taken apart and checked for form."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from budget.reporting.money import FEN_PER

MOST_CHANGES = 5_000
LONGEST_CELL = 5_000
LONGEST_PASTE = 4_000_000
ID = re.compile(r"[0-9a-f]{32}")
VIAS = ("grid", "paste", "undo")


class Malformed(ValueError):
    """The request is not of the form that the protocol gives it."""


class TooMuch(ValueError):
    """More than one request may hold."""


@dataclass(frozen=True)
class Change:
    """What is asked of one row. `seen`: its version as the browser knows it, "" for a new row; `cells`: as typed."""

    uid: UUID
    seen: str
    cells: Mapping[str, str] = field(default_factory=dict)
    after: UUID | None = None
    removes: bool = False
    confirms: bool = False


@dataclass(frozen=True)
class Save:
    """A save: its changes under one name. `whole`: all of it or nothing."""

    operation: UUID
    via: str
    unit: str
    changes: tuple[Change, ...]
    whole: bool = False


@dataclass(frozen=True)
class Paste:
    """A text from the clipboard for the row and column `at`. `order`, `shown`: rows and columns as on screen."""

    unit: str
    text: str
    row: UUID | None
    column: str
    order: tuple[UUID, ...]
    shown: tuple[str, ...] = ()


def save_of(body: bytes, columns: frozenset[str]) -> Save:
    """The save that a body asks for; `columns`: those that may be written. Raises Malformed or TooMuch."""
    data = _object(body)
    changes = data.get("changes")
    _require(isinstance(changes, list), "changes")
    if len(changes) > MOST_CHANGES:
        raise TooMuch(f"一次最多保存{MOST_CHANGES}行，请分几次。")
    found = tuple(_change(one, columns) for one in changes)
    _require(len({one.uid for one in found}) == len(found), "id")
    _require(data.get("via", "grid") in VIAS, "via")
    try:
        operation = UUID(str(data.get("operation")))
    except ValueError:
        raise Malformed("operation") from None
    return Save(operation, data.get("via", "grid"), _unit(data), found, data.get("whole") is True)


def _change(data, columns: frozenset[str]) -> Change:
    _require(isinstance(data, dict), "changes")
    cells = data.get("cells", {})
    _require(isinstance(cells, dict) and set(cells) <= columns, "cells")
    _require(all(isinstance(text, str) for text in cells.values()), "cells")
    if any(len(text) > LONGEST_CELL for text in cells.values()):
        raise TooMuch(f"一格最多{LONGEST_CELL}个字。")
    seen = data.get("seen", "")
    _require(isinstance(seen, str) and len(seen) < 40, "seen")
    return Change(
        uid=_uid(data.get("id")),
        seen=seen,
        cells={key: _storable(text) for key, text in cells.items()},
        after=_uid(data["after"]) if data.get("after") else None,
        removes=data.get("remove") is True,
        confirms=data.get("confirm") is True,
    )


def paste_of(body: bytes, columns: frozenset[str]) -> Paste:
    """The paste that a body asks for. Raises Malformed or TooMuch."""
    data = _object(body)
    text, at, order = data.get("text"), data.get("at"), data.get("order", [])
    _require(isinstance(text, str) and isinstance(at, dict) and isinstance(order, list), "text")
    if len(text) > LONGEST_PASTE or len(order) > 4 * MOST_CHANGES:
        raise TooMuch("粘贴的内容太多，请分几次，或者用文件导入。")
    _require(isinstance(at.get("column"), str) and at["column"] in columns, "at")
    shown = data.get("columns", [])
    _require(isinstance(shown, list) and all(isinstance(one, str) for one in shown), "columns")
    row = _uid(at["row"]) if at.get("row") else None
    return Paste(_unit(data), _storable(text), row, at["column"], tuple(_uid(one) for one in order), tuple(shown))


def _object(body: bytes) -> dict:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("JSON") from None
    _require(isinstance(data, dict), "JSON")
    return data


def _unit(data: dict) -> str:
    _require(isinstance(data.get("unit"), str) and data["unit"] in FEN_PER, "unit")
    return data["unit"]


def _uid(text) -> UUID:
    _require(isinstance(text, str) and ID.fullmatch(text) is not None, "id")
    return UUID(text)


def _storable(text: str) -> str:
    """A text that every database keeps: no halves of characters, no NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd").replace("\r\n", "\n")


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise Malformed(what)
