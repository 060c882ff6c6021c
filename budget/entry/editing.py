"""A page of rows that is saved as a whole: several row sets, one write, every refusal back at its row and field."""

from collections.abc import Iterable
from dataclasses import dataclass

from budget import writing
from budget.models import Budget

from .draft import Draft
from .row_sets import RowSet
from .rows import RowForm


@dataclass(frozen=True)
class Mistake:
    """An error as the summary lists it: where, what, and the id of the field to go to."""

    where: str
    message: str
    target: str


class Editing:
    """The row sets of a page. Subclasses build them in their order: what hangs on a row comes after it.

    `posted`: what a person typed (a QueryDict); without it the page shows what is stored.
    """

    def __init__(self, draft: Draft, posted=None, **about):
        self.draft, self.posted = draft, posted
        self.sets: dict[str, RowSet] = {}
        self.general: list[str] = []
        self.notices: list[str] = []
        self.conflicts: list[RowForm] = []
        self.is_judged = False
        self.__dict__.update(about)
        for rows in self.build():
            self.sets[rows.name] = rows

    def build(self) -> Iterable[RowSet]:
        raise NotImplementedError

    def complete(self) -> None:
        """Fill in what follows from what was typed; the place for errors that more than one row makes."""

    def rows(self) -> list[RowForm]:
        return [row for rows in self.sets.values() for row in rows.rows]

    @property
    def only(self) -> dict[str, list[RowSet]]:
        """Each set by itself, for the help beside it."""
        return {name: [rows] for name, rows in self.sets.items()}

    @property
    def budget(self) -> Budget:
        return self.draft.budget

    def add_row(self, wanted: str) -> RowForm | None:
        """One more blank row in the set `wanted` (`lines`, or `lines/<key of the parent>`); nothing is judged."""
        name, _, parent = wanted.partition("/")
        for row in self.rows():
            row.forget_errors()
        rows = self.sets.get(name)
        return rows.add(parent) if rows and rows.can_grow else None

    def show_only(self) -> None:
        """Show what was typed, judging nothing."""
        for row in self.rows():
            row.forget_errors()

    def save(self, *, by, address: str | None = None) -> writing.Written | None:
        """Write all changes, or none. None where something is in the way: see `mistakes` and `conflicts`.

        Raises writing.Locked.
        """
        self.is_judged = True
        for row in self.rows():
            row.settle()
        self._check()
        if self.mistakes:
            return None
        changes, rows = self._changes()
        try:
            return writing.write(self.budget, changes, by=by, via="form", address=address)
        except writing.Refused as refused:
            self._place(refused.problems, rows)
        except writing.Conflicted as conflicted:
            for conflict in conflicted.conflicts:
                row = rows[conflict.at]
                row.disagree(conflict)
                self.conflicts.append(row)
            self._follow_their_rows()
        return None

    def _follow_their_rows(self) -> None:
        """What hangs on a row that somebody took away went with it, and comes back with it if it does."""
        for row in self.rows():
            parent = row.parent_row
            if parent is not None and parent.is_gone:
                row.become_new()
                row.is_waiting, row.disagreements = False, None
        self.conflicts = [row for row in self.conflicts if row.is_waiting]

    def _check(self) -> None:
        for row in self.judged():
            row.full_clean()
            if row.is_waiting:
                row.add_error(None, "请选择保留哪一个，再保存。")
        for row in self.rows():
            if not row.is_bound or row.is_removed or self.is_skipped(row):
                row.forget_errors()
        self.complete()

    def is_skipped(self, row: RowForm) -> bool:
        """Whether a row is nothing: blank, with nothing hanging on it; or it hangs on a row that goes."""
        parent = row.parent_row
        if parent is not None and parent.is_removed:
            return True
        return row.is_blank and not any(
            not one.is_blank and not one.is_removed
            for rows in self.sets.values()
            if rows.parents is row.rows
            for one in rows.of(row)
        )

    def judged(self) -> list[RowForm]:
        """The rows that are to be written or to stay, as typed."""
        return [row for row in self.rows() if row.is_bound and not row.is_removed and not self.is_skipped(row)]

    def _changes(self) -> tuple[list[writing.Change], list[RowForm]]:
        changes, origins = [], []
        for row in self.rows():
            if not row.is_bound or self.is_skipped(row):
                continue
            change = row.change(self.owner_of(row))
            if change is not None:
                changes.append(change)
                origins.append(row)
                parent = row.parent_row
                if parent is not None and parent.was_taken_away and parent not in origins:
                    changes.append(writing.Edit(parent.model, parent.uid, 0, {}))
                    origins.append(parent)
        return changes, origins

    def owner_of(self, row: RowForm) -> dict:
        """What a new row hangs on, as values of the model."""
        if row.rows.owner is not None:
            return row.rows.owner()
        parent = row.parent_row
        return {"budget": self.budget} if parent is None else {"item": parent.instance}

    def _place(self, problems: list[writing.Problem], rows: list[RowForm]) -> None:
        for problem in problems:
            if problem.at < 0:
                self.general.append(problem.message)
                continue
            row = rows[problem.at]
            field = problem.field if problem.field in row.fields else None
            row.add_error(field, problem.message)

    @property
    def mistakes(self) -> list[Mistake]:
        """Everything wrong, in the order of the page."""
        if not self.is_judged:
            return []
        found = [Mistake("", message, "main") for message in self.general]
        for row in self.rows():
            if not row.is_bound:
                continue
            for name, messages in row.errors.items():
                label = row.fields[name].label if name in row.fields else ""
                where = f"{row.place_in_words}，{label}" if label else row.place_in_words
                target = f"id_{row.prefix}-{name}" if label else row.first_id
                found.extend(Mistake(where, message, target) for message in messages)
        return found

    @property
    def is_conflicted(self) -> bool:
        return bool(self.conflicts)
