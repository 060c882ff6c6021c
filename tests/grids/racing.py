"""Many people on few cells, and networks that lose, repeat and delay: what the tests and the drills share."""

import random
import threading
import time
from dataclasses import dataclass, field

from django.db import connection

from budget.models import Line
from budget.reporting import money
from tests.grids.speaking import Grid, cells, new_id

LARGEST_STEP = 10**9  # 分: so many that two people hardly ever come to the same amount from what each had seen


@dataclass
class Outcome:
    """What came of a race. `accepted`: saves that were; `promised`: what they added, `gained`: what is stored (分)."""

    accepted: int = 0
    promised: int = 0
    conflicts: int = 0
    busy: int = 0  # answers 503: the database was not to be had, the same request goes out again
    failed: list[str] = field(default_factory=list)
    gained: int = 0
    seconds: float = 0.0

    @property
    def lost(self) -> int:
        return self.promised - self.gained

    def count(self, status: int, told: dict | None, step: int) -> None:
        """Take an answer in; one that is neither success nor a conflict with both values is a failure."""
        if status == 200:
            self.accepted += 1
            self.promised += step
            return
        conflicts = (told or {}).get("conflicts", [])
        if status == 409 and conflicts and conflicts[0]["by"] and conflicts[0]["differences"][0]["stored"]:
            self.conflicts += 1
        else:
            self.failed.append(f"{status} {told}")

    def __str__(self):
        return (
            f"{connection.vendor}：{self.seconds:.0f} 秒，接受 {self.accepted}，冲突 {self.conflicts}，"
            f"正忙后再发 {self.busy}，丢失 {self.lost} 分，服务器错误 {len(self.failed)}"
        )


def race(users, *, rows: int, seconds: float = 0.0, rounds: int = 0) -> Outcome:
    """Each user reads a cell, adds to it and saves, again and again: for so long, or in so many rounds.

    In a round everybody has read before anybody saves.
    """
    economics = ("30201", "30202", "30205", "30206", "30207")
    first = Grid(users[0], unit="元")
    ids = [row["id"] for row in first.add(*(cells(economic=economics[at], amount="1") for at in range(rows)))]
    before = _stored()
    outcome, lock, all_have_read = Outcome(), threading.Lock(), threading.Barrier(len(users))

    def patiently(ask) -> tuple[int, dict]:
        """Ask again as the grid does where the database is busy."""
        while (answer := ask())[0] == 503:
            with lock:
                outcome.busy += 1
            time.sleep(0.5)
        return answer

    def edit(grid: Grid, seed: int) -> None:
        chance, done = random.Random(seed), 0
        grid.client.raise_request_exception = False
        try:
            while done < rounds if rounds else time.monotonic() - began < seconds:
                done += 1
                status, seen = patiently(lambda: grid.ask(""))
                if rounds:
                    all_have_read.wait(60)
                wanted, step = chance.choice(ids), chance.randint(1, LARGEST_STEP)
                if status == 200:
                    row = next(one for one in seen["rows"] if one["id"] == wanted)
                    body = _adding(grid, row, step)
                    status, seen = patiently(lambda body=body: grid.send(body))
                with lock:
                    outcome.count(status, seen, step)
        finally:
            connection.close()

    grids = [Grid(user, unit="元") for user in users]
    threads = [threading.Thread(target=edit, args=(grid, seed)) for seed, grid in enumerate(grids)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.seconds = time.monotonic() - began
    outcome.gained = _stored() - before
    return outcome


def _adding(grid: Grid, row: dict, step: int) -> dict:
    amount = money.yuan(int(row["fen"]) + step)
    return grid.body({"id": row["id"], "seen": row["version"], "cells": {"amount": str(amount)}})


def _stored() -> int:
    return sum(money.fen(amount) for amount in Line.objects.values_list("amount", flat=True))


@dataclass
class Typist:
    """Somebody who types into a grid that saves by itself over a bad network, by the rules of docs/grid-protocol.md."""

    grid: Grid
    chance: random.Random
    rows: dict[str, dict] = field(default_factory=dict)  # as last answered
    typed: dict[str, dict[str, str]] = field(default_factory=dict)  # what the person sees
    waiting: dict | None = None  # the body that has no answer yet
    sent: list[dict] = field(default_factory=list)
    dropped: int = 0
    repeated: int = 0

    def type(self) -> None:
        """One cell."""
        if not self.typed or self.chance.random() < 0.15:
            row_id = new_id()
            self.typed[row_id] = cells(name=f"项目{len(self.typed)}")
        else:
            row_id = self.chance.choice(list(self.typed))
            self.typed[row_id]["amount"] = self.chance.choice(
                ("1", "2.5", "1O", "", f"{self.chance.randint(1, 999)}.37")
            )

    def changes(self) -> list[dict]:
        found = []
        for row_id, wanted in self.typed.items():
            row = self.rows.get(row_id)
            if row is None:
                found.append({"id": row_id, "seen": "", "cells": dict(wanted)})
            elif row["typed"] != wanted:
                changed = {key: text for key, text in wanted.items() if row["typed"].get(key) != text}
                found.append({"id": row_id, "seen": row["version"], "cells": changed})
        return found

    def save(self) -> None:
        """Send what waits, else what has changed; take the answer if it arrives."""
        if self.waiting is None:
            changes = self.changes()
            if not changes:
                return
            asked = {row_id: dict(wanted) for row_id, wanted in self.typed.items()}
            self.waiting = {"body": self.grid.body(*changes), "asked": asked}
            self.sent.append(self.waiting["body"])
        status, told = self.grid.send(self.waiting["body"])
        if self.chance.random() < 0.05:
            self.repeat(self.waiting["body"])
        if self.chance.random() < 0.05:
            self.repeat(self.chance.choice(self.sent))  # a request that comes long after those that followed it
        if self.chance.random() < 0.2:
            self.dropped += 1
            return
        assert status == 200, told
        asked, self.waiting = self.waiting["asked"], None
        for row in told["rows"]:
            self.rows[row["id"]] = {"version": row["version"], "typed": asked[row["id"]]}

    def repeat(self, body: dict) -> None:
        self.repeated += 1
        first, second = self.grid.send(body), self.grid.send(body)
        assert first[0] == 200 and first[1]["rows"] == second[1]["rows"]


def type_over_a_bad_network(grid: Grid, *, steps: int, seed: int) -> Typist:
    """Type and save for so many steps, a fifth of them in one stretch without a network; then until all is saved."""
    chance = random.Random(seed)
    typist = Typist(grid, chance)
    offline = range(steps // 3, steps // 3 + steps // 5)
    for step in range(steps):
        typist.type()
        if step not in offline and chance.random() < 0.5:
            typist.save()
    while typist.waiting or typist.changes():
        typist.save()
    return typist
