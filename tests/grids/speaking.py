"""The browser side of the grid without a browser: what it sends, what it is answered."""

import json
import uuid

from django.test import Client

AT = "/566001/2024/second/"
WHOLE = {
    "category": "公用经费",
    "name": "办公费（行政）",
    "function": "2060101",
    "economic": "30201",
    "fund": "一般公共预算",
    "amount": "1.81",
}


def new_id() -> str:
    return uuid.uuid4().hex


def cells(**changed: str) -> dict[str, str]:
    """The cells of a row with nothing wrong in it, some of them changed."""
    return WHOLE | changed


class Grid:
    """A grid as one person has it open."""

    def __init__(self, user, scope: str = "basic", unit: str = "万元", at: str = AT):
        self.client = Client()
        self.client.force_login(user)
        self.at, self.unit = f"{at}grid/{scope}/", unit

    def state(self) -> dict:
        return self._read(self.client.get(f"{self.at}?unit={self.unit}"), 200)

    def rows(self) -> dict[str, dict]:
        return {row["id"]: row for row in self.state()["rows"]}

    def row(self, **wanted: str) -> dict:
        """The only row whose cells say so."""
        [found] = [row for row in self.state()["rows"] if wanted.items() <= row["cells"].items()]
        return found

    def save(self, *changes: dict, status: int = 200, operation: str = "", **more) -> dict:
        return self._post("save/", self.body(*changes, operation=operation) | more, status)

    def body(self, *changes: dict, operation: str = "") -> dict:
        """The request that saves the changes."""
        return {
            "operation": operation or str(uuid.uuid4()),
            "via": "grid",
            "unit": self.unit,
            "changes": list(changes),
        }

    def send(self, body: dict) -> tuple[int, dict]:
        """Send a save as it is: its status and its answer."""
        response = self.client.post(f"{self.at}save/", json.dumps(body), content_type="application/json")
        return response.status_code, self._told(response)

    def try_save(self, *changes: dict) -> tuple[int, dict]:
        return self.send(self.body(*changes))

    def ask(self, path: str) -> tuple[int, dict]:
        response = self.client.get(f"{self.at}{path}?unit={self.unit}")
        return response.status_code, self._told(response)

    @staticmethod
    def _told(response) -> dict:
        is_json = response["Content-Type"] == "application/json"
        return json.loads(response.content) if is_json else {"reason": response.content.decode()[:300]}

    def add(self, *rows: dict, **more) -> list[dict]:
        """Save new rows of these cells, and give back what is stored, in their order."""
        ids = [new_id() for _ in rows]
        told = self.save(
            *({"id": one, "seen": "", "cells": cells} for one, cells in zip(ids, rows, strict=True)), **more
        )
        found = {row["id"]: row for row in told["rows"]}
        return [found[one] for one in ids]

    def change(self, row: dict, *, status: int = 200, **changed: str) -> dict:
        """Save other cells of a row as it was seen; the row as it is then, or the answer where it is no success."""
        told = self.save({"id": row["id"], "seen": row["version"], "cells": changed}, status=status)
        return next((one for one in told["rows"] if one["id"] == row["id"]), None) if status == 200 else told

    def paste(self, text: str, row: str = "", column: str = "category", *, status: int = 200, order=None) -> dict:
        order = [one["id"] for one in self.state()["rows"]] if order is None else order
        return self._post(
            "paste/", {"unit": self.unit, "text": text, "at": {"row": row, "column": column}, "order": order}, status
        )

    def take(self, pasted: dict, *, status: int = 200) -> dict:
        """Apply a paste that was looked at."""
        return self.save(*pasted["changes"], via="paste", whole=True, status=status)

    def history(self, row: dict, column: str) -> list[dict]:
        return self._read(self.client.get(f"{self.at}history/?row={row['id']}&column={column}"), 200)["entries"]

    def _post(self, path: str, body: dict, status: int) -> dict:
        return self._read(self.client.post(self.at + path, json.dumps(body), content_type="application/json"), status)

    @staticmethod
    def _read(response, status: int) -> dict:
        assert response.status_code == status, response.content.decode()[:500]
        assert response["Content-Type"] == "application/json"
        return json.loads(response.content)


def sums(told: dict) -> dict[str, int]:
    return {total["key"].partition(":")[0]: int(total["fen"]) for total in told["totals"] if total["group"] != "item"}


def total(told: dict) -> int:
    return next(int(one["fen"]) for one in told["totals"] if one["key"] == "total")
